/**
 * DER (X.690) as a tree of values, in the shape that node-forge gives it. It takes what forge takes
 * and then writes back as it stood, no more and no less, in one pass over the bytes.
 */
import asn1 from "node-forge/lib/asn1.js";
import type { DerNode } from "./der.ts";

/** As of node-forge. */
const deepest = 256;

const { Type } = asn1;
const constructedBit = 0x20;
const integer: number = Type.INTEGER;
const bmpString: number = Type.BMPSTRING;

/** One value that fills `binary` (one character a byte); undefined: it is BER at best. */
export function readTree(binary: string): DerNode | undefined {
  const reader = new TreeReader(binary);
  const node = reader.value(binary.length, 0);
  return node !== undefined && reader.at === binary.length ? node : undefined;
}

class TreeReader {
  /** Of the next value. */
  at = 0;
  readonly #binary: string;
  /** Members whose siblings are still to come, so that each list is made once and in its length. */
  readonly #waiting: DerNode[] = [];
  #waits = 0;

  constructor(binary: string) {
    this.#binary = binary;
  }

  /** @param limit where it ends at the latest. */
  value(limit: number, depth: number): DerNode | undefined {
    if (depth >= deepest || limit - this.at < 2) return undefined;
    const first = this.#binary.charCodeAt(this.at++);
    const end = this.#endOfContent(limit);
    if (end < 0) return undefined;
    const type = first & 0x1f;
    const constructed = (first & constructedBit) !== 0;
    const value = constructed ? this.#members(end, depth) : this.#content(end, type);
    if (value === undefined) return undefined;
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- forge counts only the universal types
    return { tagClass: first & 0xc0, type, constructed, composed: constructed, value };
  }

  /** X.690 10.1: definite, in as few bytes as it takes. -1: it is not. */
  #endOfContent(limit: number): number {
    let length = this.#binary.charCodeAt(this.at++);
    if (length > 0x7f) {
      const octets = length & 0x7f;
      if (octets === 0 || octets > 3 || limit - this.at < octets) return -1;
      length = 0;
      for (let octet = 0; octet < octets; octet++) length = length * 256 + this.#binary.charCodeAt(this.at++);
      if (length < 0x80 || length < 256 ** (octets - 1)) return -1;
    }
    return length <= limit - this.at ? this.at + length : -1;
  }

  #members(end: number, depth: number): DerNode[] | undefined {
    const first = this.#waits;
    while (this.at < end) {
      const member = this.value(end, depth + 1);
      if (member === undefined) return undefined;
      this.#waiting[this.#waits++] = member;
    }
    const members = this.#waiting.slice(first, this.#waits);
    this.#waits = first;
    return members;
  }

  #content(end: number, type: number): string | undefined {
    const content = this.#binary.slice(this.at, end);
    this.at = end;
    if (type === integer && !isShortest(content)) return undefined;
    return type === bmpString ? wideText(content) : content;
  }
}

/** X.690 8.3.2: no byte in front that says nothing. */
function isShortest(content: string): boolean {
  if (content.length < 2) return true;
  const first = content.charCodeAt(0);
  const sign = content.charCodeAt(1) & 0x80;
  return !(first === 0 && sign === 0) && !(first === 0xff && sign !== 0);
}

/** 16 bits a character. */
function wideText(content: string): string | undefined {
  if (content.length % 2 !== 0) return undefined;
  let text = "";
  for (let at = 0; at < content.length; at += 2)
    text += String.fromCharCode(content.charCodeAt(at) * 256 + content.charCodeAt(at + 1));
  return text;
}
