/**
 * The flow parameter `pf` of our Via: all that a response needs to find its way back, so that
 * the border keeps no transaction (RFC 3261 16.11).
 *
 * 36 bytes, written as 48 letters:
 *
 *     0      index of the listener on which the request came, 255: none
 *     1-3    instance: this process; another's connection numbers mean nothing to us
 *     4-5    time of the request, in slots of 32 s, modulo 2^16
 *     6-9    number of the connection on which the request came, 0: a datagram
 *     10-15  network that the request came from   (network-number.ts)
 *     16-21  network that it went to
 *     22-24  keyed hash of the address that it was sent to
 *     25-27  keyed hash of what was asked and of the way that was chosen (loop-watch.ts)
 *     28-35  keyed hash over bytes 0-27, the branch and the return path
 *
 * Bytes 6-21 are masked by a keyed hash of the branch: who else calls through this border is
 * nothing that a foreign network could read or compare.
 */
import { hashKind, type KeyedHash } from "../hash/keyed-hash.ts";
import { readOpaque, writeOpaque } from "../hash/opaque-text.ts";
import type { ReturnPath } from "./return-path.ts";

export const flowLetters = 48;
const size = 36;
/** Where the keyed hash over the rest stands. */
const sealAt = 28;

const slotMilliseconds = 32_000;
/** How long a response may take: an hour, since a queued call rings for long (RFC 3261 21.1.3). */
const lifeSlots = 3_600_000 / slotMilliseconds;

export interface Flow {
  /** -1: none. */
  readonly listener: number;
  /** 0: the request came in a datagram. */
  readonly connection: number;
  readonly from: number;
  readonly to: number;
  /** `FlowSeal.addressNumber` of where it was sent. */
  readonly target: number;
  /** `LoopWatch.numberOf` the request. */
  readonly loop: number;
}

export interface FlowRead extends Flow {
  /** The process through which the request came, and whose the number of the connection is. */
  readonly instance: number;
}

export class FlowSeal {
  private readonly hash: KeyedHash;
  private readonly instance: number;
  private readonly plain = new Uint8Array(size);
  private readonly masked = new Uint8Array(size);

  /** `instance` is a random 24-bit number, one a process. */
  constructor(hash: KeyedHash, instance: number) {
    this.hash = hash;
    this.instance = instance & 0xffffff;
  }

  /** Writes the letters; `branch` is the text that stands in our Via. Gives the end of what was written. */
  write(flow: Flow, branch: Uint8Array, path: ReturnPath, now: number, out: Uint8Array, at: number): number {
    const { plain, masked } = this;
    const slot = slotOf(now);
    plain[0] = flow.listener & 255;
    plain[1] = this.instance >> 16;
    plain[2] = (this.instance >> 8) & 255;
    plain[3] = this.instance & 255;
    plain[4] = slot >> 8;
    plain[5] = slot & 255;
    putNumber(plain, 6, 4, flow.connection);
    putNumber(plain, 10, 6, flow.from);
    putNumber(plain, 16, 6, flow.to);
    putNumber(plain, 22, 3, flow.target);
    putNumber(plain, 25, 3, flow.loop);
    this.seal(branch, 0, branch.length, path);
    masked.set(plain);
    this.mask(masked, branch, 0, branch.length);
    return writeOpaque(masked, out, at);
  }

  /** undefined: not written by us, for another response, or too old. */
  read(
    bytes: Uint8Array,
    start: number,
    end: number,
    branchStart: number,
    branchEnd: number,
    path: ReturnPath,
    now: number,
  ): FlowRead | undefined {
    const { plain, masked } = this;
    if (!readOpaque(bytes, start, end, masked)) return undefined;
    this.mask(masked, bytes, branchStart, branchEnd);
    plain.set(masked);
    this.seal(bytes, branchStart, branchEnd, path);
    let difference = 0;
    for (let i = sealAt; i < size; i++) difference |= plain[i]! ^ masked[i]!;
    if (difference !== 0) return undefined;
    const age = (slotOf(now) - ((plain[4]! << 8) | plain[5]!)) & 0xffff;
    // A border whose clock is a little ahead may have written it.
    if (age > lifeSlots && age < 0xffff) return undefined;
    return {
      instance: (plain[1]! << 16) | (plain[2]! << 8) | plain[3]!,
      listener: plain[0] === 255 ? -1 : plain[0]!,
      connection: getNumber(plain, 6, 4),
      from: getNumber(plain, 10, 6),
      to: getNumber(plain, 16, 6),
      target: getNumber(plain, 22, 3),
      loop: getNumber(plain, 25, 3),
    };
  }

  /** 24 bits; `address` is canonical. */
  addressNumber(address: string): number {
    this.hash.begin(hashKind.target);
    this.hash.text(address);
    return this.hash.finish()[0]! & 0xffffff;
  }

  /** Puts the keyed hash behind the rest. */
  private seal(bytes: Uint8Array, branchStart: number, branchEnd: number, path: ReturnPath): void {
    const { hash, plain } = this;
    hash.begin(hashKind.flow);
    hash.part(plain, 0, sealAt);
    hash.foldedPart(bytes, branchStart, branchEnd);
    hash.text(path.transport);
    hash.text(path.host);
    hash.number(path.port);
    const words = hash.finish();
    putNumber(plain, sealAt, 4, words[0]!);
    putNumber(plain, sealAt + 4, 4, words[1]!);
  }

  /** Its own inverse. */
  private mask(target: Uint8Array, bytes: Uint8Array, branchStart: number, branchEnd: number): void {
    this.hash.begin(hashKind.flowMask);
    this.hash.foldedPart(bytes, branchStart, branchEnd);
    const words = this.hash.finish();
    for (let i = 0; i < 16; i++) target[6 + i]! ^= words[i >> 2]! >>> (8 * (i & 3));
  }
}

function slotOf(now: number): number {
  return Math.floor(now / slotMilliseconds) & 0xffff;
}

/** Big-endian. */
function putNumber(bytes: Uint8Array, at: number, width: number, value: number): void {
  let rest = value;
  for (let i = at + width - 1; i >= at; i--) {
    bytes[i] = rest & 255;
    rest = Math.floor(rest / 256);
  }
}

function getNumber(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = at; i < at + width; i++) value = value * 256 + bytes[i]!;
  return value;
}
