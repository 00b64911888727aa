/** Requests: routed, decided, sent on under a Via of ours, or answered without state (RFC 3261 16.3 to 16.6, 16.11). */
import type { Connection } from "../../adapters/index.ts";
import type { Entered, MessageDecision } from "../../engine/index.ts";
import { EditList, Scan } from "../../wire/index.ts";
import { RouteReader } from "../routing/own-route.ts";
import { chooseRoute, type RouteTarget } from "../routing/route.ts";
import { isOurs, type Place } from "../routing/topology.ts";
import { completeTopVia, type TopVia } from "../via/top-via.ts";
import { ViaStack } from "../via/via-stack.ts";
import { standardReason, writeAnswer } from "./answer.ts";
import { type Arrival, type BorderParts, dropped, endOf, isTooLarge, type Peer } from "./border-parts.ts";
import type { LinkTarget } from "./links.ts";
import { requestMethod } from "./method.ts";
import type { Outcome, PassageEnd } from "./passage.ts";
import { applyRequestEdits, type RequestEdits, recordRouteRow, viaRow } from "./request-edits.ts";
import type { BoundSide } from "./sides.ts";
import { Transaction } from "./transaction.ts";

/** Requests that make a dialog, as far as the border wants to see what follows (RFC 3261 12, RFC 6665 4.1, RFC 3515 2). */
const makesDialog = new Set(["INVITE", "SUBSCRIBE", "REFER"]);

/** A request under way: what was read of it once. */
interface Request {
  readonly arrival: Arrival;
  readonly entered: Entered;
  readonly method: string;
  readonly network: string;
  readonly toHasTag: boolean;
  readonly topVia: TopVia;
  /** -1: none is there. */
  readonly hops: number;
}

export class RequestForwarder {
  private readonly parts: BorderParts;
  private readonly vias: ViaStack;
  private readonly routes: RouteReader;
  private readonly transaction: Transaction;
  private readonly edits = new EditList();

  constructor(parts: BorderParts) {
    this.parts = parts;
    const { fields } = parts.engine;
    this.vias = new ViaStack(fields);
    this.routes = new RouteReader(fields, (host, port) => isOurs(parts.sides, host, port), parts.mark);
    this.transaction = new Transaction(parts.hash, fields);
  }

  forward(arrival: Arrival, first: Entered, network: string): void {
    const request = this.read(arrival, first, network);
    if (request === undefined) {
      this.tell(arrival, first, network, dropped("nobody can be answered: no topmost Via"), first.refused);
      return;
    }
    const { method, hops, toHasTag } = request;
    const { scan } = first;
    if (method === "ACK" && toHasTag && this.isOwnTag(scan)) {
      this.tell(arrival, first, network, { kind: "absorbed" }, undefined);
      return;
    }
    const { refused } = first;
    if (refused !== undefined) {
      this.answer(request, refused.status ?? 500, refused.violation?.rule ?? refused.reason ?? "", refused);
      if (refused.closes && arrival.framing === "stream") arrival.peer.connection.close();
      return;
    }
    this.routes.read(scan);
    const { uri, next: route, marked, forged, broken, changes } = this.routes;
    if (method === "OPTIONS" && uri.ours && !uri.user && route === undefined) {
      this.answer(request, 200, "the border answers for itself", undefined);
    } else if (hops === 0) {
      this.answer(request, 483, "Max-Forwards is 0", undefined);
    } else if (forged || broken) {
      this.answer(
        request,
        broken ? 400 : toHasTag ? 481 : 403,
        "a Route of ours that we did not make",
        undefined,
      );
    } else {
      const from = this.parts.topology.place(network).network;
      const way = chooseRoute(this.parts.topology, { from, uri, route, marked, draw: this.transaction.draw });
      if (way.kind === "refuse") this.answer(request, way.status, way.cause, undefined);
      else {
        const stripped = changes ? this.strip(request) : request;
        if (stripped === undefined) this.answer(request, 500, "the Route could not be taken off", undefined);
        else this.take(stripped, way.place, way.targets, uri.kind === "sips");
      }
    }
  }

  /** A fault of ours: nothing of the message is passed on, and its sender is told no more than 500. */
  fail(arrival: Arrival, error: unknown): void {
    const { peer, bytes, framing, at } = arrival;
    const scan = new Scan(this.parts.engine.fields);
    const from = { network: "stranger", connection: peer.connection.facts };
    const entered: Entered = {
      message: { kind: "message", bytes, framing, at, from },
      scan,
      refused: undefined,
    };
    const request =
      scan.read(bytes, framing) && scan.isRequest ? this.read(arrival, entered, "stranger") : undefined;
    const answer =
      request === undefined || request.method === "ACK"
        ? undefined
        : this.compose(request, 500, standardReason(500));
    if (request !== undefined && answer !== undefined) this.sendAnswer(arrival, request.topVia, answer);
    const cause = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? (error.stack ?? "") : "";
    this.tell(arrival, entered, "stranger", { kind: "failed", cause, stack }, undefined, undefined, answer);
  }

