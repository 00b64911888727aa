/**
 * The border element: listeners, the policy's engine, and messages carried between them without
 * state (design: no dialog, no transaction; only connections are remembered).
 */
import { randomBytes } from "node:crypto";
import { type Observable, Subject, type Subscription } from "rxjs";
import type { Adapter, AdapterEvent, Closed, Connection, Received, Unframeable } from "../adapters/index.ts";
import type { Engine } from "../engine/index.ts";
import type { Policy } from "../grammar/model.ts";
import { Scan } from "../wire/index.ts";
import type { BorderConfiguration, ListenerSettings } from "./configuration/configuration.ts";
import { Aliases } from "./forwarding/aliases.ts";
import { type Arrival, BorderParts, dropped, endOf, newPeer, type Peer } from "./forwarding/border-parts.ts";
import { HandedPeers, type HandedResponse, type Siblings } from "./forwarding/handed-response.ts";
import { HandshakeJudge } from "./forwarding/handshake-judge.ts";
import { HopHealth, type HopState } from "./forwarding/hop-health.ts";
import { Links } from "./forwarding/links.ts";
import type { Passage } from "./forwarding/passage.ts";
import { Pings } from "./forwarding/pings.ts";
import { RequestForwarder } from "./forwarding/request-forwarder.ts";
import { ResponseForwarder } from "./forwarding/response-forwarder.ts";
import { ServedDomains } from "./forwarding/served-domains.ts";
import {
  type BoundSide,
  bindSides,
  machineAddresses,
  makeAdapter,
  renewHandshakes,
} from "./forwarding/sides.ts";
import { AnswerShares } from "./forwarding/source-shares.ts";
import { TrafficLimits } from "./forwarding/traffic-limits.ts";
import { Unheard } from "./forwarding/unheard.ts";
import { type QueuedBytes, WaitingTotal } from "./forwarding/waiting-total.ts";
import { startsWithVersion } from "./hash/message-bytes.ts";
import { DnsLocation } from "./location/dns-location.ts";
import type { NumberTables } from "./routing/network-number.ts";
import { Topology } from "./routing/topology.ts";

export class Border {
  /** Hot; one for each message and handshake dealt with. Never errors. */
  readonly passages$: Observable<Passage>;
  /** Hot; a hop that is pinged has gone down, or up again. Never errors. */
  readonly hopStates$: Observable<HopState>;
  private readonly told = new Subject<Passage>();
  /** undefined: nobody asks DNS. */
  readonly dns: DnsLocation | undefined;
  private readonly hopTold = new Subject<HopState>();
  private engine: Engine;
  private configuration: BorderConfiguration;
  /** One a process: flows are sealed with it. */
  private readonly instance: number;
  private readonly siblings: Siblings | undefined;
  private numbers: NumberTables | undefined;
  private readonly handedPeers = new HandedPeers();
  private readonly peers = new Map<number, Peer>();
  private readonly links: Links;
  private readonly aliases: Aliases;
  private readonly handshakes: HandshakeJudge;
  private readonly health: HopHealth;
  private readonly subscriptions: Subscription[] = [];
  private readonly limits: TrafficLimits;
  private readonly waiting: WaitingTotal;
  private readonly answers: AnswerShares;
  private readonly came = { udp: 0, tcp: 0, tls: 0 };
  private cameBack = 0;
  private isClosing = false;
  private bound: readonly BoundSide[] = [];
  // Set by `listen`.
  private parts: BorderParts | undefined;
  private requests: RequestForwarder | undefined;
  private responses: ResponseForwarder | undefined;
  private pings: Pings | undefined;

  /** `siblings`: other processes that share the listeners. `numbers`: of the networks by that secret, if there already. */
  constructor(
    engine: Engine,
    configuration: BorderConfiguration,
    siblings?: Siblings,
    numbers?: NumberTables,
  ) {
    this.engine = engine;
    this.configuration = configuration;
    this.siblings = siblings;
    this.numbers = numbers;
    this.instance = siblings?.own ?? randomBytes(3).readUIntBE(0, 3);
    this.passages$ = this.told.asObservable();
    this.hopStates$ = this.hopTold.asObservable();
    this.handshakes = new HandshakeJudge({
      engine: () => this.engine,
      tell: (passage) => this.told.next(passage),
      close: ({ id }) => {
        const peer = this.peers.get(id);
        if (peer !== undefined) this.end(peer);
      },
    });
    this.health = new HopHealth((state) => this.hopTold.next(state));
    const { sources, queue, dns } = configuration;
    this.dns = dns && new DnsLocation(dns, queue.bytes);
    this.limits = new TrafficLimits(sources);
    this.answers = new AnswerShares(sources?.answers);
    this.aliases = new Aliases(
      ({ facts }, at) => this.engine.networkOf(facts, at),
      configuration.queue.bytes,
    );
    this.links = new Links(configuration.queue, (connection, network) => {
      const peer = this.peers.get(connection.id);
      // A reload has taken the network away while the connection was being opened.
      if (!this.engine.policy.networks.has(network)) connection.close();
      // A UDP flow is no connection: whoever holds the address may have sent before, and will again.
      if (peer === undefined || connection.facts.transport === "udp") return;
      peer.bound = network;
      if (connection.facts.transport === "tls") peer.unheard = new Unheard(configuration.queue);
    });
    this.waiting = new WaitingTotal(queue.total, this.peers, {
      waitingBytes: () => this.links.waitingBytes() + (this.dns?.locator.waitingBytes() ?? 0),
    });
  }

