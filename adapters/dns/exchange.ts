/** One question to one name server: over UDP, and over TCP where that doesn't do. */
import { randomBytes, randomInt } from "node:crypto";
import {
  foldName,
  mixCase,
  type Outcome,
  type Query,
  type Question,
  type Reading,
  readAnswer,
  writeQuery,
} from "../../wire/index.ts";
import { type NameServer, nameOf } from "./name-server.ts";
import { DatagramTrial, type Hearer, StreamTrial } from "./trial.ts";

/** Messages that answer another question, until UDP counts as under attack (RFC 5452 9.1). */
const mostForeign = 4;
/** A bit for each letter of the longest name. */
const caseBytes = 32;

type Told =
  | { readonly kind: "asked" }
  /** `milliseconds` since it was asked over this transport. `cause` of a failure. */
  | {
      readonly kind: "answered";
      readonly milliseconds: number;
      readonly outcome: Outcome["kind"];
      readonly cause?: string;
    }
  /** No answer has come, or none will: the system or the connection told so. */
  | { readonly kind: "unanswered"; readonly milliseconds: number; readonly cause: string }
  /** Something came that answers another question; over UDP it is passed over. */
  | { readonly kind: "foreign"; readonly cause: string };

export type ExchangeEvent = Told & {
  readonly question: Question;
  readonly server: NameServer;
  readonly transport: "udp" | "tcp";
};

export interface ExchangeOwner {
  readonly clock: () => number;
  emit(event: ExchangeEvent): void;
  /** The server said something to the question, whatever it was. */
  answered(exchange: Exchange): void;
  /** What came of it; not `truncated`. A failure's cause names the server. Nothing follows. */
  ended(exchange: Exchange, outcome: Outcome): void;
}

export class Exchange implements Hearer {
  readonly question: Question;
  readonly server: NameServer;
  readonly #owner: ExchangeOwner;
  #query: Query;
  #trial: DatagramTrial | StreamTrial | undefined;
  #transport: "udp" | "tcp" = "udp";
  #askedAt = 0;
  #foreign = 0;
  #silent = true;
  #over = false;

  /** @param question its name is one that can be asked. */
  constructor(question: Question, server: NameServer, owner: ExchangeOwner) {
    this.question = question;
    this.server = server;
    this.#owner = owner;
    this.#query = writeQuery(randomInt(0x1_00_00), {
      type: question.type,
      name: mixCase(question.name, randomBytes(caseBytes)),
    });
  }

  start(): void {
    this.#ask("udp");
  }

  get over(): boolean {
    return this.#over;
  }

  /** Whether the server has said nothing to the question; what others forge doesn't count. */
  get silent(): boolean {
    return this.#silent;
  }

  /** Whether there is something that can be sent again. */
  get repeatable(): boolean {
    return !this.#over && this.#transport === "udp";
  }

  repeat(): void {
    if (this.#trial instanceof DatagramTrial) this.#trial.repeat();
  }

  /** Nothing is heard of it any more. */
  stop(): void {
    this.#over = true;
    this.#trial?.stop();
  }

  /** The time is over. */
  expire(cause: string): void {
    this.stop();
    this.#emit({ kind: "unanswered", milliseconds: this.#elapsed(), cause });
  }

  heard(bytes: Uint8Array): void {
    const reading = readSafely(bytes, this.#query);
    if (reading.kind === "foreign") return this.#hearForeign(reading.cause, reading.otherCase);
    const { kind } = reading;
    const cause = kind === "failure" ? { cause: reading.cause } : {};
    this.#silent = false;
    this.#owner.answered(this);
    this.#emit({ kind: "answered", milliseconds: this.#elapsed(), outcome: kind, ...cause });
    if (this.#over) return;
    if (kind !== "truncated") return this.#end(reading);
    if (this.#transport === "udp") return this.#askByTcp();
    this.#end({ kind: "failure", cause: "the answer is cut short over TCP too" });
  }

  failed(cause: string): void {
    this.#emit({ kind: "unanswered", milliseconds: this.#elapsed(), cause });
    if (!this.#over) this.#end({ kind: "failure", cause });
  }

  /**
   * Over UDP the wait goes on: whoever forges answers must not be able to end it. TCP is asked, where
   * nobody forges who can't see (RFC 5452 9.1), by a server that doesn't keep the letter case, and
   * when many have come.
   */
  #hearForeign(cause: string, otherCase: boolean): void {
    this.#foreign++;
    this.#emit({ kind: "foreign", cause });
    if (this.#over) return;
    if (this.#transport === "tcp") this.#end({ kind: "failure", cause: `the message over TCP ${cause}` });
    else if (otherCase || this.#foreign >= mostForeign) this.#askByTcp();
  }

  /** In lower case: what protects here is the connection, and servers that fold names echo it too. */
  #askByTcp(): void {
    this.#trial?.stop();
    const { type, name } = this.question;
    this.#query = writeQuery(randomInt(0x1_00_00), { type, name: foldName(name) });
    this.#ask("tcp");
  }

  #ask(transport: "udp" | "tcp"): void {
    const Trial = transport === "udp" ? DatagramTrial : StreamTrial;
    this.#transport = transport;
    this.#askedAt = this.#owner.clock();
    this.#trial = new Trial(this.server, this.#query.bytes, this);
    this.#emit({ kind: "asked" });
  }

  #emit(event: Told): void {
    const { question, server } = this;
    this.#owner.emit({ ...event, question, server, transport: this.#transport });
  }

  #end(outcome: Outcome): void {
    this.stop();
    const named: Outcome =
      outcome.kind === "failure"
        ? { kind: "failure", cause: `${nameOf(this.server)}: ${outcome.cause}` }
        : outcome;
    this.#owner.ended(this, named);
  }

  #elapsed(): number {
    return this.#owner.clock() - this.#askedAt;
  }
}

/** A fault in the reading costs this answer, and never the process. */
function readSafely(bytes: Uint8Array, query: Query): Reading {
  try {
    return readAnswer(bytes, query);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { kind: "failure", cause: `the answer could not be read: ${cause}` };
  }
}
