/** Responses: back by the flow in our own Via (RFC 3261 16.7, 16.11, 18.2.2). */
import type { Connection } from "../../adapters/index.ts";
import type { Entered, MessageDecision } from "../../engine/index.ts";
import type { Hop } from "../configuration/configuration.ts";
import { textOf } from "../hash/message-bytes.ts";
import { canonicalAddress } from "../routing/ip-address.ts";
import { isSameHop } from "../routing/route.ts";
import type { FlowRead } from "../via/flow.ts";
import { type ReturnPath, readReturnPath } from "../via/return-path.ts";
import { ViaStack } from "../via/via-stack.ts";
import { type Arrival, type BorderParts, dropped, endOf, isTooLarge, type Peer } from "./border-parts.ts";
import { beyondTotal } from "./flood.ts";
import { handedResponse } from "./handed-response.ts";
import type { LinkTarget } from "./links.ts";
import { cseqMethod } from "./method.ts";
import type { DropClass, Dropped, Outcome, PassageEnd } from "./passage.ts";
import type { Pings } from "./pings.ts";
import { ResponseLocation } from "./response-location.ts";
import type { BoundSide } from "./sides.ts";
import { StreamLength } from "./stream-length.ts";
import { branchLetters } from "./transaction.ts";

/** The two networks of a response: that of the request came from `from`, and went to `to`. */
interface Ends {
  readonly from: string;
  readonly to: string;
}

/** What is told beside the message itself. */
interface Told {
  readonly outcome: Outcome;
  readonly decision?: MessageDecision;
  readonly to?: PassageEnd;
  /** What has left, where it was forwarded. */
  readonly sent?: Uint8Array | undefined;
}

const full: Told = { outcome: dropped("queue", "the way back is full") };
const fullToSibling: Told = {
  outcome: dropped("queue", "the way to the process that has its connection is full"),
};

export class ResponseForwarder {
  private readonly parts: BorderParts;
  private readonly vias: ViaStack;
  private readonly streamLength: StreamLength;
  private readonly pings: Pings;
  private readonly location: ResponseLocation | undefined;

  constructor(parts: BorderParts, pings: Pings) {
    this.parts = parts;
    this.pings = pings;
    this.vias = new ViaStack(parts.engine.fields);
    this.streamLength = new StreamLength(parts.engine.fields);
    this.location = parts.dns && new ResponseLocation(parts, parts.dns);
  }

  /** The message entered as one of `network`, which is a guess: its flow says for sure. */
  forward(arrival: Arrival, entered: Entered, network: string): void {
    const { vias } = this;
    const { peer, at } = arrival;
    const drop = (why: DropClass, cause: string): void =>
      this.tell(arrival, entered, network, { outcome: dropped(why, cause) });
    const violation = entered.refused?.violation;
    if (violation !== undefined) return drop("syntax", violation.rule);
    if (!vias.read(entered.scan)) return drop("flow", "no Via");
    if (vias.depth < 2) return this.takePing(arrival, entered, network);
    const path = readReturnPath(vias.second, entered.scan.bytes);
    const flow = this.readFlow(entered, path, at);
    const ends = flow === undefined ? undefined : this.endsOf(flow);
    if (flow === undefined || ends === undefined) return drop("flow", "the topmost Via is none of ours");
    if (!this.comesFrom(peer, ends.to, flow, at))
      return drop("flow", `the request went to ${ends.to}, not here`);
    if (flow.connection !== 0 && this.isSibling(flow.instance)) {
      if (!this.hand(arrival, flow.instance)) this.tell(arrival, entered, ends.to, fullToSibling);
      return;
    }
    if (this.parts.waiting.isFull && arrival.framing === "datagram") return drop("queue", beyondTotal);
    const known = network === ends.to ? entered : undefined;
    const back = this.connectionBack(arrival, known, flow, ends, path, entered.scan.bytes);
    if (back === undefined) return;
    if ("outcome" in back) this.tell(arrival, entered, ends.to, back);
    else this.send(arrival, known, ends, back);
  }

