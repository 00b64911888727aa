/**
 * Location (RFC 3263) for messages: what DNS has told already is had at once, for everything else a
 * message waits, never longer than the settings say. What waits is bounded, so that a name whose
 * servers are dead costs its own messages alone.
 */
import type { Resolver } from "../../adapters/index.ts";
import type { Draw, Locating, Location, Outcome, Question } from "../../wire/index.ts";
import { LocationMemo, Noted } from "./location-memo.ts";

export interface LocatorLimits {
  /** For one location, however many questions it takes. */
  readonly milliseconds: number;
  /** Of messages that wait for one host. */
  readonly bytes: number;
}

/** In all, whatever their size. */
const mostWaiting = 10_000;

/** Whoever asks the questions of a location, from its start. */
export type Begin = (draw: Draw) => Locating;

export interface Wanted {
  readonly begin: Begin;
  /** The same numbers for each message of a transaction. */
  readonly draw: Draw;
}

export class Locator {
  readonly #resolver: Pick<Resolver, "known" | "ask">;
  readonly #limits: LocatorLimits;
  /** Bytes that wait, by host. */
  readonly #hosts = new Map<string, number>();
  readonly #ends = new Set<() => void>();
  readonly #memo = new LocationMemo();
  readonly #known: (question: Question) => Outcome | undefined;
  #bytes = 0;
  #closed = false;
  #drained: (() => void) | undefined;

  constructor(resolver: Pick<Resolver, "known" | "ask">, limits: LocatorLimits) {
    this.#resolver = resolver;
    this.#limits = limits;
    this.#known = (question) => resolver.known(question);
  }

  /**
   * undefined: DNS must be asked. The same object as long as the answers are the same.
   *
   * @param key of all that `begin` seeks.
   */
  now(key: string, { begin, draw }: Wanted): Location | undefined {
    return this.#memo.find(key, draw, this.#known) ?? this.#work(key, begin, new Noted(draw));
  }

  #work(key: string, begin: Begin, noted: Noted): Location | undefined {
    const locating = begin(noted.draw);
    for (let step = locating.next(); ; ) {
      if (step.done === true) {
        this.#memo.keep(key, noted, step.value);
        return step.value;
      }
      const outcomes: Outcome[] = [];
      for (const question of step.value) {
        const outcome = this.#known(question);
        if (outcome === undefined) return undefined;
        noted.note(question, outcome);
        outcomes.push(outcome);
      }
      step = locating.next(outcomes);
    }
  }

  /** Asks; `resume` is called once. False: too much waits, or nothing may any more. */
  wait({ begin, draw }: Wanted, host: string, size: number, resume: (location: Location) => void): boolean {
    const before = this.#hosts.get(host) ?? 0;
    if (this.#closed || before + size > this.#limits.bytes || this.#ends.size >= mostWaiting) return false;
    this.#hosts.set(host, before + size);
    this.#bytes += size;
    void this.#locate(begin(draw), host).then((location) => {
      const left = this.#hosts.get(host)! - size;
      if (left > 0) this.#hosts.set(host, left);
      else this.#hosts.delete(host);
      this.#bytes -= size;
      resume(location);
      if (this.#ends.size === 0) this.#drained?.();
    });
    return true;
  }

  /** Bytes of the messages that wait. */
  waitingBytes(): number {
    return this.#bytes;
  }

  /**
   * Until nothing waits any more: as long as one location may take. What comes meanwhile may wait too,
   * but not longer.
   */
  async drain(): Promise<void> {
    if (this.#ends.size === 0) return;
    const timer = setTimeout(() => this.close(), this.#limits.milliseconds);
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
    clearTimeout(timer);
  }

  /** Whoever waits is told that DNS hasn't told, and nobody waits from now on. */
  close(): void {
    this.#closed = true;
    for (const end of this.#ends) end();
  }

  /** Never rejects: a fault costs this message its way, and never the process. */
  async #locate(locating: Locating, host: string): Promise<Location> {
    let isOver = false;
    let end!: () => void;
    const over = new Promise<undefined>((resolve) => {
      end = () => {
        isOver = true;
        resolve(undefined);
      };
    });
    this.#ends.add(end);
    const timer = setTimeout(end, this.#limits.milliseconds);
    try {
      let step = locating.next();
      while (step.done !== true) {
        const questions = step.value;
        const asked = isOver ? undefined : Promise.all(questions.map((one) => this.#resolver.ask(one)));
        step = locating.next((await Promise.race([asked, over])) ?? questions.map(() => this.#late()));
      }
      return step.value;
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      const text = `${host} could not be located: ${cause}`;
      return { domain: host, sips: "not-known", failure: { cause: "temporary", text } };
    } finally {
      clearTimeout(timer);
      this.#ends.delete(end);
    }
  }

  #late(): Outcome {
    return { kind: "failure", cause: `not within ${this.#limits.milliseconds} ms` };
  }
}
