/**
 * Targets of location that could not be connected to: for a while they are asked last (RFC 3263 4.3;
 * nothing pings them). Bounded, and safe to lose.
 */
import type { Hop } from "../configuration/configuration.ts";
import { hopText } from "../forwarding/hop-health.ts";

/** Milliseconds: near the 32 s that a transaction may take (RFC 3261 17.1.1.2), so that its CANCEL goes the same way. */
const passedOverFor = 32_000;
const mostTargets = 1_000;

export class PassedOver {
  readonly #now: () => number;
  /** Until when, by target; the oldest first. */
  readonly #until = new Map<string, number>();

  /** `now` in milliseconds, of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  note(target: Hop): void {
    const key = hopText(target);
    this.#until.delete(key);
    this.#until.set(key, this.#now() + passedOverFor);
    if (this.#until.size > mostTargets) this.#until.delete(this.#until.keys().next().value!);
  }

  get isEmpty(): boolean {
    return this.#until.size === 0;
  }

  isPassedOver(target: Hop): boolean {
    const key = hopText(target);
    const until = this.#until.get(key);
    if (until === undefined) return false;
    if (until > this.#now()) return true;
    this.#until.delete(key);
    return false;
  }
}
