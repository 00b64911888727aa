/** What the peers wrote to the border and saw of it, by transport, to be held against the border's own count. */

export type Transport = "udp" | "tcp" | "tls";
export const transports: readonly Transport[] = ["udp", "tcp", "tls"];

type Counts = Record<Transport, number>;
const zeros = (): Counts => ({ udp: 0, tcp: 0, tls: 0 });

export class Ledger {
  /** Whole messages, written where nothing kept the border from reading them. */
  readonly certain: Counts = zeros();
  /** Whole messages on streams that were broken off: each of them may have been read or not. */
  readonly possible: Counts = zeros();
  /** Messages from the border. */
  readonly seen: Counts = zeros();
  /** Of these, OPTIONS by which the border asks its hops whether they live. */
  pings = 0;
  /** Kept back on purpose instead of being sent, and thrown away on purpose when they had come. */
  readonly lost: { unsent: number; unread: number } = { unsent: 0, unread: 0 };
  /** Sent again by a transaction's timer, and in the same moment. */
  readonly repeated: { byTimer: number; atOnce: number } = { byTimer: 0, atOnce: 0 };

  /** A stream has been broken off after that many messages. */
  doubt(transport: Transport, messages: number): void {
    this.certain[transport] -= messages;
    this.possible[transport] += messages;
  }
}
