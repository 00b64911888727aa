/** The policy's networks with what border.json says of them: who has a domain, an address, a hop. */
import { indexOf, type NetworkIndex } from "../../engine/networks/index.ts";
import { isNamed } from "../../engine/trust/index.ts";
import type { Network, Policy } from "../../grammar/model.ts";
import type { BorderTransport, Hop, NetworkSettings } from "../configuration/configuration.ts";
import { defaultPort } from "./default-port.ts";
import { addressBytes, canonicalAddress, isWithin } from "./ip-address.ts";

/** Name of the network of whoever matches no other. */
export const stranger = "stranger";

export interface Place {
  readonly network: Network;
  readonly hops: readonly Hop[];
  /** Of `hops`: over the best transport that each address offers, and the others (RFC 3261 18.1.1, 26.2.2: TLS, then TCP, then UDP). */
  readonly preferred: readonly Hop[];
  readonly spare: readonly Hop[];
  readonly listener: string | undefined;
  readonly numeric: boolean;
}

const noSettings: NetworkSettings = { hops: [], listener: undefined, numeric: false };

export class Topology {
  private readonly policy: Policy;
  private readonly settings: ReadonlyMap<string, NetworkSettings>;
  private readonly index: NetworkIndex;
  /** Those that were asked for, by name. */
  private readonly places = new Map<string, Place>();
  private readonly byHop = new Map<string, Place>();
  /** The first own network of the policy, where requests from outside go. */
  readonly home: Place | undefined;

  /** An address may belong to a network that is not ours. */
  readonly declaresForeign: boolean;

  /** Addresses of this machine, canonical. */
  private readonly machine: ReadonlySet<string>;

  constructor(
    policy: Policy,
    settings: ReadonlyMap<string, NetworkSettings>,
    machine: ReadonlySet<string> = new Set(),
  ) {
    this.policy = policy;
    this.settings = settings;
    this.machine = machine;
    this.index = indexOf(policy.networks);
    const [home] = this.index.own();
    this.home = home && this.placeOf(home);
    // Of two networks with one hop the first of the policy counts.
    const positions = [...settings.keys()].map((name) => this.index.positionOf(name));
    for (const position of positions.filter((one) => one >= 0).toSorted((one, other) => one - other)) {
      const place = this.placeOf(this.index.network(position));
      for (const { address } of place.hops) if (!this.byHop.has(address)) this.byHop.set(address, place);
    }
    this.declaresForeign =
      this.index.hasAddresses ||
      [...this.places.values()].some(({ network, hops }) => !network.own && hops.length > 0);
  }

  place(name: string): Place {
    return this.places.get(name) ?? this.placeOf(this.index.named(name) ?? this.index.named(stranger)!);
  }

  private placeOf(network: Network): Place {
    const known = this.places.get(network.name);
    if (known !== undefined) return known;
    const { hops, listener, numeric } = this.settings.get(network.name) ?? noSettings;
    const preferred = hops.filter((hop) => isBest(hop, hops));
    const spare = hops.filter((hop) => !isBest(hop, hops));
    const place = { network, hops, preferred, spare, listener, numeric };
    this.places.set(network.name, place);
    return place;
  }

  /** The network whose domain it is, compared whole (RFC 5922 7.2). */
  ofDomain(host: string): Place | undefined {
    const [network] = this.index.ofDomain(host.endsWith(".") ? host.slice(0, -1) : host);
    return network && this.placeOf(network);
  }

  /** The network that declares the address: by a hop, else by the policy's longest prefix. */
  ofAddress(address: string): Place | undefined {
    const byHop = this.byHop.get(address);
    if (byHop !== undefined) return byHop;
    const network = this.index.nearest(addressBytes(address));
    return network && this.placeOf(network);
  }

  /** Some network of the policy is known by the listener. */
  isNetworks(listener: string): boolean {
    return this.index.byListener(listener) !== undefined;
  }

  /** Whatever else listens on this machine is no next hop, unless a network declares it. */
  isOfThisMachine(address: string): boolean {
    return this.machine.has(address);
  }

  declares(place: Place, address: string): boolean {
    return (
      place.hops.some((hop) => hop.address === address) ||
      place.network.addresses.some((prefix) => isWithin(address, prefix))
    );
  }

  /** Within a network of ours, by a narrower range than what the place itself declares. */
  isWithinOurs(place: Place, address: string): boolean {
    const declared = narrowest(place, address);
    return this.index.own().some((network) => narrowest(this.placeOf(network), address) > declared);
  }

  /** A `transit` statement names the pair. One with a condition of its own holds nowhere yet. */
  mayTransit(from: Network, to: Network): boolean {
    return this.policy.transits.some(
      ({ from: sources, to: targets, condition }) =>
        condition.kind === "and" &&
        condition.of.length === 0 &&
        sources.some((who) => isNamed(who, from)) &&
        targets.some((who) => isNamed(who, to)),
    );
  }
}

/** Bits of the longest prefix that holds the address; a hop is as narrow as can be; -1: none does. */
function narrowest({ network, hops }: Place, address: string): number {
  if (hops.some((hop) => hop.address === address)) return addressBytes(address).length * 8;
  const holding = network.addresses.filter((prefix) => isWithin(address, prefix));
  return Math.max(-1, ...holding.map(({ length }) => length));
}

const transports: readonly BorderTransport[] = ["udp", "tcp", "tls"];

function isBest({ transport, address }: Hop, among: readonly Hop[]): boolean {
  const rank = transports.indexOf(transport);
  return among.every((hop) => hop.address !== address || transports.indexOf(hop.transport) <= rank);
}

/** Socket from which a network is reached by a transport, and whose name stands in Via. */
export interface Side {
  readonly index: number;
  readonly name: string;
  readonly transport: BorderTransport;
  readonly host: string;
  /** What else it is called in Via and Record-Route, in lower case. */
  readonly otherHosts?: readonly string[];
  readonly address: string;
  readonly port: number;
}

/** A socket of one family of addresses sends no datagram to the other; a stream takes any way, but prefers its own. */
export function sidesFor<T extends Pick<Side, "transport" | "address">>(
  sides: readonly T[],
  { transport, address }: Hop,
): readonly T[] {
  const able = sides.filter((side) => side.transport === transport);
  const near = able.filter((side) => side.address.includes(":") === address.includes(":"));
  return near.length > 0 || transport === "udp" ? near : able;
}

/**
 * The side towards a network: the listener that border.json or the policy names, else the first
 * that fits the target and is no other network's, else the first that fits. `isTaken`: some network
 * of the policy is known by the listener.
 */
export function chooseSide<T extends Side>(
  sides: readonly T[],
  place: Place,
  target: Hop,
  isTaken: (listener: string) => boolean,
): T | undefined {
  const able = sidesFor(sides, target);
  const named = place.listener === undefined ? place.network.listeners : [place.listener];
  const first = able.find(({ name }) => named.includes(name));
  if (first !== undefined) return first;
  return able.find(({ name }) => !isTaken(name)) ?? able[0];
}

/** The host, in lower case, and port (0: none) are those of a listener of ours. */
export function isOurs(sides: readonly Side[], host: string, port: number): boolean {
  const address = canonicalAddress(host);
  return sides.some((side) => {
    if ((port || defaultPort(side.transport)) !== side.port) return false;
    if (address === undefined)
      return side.host.toLowerCase() === host || side.otherHosts?.includes(host) === true;
    return side.address === address || canonicalAddress(side.host) === address;
  });
}
