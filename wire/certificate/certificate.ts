/**
 * One X.509 certificate (RFC 5280 4.1) as its names, dates and extensions. The key is left
 * to Node's crypto, which path validation asks.
 */
import asn1 from "node-forge/lib/asn1.js";
import {
  boolean,
  content,
  contextTag,
  type DerNode,
  decodeDer,
  identifier,
  MalformedDer,
  primitive,
  sequence,
  smallInteger,
  time,
  toBinary,
} from "./der.ts";
import { type DistinguishedName, readName } from "./name.ts";
import { Recent } from "./recent.ts";

export interface Certificate {
  readonly der: Uint8Array;
  /** 1, 2 or 3. */
  readonly version: number;
  /** The content of the INTEGER, one character a byte. */
  readonly serialNumber: string;
  readonly signature: SignatureAlgorithm;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly notBefore: number;
  readonly notAfter: number;
  /** By object identifier. */
  readonly extensions: ReadonlyMap<string, Extension>;
  /** The object identifier of the key's curve; undefined: it is no ECDSA key. */
  readonly curve: string | undefined;
  /** undefined: there is no subjectAltName extension. */
  readonly alternativeNames: readonly GeneralName[] | undefined;
  /** Object identifiers; undefined: no extended key usage extension. */
  readonly usages: readonly string[] | undefined;
}

export interface SignatureAlgorithm {
  readonly identifier: string;
  /** RSASSA-PSS: the hash (RFC 4055 3.1). */
  readonly hash: string | undefined;
}

export interface Extension {
  readonly critical: boolean;
  /** DER, as a binary string. */
  readonly value: string;
}

/** RFC 5280 4.2.1.6; the tag tells the kind. Names of other kinds keep their place, unread. */
export type GeneralName =
  | { readonly kind: "email" | "dns" | "uri" | "address"; readonly value: string }
  | { readonly kind: "directory"; readonly name: DistinguishedName }
  | { readonly kind: "other"; readonly tag: number };

export const extensionIdentifiers = {
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  certificatePolicies: "2.5.29.32",
  extendedKeyUsage: "2.5.29.37",
} as const;

type Reading = Certificate | string;

/** What peers showed last; most of it is never asked for again. */
const ofPeers = new Recent<Reading>(32);

/** They come again with every connection. */
const ofAuthorities = new WeakMap<Uint8Array, Reading>();

/** A text says why it can't be read. What was read last is not read again; nobody changes the bytes. */
export const readPeer = (der: Uint8Array): Reading => readOnce(der, ofPeers);

/** As `readPeer`, once for as long as the bytes are held. */
export const readAuthority = (der: Uint8Array): Reading => readOnce(der, ofAuthorities);

function readOnce(der: Uint8Array, known: Recent<Reading> | WeakMap<Uint8Array, Reading>): Reading {
  let reading = known.get(der);
  if (reading === undefined) {
    reading = read(der);
    known.set(der, reading);
  }
  return reading;
}

function read(der: Uint8Array): Reading {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (!(error instanceof MalformedDer)) throw error;
    return error.message;
  }
}

/** Throws `MalformedDer`. */
function parseCertificate(der: Uint8Array): Certificate {
  const [tbs, outer, signed, ...rest] = sequence(decodeDer(toBinary(der)), "certificate");
  if (signed === undefined || rest.length > 0) throw new MalformedDer("certificate is malformed");
  const fields = sequence(tbs, "tbsCertificate");
  let next = 0;
  let version = 1;
  if (contextTag(fields[0]) === 0) {
    const [number] = explicit(fields[next++]!, "version");
    version = smallInteger(number!, "version") + 1;
  }
  if (version > 3) throw new MalformedDer("version is unknown");
  const serialNumber = content(fields[next++], asn1.Type.INTEGER, "serialNumber");
  const signature = readAlgorithm(fields[next++], "signature");
  const declared = readAlgorithm(outer, "signatureAlgorithm");
  // RFC 5280 4.1.1.2: both say the same.
  if (declared.identifier !== signature.identifier || declared.hash !== signature.hash) {
    throw new MalformedDer("signature and signatureAlgorithm differ");
  }
  const issuer = readName(fields[next++], "issuer");
  const validity = sequence(fields[next++], "validity");
  const subject = readName(fields[next++], "subject");
  const curve = curveOf(fields[next++]);
  const extensions = readExtensions(fields.slice(next), version);

  const names = extensions.get(extensionIdentifiers.subjectAltName);
  const usages = extensions.get(extensionIdentifiers.extendedKeyUsage);
  return {
    der,
    version,
    serialNumber,
    signature,
    issuer,
    subject,
    notBefore: time(validity[0], "notBefore"),
    notAfter: time(validity[1], "notAfter"),
    extensions,
    curve,
    alternativeNames:
      names === undefined ? undefined : readGeneralNames(decodeDer(names.value), "subjectAltName"),
    usages:
      usages === undefined
        ? undefined
        : sequence(decodeDer(usages.value), "extendedKeyUsage").map((one) =>
            identifier(one, "extendedKeyUsage"),
          ),
  };
}

