/** What the forwarding of requests and that of responses share. */
import type { Connection } from "../../adapters/index.ts";
import type { Engine, Entered } from "../../engine/index.ts";
import type { BorderTransport, Hop } from "../configuration/configuration.ts";
import { KeyedHash } from "../hash/keyed-hash.ts";
import type { DnsLocation } from "../location/dns-location.ts";
import { NetworkNumbers, type NumberTables } from "../routing/network-number.ts";
import { RouteMark } from "../routing/route-mark.ts";
import { chooseSide, type Place, type Topology } from "../routing/topology.ts";
import { FlowSeal } from "../via/flow.ts";
import type { Aliases } from "./aliases.ts";
import type { Siblings } from "./handed-response.ts";
import type { HopHealth } from "./hop-health.ts";
import type { Links } from "./links.ts";
import type { DropClass, Dropped, Passage, PassageEnd } from "./passage.ts";
import type { Located } from "./request-location.ts";
import type { ServedDomains } from "./served-domains.ts";
import type { BoundSide } from "./sides.ts";
import type { AnswerShares } from "./source-shares.ts";
import type { Unheard } from "./unheard.ts";
import type { WaitingTotal } from "./waiting-total.ts";

/** A connection, or a UDP flow, and what the border knows of it. */
export interface Peer {
  readonly connection: Connection;
  readonly side: BoundSide;
  /** The network for which we opened it; undefined where the peer did. */
  bound: string | undefined;
  /** The network that we last sent a request to here: a guess at whose response comes. */
  asked: string | undefined;
  /** `FlowSeal.addressNumber` of the remote address; -1: not computed yet. */
  addressNumber: number;
  /** Set while nothing has come on a TLS connection that we opened. */
  unheard: Unheard | undefined;
}

/** Of whom nothing is known yet. */
export function newPeer(side: BoundSide, connection: Connection): Peer {
  return { connection, side, bound: undefined, asked: undefined, addressNumber: -1, unheard: undefined };
}

/** A message that has come, as long as it is dealt with. */
export interface Arrival {
  readonly peer: Peer;
  readonly bytes: Uint8Array;
  readonly framing: "datagram" | "stream";
  readonly at: number;
  /** How many of its targets could not be connected to. */
  readonly attempt: number;
  /** Why the last of them could not. */
  readonly cause: string;
  /** What DNS has told of its way. */
  readonly located?: Located | undefined;
  /** A response: what DNS has told of the way back, by the second and later attempts. */
  readonly back?: readonly Hop[] | undefined;
}

/** What a border's parts are made from. */
export interface BorderWiring {
  readonly engine: Engine;
  readonly topology: Topology;
  readonly sides: readonly BoundSide[];
  readonly links: Links;
  readonly aliases: Aliases;
  readonly health: HopHealth;
  readonly peers: ReadonlyMap<number, Peer>;
  readonly waiting: WaitingTotal;
  readonly answers: AnswerShares;
  readonly served: ServedDomains;
  /** undefined: nobody asks DNS. */
  readonly dns: DnsLocation | undefined;
  /** 16 bytes. */
  readonly secret: Uint8Array;
  /** Of the engine's policy, by that secret; undefined: they are made here. */
  readonly numbers: NumberTables | undefined;
  readonly refusesOversize: boolean;
  /** Random, 24 bits: one a process. */
  readonly instance: number;
  /** undefined: nobody shares our listeners. */
  readonly siblings: Siblings | undefined;
  readonly tell: (passage: Passage) => void;
  /** Does the work; a fault in it costs this one message and nothing else. */
  readonly guard: (arrival: Arrival, work: () => void) => void;
  /** From the start, by the policy that is in force then. */
  readonly again: (arrival: Arrival) => void;
}

type ChosenSides = Readonly<Record<BorderTransport, Map<Place, BoundSide | undefined>>>;

const noneChosen = (): ChosenSides => ({ udp: new Map(), tcp: new Map(), tls: new Map() });

