/**
 * Cuts a stream into messages by Content-Length (RFC 3261 18.3) and finds keep-alives
 * between them (RFC 5626 3.5.1, 4.4.1). The same bytes give the same messages wherever
 * they were cut.
 */
import { CR, LF } from "./characters.ts";
import { HeadReader } from "./head-reader.ts";
import { type RuleName, type Violation, violationOf } from "./violations.ts";

/** Upper bounds of one message on a stream. */
export interface FrameLimits {
  /** Start line and header rows with the empty line, in bytes. */
  readonly headBytes: number;
  readonly bodyBytes: number;
}

export const defaultFrameLimits: FrameLimits = { headBytes: 65_535, bodyBytes: 1_048_576 };

/** The stream can't be cut any more: answer `head` if there is one, then close. */
export interface FrameError extends Violation {
  /** What has come of the message, from its start line on, for the answer. */
  readonly head: Uint8Array;
}

const empty = Buffer.alloc(0);

/**
 * `push` what was read, then call `next` until it answers undefined. Messages are views
 * into what was pushed wherever they lie in one chunk, so a pushed chunk may not be
 * written again.
 */
export class StreamFramer {
  /** Set once and for good: nothing more is cut. `at` counts from the start of `head`. */
  error: FrameError | undefined;
  /** Double line ends met between messages so far; each wants a CRLF in answer (RFC 5626 4.4.1). */
  pings = 0;
  /** Single line ends met right before a message: padding (RFC 3261 7.5), or a pong that the message followed at once. */
  padded = 0;
  readonly #limits: FrameLimits;
  readonly #head: HeadReader;
  /** The window of bytes not yet cut is `#bytes[#at, #end)`. */
  #bytes: Buffer = empty;
  #at = 0;
  #end = 0;
  /** `#bytes` is a buffer of our own, with room behind `#end`. */
  #owned = false;
  /** Bytes that come behind the window; the window already holds copies of those before `#restAt`. */
  #rest: Uint8Array = empty;
  #restAt = 0;
  /** A lone CRLF has been met between messages: another makes it a ping. */
  #halfPing = false;

  constructor(limits: FrameLimits = defaultFrameLimits) {
    this.#limits = limits;
    this.#head = new HeadReader();
  }

  /** Bytes held that no message has been cut from yet. */
  get pendingBytes(): number {
    return this.#end - this.#at + this.#rest.length - this.#restAt;
  }

  /**
   * A single line end has come between messages, and nothing behind it so far: a pong, or half a
   * ping, or padding whose message is still on its way. Only time tells.
   */
  get hasLoneLineEnd(): boolean {
    return this.#halfPing && this.pendingBytes === 0;
  }

  /** The line end that stands alone, if there is one, is none of the next ping: it was a pong, or padding. */
  forgetLoneLineEnd(): void {
    this.#halfPing = false;
  }

  push(chunk: Uint8Array): void {
    if (this.error !== undefined || chunk.length === 0) return;
    if (this.#restAt < this.#rest.length) this.#take(this.#rest.length - this.#restAt);
    if (this.#at === this.#end) {
      this.#window(chunk, 0);
    } else {
      this.#rest = chunk;
      this.#restAt = 0;
    }
  }

  /** The next whole message; undefined where more bytes are needed, or `error` is set. */
  next(): Uint8Array | undefined {
    while (this.error === undefined) {
      if (!this.#skipKeepAlives()) {
        if (!this.#more(2)) return undefined;
        continue;
      }
      const head = this.#head;
      const state = head.read(this.#bytes, this.#at, this.#end);
      if (state === "more") {
        if (this.#end - this.#at > this.#limits.headBytes) return this.#fail("limit-head-bytes", this.#end);
        if (!this.#more(1024)) return undefined;
        continue;
      }
      if (state === "broken") return this.#fail(head.found!, head.foundAt);
      if (head.end - this.#at > this.#limits.headBytes) return this.#fail("limit-head-bytes", this.#at);
      if (head.contentLength > this.#limits.bodyBytes) return this.#fail("limit-body-bytes", this.#at);
      const end = head.end + head.contentLength;
      if (end > this.#end) {
        if (!this.#more(end - this.#end)) return undefined;
        continue;
      }
      const message = this.#bytes.subarray(this.#at, end);
      this.#at = end;
      if (this.#halfPing) this.padded++;
      this.#halfPing = false;
      head.reset();
      this.#returnToRest();
      return message;
    }
    return undefined;
  }

  /** Passes over line ends before a start line; false where more bytes are needed to tell. */
  #skipKeepAlives(): boolean {
    if (this.#head.begun) return true;
    while (this.#at < this.#end && this.#bytes[this.#at]! === CR) {
      if (this.#at + 1 === this.#end) return false;
      if (this.#bytes[this.#at + 1]! !== LF) {
        this.#fail("bare-cr", this.#at);
        return false;
      }
      this.#at += 2;
      if (this.#halfPing) this.pings++;
      this.#halfPing = !this.#halfPing;
    }
    this.#returnToRest();
    return this.#at < this.#end;
  }

  #window(bytes: Uint8Array, at: number): void {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = at;
    this.#end = bytes.length;
    this.#owned = false;
    this.#rest = empty;
    this.#restAt = 0;
  }

  /** Where the window has been cut up to copies of the rest's bytes, goes on in the rest itself. */
  #returnToRest(): void {
    if (this.#rest.length === 0) return;
    const copied = this.#end - this.#at;
    if (copied <= this.#restAt) this.#window(this.#rest, this.#restAt - copied);
  }

  /** Widens the window by about `wanted` bytes of the rest; false where nothing is left. */
  #more(wanted: number): boolean {
    const left = this.#rest.length - this.#restAt;
    if (left === 0 || this.error !== undefined) return false;
    this.#take(Math.min(left, Math.max(wanted, 256)));
    return true;
  }

  /** Copies `count` bytes of the rest behind the window. */
  #take(count: number): void {
    const held = this.#end - this.#at;
    if (!this.#owned || this.#bytes.length - this.#end < count) {
      const head = this.#head;
      const wanted = head.begun && head.complete ? head.end - this.#at + head.contentLength : 0;
      const size = Math.max(
        (held + count) * 2,
        Math.min(wanted, this.#limits.headBytes + this.#limits.bodyBytes),
        2048,
      );
      const grown = Buffer.allocUnsafeSlow(size);
      grown.set(this.#bytes.subarray(this.#at, this.#end));
      head.shift(-this.#at);
      this.#bytes = grown;
      this.#at = 0;
      this.#end = held;
      this.#owned = true;
    }
    this.#bytes.set(this.#rest.subarray(this.#restAt, this.#restAt + count), this.#end);
    this.#end += count;
    this.#restAt += count;
  }

  #fail(rule: RuleName, at: number): undefined {
    const head = Uint8Array.prototype.slice.call(
      this.#bytes,
      this.#at,
      Math.min(this.#end, this.#at + this.#limits.headBytes),
    );
    this.error = { ...violationOf(rule, at - this.#at, true, false), closes: true, head };
    this.#window(empty, 0);
    return undefined;
  }
}
