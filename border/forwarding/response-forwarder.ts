/** Responses: back by the flow in our own Via (RFC 3261 16.7, 16.11, 18.2.2). */
import type { Connection } from "../../adapters/index.ts";
import type { Entered } from "../../engine/index.ts";
import type { BorderTransport } from "../configuration/configuration.ts";
import type { Flow } from "../via/flow.ts";
import { type ReturnPath, readReturnPath } from "../via/return-path.ts";
import { ViaStack } from "../via/via-stack.ts";
import { type Arrival, type BorderParts, dropped, endOf, isTooLarge, type Peer } from "./border-parts.ts";
import type { LinkTarget } from "./links.ts";
import { cseqMethod } from "./method.ts";
import type { Outcome, PassageEnd } from "./passage.ts";
import type { BoundSide } from "./sides.ts";
import { branchLetters } from "./transaction.ts";

export class ResponseForwarder {
  private readonly parts: BorderParts;
  private readonly vias: ViaStack;

  constructor(parts: BorderParts) {
    this.parts = parts;
    this.vias = new ViaStack(parts.engine.fields);
  }

  /** `guess` is the message as it entered with the network `guessed`. */
  forward(arrival: Arrival, guess: Entered, guessed: string): void {
    const { parts, vias } = this;
    const { peer, at } = arrival;
    const { scan } = guess;
    if (guess.refused?.violation !== undefined) {
      this.tell(arrival, guess, guessed, undefined, dropped(guess.refused.violation.rule));
      return;
    }
    if (!vias.read(scan) || vias.depth < 2) {
      this.tell(arrival, guess, guessed, undefined, dropped("no Via below ours"));
      return;
    }
    const path = readReturnPath(vias.second, scan.bytes);
    const flow = this.readFlow(guess, path, at);
    const to = flow === undefined ? undefined : parts.numbers.nameOf(flow.to);
    const from = flow === undefined ? undefined : parts.numbers.nameOf(flow.from);
    if (flow === undefined || to === undefined || from === undefined) {
      this.tell(arrival, guess, guessed, undefined, dropped("the topmost Via is none of ours"));
      return;
    }
    if (!this.comesFrom(peer, to, flow, at)) {
      this.tell(arrival, guess, guessed, undefined, dropped(`the request went to ${to}, not here`));
      return;
    }
    const back = this.connectionBack(arrival, flow, from, path);
    if (typeof back === "string") {
      this.tell(arrival, guess, to, undefined, dropped(back));
      return;
    }
    if (back === undefined) return;
    this.send(arrival, guess, guessed, to, from, back);
  }

  private send(
    arrival: Arrival,
    guess: Entered,
    guessed: string,
    to: string,
    from: string,
    back: Connection,
  ): void {
    const { engine } = this.parts;
    const { peer, bytes, framing, at } = arrival;
    const entered =
      guessed === to
        ? guess
        : engine.enter({
            kind: "message",
            bytes,
            framing,
            at,
            from: { network: to, connection: peer.connection.facts },
          });
    const end = endOf(from, back);
    const decision = engine.leave(entered, { network: from, connection: back.facts }, (scan, edits) => {
      // The in gate may have moved them.
      this.vias.read(scan);
      edits.remove(this.vias.popStart, this.vias.popEnd);
    });
    let outcome: Outcome = { kind: "forwarded" };
    if (decision.bytes === undefined) outcome = dropped(decision.reason ?? "refused by the policy");
    else if (isTooLarge(decision.bytes, back)) outcome = dropped("larger than a datagram can be");
    else if (!back.send(decision.bytes)) outcome = dropped("the connection has closed");
    this.parts.tell({
      kind: "message",
      at,
      method: cseqMethod(entered.scan),
      status: entered.scan.status,
      from: endOf(to, peer.connection),
      to: end,
      outcome,
      decision,
      received: bytes,
      sent: outcome.kind === "forwarded" ? decision.bytes : undefined,
    });
  }

