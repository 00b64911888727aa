/** Requests: routed, decided, sent on under a Via of ours, or answered without state (RFC 3261 16.3 to 16.6, 16.11). */
import type { Connection } from "../../adapters/index.ts";
import type { Entered } from "../../engine/index.ts";
import { EditList, Scan } from "../../wire/index.ts";
import type { Hop } from "../configuration/configuration.ts";
import { hostText } from "../routing/ip-address.ts";
import { RouteReader } from "../routing/own-route.ts";
import { chooseRoute, type Forward, type Locate, type Refusal, type RouteTarget } from "../routing/route.ts";
import { StrictRoute } from "../routing/strict-route.ts";
import { isOurs, type Place, stranger } from "../routing/topology.ts";
import { LoopWatch } from "../via/loop-watch.ts";
import { Answering } from "./answering.ts";
import { type Arrival, type BorderParts, dropped, endOf, isOversize, isTooLarge } from "./border-parts.ts";
import { beyondTotal } from "./flood.ts";
import { linkTarget } from "./links.ts";
import type { Outcome } from "./passage.ts";
import { type Request, RequestReader } from "./request.ts";
import { applyRequestEdits, type RequestEdits, recordRouteRow, viaRow } from "./request-edits.ts";
import { type Located, RequestLocation } from "./request-location.ts";
import type { BoundSide } from "./sides.ts";
import { StreamLength } from "./stream-length.ts";

/** Requests that make a dialog, as far as the border wants to see what follows (RFC 3261 12, RFC 6665 4.1, RFC 3515 2). */
const makesDialog = new Set(["INVITE", "SUBSCRIBE", "REFER"]);

/** Where a request is bound, in the order of trying. */
interface Way {
  readonly place: Place;
  readonly targets: readonly RouteTarget[];
  /** The Request-URI is sips. */
  readonly secure: boolean;
  /** The next hop is a strict router. */
  readonly strict: boolean;
  /** `LoopWatch.numberOf` the request. */
  readonly loop: number;
  /** Where DNS told it. */
  readonly located: Located | undefined;
}

export class RequestForwarder {
  private readonly parts: BorderParts;
  private readonly reader: RequestReader;
  private readonly routes: RouteReader;
  private readonly answering: Answering;
  private readonly loops: LoopWatch;
  private readonly strictRoute: StrictRoute;
  private readonly streamLength: StreamLength;
  private readonly location: RequestLocation | undefined;
  private readonly edits = new EditList();
  private readonly isDown = (hop: Hop): boolean => this.parts.health.isDown(hop);

  constructor(parts: BorderParts) {
    this.parts = parts;
    this.reader = new RequestReader(parts);
    const ours = (host: string, port: number): boolean => isOurs(parts.sides, host, port);
    this.routes = new RouteReader(parts.engine.fields, ours, parts.mark);
    this.answering = new Answering(parts, this.reader);
    this.loops = new LoopWatch(parts.hash, parts.flow, parts.engine.fields);
    this.strictRoute = new StrictRoute(parts.engine.fields);
    this.streamLength = new StreamLength(parts.engine.fields);
    this.location = parts.dns && new RequestLocation(parts, parts.dns);
  }

  forward(arrival: Arrival, entered: Entered, network: string): void {
    const { answering } = this;
    const request = this.reader.read(arrival, entered, network);
    if (request === undefined) {
      answering.tell(
        { arrival, entered, network },
        dropped("unanswerable", "nobody can be answered: no topmost Via"),
      );
      return;
    }
    if (request.method === "ACK" && request.isOurs) {
      answering.tell(request, { kind: "absorbed" });
      return;
    }
    const { refused } = entered;
    if (refused?.violation !== undefined) {
      answering.refuse(request, refused, undefined);
      return;
    }
    if (this.reader.vias.top.alias) this.noteAlias(request);
    this.routes.read(entered.scan);
    if (refused !== undefined && !this.routes.changes) {
      answering.refuse(request, refused, undefined);
      return;
    }
    const { uri, next, forged, broken } = this.routes;
    if (request.method === "OPTIONS" && uri.ours && !uri.user && next === undefined) {
      answering.answer(request, 200, "the border answers for itself");
    } else if (request.hops === 0) {
      answering.answer(request, 483, "Max-Forwards is 0");
    } else if (broken) {
      answering.answer(request, 400, "a Route can't be read");
    } else if (forged) {
      answering.answer(request, request.toHasTag ? 481 : 403, "a Route of ours that we did not make");
    } else {
      this.route(request);
    }
  }

  private noteAlias({ arrival }: Request): void {
    this.parts.aliases.note(arrival.peer, this.reader.vias.top.port);
  }

  /** Its source or network has had its share: on a stream it is told so (RFC 3261 21.5.4), a response is dropped. */
  shed(arrival: Arrival, entered: Entered, network: string, cause: string): void {
    const { answering } = this;
    const request = entered.scan.isRequest ? this.reader.read(arrival, entered, network) : undefined;
    if (request === undefined) answering.tell({ arrival, entered, network }, dropped("share", cause));
    else answering.answer(request, 503, cause, ["Retry-After: 1"]);
  }

