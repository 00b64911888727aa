/**
 * DER (X.690) through node-forge's ASN.1 layer. Its certificate layer reads RSA keys only;
 * this one reads any certificate, because it never looks at the key.
 *
 * Inside this folder a malformed value throws `MalformedDer`; the folder's public
 * functions catch it and answer with a cause.
 */
import type forge from "node-forge";
import asn1 from "node-forge/lib/asn1.js";
import { readTree } from "./der-tree.ts";

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
  const node = readTree(binary);
  if (node === undefined) throw new MalformedDer(isBer(binary) ? "is BER, but not DER" : "is not DER");
  return node;
}

function isBer(binary: string): boolean {
  try {
    asn1.fromDer(binary, true);
    return true;
  } catch {
    return false;
  }
}

export const encodeDer = (node: DerNode): string => asn1.toDer(node).getBytes();

const { Class, Type } = asn1;

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
  const usual = usualIdentifiers.get(bytes);
  if (usual !== undefined) return usual;
  if (bytes.length === 0 || bytes.length > 64 || bytes.charCodeAt(bytes.length - 1) > 0x7f) {
    throw new MalformedDer(`${what} is malformed`);
  }
  try {
    return asn1.derToOid(bytes);
  } catch {
    throw new MalformedDer(`${what} is malformed`);
  }
}

/** Those that nearly every certificate has, by their content. */
const usualIdentifiers: ReadonlyMap<string, string> = new Map(
  [
    "2.5.4.3 2.5.4.6 2.5.4.7 2.5.4.8 2.5.4.10 2.5.4.11", // CN, C, L, ST, O, OU
    "2.5.29.14 2.5.29.15 2.5.29.17 2.5.29.19 2.5.29.31 2.5.29.32 2.5.29.35 2.5.29.37", // extensions
    "1.2.840.10045.2.1 1.2.840.10045.3.1.7 1.3.132.0.34 1.2.840.113549.1.1.1", // kinds of key
    "1.2.840.10045.4.3.2 1.2.840.10045.4.3.3 1.2.840.113549.1.1.11 1.2.840.113549.1.1.12", // signatures
    "1.3.6.1.5.5.7.3.1 1.3.6.1.5.5.7.3.2 1.3.6.1.5.5.7.3.20 1.3.6.1.5.5.7.1.1", // usages, AIA
  ]
    .flatMap((row) => row.split(" "))
    .map((dotted) => [asn1.oidToDer(dotted).getBytes(), dotted]),
);

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
  const start = short ? 2 : 4;
  if (text.length !== start + 11 || !text.endsWith("Z")) throw new MalformedDer(`${what} is malformed`);
  const two = (at: number): number => digit(text, at, what) * 10 + digit(text, at + 1, what);
  const last = two(start - 2);
  // RFC 5280 4.1.2.5.1: two digits from 50 up belong to the last century.
  const year = short ? last + (last < 50 ? 2000 : 1900) : two(0) * 100 + last;
  const [month, day] = [two(start), two(start + 2)];
  const [hour, minute, second] = [two(start + 4), two(start + 6), two(start + 8)];
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(month, year);
  if (!isDate || hour > 23 || minute > 59 || second > 59) throw new MalformedDer(`${what} is no date`);
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  // Of years before 100 `Date.UTC` makes others.
  return year < 100 ? new Date(at).setUTCFullYear(year, month - 1, day) : at;
}

function digit(text: string, at: number, what: string): number {
  const value = text.charCodeAt(at) - 0x30;
  if (!(value >= 0 && value <= 9)) throw new MalformedDer(`${what} is malformed`);
  return value;
}

const daysIn = (month: number, year: number): number =>
  month === 2
    ? isLeap(year)
      ? 29
      : 28
    : month === 4 || month === 6 || month === 9 || month === 11
      ? 30
      : 31;

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const bitStringTag = 3;

/** Whether a bit of a NamedBitList is set, the lowest being 0 (X.680 22.8); all nine of keyUsage fit. */
export function namedBit(binary: string, bit: number, what: string): boolean {
  const length = binary.charCodeAt(1);
  const unused = binary.charCodeAt(2);
  if (binary.charCodeAt(0) !== bitStringTag || length !== binary.length - 2 || length > 9 || !(unused < 8)) {
    throw new MalformedDer(`${what} is malformed`);
  }
  return bit < (length - 1) * 8 - unused && (binary.charCodeAt(3 + (bit >> 3)) & (0x80 >> (bit & 7))) !== 0;
}