  /** `entered`: as a message of the network that was asked, if it is that already. */
  private send(arrival: Arrival, entered: Entered | undefined, ends: Ends, back: Connection): void {
    const { parts, vias } = this;
    const known = entered ?? parts.enter(arrival, ends.to);
    const end = { network: ends.from, connection: back.facts };
    const decision = parts.engine.leave(known, end, (scan, edits) => {
      // The in gate may have moved them.
      vias.read(scan);
      edits.remove(vias.popStart, vias.popEnd);
    });
    const isLengthNeeded = arrival.framing === "datagram" && back.facts.transport !== "udp";
    const bytes =
      decision.bytes !== undefined && isLengthNeeded
        ? this.streamLength.complete(decision.bytes)
        : decision.bytes;
    let outcome: Outcome = { kind: "forwarded" };
    if (bytes === undefined) outcome = refusal(decision);
    else if (isTooLarge(bytes, back)) outcome = dropped("size", "larger than a datagram can be");
    else if (!back.send(bytes)) outcome = dropped("closed", "the connection has closed");
    this.tell(arrival, known, ends.to, { outcome, decision, to: endOf(ends.from, back), sent: bytes });
  }

  /** Without a Via below ours it answers a ping, or nothing. */
  private takePing(arrival: Arrival, entered: Entered, network: string): void {
    const { connection } = arrival.peer;
    const { bytes, status } = entered.scan;
    const { branchStart, branchEnd } = this.vias.top;
    const branch = branchEnd - branchStart === branchLetters ? textOf(bytes, branchStart, branchEnd) : "";
    const instance = this.pings.instanceOf(branch, connection);
    if (instance !== undefined && this.isSibling(instance) && this.hand(arrival, instance)) return;
    const isTaken = this.pings.take(branch, connection, status);
    this.tell(arrival, entered, network, {
      outcome: isTaken ? { kind: "absorbed" } : dropped("flow", "no Via below ours"),
    });
  }

  /** Another process that lives: what it sent or holds is its own to deal with, and to tell of. */
  private isSibling(instance: number): boolean {
    const { siblings, instance: own } = this.parts;
    return siblings !== undefined && instance !== own && siblings.owns(instance);
  }

  private hand(arrival: Arrival, to: number): boolean {
    const { siblings, instance: own } = this.parts;
    return siblings?.hand(to, handedResponse(arrival, own)) === true;
  }

  private readFlow({ scan: { bytes } }: Entered, path: ReturnPath, at: number): FlowRead | undefined {
    const { flowStart, flowEnd, branchStart, branchEnd } = this.vias.top;
    if (flowStart < 0 || branchEnd - branchStart !== branchLetters) return undefined;
    return this.parts.flow.read(bytes, flowStart, flowEnd, branchStart, branchEnd, path, at);
  }

  /** undefined: a network is gone from the policy. */
  private endsOf(flow: FlowRead): Ends | undefined {
    const from = this.parts.numbers.nameOf(flow.from);
    const to = this.parts.numbers.nameOf(flow.to);
    return from === undefined || to === undefined ? undefined : { from, to };
  }

  /** Only the network that the request went to may answer it: by its connection, or from the address itself. */
  private comesFrom(peer: Peer, to: string, flow: FlowRead, at: number): boolean {
    const { parts } = this;
    const { facts, remoteAddress } = peer.connection;
    if (peer.bound !== undefined && facts.transport !== "udp") return peer.bound === to;
    if (parts.networkOf(peer, at) === to) return true;
    const place = parts.topology.place(to);
    if (place.network.tlsRequired) return false;
    return (
      parts.addressNumber(peer, peer.connection) === flow.target ||
      parts.topology.declares(place, remoteAddress)
    );
  }

