/** How much one source may send, open and hold open, so that it can't take what is there for all. */
import { defaultAnswers, type SourceLimits } from "../configuration/configuration.ts";
import { Rate } from "./rate.ts";
import { SourceTable } from "./source-table.ts";

interface Share {
  readonly messages: Rate | undefined;
  readonly newConnections: Rate | undefined;
  connections: number;
  halfOpen: number;
}

const unlimited = Number.POSITIVE_INFINITY;

export class SourceShares {
  private readonly limits: SourceLimits;
  private readonly shares: SourceTable<Share>;
  /** A connection that comes in is asked for before its handshake. */
  readonly countsNew: boolean;

  constructor(limits: SourceLimits) {
    const { messages, newConnections, halfOpen } = limits;
    this.limits = limits;
    this.countsNew = newConnections !== undefined || halfOpen !== undefined;
    this.shares = new SourceTable<Share>(
      (at) => ({
        messages: rateOf(messages, at),
        newConnections: rateOf(newConnections, at),
        connections: 0,
        halfOpen: 0,
      }),
      // Who holds connections open is not forgotten.
      (share) => share.connections > 0 || share.halfOpen > 0,
    );
  }

  /** One more message has come; false where it is beyond the share. `at` in milliseconds. */
  takeMessage(address: string, at: number): boolean {
    if (this.limits.messages === undefined) return true;
    return this.shares.of(address, at).messages?.take(at) ?? true;
  }

  /** One more connection comes in; what it is too much of, or undefined. */
  connect(address: string, at: number): "source-rate" | "source-half-open" | undefined {
    const share = this.shares.of(address, at);
    if (share.halfOpen >= (this.limits.halfOpen ?? unlimited)) return "source-half-open";
    return share.newConnections?.take(at) === false ? "source-rate" : undefined;
  }

  /** A handshake begins. Count its end with `settle`, in any case. */
  shakeHands(address: string, at: number): void {
    this.shares.of(address, at).halfOpen++;
  }

  settle(address: string): void {
    const share = this.shares.find(address);
    if (share !== undefined && share.halfOpen > 0) share.halfOpen--;
  }

  /** One more connection stands; false where it is beyond the share. Count it with `leave` when it has closed, in any case. */
  enter(address: string, at: number): boolean {
    const share = this.shares.of(address, at);
    share.connections++;
    return share.connections <= (this.limits.connections ?? unlimited);
  }

  leave(address: string): void {
    const share = this.shares.find(address);
    if (share !== undefined && share.connections > 0) share.connections--;
  }
}

/** How many own answers go to one source over UDP, whose datagrams may be forged. */
export class AnswerShares {
  private readonly rates: SourceTable<Rate>;

  constructor(perSecond: number = defaultAnswers) {
    this.rates = new SourceTable(
      (at) => new Rate(perSecond, at),
      () => false,
    );
  }

  /** False: this one is not given. `at` in milliseconds. */
  take(address: string, at: number): boolean {
    return this.rates.of(address, at).take(at);
  }
}

function rateOf(perSecond: number | undefined, at: number): Rate | undefined {
  return perSecond === undefined ? undefined : new Rate(perSecond, at);
}
