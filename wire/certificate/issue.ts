/**
 * Issues certificates: a small authority for demonstrations and tests. node-forge signs with
 * RSA only, so the certificate is built of its ASN.1 values and signed by Node's crypto.
 * A network in service gets its certificates from a real authority (TS 33.310).
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import asn1 from "node-forge/lib/asn1.js";
import { extensionIdentifiers } from "./certificate.ts";
import { type DerNode, decodeDer, encodeDer, fromBinary, identifier, sequence, toBinary } from "./der.ts";
import { usageIdentifiers } from "./facts.ts";
import { writePem } from "./pem.ts";

export interface CertificateRequest {
  readonly commonName: string;
  /** subjectAltName entries; none at all means no such extension. */
  readonly uris?: readonly string[];
  readonly dns?: readonly string[];
  /**
   * Extended key usages; an empty list means no such extension. Default for an end entity:
   * sipDomain (RFC 5924 4), and serverAuth and clientAuth, without which other stacks refuse it.
   */
  readonly usages?: readonly (keyof typeof usageIdentifiers)[];
  /** It may issue certificates itself. */
  readonly authority?: boolean;
  /** Intermediate authorities that may stand below it. */
  readonly pathLength?: number;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Default P-256. */
  readonly key?: "P-256" | "P-384" | "rsa-1024" | "rsa-2048";
  /** Default SHA-256. */
  readonly hash?: "sha1" | "sha256";
  /** More extensions, as they are, in the place of our own of the same kind. */
  readonly extensions?: readonly RawExtension[];
}

interface RawExtension {
  readonly identifier: string;
  readonly critical: boolean;
  readonly der: Uint8Array;
}

export interface IssuedCertificate {
  readonly der: Uint8Array;
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly privateKey: string;
}

/** The issuer's name and keys go into what it issues. */
export interface IssuingAuthority extends IssuedCertificate {
  readonly issuer: { readonly name: DerNode; readonly key: KeyObject; readonly publicKeyInfo: string };
}

const { Class, Type, create } = asn1;

/** Signed by `by`, or by itself. */
export function issueCertificate(request: CertificateRequest, by?: IssuingAuthority): IssuingAuthority {
  const { privateKey, publicKey } = makeKeys(request.key ?? "P-256");
  const publicKeyInfo = toBinary(publicKey.export({ type: "spki", format: "der" }));
  const name = list(makeSet(list(oid("2.5.4.3"), utf8(request.commonName))));
  const issuer = by?.issuer ?? { name, key: privateKey, publicKeyInfo };
  const algorithm = algorithmOf(issuer.key, request.hash ?? "sha256");
  const tbs = list(
    tagged(0, integer(2)),
    create(Class.UNIVERSAL, Type.INTEGER, false, `\x01${toBinary(randomBytes(15))}`),
    algorithm,
    issuer.name,
    list(date(request.notBefore), date(request.notAfter)),
    name,
    decodeDer(publicKeyInfo),
    tagged(3, list(...extensionsOf(request, publicKeyInfo, issuer.publicKeyInfo))),
  );
  const signature = sign(request.hash ?? "sha256", fromBinary(encodeDer(tbs)), issuer.key);
  const certificate = list(
    tbs,
    algorithm,
    create(Class.UNIVERSAL, Type.BITSTRING, false, `\0${toBinary(signature)}`),
  );
  const der = fromBinary(encodeDer(certificate));
  return {
    der,
    certificate: writePem(der),
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    issuer: { name, key: privateKey, publicKeyInfo },
  };
}

function makeKeys(kind: NonNullable<CertificateRequest["key"]>): {
  privateKey: KeyObject;
  publicKey: KeyObject;
} {
  return kind === "P-256" || kind === "P-384"
    ? generateKeyPairSync("ec", { namedCurve: kind })
    : generateKeyPairSync("rsa", { modulusLength: kind === "rsa-1024" ? 1024 : 2048 });
}

function algorithmOf(key: KeyObject, hash: "sha1" | "sha256"): DerNode {
  if (key.asymmetricKeyType === "ec")
    return list(oid(hash === "sha1" ? "1.2.840.10045.4.1" : "1.2.840.10045.4.3.2"));
  const name = hash === "sha1" ? "1.2.840.113549.1.1.5" : "1.2.840.113549.1.1.11";
  return list(oid(name), create(Class.UNIVERSAL, Type.NULL, false, ""));
}