  /** A fault on the way, whatever the message is. */
  fail(arrival: Arrival, error: unknown): void {
    this.answering.fail(arrival, error);
  }

  private route(request: Request): void {
    if (this.parts.waiting.isFull && request.arrival.framing === "datagram") {
      this.answering.tell(request, dropped("queue", beyondTotal));
      return;
    }
    const { topology } = this.parts;
    const { uri, next: route, marked } = this.routes;
    const strict = route?.loose === false;
    const from = topology.place(request.network).network;
    const { draw } = this.reader.transaction;
    const locates = this.location !== undefined;
    const choice = chooseRoute(topology, { from, uri, route, marked, draw, isDown: this.isDown, locates });
    if (choice.kind === "refuse") {
      this.refuse(request, choice);
      return;
    }
    const stripped = this.routes.changes ? this.strip(request) : request;
    const refused = stripped?.entered.refused;
    if (stripped === undefined) this.answering.answer(request, 500, "the Route could not be taken off");
    else if (refused !== undefined) this.answering.refuse(stripped, refused, undefined);
    else if (choice.kind === "locate") this.locate(stripped, choice, { secure: uri.kind === "sips", strict });
    else this.goOn(stripped, choice, { secure: uri.kind === "sips", strict, located: undefined });
  }

  private refuse(request: Request, { status, cause, warning }: Refusal): void {
    const { host } = request.arrival.peer.side;
    const rows =
      warning === undefined ? [] : [`Warning: ${warning.code} ${hostText(host)} "${warning.text}"`];
    this.answering.answer(request, status, cause, rows);
  }

  /** No DNS is spent on what the out gate refuses on any connection. */
  private locate(request: Request, locate: Locate, way: Pick<Way, "secure" | "strict">): void {
    const { location } = this;
    const { engine, topology } = this.parts;
    if (location === undefined) return;
    const { name } = locate.place.network;
    const asked = { arrival: request.arrival, locate, draw: this.reader.transaction.draw };
    const located = location.now(asked);
    if (located?.choice.kind === "refuse") this.refuse(request, located.choice);
    else if (located !== undefined) {
      // Of a list that it has not seen yet, the first target is the first.
      const { arrival } = request;
      const isNew = arrival.attempt > 0 && arrival.located !== located;
      const begun = isNew ? { ...request, arrival: { ...arrival, attempt: 0 } } : request;
      this.goOn(begun, located.choice, { ...way, located });
    } else {
      // Whose a stranger's address is, is known only then.
      const isCertain = name !== stranger || !topology.declaresForeign;
      const refused = isCertain ? engine.refuses(request.entered, name) : undefined;
      if (refused !== undefined) this.answering.refuse(request, refused, undefined);
      else if (!location.wait(asked)) this.answering.answer(request, 503, "too much waits for DNS");
    }
  }

  private goOn(
    request: Request,
    { place, targets }: Forward,
    way: Omit<Way, "place" | "targets" | "loop">,
  ): void {
    const { numbers } = this.parts;
    const { arrival, network, entered } = request;
    const [from, to] = [numbers.numberOf(network), numbers.numberOf(place.network.name)];
    const loop = this.loops.numberOf(entered.scan, from, to);
    if (this.loops.hasPassed(entered.scan, loop, arrival.at)) {
      this.answering.answer(request, 482, "it has passed here before, bound the same way");
    } else {
      this.take(request, { ...way, place, targets, loop });
    }
  }

  /**
   * Takes our own Route values off before the policy reads the message: they speak to us alone.
   * The message enters anew, as it came.
   */
  private strip({ arrival, entered, network }: Request): Request | undefined {
    let { scan } = entered;
    if (scan.bytes !== arrival.bytes) {
      // The in gate has edited it.
      scan = new Scan(this.parts.engine.fields);
      scan.read(arrival.bytes, arrival.framing);
      this.routes.read(scan);
    }
    this.edits.clear();
    this.routes.edit(scan, this.edits);
    const bytes = this.edits.apply(scan.bytes, scan.end);
    const again = this.parts.enter({ ...arrival, bytes }, network);
    return this.reader.read(arrival, again, network);
  }