  /** undefined: the response waits for a connection. Something to tell: it does not go anywhere. */
  private connectionBack(
    arrival: Arrival,
    known: Entered | undefined,
    flow: FlowRead,
    { from, to }: Ends,
    path: ReturnPath,
    bytes: Uint8Array,
  ): Connection | Told | undefined {
    const { engine, links, peers, sides, instance } = this.parts;
    // Another process's numbers mean nothing here.
    const isOurs = flow.connection !== 0 && flow.instance === instance;
    const alive = isOurs ? peers.get(flow.connection)?.connection : undefined;
    if (alive?.open === true) return alive.pendingBytes > links.limits.bytes ? full : alive;
    const side = sides[flow.listener];
    if (side === undefined) return this.noWay(from, "its listener is gone");
    const hop = this.hopBack(arrival, side, from, path);
    if (hop === undefined) return this.locate(arrival, bytes, side, from);
    const target = this.targetBack(hop, side, { from, to });
    const found = links.find(side, target);
    if (found !== undefined) return found === "full" ? full : found;
    // No connection is opened for what the out gate refuses on any.
    const refused = engine.refuses(known ?? this.parts.enter(arrival, to), from);
    if (refused !== undefined) return { outcome: refusal(refused), decision: refused, to: target };
    const again = (connection: Connection | undefined, cause: string): void =>
      this.parts.again(
        connection === undefined ? { ...arrival, attempt: arrival.attempt + 1, cause } : arrival,
      );
    return links.wait(side, target, arrival.bytes.length, again) ? undefined : full;
  }

  /** By Via, on the side that the request came in by; then where DNS leads. undefined: DNS must be asked, or there is no other way. */
  private hopBack(
    { attempt, back }: Arrival,
    { transport }: BoundSide,
    from: string,
    path: ReturnPath,
  ): Hop | undefined {
    if (attempt > 0) return back?.[attempt - 1];
    if (path.numeric) return { transport, address: path.host, port: path.port };
    return this.parts.topology.place(from).hops.find((one) => one.transport === transport);
  }

  /** By the name in sent-by, once (RFC 3261 18.2.2, RFC 3263 5). undefined: the response waits. */
  private locate(arrival: Arrival, bytes: Uint8Array, side: BoundSide, from: string): Told | undefined {
    const { second } = this.vias;
    const cause = arrival.cause || "its connection is gone";
    if (this.location === undefined || arrival.back !== undefined) return this.noWay(from, cause);
    const host = textOf(bytes, second.hostStart, second.hostEnd).toLowerCase();
    if (canonicalAddress(host) !== undefined) return this.noWay(from, cause);
    const sought = { host, port: second.port || undefined, transport: side.transport };
    return this.location.wait(arrival, sought, this.parts.topology.place(from), cause) ? undefined : full;
  }

  private noWay(from: string, cause: string): Told {
    return { outcome: dropped("no-way", `no way back to ${from}: ${cause}`) };
  }

  private targetBack(hop: Hop, side: BoundSide, { from, to }: Ends): LinkTarget {
    const { topology, served } = this.parts;
    const { transport } = side;
    const { network, hops } = topology.place(from);
    const identity = served.identityFor(side, topology.place(to).network);
    const isHop = hops.some((one) => isSameHop(one, hop));
    const target = { ...hop, network: from, isHop, ...(identity === undefined ? {} : { identity }) };
    const [domain] = network.domains;
    if (transport !== "tls" || domain === undefined) return target;
    return network.kind === "partner" ? { ...target, domain, partner: from } : { ...target, domain };
  }

  /** Whose response it most likely is, before its flow has been read. */
  networkGuessed({ peer, at }: Arrival): string {
    return peer.asked ?? this.parts.networkOf(peer, at);
  }

  private tell(arrival: Arrival, { message, scan, refused }: Entered, network: string, told: Told): void {
    const { outcome, decision, to, sent } = told;
    this.parts.tell({
      kind: "message",
      at: arrival.at,
      method: cseqMethod(scan),
      status: scan.status,
      from: endOf(network, arrival.peer.connection),
      to,
      outcome,
      decision: decision ?? refused,
      asked: message,
      received: arrival.bytes,
      sent: outcome.kind === "forwarded" ? sent : undefined,
    });
  }
}

function refusal({ reason }: MessageDecision): Dropped {
  return dropped("policy", reason ?? "refused by the policy");
}
