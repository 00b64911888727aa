/** Answers for published domains, over UDP and TCP: the sockets of `answerQuery`. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { type Observable, Subject } from "rxjs";
import { answerQuery, cutShort, type Zones } from "../../wire/index.ts";
import { addressFamily } from "../connection.ts";
import { type AnswerLimits, AnswerRate } from "./answer-rate.ts";
import { QuestionStreams } from "./question-streams.ts";

export interface ResponderSettings extends AnswerLimits {
  /** Both UDP and TCP are bound to each. Port 0: any, the same for both. */
  readonly listen: readonly ResponderAddress[];
}

export interface ResponderAddress {
  /** IPv4 or IPv6, no brackets. */
  readonly address: string;
  readonly port: number;
}

export type ResponderEvent =
  /** `cut`: without its records, since it was too large or beyond a share. */
  | {
      readonly kind: "answered";
      readonly over: "udp" | "tcp";
      /** Response code (RFC 6895 2.3). */
      readonly code: number;
      readonly cut?: "size" | "share";
    }
  /**
   * `share`, `total`: too many questions of one network, or of all. `unanswerable`: no question of
   * DNS. `connections`: too many of one network, or of all. `slow`: a connection without a question.
   */
  | { readonly kind: "dropped"; readonly over: "udp" | "tcp"; readonly cause: DropCause };

export type DropCause = "share" | "total" | "unanswerable" | "connections" | "slow";

const receiveBuffer = 1_048_576;
/** Bytes that wait in the system: beyond, answers are dropped. */
const mostWaiting = 1_048_576;
/** Ports that are tried where any will do: UDP and TCP need the same. */
const portTries = 8;

export class Responder {
  /** Hot; never errors. Completes on `close`. */
  readonly events$: Observable<ResponderEvent>;
  readonly #events = new Subject<ResponderEvent>();
  readonly #settings: ResponderSettings;
  readonly #rate: AnswerRate;
  /** Over TCP nobody forges a source; one that asks too much is closed. */
  readonly #streamRate: AnswerRate;
  readonly #sockets: Socket[] = [];
  readonly #streams: QuestionStreams[] = [];
  #zones: Zones;

  constructor(settings: ResponderSettings, zones: Zones) {
    this.#settings = settings;
    this.#zones = zones;
    this.#rate = new AnswerRate(settings);
    this.#streamRate = new AnswerRate(settings);
    this.events$ = this.#events.asObservable();
  }

  /** From the next question on. */
  serve(zones: Zones): void {
    this.#zones = zones;
  }

  /** All of them or none. @returns what was bound. Rejects with the cause. */
  async listen(): Promise<readonly ResponderAddress[]> {
    const bound: ResponderAddress[] = [];
    try {
      for (const { address, port } of this.#settings.listen)
        bound.push({ address, port: await this.#bind(address, port) });
    } catch (error) {
      await this.#closeSockets();
      throw error;
    }
    return bound;
  }

  async close(): Promise<void> {
    await this.#closeSockets();
    this.#events.complete();
  }

  async #bind(address: string, port: number): Promise<number> {
    for (let tries = 1; ; tries++) {
      const socket = await this.#bindDatagrams(address, port);
      const chosen = socket.address().port;
      const streams = new QuestionStreams({
        answer: (question, from) => this.#answerStream(question, from),
        closed: (cause) => this.#events.next({ kind: "dropped", over: "tcp", cause }),
      });
      try {
        await streams.listen(address, chosen);
      } catch (error) {
        await closeSocket(socket);
        if (port !== 0 || tries === portTries) throw error;
        continue;
      }
      this.#sockets.push(socket);
      this.#streams.push(streams);
      return chosen;
    }
  }

  async #bindDatagrams(address: string, port: number): Promise<Socket> {
    const family = addressFamily(address);
    const socket = createSocket({
      type: family === 6 ? "udp6" : "udp4",
      ipv6Only: family === 6,
      recvBufferSize: receiveBuffer,
      // Sources are addresses already: the default would cost a turn of the event loop a datagram.
      lookup: (host, _options, done) => done(null, host, family),
    });
    const listening = once(socket, "listening");
    socket.bind(port, address);
    try {
      await listening;
    } catch (error) {
      socket.close();
      throw error;
    }
    // A send that the system refuses is a lost datagram like others.
    socket.on("error", () => {});
    socket.on("message", (bytes, from) => this.#answerDatagram(socket, bytes, from));
    return socket;
  }

  #answerDatagram(socket: Socket, question: Uint8Array, from: RemoteInfo): void {
    const verdict = this.#rate.take(from.address, performance.now());
    if (verdict === "share" || verdict === "total") {
      this.#drop("udp", verdict);
      return;
    }
    const reply = answerQuery(this.#zones, question, "udp");
    if (reply === undefined || from.port === 0) {
      this.#drop("udp", "unanswerable");
      return;
    }
    if (socket.getSendQueueSize() > mostWaiting) {
      this.#drop("udp", "total");
      return;
    }
    const isCut = verdict === "cut";
    socket.send(isCut ? cutShort(reply) : reply.bytes, from.port, from.address, () => {});
    const cut = isCut ? "share" : reply.truncated ? "size" : undefined;
    this.#events.next({
      kind: "answered",
      over: "udp",
      code: reply.code,
      ...(cut === undefined ? {} : { cut }),
    });
  }

  #answerStream(question: Uint8Array, from: string): Uint8Array | undefined {
    const verdict = this.#streamRate.take(from, performance.now());
    if (verdict !== "answer") {
      this.#drop("tcp", verdict === "total" ? "total" : "share");
      return undefined;
    }
    const reply = answerQuery(this.#zones, question, "tcp");
    if (reply === undefined) {
      this.#drop("tcp", "unanswerable");
      return undefined;
    }
    this.#events.next({ kind: "answered", over: "tcp", code: reply.code });
    return reply.bytes;
  }

  #drop(over: "udp" | "tcp", cause: DropCause): void {
    this.#events.next({ kind: "dropped", over, cause });
  }

  async #closeSockets(): Promise<void> {
    const closing = [
      ...this.#sockets.splice(0).map(closeSocket),
      ...this.#streams.splice(0).map((one) => one.close()),
    ];
    await Promise.all(closing);
  }
}

async function closeSocket(socket: Socket): Promise<void> {
  const closed = once(socket, "close");
  socket.close();
  await closed;
}