  private read(arrival: Arrival, entered: Entered, network: string): Request | undefined {
    const { vias, transaction } = this;
    const { scan } = entered;
    const { remoteAddress, remotePort } = arrival.peer.connection;
    if (!vias.read(scan)) return undefined;
    transaction.read(scan, vias.top);
    const row = scan.firstRow(scan.table.core.maxForwards);
    return {
      arrival,
      entered,
      method: requestMethod(scan),
      network,
      toHasTag: transaction.readTag(scan, scan.table.core.to),
      topVia: completeTopVia(vias.top, scan.bytes, remoteAddress, remotePort),
      hops:
        row < 0
          ? -1
          : Number(
              Buffer.from(scan.bytes.subarray(scan.valueStart[row], scan.valueEnd[row])).toString("latin1"),
            ),
    };
  }

  private isOwnTag(scan: Scan): boolean {
    const { transaction } = this;
    const tag = Buffer.from(scan.bytes.subarray(transaction.tagStart, transaction.tagEnd)).toString("latin1");
    return tag === transaction.toTag();
  }

  /**
   * Takes our own Route values off before the policy reads the message: they speak to us alone.
   * The message enters anew.
   */
  private strip(request: Request): Request | undefined {
    const { arrival, entered, network } = request;
    const { scan } = entered;
    this.edits.clear();
    this.routes.edit(scan, this.edits);
    const bytes = this.edits.apply(scan.bytes, scan.end);
    const { framing, at, peer } = arrival;
    const from = { network, connection: peer.connection.facts };
    const again = this.parts.engine.enter({ kind: "message", bytes, framing, at, from });
    return again.refused === undefined ? this.read(arrival, again, network) : undefined;
  }

  /** On to the first target that can be connected to. */
  private take(request: Request, place: Place, targets: readonly RouteTarget[], secure: boolean): void {
    const { parts } = this;
    const { arrival } = request;
    for (const target of targets.slice(arrival.attempt)) {
      const side = parts.side(place, target.transport);
      if (side === undefined) continue;
      const wanted = linkTarget(place, target);
      const found = parts.links.find(side, wanted);
      if (found === "full") {
        this.answer(request, 503, `the queue to ${place.network.name} is full`, undefined);
      } else if (found !== undefined) {
        this.send(request, place, side, found, secure);
      } else {
        const attempt = targets.indexOf(target);
        const waits = parts.links.wait(side, wanted, arrival.bytes.length, (connection, cause) => {
          this.resume(arrival, connection === undefined ? attempt + 1 : attempt, cause);
        });
        if (!waits) this.answer(request, 503, `the queue to ${place.network.name} is full`, undefined);
      }
      return;
    }
    this.answer(request, 503, arrival.cause || `no listener leads to ${place.network.name}`, undefined);
  }

  /** From the start, so that nothing of the message had to be kept but its bytes. */
  private resume(arrival: Arrival, attempt: number, cause: string): void {
    const { peer, bytes, framing, at } = arrival;
    const network = this.parts.networkOf(peer, at);
    const from = { network, connection: peer.connection.facts };
    const entered = this.parts.engine.enter({ kind: "message", bytes, framing, at, from });
    this.forward({ ...arrival, attempt, cause }, entered, network);
  }

  private send(
    request: Request,
    place: Place,
    side: BoundSide,
    connection: Connection,
    secure: boolean,
  ): void {
    const { parts, vias } = this;
    const { arrival, entered, network } = request;
    const { name } = place.network;
    const wanted = this.editsOf(request, name, side, connection, secure);
    const { fields } = parts.engine;
    const decision = parts.engine.leave(
      entered,
      { network: name, connection: connection.facts },
      (scan, edits) => {
        if (scan !== entered.scan) vias.read(scan);
        applyRequestEdits(scan, edits, fields, wanted);
      },
    );
    const to = endOf(name, connection);
    if (decision.bytes === undefined) {
      this.answer(request, decision.status ?? 500, decision.reason ?? "", decision, to);
      return;
    }
    if (isTooLarge(decision.bytes, connection)) {
      this.answer(request, 513, "larger than a datagram can be", undefined, to);
      return;
    }
    const peer = parts.peers.get(connection.id);
    if (peer !== undefined) peer.asked = name;
    const outcome: Outcome = connection.send(decision.bytes)
      ? { kind: "forwarded" }
      : dropped("the connection has closed");
    this.tell(arrival, entered, network, outcome, decision, to, decision.bytes);
  }