/** The value inside an explicit tag. */
export function explicit(node: DerNode, what: string): DerNode[] {
  if (!Array.isArray(node.value) || node.value.length !== 1) throw new MalformedDer(`${what} is malformed`);
  return node.value;
}

/** RFC 5480 2.1.1: a curve is named, never described; a described one could resemble an authority's key. */
function curveOf(node: DerNode | undefined): string | undefined {
  const [algorithm] = sequence(node, "subjectPublicKeyInfo");
  const [name, parameters] = sequence(algorithm, "subjectPublicKeyInfo");
  return identifier(name, "subjectPublicKeyInfo") === "1.2.840.10045.2.1"
    ? identifier(parameters, "the key's curve")
    : undefined;
}

const pssIdentifier = "1.2.840.113549.1.1.10";

export function readAlgorithm(node: DerNode | undefined, what: string): SignatureAlgorithm {
  const [name, parameters] = sequence(node, what);
  const algorithm = identifier(name, what);
  if (algorithm !== pssIdentifier) return { identifier: algorithm, hash: undefined };
  // RFC 4055 3.1: an absent hash is SHA-1.
  const hash = sequence(parameters, what).find((one) => contextTag(one) === 0);
  const named =
    hash === undefined ? "1.3.14.3.2.26" : identifier(sequence(explicit(hash, what)[0], what)[0], what);
  return { identifier: algorithm, hash: named };
}

function readExtensions(fields: readonly DerNode[], version: number): ReadonlyMap<string, Extension> {
  const holder = fields.find((one) => contextTag(one) === 3);
  if (holder === undefined) return new Map();
  // RFC 5280 4.1.2.1.
  if (version !== 3) throw new MalformedDer("extensions stand in a certificate that is not of version 3");
  return readExtensionList(explicit(holder, "extensions")[0]);
}

/** RFC 5280 4.1: `Extensions`, by object identifier. */
export function readExtensionList(node: DerNode | undefined): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  for (const entry of sequence(node, "extensions")) {
    const [name, ...rest] = sequence(entry, "extension");
    const value = rest.at(-1);
    if (rest.length === 0 || rest.length > 2) throw new MalformedDer("extension is malformed");
    const key = identifier(name, "extension");
    // RFC 5280 4.2: no second instance. Two subjectAltNames would be two readings of who this is.
    if (extensions.has(key)) throw new MalformedDer(`extension ${key} stands twice`);
    extensions.set(key, {
      critical: rest.length === 2 && boolean(rest[0]!, "critical"),
      value: content(value, asn1.Type.OCTETSTRING, "extension"),
    });
  }
  return extensions;
}

/** GeneralNames; the order stays. */
function readGeneralNames(node: DerNode, what: string): GeneralName[] {
  return sequence(node, what).map((name) => readGeneralName(name, what));
}

/** Values stay as they stand: a NUL or a byte above 127 is for the reader to refuse. */
export function readGeneralName(node: DerNode, what: string): GeneralName {
  const tag = contextTag(node);
  switch (tag) {
    case 1:
      return { kind: "email", value: primitive(node, what) };
    case 2:
      return { kind: "dns", value: primitive(node, what) };
    case 4:
      return { kind: "directory", name: readName(explicit(node, what)[0], what) };
    case 6:
      return { kind: "uri", value: primitive(node, what) };
    case 7:
      return { kind: "address", value: primitive(node, what) };
    case 0:
    case 3:
    case 5:
    case 8:
      return { kind: "other", tag };
    default:
      throw new MalformedDer(`${what} holds a name of no kind`);
  }
}
