/**
 * Asks recursive name servers over UDP and TCP (RFC 1035, 5452, 6891, 7766), and remembers what they
 * said. For location (RFC 3263), where silence, forgery and a cut answer must never read as "nothing
 * is published".
 */
import { type Observable, Subject } from "rxjs";
import { isDomainName, type Outcome, type Question } from "../../wire/index.ts";
import type { ExchangeEvent } from "./exchange.ts";
import { Inquiry } from "./inquiry.ts";
import { type NameServer, NameServers, type ServerChange } from "./name-server.ts";
import { keyOf, OutcomeCache } from "./outcome-cache.ts";

export interface ResolverSettings {
  /** Asked in this order; one that doesn't answer is passed over for a while. */
  readonly servers: readonly NameServer[];
  /** Milliseconds for a whole question: all servers, repetitions and TCP included. */
  readonly timeout: number;
  /** Most questions that are remembered; the ones longest unused are forgotten first. */
  readonly cache: number;
  /** Seconds that anything is remembered, at most. */
  readonly mostTtl: number;
  /** Most questions under way; one more fails at once. */
  readonly pending: number;
}

/** `settled`: what came of a question, of which the servers' part went before. */
export type ResolverEvent =
  | ExchangeEvent
  | ServerChange
  | {
      readonly kind: "settled";
      readonly question: Question;
      readonly milliseconds: number;
      readonly outcome: Outcome;
    };

interface UnderWay {
  readonly inquiry: Inquiry;
  readonly outcome: Promise<Outcome>;
}

export class Resolver {
  /** Hot; never errors. Completes on `close`. */
  readonly events$: Observable<ResolverEvent>;
  readonly #events = new Subject<ResolverEvent>();
  readonly #settings: ResolverSettings;
  readonly #clock: () => number;
  readonly #servers: NameServers;
  readonly #cache: OutcomeCache;
  readonly #underWay = new Map<string, UnderWay>();
  #closed = false;

  /**
   * Throws `RangeError` if there is no server, or one without an address or port.
   *
   * @param clock milliseconds, never set back.
   */
  constructor(settings: ResolverSettings, clock: () => number = () => performance.now()) {
    this.#settings = settings;
    this.#clock = clock;
    this.#servers = new NameServers(settings.servers, clock, (change) => this.#events.next(change));
    this.#cache = new OutcomeCache(settings.cache, settings.mostTtl, clock);
    this.events$ = this.#events.asObservable();
  }

  /**
   * What is known now, without asking: a failure too, which is remembered for 5 seconds. Undefined: it
   * must be asked. Its `ttl` is the one that it came with.
   */
  known(question: Question): Outcome | undefined {
    return this.#cache.get(keyOf(question));
  }

  /**
   * What is known, else what the servers say. Never rejects, and is never `truncated`; settles within
   * `timeout`. Equal questions under way are asked once.
   */
  ask(question: Question): Promise<Outcome> {
    if (this.#closed) return failure("the resolver is closed");
    const key = keyOf(question);
    const known = this.#cache.get(key);
    if (known !== undefined) return Promise.resolve(known);
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay.outcome;
    if (!isDomainName(question.name)) return failure("it is no domain name");
    if (this.#underWay.size >= this.#settings.pending)
      return failure(`${this.#settings.pending} questions are under way already`);
    return this.#inquire(key, question);
  }

  /** What is under way settles as a failure; nothing is asked any more. What is known stays so. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { inquiry } of this.#underWay.values()) inquiry.stop("the resolver was closed");
    this.#events.complete();
  }

  #inquire(key: string, question: Question): Promise<Outcome> {
    const { promise, resolve } = withResolvers();
    const askedAt = this.#clock();
    const settled = (outcome: Outcome): void => {
      this.#underWay.delete(key);
      if (!this.#closed) this.#cache.set(key, outcome);
      resolve(outcome);
      const milliseconds = this.#clock() - askedAt;
      this.#events.next({ kind: "settled", question, milliseconds, outcome });
    };
    const told = (event: ExchangeEvent): void => this.#events.next(event);
    const { timeout } = this.#settings;
    const inquiry = new Inquiry(question, timeout, this.#servers, this.#clock, told, settled);
    this.#underWay.set(key, { inquiry, outcome: promise });
    inquiry.start();
    return promise;
  }
}

const failure = (cause: string): Promise<Outcome> => Promise.resolve({ kind: "failure", cause });

function withResolvers(): { promise: Promise<Outcome>; resolve: (outcome: Outcome) => void } {
  let resolve: (outcome: Outcome) => void = () => {};
  const promise = new Promise<Outcome>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