function extensionsOf(request: CertificateRequest, subjectKey: string, issuerKey: string): DerNode[] {
  const { authority = false, pathLength, uris = [], dns = [], extensions = [] } = request;
  const usages = request.usages ?? (authority ? [] : ["sipDomain", "serverAuth", "clientAuth"]);
  // RFC 5280 4.2.1.3: keyCertSign and cRLSign; digitalSignature.
  const keyUsage = authority ? "\x03\x02\x01\x06" : "\x03\x02\x07\x80";
  const nodes = [
    extension(
      extensionIdentifiers.basicConstraints,
      true,
      encodeDer(basicConstraints(authority, pathLength)),
    ),
    extension(extensionIdentifiers.keyUsage, true, keyUsage),
    extension("2.5.29.14", false, encodeDer(octets(keyIdentifier(subjectKey)))),
    extension("2.5.29.35", false, encodeDer(list(implicit(0, keyIdentifier(issuerKey))))),
  ];
  if (uris.length + dns.length > 0) {
    const names = [...uris.map((uri) => implicit(6, uri)), ...dns.map((one) => implicit(2, one))];
    nodes.push(extension(extensionIdentifiers.subjectAltName, false, encodeDer(list(...names))));
  }
  if (usages.length > 0) {
    const identifiers = usages.map((usage) => oid(usageIdentifiers[usage]));
    nodes.push(extension(extensionIdentifiers.extendedKeyUsage, false, encodeDer(list(...identifiers))));
  }
  const given = extensions.map((one) => extension(one.identifier, one.critical, toBinary(one.der)));
  const replaced = new Set(given.map(identifierOf));
  return [...nodes.filter((node) => !replaced.has(identifierOf(node))), ...given];
}

const identifierOf = (node: DerNode): string => identifier(sequence(node, "extension")[0], "extension");

const basicConstraints = (authority: boolean, pathLength: number | undefined): DerNode =>
  list(
    ...(authority ? [create(Class.UNIVERSAL, Type.BOOLEAN, false, "\xff")] : []),
    ...(pathLength === undefined ? [] : [integer(pathLength)]),
  );

/** RFC 7093 2 (1): the left 160 bits of the SHA-256 of the key. */
function keyIdentifier(publicKeyInfo: string): string {
  const key = sequence(decodeDer(publicKeyInfo), "subjectPublicKeyInfo")[1]!;
  return toBinary(
    createHash("sha256")
      .update(fromBinary(encodeDer(key)))
      .digest()
      .subarray(0, 20),
  );
}

const list = (...parts: DerNode[]): DerNode => create(Class.UNIVERSAL, Type.SEQUENCE, true, parts);
const makeSet = (...parts: DerNode[]): DerNode => create(Class.UNIVERSAL, Type.SET, true, parts);
const octets = (value: string): DerNode => create(Class.UNIVERSAL, Type.OCTETSTRING, false, value);
const tagged = (tag: number, part: DerNode): DerNode =>
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- forge counts only the universal types
  create(Class.CONTEXT_SPECIFIC, tag, true, [part]);
const implicit = (tag: number, value: string): DerNode =>
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- forge counts only the universal types
  create(Class.CONTEXT_SPECIFIC, tag, false, value);
const oid = (dotted: string): DerNode =>
  create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(dotted).getBytes());
const integer = (value: number): DerNode =>
  create(Class.UNIVERSAL, Type.INTEGER, false, asn1.integerToDer(value).getBytes());
const utf8 = (text: string): DerNode =>
  create(Class.UNIVERSAL, Type.UTF8, false, Buffer.from(text, "utf8").toString("latin1"));

function extension(name: string, critical: boolean, value: string): DerNode {
  const flag = critical ? [create(Class.UNIVERSAL, Type.BOOLEAN, false, "\xff")] : [];
  return list(oid(name), ...flag, octets(value));
}

/** RFC 5280 4.1.2.5: UTCTime through 2049. */
function date(at: number): DerNode {
  const day = new Date(at);
  return day.getUTCFullYear() < 2050
    ? create(Class.UNIVERSAL, Type.UTCTIME, false, asn1.dateToUtcTime(day))
    : create(Class.UNIVERSAL, Type.GENERALIZEDTIME, false, asn1.dateToGeneralizedTime(day));
}
