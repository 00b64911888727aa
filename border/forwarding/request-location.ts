/** Where DNS leads a request (RFC 3263 4): at once where it is known, else the request waits for it. */
import { type AddressFamily, type Draw, type Location, locateRequest } from "../../wire/index.ts";
import type { BorderTransport, Hop } from "../configuration/configuration.ts";
import type { DnsLocation } from "../location/dns-location.ts";
import type { Wanted } from "../location/locator.ts";
import { followLocated } from "../routing/located-route.ts";
import type { Forward, Locate, Refusal, RouteTarget, Sought } from "../routing/route.ts";
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
  /** What `followLocated` said, as long as DNS says the same. */
  readonly #followed = new WeakMap<Location, Forward | Refusal>();

  constructor(parts: Pick<BorderParts, "sides" | "topology" | "again">, dns: DnsLocation) {
    this.#parts = parts;
    this.#dns = dns;
    this.#supported = preference.filter((one) => parts.sides.some(({ transport }) => transport === one));
    this.#families = familiesOf(parts.sides);
  }

  /** undefined: DNS must be asked. */
  now({ arrival, locate, draw }: Asked): Located | undefined {
    if (arrival.located?.topology === this.#parts.topology) return arrival.located;
    const held = this.#held(locate);
    const location = this.#dns.locator.now(keyOf(held), this.#wanted(held, draw));
    if (location === undefined) return undefined;
    let choice = this.#followed.get(location);
    if (choice === undefined) {
      choice = followLocated(this.#parts.topology, held, location);
      this.#followed.set(location, choice);
    }
    return this.#located(choice);
  }

  /** The message comes again once DNS has told. False: too much waits. */
  wait({ arrival, locate, draw }: Asked): boolean {
    const { place, sought } = locate;
    const wanted = this.#wanted(this.#held(locate), draw);
    return this.#dns.locator.wait(wanted, sought.host, arrival.bytes.length, (location) => {
      this.#dns.see(location, place.network.name, sought.tlsDemanded);
      // What was just told may be that it asks for TLS no longer.
      const choice = followLocated(this.#parts.topology, this.#held(locate), location);
      this.#parts.again({ ...arrival, attempt: 0, located: this.#located(choice) });
    });
  }

  /** It could not be connected to. */
  failed(target: Hop): void {
    this.#dns.passedOver.note(target);
  }

  #wanted({ sought }: Locate, seed: number): Wanted {
    const supported = usableFor(sought, this.#supported);
    const families = this.#families;
    return {
      begin: (draw) => locateRequest({ ...sought, supported, families, draw }),
      draw: drawsOf(seed),
    };
  }

  /** Who asked for TLS once may be held to it. */
  #held(locate: Locate): Locate {
    const { sought } = locate;
    if (sought.tlsDemanded || !this.#dns.isHeldToTls(sought.host.replace(/\.$/, ""))) return locate;
    return { ...locate, sought: { ...sought, tlsDemanded: true } };
  }

  #located(choice: Forward | Refusal): Located {
    const { topology } = this.#parts;
    const { passedOver } = this.#dns;
    if (choice.kind === "refuse" || passedOver.isEmpty) return { topology, choice };
    const [up, down]: [RouteTarget[], RouteTarget[]] = [[], []];
    for (const target of choice.targets) (passedOver.isPassedOver(target) ? down : up).push(target);
    return { topology, choice: { ...choice, targets: [...up, ...down] } };
  }
}

/** Of transports: TLS only where a certificate could be believed. */
export function usableFor(
  { isVouchedFor }: Sought,
  supported: readonly BorderTransport[],
): readonly BorderTransport[] {
  return isVouchedFor ? supported : supported.filter((one) => one !== "tls");
}

/** Of all that decides the targets, but for what DNS says. */
function keyOf({ place, sought }: Locate): string {
  const { scheme, host, port = "", transport = "", tlsDemanded, domain } = sought;
  return `${scheme} ${host} ${port} ${transport} ${tlsDemanded} ${domain} ${place.network.name}`;
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
