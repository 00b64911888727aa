/** What location would come to for a request of our own users, told to an operator before it happens. */
import type { Policy } from "../../grammar/model.ts";
import type { Location, Target } from "../../wire/index.ts";
import { followLocated } from "../routing/located-route.ts";
import { NextUriReader } from "../routing/next-uri.ts";
import {
  chooseRoute,
  type Forward,
  type Locate,
  type NextUri,
  type Refusal,
  type Route,
  refuse,
} from "../routing/route.ts";
import { Topology } from "../routing/topology.ts";

/** undefined: it can't be read. */
export function readUri(text: string): NextUri | undefined {
  const bytes = Buffer.from(text, "utf8");
  const uri = new NextUriReader(() => false).read(bytes, 0, bytes.length);
  return uri.host === "" ? undefined : uri;
}

/** What the policy makes of one target. */
export type TargetVerdict =
  | {
      readonly follows: true;
      readonly network: string;
      /** TLS: what the certificate must name; with a partner, by an authority of that partner. */
      readonly domain: string | undefined;
      readonly partner: string | undefined;
    }
  | { readonly follows: false; readonly cause: string };

/** A border of the policy, without hops and without a socket. */
export class Foresight {
  readonly #topology: Topology;

  constructor(policy: Policy) {
    this.#topology = new Topology(policy, new Map());
  }

  /** undefined: the policy has no network of our own, whose users could ask. */
  route(uri: NextUri): Route | undefined {
    const from = this.#topology.home?.network;
    if (from === undefined) return undefined;
    const question = { from, uri, route: undefined, marked: undefined, draw: 0, locates: true };
    return chooseRoute(this.#topology, question);
  }

  /** Of a location without targets, or of one none of whose targets may be followed. */
  refusal(locate: Locate, location: Location): Refusal | undefined {
    const choice = followLocated(this.#topology, locate, location);
    if (choice.kind === "refuse") return choice;
    const unbelieved = this.#whyNoneBelieved(choice);
    return unbelieved === undefined ? undefined : refuse(503, unbelieved);
  }

  /** Each as if it were the only one, but that all go to the network of the first that is followed. */
  judge(locate: Locate, location: Location, target: Target): TargetVerdict {
    const alone: Location = { domain: location.domain, sips: location.sips, targets: [target] };
    const choice = followLocated(this.#topology, locate, alone);
    const all = followLocated(this.#topology, locate, location);
    if (choice.kind === "forward" && all.kind === "forward" && all.place !== choice.place) {
      const [first, own] = [all.place.network.name, choice.place.network.name];
      return { follows: false, cause: `it is of ${own}, and the request goes to ${first}` };
    }
    if (choice.kind === "refuse") {
      const isClear = choice.warning !== undefined;
      const reach = "only this network could reach it, and the policy declares it for nobody outside";
      return { follows: false, cause: isClear ? "it would be in clear" : reach };
    }
    const unbelieved = this.#whyNoneBelieved(choice);
    if (unbelieved !== undefined) return { follows: false, cause: unbelieved };
    const { name, kind } = choice.place.network;
    const partner = kind === "partner" ? name : undefined;
    return { follows: true, network: name, domain: choice.targets[0]?.domain, partner };
  }

  /** Over TLS: why every certificate would be refused, whatever it names (RFC 5922 7.3). */
  #whyNoneBelieved({ place, targets }: Forward): string | undefined {
    if (targets[0]?.domain === undefined) return undefined;
    const { name, authorities } = place.network;
    if (authorities.length > 0) return undefined;
    return `the policy names no authority of ${name} that could vouch for its certificate`;
  }
}
