/**
 * The parameter `pr` of our Record-Route URIs: which network lies on that side of the border.
 *
 * An in-dialog request brings it back in Route (RFC 3261 12.2.1.1). It holds for the Call-ID it was
 * made for, so nobody can carry it into another dialog, and it can't be made without the secret.
 *
 * 15 bytes, written as 20 letters: 0-5 the network's number, masked by a keyed hash of Call-ID;
 * 6-14 keyed hash over the number and Call-ID.
 */
import { hashKind, type KeyedHash } from "../hash/keyed-hash.ts";
import { readOpaque, writeOpaque } from "../hash/opaque-text.ts";
import type { NetworkNumbers } from "./network-number.ts";

const routeMarkLetters = 20;

export class RouteMark {
  private readonly hash: KeyedHash;
  private readonly numbers: NetworkNumbers;
  private readonly plain = new Uint8Array(15);
  private readonly read15 = new Uint8Array(15);

  constructor(hash: KeyedHash, numbers: NetworkNumbers) {
    this.hash = hash;
    this.numbers = numbers;
  }

  /** Call-ID is `bytes[start, end)`. */
  write(network: string, bytes: Uint8Array, start: number, end: number): string {
    let rest = this.numbers.numberOf(network);
    for (let i = 5; i >= 0; i--) {
      this.plain[i] = rest & 255;
      rest = Math.floor(rest / 256);
    }
    this.seal(bytes, start, end);
    this.mask(this.plain, bytes, start, end);
    const out = new Uint8Array(routeMarkLetters);
    writeOpaque(this.plain, out, 0);
    return Buffer.from(out).toString("latin1");
  }

  /** The network's name; undefined: not made by us for this Call-ID, or that network is gone. */
  read(
    bytes: Uint8Array,
    markStart: number,
    markEnd: number,
    callIdStart: number,
    callIdEnd: number,
  ): string | undefined {
    if (!readOpaque(bytes, markStart, markEnd, this.read15)) return undefined;
    this.mask(this.read15, bytes, callIdStart, callIdEnd);
    this.plain.set(this.read15);
    this.seal(bytes, callIdStart, callIdEnd);
    let difference = 0;
    let number = 0;
    for (let i = 0; i < 15; i++) {
      difference |= this.plain[i]! ^ this.read15[i]!;
      if (i < 6) number = number * 256 + this.plain[i]!;
    }
    return difference === 0 ? this.numbers.nameOf(number) : undefined;
  }

  /** Puts the keyed hash behind the number. */
  private seal(bytes: Uint8Array, start: number, end: number): void {
    this.hash.begin(hashKind.recordRoute);
    this.hash.part(this.plain, 0, 6);
    this.hash.part(bytes, start, end);
    const words = this.hash.finish();
    for (let i = 0; i < 9; i++) this.plain[6 + i] = words[i >> 2]! >>> (8 * (i & 3));
  }

  /** Its own inverse. */
  private mask(target: Uint8Array, bytes: Uint8Array, start: number, end: number): void {
    this.hash.begin(hashKind.recordRouteMask);
    this.hash.part(bytes, start, end);
    const words = this.hash.finish();
    for (let i = 0; i < 6; i++) target[i]! ^= words[i >> 2]! >>> (8 * (i & 3));
  }
}