  /** The listeners with the ports that they are bound to; empty before `listen`. */
  get sides(): readonly BoundSide[] {
    return this.bound;
  }

  /** The one in force. */
  get policy(): Policy {
    return this.engine.policy;
  }

  /** The hops that are pinged. */
  hopStates(): readonly HopState[] {
    return Array.from(this.health.all(), ({ network, hop, up }) => ({ network, hop, up }));
  }

  /** How many connections stand, by transport; of UDP, how many remote addresses are remembered. */
  connections(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>(this.bound.map(({ transport }) => [transport, 0]));
    for (const { connection } of this.peers.values()) {
      const { transport } = connection.facts;
      counts.set(transport, (counts.get(transport) ?? 0) + 1);
    }
    return counts;
  }

  /** Connections that were closed as soon as they came, by reason. */
  refusals(): ReadonlyMap<string, number> {
    return this.limits.refusals;
  }

  /** Bytes that wait: for connections that are being opened, and for the peers of open ones to read. */
  queuedBytes(): QueuedBytes {
    return this.waiting.sums();
  }

  /** How many messages have come, by transport: each is told in `passages$` once it has been dealt with. */
  received(): ReadonlyMap<string, number> {
    return new Map(this.bound.map(({ transport }) => [transport, this.came[transport]]));
  }

  /** Requests told of as forwarded that came back, since their TLS peer closed unheard: each was told of once more. */
  returned(): number {
    return this.cameBack;
  }

  /** Binds every listener, or none: rejects with the cause where one can't be bound. */
  async listen(): Promise<void> {
    const { listeners, queue, connections } = this.configuration;
    const { tls } = this.engine.policy;
    const make = (settings: ListenerSettings): Adapter =>
      makeAdapter(settings, queue, connections, this.limits.admission(settings), tls);
    this.bound = await bindSides(listeners, make);
    this.takeParts(this.partsOf(this.engine, this.configuration, this.numbers));
    this.waiting.start();
    this.handshakes.start();
    for (const side of this.bound) {
      this.subscriptions.push(side.adapter.events$.subscribe((event) => this.take(side, event)));
    }
  }

  /**
   * Policy, networks and certificates from now on. The next message meets them, and so does
   * one that waits for a connection. Connections stay, but for those that were opened for a
   * network that is gone, and soon those whose handshake the new policy refuses. Sockets,
   * queue and secret are those of the start. Throws where something can't be used: then
   * nothing has changed. `numbers`: as the constructor takes them, by the secret of the start.
   */
  adopt(engine: Engine, configuration: BorderConfiguration, numbers?: NumberTables): void {
    if (this.isClosing) throw new Error("the border ends");
    const { listeners, secret, queue } = this.configuration;
    const next = { ...configuration, secret, queue };
    const parts = this.partsOf(engine, next, numbers);
    const terms = { listeners: next.listeners, profile: engine.policy.tls };
    renewHandshakes(this.bound, { listeners, profile: this.engine.policy.tls }, terms);
    this.engine = engine;
    this.configuration = next;
    this.takeParts(parts);
    const isKnown = (network: string | undefined): boolean =>
      network === undefined || engine.policy.networks.has(network);
    for (const peer of this.peers.values()) {
      if (!isKnown(peer.asked)) peer.asked = undefined;
      if (!isKnown(peer.bound)) this.end(peer);
    }
    this.handshakes.judgeAgain();
  }

  /** By us: what was written has been read for all we know. */
  private end(peer: Peer): void {
    peer.unheard = undefined;
    peer.connection.close();
  }

  private partsOf(
    engine: Engine,
    { listeners, networks, secret, oversize }: BorderConfiguration,
    numbers: NumberTables | undefined,
  ): BorderParts {
    return new BorderParts({
      engine,
      topology: new Topology(engine.policy, networks, machineAddresses(this.bound)),
      sides: this.bound,
      links: this.links,
      aliases: this.aliases,
      health: this.health,
      peers: this.peers,
      waiting: this.waiting,
      answers: this.answers,
      served: new ServedDomains(listeners),
      dns: this.dns,
      secret,
      numbers,
      refusesOversize: oversize === "refuse",
      instance: this.instance,
      siblings: this.siblings,
      tell: (passage) => this.told.next(passage),
      guard: (arrival, work) => this.guard(arrival, work),
      again: (arrival) => this.guard(arrival, () => this.handle(arrival)),
    });
  }

  private takeParts(parts: BorderParts): void {
    this.parts = parts;
    this.limits.take(parts, this.configuration.networks, Date.now());
    this.requests = new RequestForwarder(parts);
    this.pings?.stop();
    this.health.watch(this.configuration.networks);
    this.pings = new Pings(parts, this.health);
    this.responses = new ResponseForwarder(parts, this.pings);
  }

