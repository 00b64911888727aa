/**
 * A keyed hash over several parts of a message.
 *
 * Each part goes in with its length, so that no two lists of parts give the same input; each use
 * has a kind of its own, so that a hash made for one is never taken for another.
 */
import { SipHash } from "./siphash.ts";

/** What a hash is made for. INVARIANT: a number is never given another meaning. */
export const hashKind = {
  branch: 1,
  branchWithoutCookie: 2,
  flow: 3,
  flowMask: 8,
  network: 4,
  recordRoute: 5,
  recordRouteMask: 9,
  toTag: 6,
  target: 7,
  loop: 10,
  shadowedCall: 11,
} as const;

export class KeyedHash {
  private readonly hash: SipHash;
  private input: Uint8Array = new Uint8Array(512);
  private length = 0;
  /** Four words, the hash's bytes in little-endian order; overwritten by the next `finish`. */
  readonly words: Uint32Array = new Uint32Array(4);

  /** `key` has 16 bytes. */
  constructor(key: Uint8Array) {
    this.hash = new SipHash(key);
  }

  begin(kind: number): void {
    this.length = 0;
    this.input[this.length++] = kind;
  }

  part(bytes: Uint8Array, start: number, end: number): void {
    const size = Math.max(0, end - start);
    this.makeRoom(size + 4);
    this.number(size);
    for (let at = start; at < end; at++) this.input[this.length++] = bytes[at]!;
  }

  /** ASCII letters count as lower case: hosts and names. */
  foldedPart(bytes: Uint8Array, start: number, end: number): void {
    const first = this.length + 4;
    this.part(bytes, start, end);
    for (let at = first; at < this.length; at++) {
      const byte = this.input[at]!;
      if (byte >= 65 && byte <= 90) this.input[at] = byte | 0x20;
    }
  }

  text(text: string): void {
    if (this.ascii(text)) return;
    const bytes = Buffer.from(text);
    this.part(bytes, 0, bytes.length);
  }

  /** False: the text has other characters, and nothing of it has gone in. */
  private ascii(text: string): boolean {
    this.makeRoom(text.length + 4);
    const first = this.length + 4;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      this.input[first + index] = code;
    }
    this.number(text.length);
    this.length += text.length;
    return true;
  }

  /** An unsigned 32-bit integer. */
  number(value: number): void {
    this.makeRoom(4);
    this.input[this.length++] = value & 255;
    this.input[this.length++] = (value >>> 8) & 255;
    this.input[this.length++] = (value >>> 16) & 255;
    this.input[this.length++] = (value >>> 24) & 255;
  }

  finish(): Uint32Array {
    this.hash.hash(this.input, 0, this.length, this.words);
    return this.words;
  }

  private makeRoom(size: number): void {
    if (this.length + size <= this.input.length) return;
    const grown = new Uint8Array((this.length + size) * 2);
    grown.set(this.input.subarray(0, this.length));
    this.input = grown;
  }
}
