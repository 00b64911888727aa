/**
 * Requests that were written on a TLS connection of ours to which its peer has said nothing yet.
 *
 * In TLS 1.3 a server judges our certificate after we have shaken hands (RFC 8446 4.4.2.4, 6.2): one
 * that refuses it closes, and has read nothing of what was written meanwhile. Those requests count
 * as not sent. What is older than a queue may be has its sender's own timers instead.
 */
import type { QueueLimits } from "../configuration/configuration.ts";
import type { Arrival } from "./border-parts.ts";

export class Unheard {
  private readonly limits: QueueLimits;
  private readonly kept: Arrival[] = [];
  private bytes = 0;

  constructor(limits: QueueLimits) {
    this.limits = limits;
  }

  /** `arrival.attempt` is that of the target. What would make it more than a queue's bytes is not kept. */
  keep(arrival: Arrival, now: number): void {
    this.dropOld(now);
    const { length } = arrival.bytes;
    if (this.bytes + length > this.limits.bytes) return;
    this.bytes += length;
    this.kept.push(arrival);
  }

  /** The connection has closed: what is to go to the next target, oldest first. */
  take(cause: string, now: number): readonly Arrival[] {
    const why = `the peer closed before it said anything${cause === "" ? "" : `: ${cause}`}`;
    this.bytes = 0;
    return this.kept
      .splice(0)
      .filter(({ at }) => now - at <= this.limits.milliseconds)
      .map((arrival) => ({ ...arrival, attempt: arrival.attempt + 1, cause: why }));
  }

  /** The first ones that would not be sent again: they take the place of what would. */
  private dropOld(now: number): void {
    const first = this.kept.findIndex(({ at }) => now - at <= this.limits.milliseconds);
    const old = this.kept.splice(0, first < 0 ? this.kept.length : first);
    for (const { bytes } of old) this.bytes -= bytes.length;
  }
}
