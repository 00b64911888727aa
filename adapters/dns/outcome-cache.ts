/** What DNS has said, for as long as it may be remembered (RFC 1035 3.2.1, RFC 2181 8, RFC 2308 5). */
import { foldName, type Outcome, type Question } from "../../wire/index.ts";

/** Seconds that it is remembered that there is nothing, at most (RFC 2308 5). */
const mostNegativeTtl = 10_800;
/** Seconds that a failure is remembered (RFC 2308 7, RFC 9520 3.2): from 1 to 300 are allowed. */
const failureTtl = 5;

interface Entry {
  readonly outcome: Outcome;
  /** By the clock. */
  readonly until: number;
}

/** Letter case doesn't tell questions apart (RFC 4343). */
export const keyOf = ({ type, name }: Question): string => `${type} ${foldName(name)}`;

export class OutcomeCache {
  readonly #most: number;
  readonly #mostTtl: number;
  readonly #clock: () => number;
  /** Longest unused first. */
  readonly #entries = new Map<string, Entry>();

  /**
   * @param most entries.
   * @param mostTtl seconds.
   * @param clock milliseconds, never set back.
   */
  constructor(most: number, mostTtl: number, clock: () => number) {
    this.#most = most;
    this.#mostTtl = mostTtl;
    this.#clock = clock;
  }

  get(key: string): Outcome | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (this.#clock() >= entry.until) return undefined;
    this.#entries.set(key, entry);
    return entry.outcome;
  }

  set(key: string, outcome: Outcome): void {
    this.#entries.delete(key);
    const ttl = this.#ttlOf(outcome);
    if (ttl <= 0 || this.#most <= 0) return;
    if (this.#entries.size >= this.#most) {
      const [oldest] = this.#entries.keys();
      this.#entries.delete(oldest!);
    }
    this.#entries.set(key, { outcome, until: this.#clock() + ttl * 1_000 });
  }

  #ttlOf(outcome: Outcome): number {
    switch (outcome.kind) {
      case "records":
        return Math.min(outcome.ttl, this.#mostTtl);
      case "no-data":
      case "no-such-name":
        return Math.min(outcome.ttl, this.#mostTtl, mostNegativeTtl);
      default:
        return failureTtl;
    }
  }
}
