/**
 * Keep-alives on a stream that we opened (RFC 5626 3.5.1, 4.4.1): the double CRLF, sent where the
 * stream is silent, and the CRLF that answers it.
 */
import type { StreamFramer } from "../wire/index.ts";

/** In milliseconds. */
export interface KeepAliveTimes {
  /** Silent for so long, we ping; 0: never. */
  readonly keepAlive: number;
  /** For the answer. */
  readonly pong: number;
}

export class KeepAlive {
  readonly #framer: StreamFramer;
  readonly #times: KeepAliveTimes;
  /** When a ping went that waits for its answer; 0: none does. */
  #pingedAt = 0;
  #paddedAtPing = 0;
  /** It has answered a ping before. A peer that never did has promised nothing (RFC 6223). */
  #hasAnswered = false;

  constructor(framer: StreamFramer, times: KeepAliveTimes) {
    this.#framer = framer;
    this.#times = times;
  }

  /** Whether to ping now; `dead` where an answer that was to be expected has not come in time. */
  look(now: number, lastTraffic: number): "ping" | "dead" | undefined {
    if (this.#pingedAt !== 0 && this.#isOverdue(now)) return "dead";
    const isAwaited = this.#pingedAt !== 0 && this.#hasAnswered;
    if (isAwaited || now - lastTraffic < this.#times.keepAlive) return undefined;
    // What stands alone from earlier would make a ping of the answer.
    this.#framer.forgetLoneLineEnd();
    this.#paddedAtPing = this.#framer.padded;
    this.#pingedAt = now;
    return "ping";
  }

  /** Nothing is read for now: the answer is not waited for. */
  suspend(): void {
    this.#pingedAt = 0;
  }

  #isOverdue(now: number): boolean {
    const framer = this.#framer;
    // Looked at by the clock, not when it comes: half a ping, or padding, is whole by then.
    if (framer.hasLoneLineEnd) {
      framer.forgetLoneLineEnd();
      this.#hasAnswered = true;
      this.#pingedAt = 0;
    } else if (framer.padded !== this.#paddedAtPing) {
      // It may have been padding: good enough for an answer, not for a promise.
      this.#pingedAt = 0;
    } else if (now - this.#pingedAt >= this.#times.pong) {
      if (!this.#hasAnswered) this.#pingedAt = 0;
      // RFC 5626 4.4.1: a message that is just coming is awaited.
      else return framer.pendingBytes === 0;
    }
    return false;
  }
}