  private readFlow({ scan }: Entered, path: ReturnPath, at: number): Flow | undefined {
    const { top } = this.vias;
    if (top.flowStart < 0 || top.branchEnd - top.branchStart !== branchLetters) return undefined;
    const { bytes } = scan;
    return this.parts.flow.read(bytes, top.flowStart, top.flowEnd, top.branchStart, top.branchEnd, path, at);
  }

  /** Only the network that the request went to may answer it: by its connection, or from the address itself. */
  private comesFrom(peer: Peer, to: string, flow: Flow, at: number): boolean {
    const { parts } = this;
    if (peer.bound !== undefined && peer.connection.facts.transport !== "udp") return peer.bound === to;
    if (parts.networkOf(peer, at) === to) return true;
    const place = parts.topology.place(to);
    if (place.network.tlsRequired) return false;
    const { remoteAddress } = peer.connection;
    return parts.addressNumber(peer) === flow.target || parts.topology.declares(place, remoteAddress);
  }

  /** undefined: the response waits for a connection. A text: it can't go anywhere. */
  private connectionBack(
    arrival: Arrival,
    flow: Flow,
    from: string,
    path: ReturnPath,
  ): Connection | string | undefined {
    const { parts } = this;
    const alive = flow.connection === 0 ? undefined : parts.peers.get(flow.connection)?.connection;
    if (alive?.open === true)
      return alive.pendingBytes > 0 && this.isFull(alive) ? "the way back is full" : alive;
    const side = parts.sides[flow.listener];
    const target = side === undefined ? undefined : this.targetBack(side, from, path);
    if (side === undefined || target === undefined) return `no way back to ${from}: its connection is gone`;
    const found = parts.links.find(side, target);
    if (found === "full") return "the way back is full";
    if (found !== undefined) return found;
    const again = (connection: Connection | undefined, cause: string): void => {
      if (connection !== undefined) this.again(arrival);
      else this.tellLost(arrival, from, cause);
    };
    return parts.links.wait(side, target, arrival.bytes.length, again) ? undefined : "the way back is full";
  }

  /** By Via, on the side that the request came in by. Names are looked up nowhere yet: a hop of that network stands in. */
  private targetBack(side: BoundSide, from: string, path: ReturnPath): LinkTarget | undefined {
    const { network, hops } = this.parts.topology.place(from);
    const transport: BorderTransport = side.transport;
    const hop = path.numeric ? undefined : hops.find((one) => one.transport === transport);
    const address = path.numeric ? path.host : hop?.address;
    if (address === undefined) return undefined;
    const target = { transport, address, port: hop?.port ?? path.port, network: from };
    const [domain] = network.domains;
    if (transport !== "tls" || domain === undefined) return target;
    return network.kind === "partner" ? { ...target, domain, partner: from } : { ...target, domain };
  }

  private isFull({ pendingBytes }: Connection): boolean {
    return pendingBytes > this.parts.links.limits.bytes;
  }

  private again(arrival: Arrival): void {
    const { engine } = this.parts;
    const { peer, bytes, framing, at } = arrival;
    const network = peer.asked ?? this.parts.networkOf(peer, at);
    const from = { network, connection: peer.connection.facts };
    this.forward(arrival, engine.enter({ kind: "message", bytes, framing, at, from }), network);
  }

  private tellLost(arrival: Arrival, from: string, cause: string): void {
    const network = arrival.peer.asked ?? this.parts.networkOf(arrival.peer, arrival.at);
    this.parts.tell({
      kind: "message",
      at: arrival.at,
      method: "",
      status: undefined,
      from: endOf(network, arrival.peer.connection),
      to: undefined,
      outcome: dropped(`no way back to ${from}: ${cause}`),
      decision: undefined,
      received: arrival.bytes,
      sent: undefined,
    });
  }

  private tell(
    arrival: Arrival,
    { scan, refused }: Entered,
    network: string,
    to: PassageEnd | undefined,
    outcome: Outcome,
  ): void {
    this.parts.tell({
      kind: "message",
      at: arrival.at,
      method: cseqMethod(scan),
      status: scan.status,
      from: endOf(network, arrival.peer.connection),
      to,
      outcome,
      decision: refused,
      received: arrival.bytes,
      sent: undefined,
    });
  }
}
