/**
 * Distinguished names (RFC 5280 4.1.2.4): reading, comparing, writing.
 */
import asn1 from "node-forge/lib/asn1.js";
import { type DerNode, identifier, MalformedDer, primitive, sequence, set } from "./der.ts";

export interface DistinguishedName {
  /** Outermost first, as in the certificate. */
  readonly parts: readonly (readonly NameAttribute[])[];
  /** Equal for names that RFC 5280 7.1 calls equal, one entry a part. */
  readonly keys: readonly string[];
}

interface NameAttribute {
  readonly type: string;
  readonly value: string;
}

const commonNameType = "2.5.4.3";

/** RFC 4514 3 and the few that names of networks use. */
const shortNames: ReadonlyMap<string, string> = new Map([
  [commonNameType, "CN"],
  ["2.5.4.5", "serialNumber"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.9", "street"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["1.2.840.113549.1.9.1", "emailAddress"],
]);

export function readName(node: DerNode | undefined, what: string): DistinguishedName {
  const parts = sequence(node, what).map((part) => {
    const attributes = set(part, what).map((attribute): NameAttribute => {
      const [type, value, ...rest] = sequence(attribute, what);
      if (value === undefined || rest.length > 0) throw new MalformedDer(`${what} is malformed`);
      return { type: identifier(type, what), value: readText(value, what) };
    });
    if (attributes.length === 0) throw new MalformedDer(`${what} is malformed`);
    return attributes;
  });
  return { parts, keys: parts.map(partKey) };
}

/** RFC 5280 7.1: without regard to case and to runs of blanks. */
const partKey = (part: readonly NameAttribute[]): string =>
  part.length === 1 ? attributeKey(part[0]!) : part.map(attributeKey).toSorted().join("\0");

function attributeKey({ type, value }: NameAttribute): string {
  const text = isSimple.test(value)
    ? value.toLowerCase()
    : value.normalize("NFKC").toLowerCase().trim().replace(/\s+/g, " ");
  return `${type}=${text}`;
}

/** ASCII in which nothing but the case can differ: no blank at an end, no two in a row. */
const isSimple = /^[!-~]+(?: [!-~]+)*$/;

export const sameName = (a: DistinguishedName, b: DistinguishedName): boolean =>
  a.keys.length === b.keys.length && isWithin(a, b);

/** RFC 5280 4.2.1.10: the subtree's parts are the first parts of the name. */
export function isWithin(name: DistinguishedName, subtree: DistinguishedName): boolean {
  for (let at = 0; at < subtree.keys.length; at++) {
    if (subtree.keys[at] !== name.keys[at]) return false;
  }
  return true;
}

/** The common name, or undefined where there is none or where there are several to choose from. */
export function commonNameOf(name: DistinguishedName): string | undefined {
  let only: string | undefined;
  for (const part of name.parts) {
    for (const { type, value } of part) {
      if (type !== commonNameType) continue;
      if (only !== undefined) return undefined;
      only = value;
    }
  }
  return only;
}

/** The text form of RFC 4514: innermost part first, `CN=Root,O=Carrier C,C=DE`. */
export const writeName = (name: DistinguishedName): string =>
  name.parts
    .toReversed()
    .map((part) =>
      part.map(({ type, value }) => `${shortNames.get(type) ?? type}=${escape(value)}`).join("+"),
    )
    .join(",");

/** Most values: nothing in them is escaped. */
const isPlain = /^[\w.:/-](?:[\w.:/ -]*[\w.:/-])?$/;

/** RFC 4514 2.4. Control characters too: a stranger's name may reach a terminal. */
const escape = (value: string): string => (isPlain.test(value) ? value : escapeAll(value));

const escapeAll = (value: string): string =>
  value
    .replace(/["+,;<>\\]/g, "\\$&")
    .replace(/\p{Cc}/gu, (one) => Buffer.from(one).toString("hex").replace(/../g, "\\$&"))
    .replace(/^[ #]/, "\\$&")
    .replace(/ $/, "\\ ");

/** X.680 8.6: universal tags of the string types. */
const tags = { utf8: 12, numeric: 18, printable: 19, teletex: 20, ia5: 22, universal: 28, bmp: 30 } as const;

/** DirectoryString and IA5String (RFC 5280 4.1.2.4, A.1). */
function readText(node: DerNode, what: string): string {
  const bytes = primitive(node, what);
  if (node.tagClass !== asn1.Class.UNIVERSAL) throw new MalformedDer(`${what} is malformed`);
  const tag: number = node.type;
  switch (tag) {
    case tags.utf8:
      if (isSimple.test(bytes)) return bytes;
      return Buffer.from(bytes, "latin1").toString("utf8");
    case tags.bmp: // forge has already made 16-bit characters of it
    case tags.printable:
    case tags.ia5:
    case tags.numeric:
    case tags.teletex: // in practice Latin-1
      return bytes;
    case tags.universal:
      return readUniversal(bytes, what);
    default:
      throw new MalformedDer(`${what} holds a value that is no text`);
  }
}

function readUniversal(bytes: string, what: string): string {
  let text = "";
  for (let at = 0; at + 3 < bytes.length; at += 4) {
    const point =
      bytes.charCodeAt(at) * 0x1000000 +
      (bytes.charCodeAt(at + 1) << 16) +
      (bytes.charCodeAt(at + 2) << 8) +
      bytes.charCodeAt(at + 3);
    if (point > 0x10ffff) throw new MalformedDer(`${what} holds a value that is no text`);
    text += String.fromCodePoint(point);
  }
  return text;
}
