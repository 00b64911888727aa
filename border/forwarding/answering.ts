/** Sends the border's own answers, and tells of requests that end here. */
import type { MessageDecision } from "../../engine/index.ts";
import { Scan } from "../../wire/index.ts";
import { stranger } from "../routing/topology.ts";
import { standardReason, writeAnswer } from "./answer.ts";
import { type Arrival, type BorderParts, dropped, endOf } from "./border-parts.ts";
import { beyondAnswers } from "./flood.ts";
import { requestMethod } from "./method.ts";
import type { MessagePassage, Outcome, PassageEnd } from "./passage.ts";
import { ProxyExtensions } from "./proxy-extensions.ts";
import type { Request, RequestReader } from "./request.ts";

export class Answering {
  private readonly parts: BorderParts;
  private readonly reader: RequestReader;
  private readonly extensions: ProxyExtensions;

  /** `reader` has read the request that is answered. */
  constructor(parts: BorderParts, reader: RequestReader) {
    this.parts = parts;
    this.reader = reader;
    this.extensions = new ProxyExtensions(parts.engine.fields);
  }

  /** By the border itself. `cause` is for the log alone; `rows` go into the answer, without line ends. */
  answer(request: Request, status: number, cause: string, rows: readonly string[] = []): void {
    this.close(request, status, standardReason(status), cause, undefined, undefined, rows);
  }

  /** By the policy. Only a trusted peer hears the rule's own words. */
  refuse(request: Request, decision: MessageDecision, to: PassageEnd | undefined): void {
    const { status = 500, reason, silent, violation, from } = decision;
    const cause = violation?.rule ?? reason ?? "";
    if (silent)
      this.tell(request, dropped(violation === undefined ? "policy" : "syntax", cause), decision, to);
    else {
      const said = from.trusted && reason !== undefined ? reason : standardReason(status);
      this.close(request, status, said, cause, decision, to);
    }
  }

  /** A fault of ours: nothing of the message is passed on, and its sender is told no more than 500. Never throws. */
  fail(arrival: Arrival, error: unknown): void {
    const { peer, bytes, at } = arrival;
    const cause = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? (error.stack ?? cause) : cause;
    this.parts.tell({
      kind: "message",
      at,
      status: undefined,
      from: endOf(stranger, peer.connection),
      to: undefined,
      outcome: { kind: "failed", cause, stack },
      decision: undefined,
      asked: undefined,
      received: bytes,
      ...this.answerFault(arrival),
    });
  }

  private answerFault(arrival: Arrival): Pick<MessagePassage, "method" | "sent"> {
    let method = "";
    try {
      const request = this.readReceived(arrival, stranger);
      if (request === undefined) return { method, sent: undefined };
      method = request.method;
      const answer =
        method === "ACK" || !this.mayAnswer(request)
          ? undefined
          : this.compose(request, 500, standardReason(500), undefined);
      const isSent = answer !== undefined && this.send(request, answer);
      return { method, sent: isSent ? answer : undefined };
    } catch {
      // What goes wrong with the answer too is not answered; the first fault is told.
      return { method, sent: undefined };
    }
  }

  /** The request as it came, without the edits of the in gate; undefined where it can't be read. */
  private readReceived(arrival: Arrival, network: string): Request | undefined {
    const { peer, bytes, framing, at } = arrival;
    const scan = new Scan(this.parts.engine.fields);
    if (!scan.read(bytes, framing) || !scan.isRequest) return undefined;
    const from = { network, connection: peer.connection.facts };
    const message = { kind: "message", bytes, framing, at, from } as const;
    return this.reader.read(arrival, { message, scan, refused: undefined }, network);
  }

