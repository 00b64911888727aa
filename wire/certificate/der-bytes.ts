/**
 * DER read where it stands, without a tree of values: what a list of a million entries needs.
 * What is small is handed to `der.ts`.
 */
import { type DerNode, decodeDer, MalformedDer } from "./der.ts";

/** Universal tags as they stand in the first byte; the last two say "constructed" and "[0], constructed". */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  identifier: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  first: 0xa0,
} as const;

/** Walks from value to value. It can be set to another place, so that a walk through many allocates nothing. */
export class DerCursor {
  readonly bytes: Uint8Array;
  tag = 0;
  /** First byte of the value's tag, first of its content, and the one behind it. */
  from = 0;
  start = 0;
  end = 0;
  #limit: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#limit = bytes.length;
  }

  /** The next value is the first one inside that of `outer`. */
  enter(outer: DerCursor): this {
    this.end = outer.start;
    this.#limit = outer.end;
    return this;
  }

  get more(): boolean {
    return this.end < this.#limit;
  }

  /** The tag of the next value; -1: there is none. */
  get nextTag(): number {
    return this.more ? this.bytes[this.end]! : -1;
  }

  /** X.690 8.1.2, 10.1: one byte of tag, and the shortest length. Throws `MalformedDer`. */
  next(tag: number, what: string): this {
    const { bytes } = this;
    if (this.nextTag !== tag) throw new MalformedDer(`${what} is missing or malformed`);
    this.from = this.end;
    let at = this.from + 1;
    let length = at < this.#limit ? bytes[at++]! : 0x80;
    if (length > 0x7f) {
      const octets = length & 0x7f;
      if (octets === 0 || octets > 4 || at + octets > this.#limit || bytes[at] === 0)
        throw new MalformedDer(`${what} is malformed`);
      length = 0;
      for (let octet = 0; octet < octets; octet++) length = length * 256 + bytes[at++]!;
      if (length < 0x80) throw new MalformedDer(`${what} is malformed`);
    }
    if (at + length > this.#limit) throw new MalformedDer(`${what} is malformed`);
    this.tag = tag;
    this.start = at;
    this.end = at + length;
    return this;
  }

  /** Nothing may follow. */
  close(what: string): void {
    if (this.more) throw new MalformedDer(`${what} is malformed`);
  }

  /** The value where the cursor stands, as a tree. */
  node(): DerNode {
    return decodeDer(this.binary(this.from));
  }

  /** Its bytes, one character each. */
  binary(from: number = this.start): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + from, this.end - from).toString("latin1");
  }

  /** Whether its content is these bytes. */
  holds(content: readonly number[]): boolean {
    if (this.end - this.start !== content.length) return false;
    for (let at = 0; at < content.length; at++) {
      if (this.bytes[this.start + at] !== content[at]) return false;
    }
    return true;
  }
}