  /** On to the first target that can be connected to. */
  private take(request: Request, way: Way): void {
    const { aliases, engine, links, served, topology } = this.parts;
    const { arrival, entered } = request;
    const { place, targets } = way;
    const { name } = place.network;
    const from = topology.place(request.network).network;
    // The one before closed without a word, or could not be connected to.
    const failed = way.located === undefined ? undefined : targets[arrival.attempt - 1];
    if (failed !== undefined) this.location?.failed(failed);
    for (let attempt = arrival.attempt; attempt < targets.length; attempt++) {
      const target = targets[attempt]!;
      const side = this.parts.side(place, target);
      if (side === undefined) continue;
      const wanted = linkTarget(place, target, served.identityFor(side, from));
      const found = links.find(side, wanted) ?? aliases.find(side, wanted, arrival.at);
      if (found !== undefined && found !== "full") {
        this.send(request, way, side, found, attempt);
        return;
      }
      // No connection is opened for what the out gate refuses on any.
      const refused = found === undefined ? engine.refuses(entered, name) : undefined;
      if (refused !== undefined) {
        this.answering.refuse(request, refused, wanted);
        return;
      }
      const { located } = way;
      const again = (connection: Connection | undefined, cause: string): void => {
        const hasFailed = connection === undefined;
        // Also where a reload has brought another list meanwhile.
        if (hasFailed && located !== undefined) this.location?.failed(target);
        // Nothing of the message had to be kept but its bytes, and what DNS told.
        this.parts.again({ ...arrival, attempt: hasFailed ? attempt + 1 : attempt, cause, located });
      };
      if (found === "full" || !links.wait(side, wanted, arrival.bytes.length, again)) {
        this.answering.answer(request, 503, `the queue to ${name} is full`);
      }
      return;
    }
    this.answering.answer(request, 503, arrival.cause || `no listener leads to ${name}`);
  }

  private send(request: Request, way: Way, side: BoundSide, connection: Connection, attempt: number): void {
    const { engine, peers } = this.parts;
    const { entered, arrival } = request;
    const { name } = way.place.network;
    const wanted = this.editsOf(request, way, side, connection);
    const end = { network: name, connection: connection.facts };
    const decision = engine.leave(entered, end, (scan, edits) => {
      const topVia = scan === entered.scan ? wanted.topVia : this.reader.topViaIn(scan, arrival).insertions;
      applyRequestEdits(scan, edits, engine.fields, { ...wanted, topVia });
    });
    const to = endOf(name, connection);
    if (decision.bytes === undefined) {
      this.answering.refuse(request, decision, to);
      return;
    }
    const bytes = this.finished(decision.bytes, arrival, way, connection);
    const oversize = isOversize(bytes, connection);
    if (isTooLarge(bytes, connection)) {
      this.answering.answer(request, 513, "larger than a datagram can be");
    } else if (oversize && this.parts.refusesOversize) {
      this.answering.answer(request, 513, "longer than a packet may be, and the target has no stream");
    } else if (connection.send(bytes)) {
      const peer = peers.get(connection.id);
      if (peer !== undefined) {
        peer.asked = name;
        peer.unheard?.keep({ ...arrival, attempt, located: way.located }, Date.now());
      }
      const outcome: Outcome = oversize ? { kind: "forwarded", oversize } : { kind: "forwarded" };
      this.answering.tell(request, outcome, decision, to, bytes);
    } else if (connection.open) {
      this.answering.answer(request, 503, "the connection takes nothing");
    } else {
      // It has closed in this moment and no byte was written: another one is opened.
      this.take(request, way);
    }
  }

  /** What next hop and transport want beside what was decided. */
  private finished(
    decided: Uint8Array,
    { framing }: Arrival,
    { strict }: Way,
    { facts }: Connection,
  ): Uint8Array {
    const bytes = strict ? this.strictRoute.rewrite(decided, framing) : decided;
    return framing === "datagram" && facts.transport !== "udp" ? this.streamLength.complete(bytes) : bytes;
  }

  private editsOf(
    { arrival, network, topVia, hops, method, toHasTag, entered }: Request,
    { place, secure, loop }: Way,
    side: BoundSide,
    connection: Connection,
  ): RequestEdits {
    const { parts } = this;
    const { name } = place.network;
    const { transaction } = this.reader;
    const { peer, at } = arrival;
    const from = parts.topology.place(network).network;
    const far = parts.served.sideFor(side, from);
    const { row, flowAt } = viaRow(far.viaPrefix, transaction.branch);
    const flow = {
      listener: peer.side.index,
      connection: peer.connection.facts.transport === "udp" ? 0 : peer.connection.id,
      from: parts.numbers.numberOf(network),
      to: parts.numbers.numberOf(name),
      target: parts.addressNumber(parts.peers.get(connection.id), connection),
      loop,
    };
    parts.flow.write(flow, transaction.branch, topVia.path, at, row, flowAt);
    const wantsRoute = !toHasTag && makesDialog.has(method);
    const near = parts.served.sideFor(peer.side, place.network);
    const recordRoute = wantsRoute ? this.recordRoute(entered.scan, near, network, name, far, secure) : "";
    return { via: row, recordRoute, topVia: topVia.insertions, hops };
  }

  /** One for each side, the far side's on top: transport or address may differ (RFC 3261 16.7 step 8, RFC 5658 3). */
  private recordRoute(
    scan: Scan,
    nearSide: BoundSide,
    network: string,
    name: string,
    farSide: BoundSide,
    secure: boolean,
  ): string {
    const row = scan.firstRow(scan.table.core.callId);
    const [start, end] = [scan.valueStart[row]!, scan.valueEnd[row]!];
    const far = this.parts.mark.write(name, scan.bytes, start, end);
    const near = this.parts.mark.write(network, scan.bytes, start, end);
    return recordRouteRow(farSide, secure, far) + recordRouteRow(nearSide, secure, near);
  }
}
