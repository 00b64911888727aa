/**
 * DER (X.690) through node-forge's ASN.1 layer. Its certificate layer reads RSA keys only;
 * this one reads any certificate, because it never looks at the key.
 *
 * Inside this folder a malformed value throws `MalformedDer`; the folder's public
 * functions catch it and answer with a cause.
 */
import forge from "node-forge";

export type DerNode = forge.asn1.Asn1;

/** The bytes are not what the standard allows at this place. */
export class MalformedDer extends Error {}

/** A certificate of a telephone network is one or two kilobytes; this bounds the work on a hostile one. */
const longestCertificate = 65_536;

/** forge speaks binary strings: one character a byte. */
export const toBinary = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");

export const fromBinary = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

/** Reads one value that fills `binary`, and that has no other encoding in DER. */
export function decodeDer(binary: string): DerNode {
  if (binary.length > longestCertificate) throw new MalformedDer("longer than 65536 bytes");
  let node: DerNode;
  try {
    node = forge.asn1.fromDer(binary, true);
  } catch {
    throw new MalformedDer("is not DER");
  }
  if (encodeDer(node) !== binary) throw new MalformedDer("is BER, but not DER");
  return node;
}

export const encodeDer = (node: DerNode): string => forge.asn1.toDer(node).getBytes();

const { Class, Type } = forge.asn1;

/** The parts of a SEQUENCE, in order. */
export function sequence(node: DerNode | undefined, what: string): DerNode[] {
  return parts(node, Type.SEQUENCE, what);
}

/** The members of a SET. */
export function set(node: DerNode | undefined, what: string): DerNode[] {
  return parts(node, Type.SET, what);
}

function parts(node: DerNode | undefined, type: forge.asn1.Type, what: string): DerNode[] {
  if (
    node === undefined ||
    node.tagClass !== Class.UNIVERSAL ||
    node.type !== type ||
    !Array.isArray(node.value)
  ) {
    throw new MalformedDer(`${what} is missing or malformed`);
  }
  return node.value;
}

/** The content of a primitive value, as a binary string. */
export function content(node: DerNode | undefined, type: forge.asn1.Type, what: string): string {
  if (node === undefined || node.tagClass !== Class.UNIVERSAL || node.type !== type) {
    throw new MalformedDer(`${what} is missing or malformed`);
  }
  return primitive(node, what);
}

/** The content of a primitive value of any tag. */
export function primitive(node: DerNode, what: string): string {
  if (typeof node.value !== "string") throw new MalformedDer(`${what} is malformed`);
  return node.value;
}

/** The number of a context-specific tag, or -1. */
export const contextTag = (node: DerNode | undefined): number =>
  node?.tagClass === Class.CONTEXT_SPECIFIC ? node.type : -1;

export function identifier(node: DerNode | undefined, what: string): string {
  const bytes = content(node, Type.OID, what);
  if (bytes.length === 0 || bytes.length > 64 || bytes.charCodeAt(bytes.length - 1) > 0x7f) {
    throw new MalformedDer(`${what} is malformed`);
  }
  try {
    return forge.asn1.derToOid(bytes);
  } catch {
    throw new MalformedDer(`${what} is malformed`);
  }
}

export function boolean(node: DerNode, what: string): boolean {
  const bytes = content(node, Type.BOOLEAN, what);
  if (bytes !== "\xff" && bytes !== "\x00") throw new MalformedDer(`${what} is malformed`);
  return bytes === "\xff";
}

/** A small non-negative INTEGER. */
export function smallInteger(node: DerNode, what: string): number {
  const bytes = primitive(node, what);
  if (bytes.length === 0 || bytes.length > 4 || bytes.charCodeAt(0) > 0x7f) {
    throw new MalformedDer(`${what} is out of range`);
  }
  let value = 0;
  for (let at = 0; at < bytes.length; at++) value = value * 256 + bytes.charCodeAt(at);
  return value;
}

/** Milliseconds since 1970. RFC 5280 4.1.2.5: seconds are there, the zone is Z. */
export function time(node: DerNode | undefined, what: string): number {
  const short = node?.type === Type.UTCTIME;
  const text = content(node, short ? Type.UTCTIME : Type.GENERALIZEDTIME, what);
  const match = short
    ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text)
    : /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (match === null) throw new MalformedDer(`${what} is malformed`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  // RFC 5280 4.1.2.5.1: two digits from 50 up belong to the last century.
  const full = short ? year + (year < 50 ? 2000 : 1900) : year;
  const date = new Date(0);
  date.setUTCFullYear(full, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const exists =
    date.getUTCFullYear() === full &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  if (!exists) throw new MalformedDer(`${what} is no date`);
  return date.getTime();
}

const bitStringTag = 3;

/** The bits of a NamedBitList as numbers, lowest first (X.680 22.8): all nine of keyUsage fit. */
export function namedBits(binary: string, what: string): ReadonlySet<number> {
  const length = binary.charCodeAt(1);
  const unused = binary.charCodeAt(2);
  if (binary.charCodeAt(0) !== bitStringTag || length !== binary.length - 2 || length > 9 || !(unused < 8)) {
    throw new MalformedDer(`${what} is malformed`);
  }
  const bits = new Set<number>();
  for (let bit = 0; bit < (length - 1) * 8 - unused; bit++) {
    if ((binary.charCodeAt(3 + (bit >> 3)) & (0x80 >> (bit & 7))) !== 0) bits.add(bit);
  }
  return bits;
}