  private editsOf(
    request: Request,
    name: string,
    side: BoundSide,
    connection: Connection,
    secure: boolean,
  ): RequestEdits {
    const { parts, vias, transaction } = this;
    const { arrival, network, topVia, hops, method, toHasTag, entered } = request;
    const { peer, at } = arrival;
    const { row, flowAt } = viaRow(side.viaPrefix, transaction.branch);
    const toPeer = parts.peers.get(connection.id);
    parts.flow.write(
      {
        listener: peer.side.index,
        connection: peer.connection.facts.transport === "udp" ? 0 : peer.connection.id,
        from: parts.numbers.numberOf(network),
        to: parts.numbers.numberOf(name),
        target:
          toPeer === undefined
            ? parts.flow.addressNumber(connection.remoteAddress)
            : parts.addressNumber(toPeer),
      },
      transaction.branch,
      topVia.path,
      at,
      row,
      flowAt,
    );
    const recordRoute =
      !toHasTag && makesDialog.has(method)
        ? this.recordRoute(entered.scan, peer, network, name, side, secure)
        : "";
    return { pushAt: vias.pushAt, via: row, recordRoute, topVia: topVia.insertions, hops };
  }

  /** One for each side, the far side's on top: transport or address may differ (RFC 3261 16.7 step 8, RFC 5658 3). */
  private recordRoute(
    scan: Scan,
    peer: Peer,
    network: string,
    name: string,
    side: BoundSide,
    secure: boolean,
  ): string {
    const row = scan.firstRow(scan.table.core.callId);
    const [start, end] = [scan.valueStart[row]!, scan.valueEnd[row]!];
    const far = this.parts.mark.write(name, scan.bytes, start, end);
    const near = this.parts.mark.write(network, scan.bytes, start, end);
    return recordRouteRow(side, secure, far) + recordRouteRow(peer.side, secure, near);
  }

  /** ACK is never answered, and nobody is where the decision says so (RFC 3261 17.1.1.3). */
  private answer(
    request: Request,
    status: number,
    cause: string,
    decision: MessageDecision | undefined,
    to?: PassageEnd,
  ): void {
    const { arrival, entered, method, network, topVia } = request;
    if (method === "ACK" || decision?.silent === true) {
      this.tell(arrival, entered, network, dropped(cause), decision, to);
      return;
    }
    const reason =
      decision?.from.trusted === true && decision.reason !== undefined
        ? decision.reason
        : standardReason(status);
    const bytes = this.compose(request, status, reason);
    if (bytes === undefined) {
      this.tell(
        arrival,
        entered,
        network,
        dropped(`${cause}; no answer can be made, or none that is not larger`),
        decision,
        to,
      );
      return;
    }
    this.sendAnswer(arrival, topVia, bytes);
    this.tell(arrival, entered, network, { kind: "answered", status, reason, cause }, decision, to, bytes);
  }

  /** undefined: no answer can be made, or over UDP none that is not larger than what came: a forged source must gain nothing by us. */
  private compose(
    { arrival, entered, topVia, toHasTag }: Request,
    status: number,
    reason: string,
  ): Uint8Array | undefined {
    const { scan } = entered;
    const tagged = toHasTag || !this.transaction.isReadable(scan, scan.table.core.to);
    const answer = {
      status,
      reason,
      toTag: this.transaction.toTag(),
      rows: [],
      withLength: arrival.framing === "stream",
    };
    const bytes = writeAnswer(scan, scan.table, answer, topVia.insertions, tagged);
    return bytes !== undefined && arrival.framing === "datagram" && bytes.length > arrival.bytes.length
      ? undefined
      : bytes;
  }

  /** Over UDP to the source address, at the port that Via asks for (RFC 3261 18.2.2, RFC 3581 4). */
  private sendAnswer({ peer }: Arrival, { path }: TopVia, bytes: Uint8Array): void {
    const { connection, side } = peer;
    if (connection.facts.transport !== "udp" || path.port === connection.remotePort) {
      connection.send(bytes);
      return;
    }
    const target = { transport: "udp", address: connection.remoteAddress, port: path.port } as const;
    side.adapter.open(target).then(
      (other) => other.send(bytes),
      () => {},
    );
  }

  private tell(
    arrival: Arrival,
    { scan, refused }: Entered,
    network: string,
    outcome: Outcome,
    decision: MessageDecision | undefined,
    to?: PassageEnd,
    sent?: Uint8Array,
  ): void {
    this.parts.tell({
      kind: "message",
      at: arrival.at,
      method: requestMethod(scan),
      status: undefined,
      from: endOf(network, arrival.peer.connection),
      to,
      outcome,
      decision: decision ?? refused,
      received: arrival.bytes,
      sent,
    });
  }
}

function linkTarget({ network }: Place, { transport, address, port, domain }: RouteTarget): LinkTarget {
  const target = { transport, address, port, network: network.name };
  if (domain === undefined) return target;
  return network.kind === "partner" ? { ...target, domain, partner: network.name } : { ...target, domain };
}
