/**
 * The verdict on TLS handshakes, and on connections that stand: again by every new policy, and by
 * the clock alone, since certificates and agreements end while their connections go on.
 */
import type { Connection, HandshakeArrival } from "../../adapters/index.ts";
import type { Engine, HandshakeDecision, HandshakeEvent } from "../../engine/index.ts";
import { refusedByFault } from "./handshake-fault.ts";
import type { HandshakePassage } from "./passage.ts";

/** Milliseconds that messages wait at most while connections are judged again. */
const slice = 2;

/** Milliseconds between two looks at the clock. */
const lookEvery = 60_000;

interface Standing {
  readonly connection: Connection;
  /** What was known when it was let in: role, domain and partner sought. */
  readonly event: HandshakeEvent;
}

/** Connections that are judged again, one behind the other. */
interface Round {
  readonly why: string;
  readonly judged: readonly Standing[];
  next: number;
}

export interface JudgeWiring {
  /** The one in force. */
  readonly engine: () => Pick<Engine, "decide">;
  /** Every verdict but that a connection may stay. */
  readonly tell: (passage: HandshakePassage) => void;
  /** Of one that may not. */
  readonly close: (connection: Connection) => void;
}

export class HandshakeJudge {
  private readonly wiring: JudgeWiring;
  /** By the number of the connection. */
  private readonly standing = new Map<number, Standing>();
  private letIn: HandshakeEvent | undefined;
  private round: Round | undefined;
  private clock: NodeJS.Timeout | undefined;

  constructor(wiring: JudgeWiring) {
    this.wiring = wiring;
  }

  /** From now on the clock counts too. */
  start(): void {
    this.clock = setInterval(() => {
      // Whoever is being judged by a new policy is judged by the clock as well.
      if (this.round === undefined) this.begin("judged again by the clock");
    }, lookEvery);
    this.clock.unref();
  }

  stop(): void {
    clearInterval(this.clock);
    this.round = undefined;
  }

  judge(arrival: HandshakeArrival): void {
    const { event } = arrival;
    const decision = this.decide(event);
    if (decision.verdict === "allow") {
      // The adapter says `opened` while it carries the verdict out.
      this.letIn = event;
      arrival.allow();
      this.letIn = undefined;
    } else {
      arrival.reject();
    }
    this.wiring.tell({ kind: "handshake", event, decision });
  }

  opened(connection: Connection): void {
    const event = this.letIn;
    if (event?.connection === connection.facts) this.standing.set(connection.id, { connection, event });
  }

  closed({ id }: Connection): void {
    this.standing.delete(id);
  }

  /** Soon, and a few at a time: connections whose handshake the policy in force refuses are closed. */
  judgeAgain(): void {
    this.begin("the policy is new");
  }

  private begin(why: string): void {
    const isUnderWay = this.round !== undefined;
    this.round = { why, judged: [...this.standing.values()], next: 0 };
    if (!isUnderWay) setImmediate(() => this.goOn());
  }

  private goOn(): void {
    const { round } = this;
    if (round === undefined) return;
    const end = performance.now() + slice;
    for (let one = round.judged[round.next]; one !== undefined; one = round.judged[round.next]) {
      this.look(one, round.why);
      round.next++;
      if (performance.now() >= end) break;
    }
    if (round.next < round.judged.length) setImmediate(() => this.goOn());
    else this.round = undefined;
  }

  private look({ connection, event: then }: Standing, why: string): void {
    if (!connection.open) return;
    const event = { ...then, at: Date.now() };
    const decision = this.decide(event);
    if (decision.verdict === "allow") return;
    this.wiring.close(connection);
    const cause = decision.cause === undefined ? why : `${why}: ${decision.cause}`;
    this.wiring.tell({ kind: "handshake", event, decision: { ...decision, cause } });
  }

  private decide(event: HandshakeEvent): HandshakeDecision {
    try {
      return this.wiring.engine().decide(event);
    } catch (error) {
      return refusedByFault(error);
    }
  }
}