  /**
   * Takes no new connections, carries on what waits for one of its own, and closes those that
   * stand once their bytes are out. What was read whole has then left, or was answered.
   */
  async close(): Promise<void> {
    this.isClosing = true;
    this.pings?.stop();
    this.handshakes.stop();
    for (const { adapter } of this.bound) adapter.refuse();
    await this.dns?.close();
    await this.links.drain();
    this.links.close();
    for (const peer of this.peers.values()) peer.unheard = undefined;
    await Promise.all(this.bound.map(({ adapter }) => adapter.close()));
    this.waiting.stop();
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.told.complete();
    this.hopTold.complete();
  }

  private take(side: BoundSide, event: AdapterEvent): void {
    switch (event.kind) {
      case "opened":
        this.handshakes.opened(event.connection);
        if (!this.limits.opened(this.addPeer(side, event.connection))) event.connection.close();
        this.waiting.opened(event.connection);
        break;
      case "closed":
        this.leave(event);
        break;
      case "handshake":
        this.handshakes.judge(event);
        break;
      case "received":
        this.receive(side, event);
        break;
      case "unframeable":
        this.refuseStream(side, event);
        break;
    }
  }

  private leave({ connection, cause }: Closed): void {
    this.handshakes.closed(connection);
    this.limits.closed(connection);
    const unheard = this.peers.get(connection.id)?.unheard;
    this.peers.delete(connection.id);
    this.links.forget(connection);
    this.aliases.forget(connection);
    for (const arrival of unheard?.take(cause, Date.now()) ?? []) {
      this.cameBack++;
      this.parts?.again(arrival);
    }
  }

  private addPeer(side: BoundSide, connection: Connection): Peer {
    const peer = newPeer(side, connection);
    this.peers.set(connection.id, peer);
    return peer;
  }

  private receive(side: BoundSide, { connection, bytes, framing, at }: Received): void {
    this.came[side.transport]++;
    const peer = this.peers.get(connection.id) ?? this.addPeer(side, connection);
    peer.unheard = undefined;
    const arrival = { peer, bytes, framing, at, attempt: 0, cause: "" };
    this.guard(arrival, () => {
      const beyond = this.limits.beyond(arrival);
      if (beyond === undefined) this.handle(arrival);
      else this.shed(arrival, beyond);
    });
  }

  /**
   * A response that came to a sibling, and whose request came on a connection of ours: sent on it, or
   * by Via where that has gone. It has been counted against its source where it came.
   */
  takeHanded(handed: HandedResponse): void {
    const side = this.bound[handed.side];
    if (side === undefined) return;
    const { bytes, framing, at } = handed;
    const peer = this.handedPeers.peerOf(handed, side, (network) => this.engine.policy.networks.has(network));
    const arrival = { peer, bytes, framing, at, attempt: 0, cause: "" };
    this.guard(arrival, () => this.handle(arrival));
  }

  /** On a stream its sender is told; a datagram, whose source may be forged, is dropped unread. */
  private shed(arrival: Arrival, cause: string): void {
    const { parts, requests } = this;
    const { peer, bytes, framing, at } = arrival;
    if (parts === undefined || requests === undefined) return;
    const network = parts.networkOf(peer, at);
    if (framing === "stream") {
      requests.shed(arrival, parts.enter(arrival, network), network, cause);
      return;
    }
    this.told.next({
      kind: "message",
      at,
      method: "",
      status: undefined,
      from: endOf(network, peer.connection),
      to: undefined,
      outcome: dropped("share", cause),
      decision: undefined,
      asked: undefined,
      received: bytes,
      sent: undefined,
    });
  }

  /** One message that goes wrong never ends the stream of the others. */
  private guard(arrival: Arrival, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.requests?.fail(arrival, error);
    }
  }

  private handle(arrival: Arrival): void {
    const { parts, requests, responses } = this;
    if (parts === undefined || requests === undefined || responses === undefined) return;
    const isResponse = startsWithVersion(arrival.bytes);
    const network = isResponse
      ? responses.networkGuessed(arrival)
      : parts.networkOf(arrival.peer, arrival.at);
    const entered = parts.enter(arrival, network);
    if (entered.scan.isRequest) requests.forward(arrival, entered, network);
    else responses.forward(arrival, entered, network);
    if (entered.refused?.closes === true && arrival.framing === "stream") arrival.peer.connection.close();
  }

  /** The stream can't be cut any more: its last message is answered, or dropped, then the adapter closes it. */
  private refuseStream(side: BoundSide, { connection, error: { head } }: Unframeable): void {
    if (head.length === 0) return;
    const scan = new Scan(this.engine.fields);
    // It broke a rule when it was cut, and breaks one again: what is whole is no head of a broken stream.
    if (scan.read(head, "stream")) return;
    this.receive(side, { kind: "received", connection, bytes: head, framing: "stream", at: Date.now() });
  }
}