export class BorderParts {
  readonly engine: Engine;
  readonly topology: Topology;
  readonly sides: readonly BoundSide[];
  readonly links: Links;
  readonly aliases: Aliases;
  readonly health: HopHealth;
  readonly peers: ReadonlyMap<number, Peer>;
  readonly waiting: WaitingTotal;
  readonly answers: AnswerShares;
  readonly instance: number;
  readonly siblings: Siblings | undefined;
  readonly served: ServedDomains;
  readonly dns: DnsLocation | undefined;
  readonly hash: KeyedHash;
  readonly numbers: NetworkNumbers;
  readonly flow: FlowSeal;
  readonly mark: RouteMark;
  readonly refusesOversize: boolean;
  readonly tell: BorderWiring["tell"];
  readonly guard: BorderWiring["guard"];
  readonly again: BorderWiring["again"];
  /** What `chooseSide` has said. */
  private readonly chosen: { readonly ipv4: ChosenSides; readonly ipv6: ChosenSides };

  constructor(wiring: BorderWiring) {
    const { engine, secret, instance } = wiring;
    this.engine = engine;
    this.topology = wiring.topology;
    this.sides = wiring.sides;
    this.links = wiring.links;
    this.aliases = wiring.aliases;
    this.health = wiring.health;
    this.peers = wiring.peers;
    this.waiting = wiring.waiting;
    this.answers = wiring.answers;
    this.instance = instance;
    this.siblings = wiring.siblings;
    this.served = wiring.served;
    this.dns = wiring.dns;
    this.hash = new KeyedHash(secret);
    this.numbers = new NetworkNumbers(this.hash, engine.policy.networks, wiring.numbers);
    this.flow = new FlowSeal(this.hash, instance);
    this.mark = new RouteMark(this.hash, this.numbers);
    this.refusesOversize = wiring.refusesOversize;
    this.tell = wiring.tell;
    this.guard = wiring.guard;
    this.again = wiring.again;
    this.chosen = { ipv4: noneChosen(), ipv6: noneChosen() };
  }

  /** By the connection's facts, or by what we opened it for. */
  networkOf({ bound, connection }: Peer, at: number): string {
    return bound ?? this.engine.networkOf(connection.facts, at);
  }

  /** undefined: no listener of ours speaks the transport. */
  side(place: Place, target: Hop): BoundSide | undefined {
    const { ipv4, ipv6 } = this.chosen;
    const chosen = (target.address.includes(":") ? ipv6 : ipv4)[target.transport];
    if (chosen.has(place)) return chosen.get(place);
    const side = chooseSide(this.sides, place, target, (listener) => this.topology.isNetworks(listener));
    chosen.set(place, side);
    return side;
  }

  /** `FlowSeal.addressNumber` of the remote address, kept with the peer. */
  addressNumber(peer: Peer | undefined, { remoteAddress }: Connection): number {
    if (peer === undefined) return this.flow.addressNumber(remoteAddress);
    if (peer.addressNumber < 0) peer.addressNumber = this.flow.addressNumber(remoteAddress);
    return peer.addressNumber;
  }

  /** The message at the in gate, as one of that network. */
  enter({ peer, bytes, framing, at }: Arrival, network: string): Entered {
    const from = { network, connection: peer.connection.facts };
    return this.engine.enter({ kind: "message", bytes, framing, at, from });
  }
}

export function endOf(network: string, { facts, remoteAddress, remotePort }: Connection): PassageEnd {
  const { transport } = facts;
  return { network, connection: facts, transport, address: remoteAddress, port: remotePort };
}

export function dropped(why: DropClass, cause: string): Dropped {
  return { kind: "dropped", why, cause };
}

/** 65,535 bytes less the headers of IPv4 and UDP (RFC 768, RFC 791): no such datagram can be sent. */
const largestDatagram = 65_507;

/** RFC 3261 18.1.1, where nobody knows the path's MTU. */
const longestPacket = 1_300;

export function isOversize(bytes: Uint8Array, { facts }: Connection): boolean {
  return facts.transport === "udp" && bytes.length > longestPacket;
}

export function isTooLarge(bytes: Uint8Array, { facts }: Connection): boolean {
  return facts.transport === "udp" && bytes.length > largestDatagram;
}
