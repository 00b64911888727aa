/** One question, put to one name server after the other until one answers or the time is over. */
import type { Outcome, Question } from "../../wire/index.ts";
import { Exchange, type ExchangeEvent, type ExchangeOwner } from "./exchange.ts";
import { type NameServer, type NameServers, nameOf } from "./name-server.ts";

/** Milliseconds: most servers that have to ask others answer in less. */
const longestTurn = 1_000;

/**
 * A server that is silent for a turn stays asked while the next one is: a slow answer is not thrown
 * away, and a dead server costs one turn. When all were asked, each is sent the question once more,
 * as datagrams get lost. There are so many turns that the last one, too, has time for its answer.
 */
export class Inquiry implements ExchangeOwner {
  readonly clock: () => number;
  readonly #question: Question;
  readonly #timeout: number;
  readonly #servers: NameServers;
  readonly #order: readonly NameServer[];
  readonly #told: (event: ExchangeEvent) => void;
  readonly #settled: (outcome: Outcome) => void;
  /** In the order of their beginning. */
  readonly #exchanges: Exchange[] = [];
  readonly #causes: string[] = [];
  readonly #turn: number;
  #deadline: NodeJS.Timeout | undefined;
  #repeated = 0;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  /**
   * @param question its name is one that can be asked.
   * @param timeout milliseconds for all of it.
   * @param settled called once, behind `start`.
   */
  constructor(
    question: Question,
    timeout: number,
    servers: NameServers,
    clock: () => number,
    told: (event: ExchangeEvent) => void,
    settled: (outcome: Outcome) => void,
  ) {
    this.clock = clock;
    this.#question = question;
    this.#timeout = timeout;
    this.#servers = servers;
    this.#order = servers.inOrder();
    this.#told = told;
    this.#settled = settled;
    this.#turn = Math.min(longestTurn, timeout / (2 * servers.count + 1));
  }

  start(): void {
    this.#deadline = setTimeout(() => this.#expire(), this.#timeout);
    this.#next();
  }

  /** Ends it as a failure. */
  stop(cause: string): void {
    this.#settle({ kind: "failure", cause });
  }

  emit(event: ExchangeEvent): void {
    this.#told(event);
  }

  answered({ server }: Exchange): void {
    this.#servers.answered(server);
  }

  ended({ server, silent }: Exchange, outcome: Outcome): void {
    if (this.#over) return;
    if (outcome.kind !== "failure") return this.#settle(outcome);
    this.#causes.push(outcome.cause);
    if (silent) this.#servers.passOver(server, outcome.cause);
    // While another is asked there is no hurry.
    if (this.#exchanges.every(({ over }) => over)) this.#next();
  }

  /** The next server, or once more one that was asked. */
  #next(): void {
    clearTimeout(this.#timer);
    if (this.#over) return;
    const server = this.#order[this.#exchanges.length];
    if (server !== undefined) this.#begin(server);
    else if (!this.#repeatOne()) return this.#endIfNone();
    if (!this.#over) this.#timer = setTimeout(() => this.#turnOver(), this.#turn);
  }

  #begin(server: NameServer): void {
    const exchange = new Exchange(this.#question, server, this);
    this.#exchanges.push(exchange);
    exchange.start();
  }

  #repeatOne(): boolean {
    while (this.#repeated < this.#exchanges.length) {
      const exchange = this.#exchanges[this.#repeated++]!;
      if (!exchange.repeatable) continue;
      exchange.repeat();
      return true;
    }
    return false;
  }

  #turnOver(): void {
    const last = this.#exchanges.at(-1);
    const hasNext = this.#exchanges.length < this.#order.length;
    if (hasNext && last !== undefined && !last.over && last.silent)
      this.#servers.passOver(last.server, `no answer in ${Math.round(this.#turn)} ms`);
    this.#next();
  }

  #endIfNone(): void {
    if (this.#exchanges.every(({ over }) => over))
      this.#settle({ kind: "failure", cause: this.#causes.join("; ") });
  }

  #expire(): void {
    const cause = `no answer in ${this.#timeout} ms`;
    for (const exchange of this.#exchanges.filter(({ over }) => !over)) {
      exchange.expire(cause);
      this.#causes.push(`${nameOf(exchange.server)}: ${cause}`);
      if (exchange.silent) this.#servers.passOver(exchange.server, cause);
    }
    this.#settle({ kind: "failure", cause: this.#causes.join("; ") });
  }

  #settle(outcome: Outcome): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#deadline);
    for (const exchange of this.#exchanges) exchange.stop();
    this.#settled(outcome);
  }
}