  tell(
    { arrival, entered, network }: Pick<Request, "arrival" | "entered" | "network">,
    outcome: Outcome,
    decision?: MessageDecision,
    to?: PassageEnd,
    sent?: Uint8Array,
  ): void {
    this.parts.tell({
      kind: "message",
      at: arrival.at,
      method: requestMethod(entered.scan),
      status: undefined,
      from: endOf(network, arrival.peer.connection),
      to,
      outcome,
      decision: decision ?? entered.refused,
      asked: entered.message,
      received: arrival.bytes,
      sent,
    });
  }

  /** ACK is never answered (RFC 3261 17.1.1.3). */
  private close(
    request: Request,
    status: number,
    reason: string,
    cause: string,
    decision: MessageDecision | undefined,
    to: PassageEnd | undefined,
    rows: readonly string[] = [],
  ): void {
    if (request.method !== "ACK" && !this.mayAnswer(request)) {
      this.tell(request, dropped("share", beyondAnswers), decision, to);
      return;
    }
    const bytes = request.method === "ACK" ? undefined : this.compose(request, status, reason, rows);
    if (bytes === undefined) {
      const outcome =
        request.method === "ACK"
          ? dropped("ack", cause)
          : dropped("unanswerable", `${cause}; no answer can be made that is not larger`);
      this.tell(request, outcome, decision, to);
      return;
    }
    if (this.send(request, bytes)) {
      this.tell(request, { kind: "answered", status, reason, cause }, decision, to, bytes);
    } else {
      this.tell(request, dropped("unanswerable", `${cause}; the way back takes no answer`), decision, to);
    }
  }

  /** Over UDP, where a source may be forged, it hears only so many answers a second; our own networks hear all. */
  private mayAnswer({ arrival, network }: Request): boolean {
    const { engine, answers } = this.parts;
    if (arrival.framing !== "datagram" || engine.policy.networks.get(network)?.own === true) return true;
    return answers.take(arrival.peer.connection.remoteAddress, arrival.at);
  }

  /**
   * undefined: no answer can be made, or over UDP none that is not larger than the request:
   * whoever forges a source must gain nothing by us. Without `rows` it says what it must.
   */
  private compose(
    request: Request,
    status: number,
    reason: string,
    rows: readonly string[] | undefined,
  ): Uint8Array | undefined {
    const { arrival } = request;
    // RFC 3261 8.2.6.2: what an answer repeats is the sender's, not what the in gate made of it.
    const isAsReceived = request.entered.scan.bytes === arrival.bytes;
    const received = isAsReceived ? request : (this.readReceived(arrival, request.network) ?? request);
    const { topVia, toHasTag } = received;
    const { scan } = received.entered;
    const { transaction } = this.reader;
    const isDatagram = arrival.framing === "datagram";
    const keepsTo = toHasTag || !transaction.isReadable(scan, scan.table.core.to);
    const answer = {
      status,
      reason,
      toTag: transaction.toTag(),
      withLength: !isDatagram,
      rows: rows === undefined ? [] : status === 420 ? [...rows, ...this.extensions.unsupported(scan)] : rows,
    };
    const bytes = writeAnswer(scan, scan.table, answer, topVia.insertions, keepsTo);
    if (bytes === undefined || !isDatagram || bytes.length <= arrival.bytes.length) return bytes;
    // The answer is worth more than what it says beside.
    return answer.rows.length === 0 ? undefined : this.compose(request, status, reason, undefined);
  }

  /**
   * Over UDP to the source address, at the port that Via asks for (RFC 3261 18.2.2, RFC 3581 4).
   * False: whoever asks and does not read gets no more answers.
   */
  private send({ arrival, topVia }: Request, bytes: Uint8Array): boolean {
    const { connection, side } = arrival.peer;
    const { port } = topVia.path;
    if (connection.pendingBytes > this.parts.links.limits.bytes) return false;
    if (connection.facts.transport !== "udp" || port === connection.remotePort) return connection.send(bytes);
    side.adapter.open({ transport: "udp", address: connection.remoteAddress, port }).then(
      (other) => other.send(bytes),
      // A port that can't be sent to: the answer is lost, which a datagram may be.
      () => {},
    );
    return true;
  }
}
