/** Where DNS leads a request (RFC 3263 4): at once where it is known, else the request waits for it. */
import {
  type AddressFamily,
  type Draw,
  type Locating,
  type Location,
  locateRequest,
} from "../../wire/index.ts";
import type { BorderTransport, Hop } from "../configuration/configuration.ts";
import type { DnsLocation } from "../location/dns-location.ts";
import { followLocated } from "../routing/located-route.ts";
import type { Forward, Locate, Refusal } from "../routing/route.ts";
import type { Topology } from "../routing/topology.ts";
import type { Arrival, BorderParts } from "./border-parts.ts";

/** A way that DNS told, good as long as the topology is the one that it was held against. */
export interface Located {
  readonly topology: Topology;
  readonly choice: Forward | Refusal;
}

/** TLS before TCP before UDP (RFC 5630 3.1.3; RFC 3261 18.1.1). */
const preference: readonly BorderTransport[] = ["tls", "tcp", "udp"];

export class RequestLocation {
  readonly #parts: Pick<BorderParts, "topology" | "again">;
  readonly #dns: DnsLocation;
  readonly #supported: readonly BorderTransport[];
  readonly #families: readonly AddressFamily[];
  readonly #isPassedOver: (hop: Hop) => boolean;

  constructor(parts: Pick<BorderParts, "sides" | "topology" | "again">, dns: DnsLocation) {
    this.#parts = parts;
    this.#dns = dns;
    this.#supported = preference.filter((one) => parts.sides.some(({ transport }) => transport === one));
    this.#families = familiesOf(parts.sides);
    this.#isPassedOver = (hop) => dns.passedOver.isPassedOver(hop);
  }

  /** undefined: DNS must be asked. `draw`: of the transaction. */
  now({ arrival, locate, draw }: Asked): Located | undefined {
    if (arrival.located?.topology === this.#parts.topology) return arrival.located;
    const location = this.#dns.locator.now(() => this.#begin(locate, draw));
    return location === undefined ? undefined : this.#follow(locate, location);
  }

  /** The message comes again once DNS has told. False: too much waits. */
  wait({ arrival, locate, draw }: Asked): boolean {
    const { host } = locate.sought;
    const begin = (): Locating => this.#begin(locate, draw);
    return this.#dns.locator.wait(begin, host, arrival.bytes.length, (location) => {
      this.#dns.see(location, locate.place.network.name, locate.sought.tlsDemanded);
      this.#parts.again({ ...arrival, attempt: 0, located: this.#follow(locate, location) });
    });
  }

  /** It could not be connected to. */
  failed(target: Hop): void {
    this.#dns.passedOver.note(target);
  }

  #begin({ sought }: Locate, seed: number): Locating {
    const { scheme, host, port, transport } = sought;
    const tlsDemanded = sought.tlsDemanded || this.#isHeldToTls(host);
    const [supported, families] = [this.#supported, this.#families];
    const draw = drawsOf(seed);
    return locateRequest({ scheme, host, port, transport, tlsDemanded, supported, families, draw });
  }

  #isHeldToTls(host: string): boolean {
    return this.#dns.isHeldToTls(host.replace(/\.$/, ""));
  }

  #follow(locate: Locate, location: Location): Located {
    const { topology } = this.#parts;
    const { sought } = locate;
    // What was just told may be that it asks for TLS no longer.
    const held = this.#isHeldToTls(sought.host)
      ? { ...locate, sought: { ...sought, tlsDemanded: true } }
      : locate;
    const choice = followLocated(topology, held, location, this.#isPassedOver);
    return { topology, choice };
  }
}

/** A request whose way only DNS can tell. */
export interface Asked {
  readonly arrival: Arrival;
  readonly locate: Locate;
  readonly draw: number;
}

export function familiesOf(sides: BorderParts["sides"]): readonly AddressFamily[] {
  const isSix = ({ address }: { readonly address: string }): boolean => address.includes(":");
  const six = sides.some(isSix);
  const four = sides.some((side) => !isSix(side));
  // RFC 6724 2.1: of both, IPv6 first.
  return [...(six ? (["AAAA"] as const) : []), ...(four ? (["A"] as const) : [])];
}

/**
 * The same numbers for each message of a transaction. The finalizer of MurmurHash3 spreads what the
 * keyed hash of the transaction gave over the steps of one location.
 */
export function drawsOf(seed: number): Draw {
  return (step, highest) => {
    let mixed = (seed + Math.imul(step, 0x9e_37_79_b9)) >>> 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85_eb_ca_6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
    return Math.floor((((mixed ^ (mixed >>> 16)) >>> 0) / 0x1_00_00_00_00) * (highest + 1));
  };
}
