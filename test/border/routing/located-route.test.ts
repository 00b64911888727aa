/** What DNS says, held against what may be followed: names are published by anybody, and written by anybody. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canonicalAddress } from "../../../border/routing/ip-address.ts";
import { followBack, followLocated } from "../../../border/routing/located-route.ts";
import { chooseRoute, type Locate, type NextUri, type Route } from "../../../border/routing/route.ts";
import { Topology } from "../../../border/routing/topology.ts";
import { readAddressPrefix } from "../../../grammar/reading/address-prefix.ts";
import type { Location, Target } from "../../../wire/index.ts";
import { network, smallPolicy } from "../small-policy.ts";

const prefixes = (...texts: readonly string[]) => texts.map((text) => readAddressPrefix(text)!);

const policy = smallPolicy([
  network("carrier-c", { kind: "partner", tlsRequired: true }),
  // Its range has a part that is ours.
  network("ims-b", { addresses: prefixes("10.0.0.0/8") }),
  // On one machine with a hop of ours, in a tour.
  network("carrier-e", { addresses: prefixes("10.3.0.1/32") }),
  network("inside", { own: true, addresses: prefixes("10.1.0.0/16", "203.0.113.0/24") }),
]);
const hop = { transport: "udp", address: "10.3.0.1", port: 5070 } as const;
const topology = new Topology(
  policy,
  new Map([["home", { hops: [hop], listener: undefined, numeric: false }]]),
  new Set(["198.51.100.250"]),
);

function uri(kind: "sip" | "sips", host: string, transport?: string): NextUri {
  const address = canonicalAddress(host);
  return { kind, user: true, host, address, port: 0, transport, loose: true, ours: false };
}

function choose(to: NextUri, more: { readonly route?: NextUri; readonly marked?: string } = {}): Route {
  const from = policy.networks.get("home")!;
  const { route, marked } = more;
  return chooseRoute(topology, { from, uri: to, route, marked, draw: 0, locates: true });
}

function located(route: Route): Locate {
  assert.equal(route.kind, "locate");
  return route;
}

const at = (address: string, transport: Target["transport"] = "tcp"): Target => ({
  transport,
  address,
  port: 5060,
});

function follow(host: string, ...targets: readonly Target[]): string {
  const location: Location = { domain: host, sips: "not-offered", targets };
  const choice = followLocated(topology, located(choose(uri("sip", host))), location);
  return choice.kind === "refuse"
    ? String(choice.status)
    : `${choice.place.network.name} ${choice.targets.map(({ address }) => address).join(" ")}`;
}

describe("an address that somebody publishes", () => {
  for (const [what, host, address, expected] of [
    ["of a declared range is followed", "ims-b.example", "10.2.0.9", "ims-b 10.2.0.9"],
    ["of a part of it that is ours is not", "ims-b.example", "10.1.0.9", "480"],
    ["of a hop of ours in its range is not", "ims-b.example", "10.3.0.1", "480"],
    [
      "that it declares by itself is, though a hop of ours is there",
      "carrier-e.example",
      "10.3.0.1",
      "carrier-e 10.3.0.1",
    ],
    ["of a public network of ours is not", "ims-b.example", "203.0.113.9", "480"],
    ["of nobody's name in a public network of ours is not", "nobody.example", "203.0.113.9", "480"],
    ["of this machine is not", "ims-b.example", "198.51.100.250", "480"],
    ["of loopback inside IPv6 is not", "ims-b.example", "::ffff:127.0.0.1", "480"],
    ["of a private network behind NAT64 is not", "ims-b.example", "64:ff9b::a01:9", "480"],
    ["that is none is not", "nobody.example", "0.0.0.0", "480"],
    ["for protocols alone is not (RFC 6890 2.2.2)", "nobody.example", "192.0.0.170", "480"],
    ["for benchmarks is not (RFC 2544)", "nobody.example", "198.18.0.1", "480"],
    ["of Teredo is not", "nobody.example", "2001:0:1::1", "480"],
    ["to be discarded is not (RFC 6666)", "nobody.example", "100::1", "480"],
    ["of nobody's range is", "nobody.example", "2001:200::7", "stranger 2001:200::7"],
  ] as const)
    it(what, () => assert.equal(follow(host, at(address)), expected));
});

describe("the way back that a Via names", () => {
  const back = (address: string): number =>
    followBack(topology, topology.place("ims-b"), {
      domain: "pbx.example",
      sips: "not-known",
      targets: [at(address)],
    }).length;

  it("is followed to a public address, never into a network of ours", () => {
    assert.equal(back("198.51.100.4"), 1);
    assert.equal(back("203.0.113.9"), 0);
    assert.equal(back("10.1.0.9"), 0);
    assert.equal(back("198.51.100.250"), 0);
  });
});

describe("the name behind a Route of ours", () => {
  it("of nobody's that is a network's domain leads to that network, over TLS where it is demanded", () => {
    const { place, sought } = located(choose(uri("sip", "carrier-c.example"), { marked: "stranger" }));
    assert.deepEqual([place.network.name, sought.host], ["carrier-c", "carrier-c.example"]);
    assert.equal(sought.tlsDemanded, true);
  });

  it("that is another network's domain is that network's own to find: the marked one is asked", () => {
    const { place, sought } = located(choose(uri("sip", "carrier-c.example"), { marked: "ims-b" }));
    assert.deepEqual(
      [place.network.name, sought.host, sought.domain],
      ["ims-b", "ims-b.example", "ims-b.example"],
    );
  });
});

it("an address of ours behind a Route of ours is not followed: the network's own domain is asked", () => {
  for (const address of ["10.1.0.9", "203.0.113.9"]) {
    const { sought } = located(choose(uri("sip", address), { marked: "ims-b" }));
    assert.equal(sought.host, "ims-b.example");
  }
});

it("a host with the root's dot has the certificate of the one without", () => {
  assert.equal(located(choose(uri("sip", "nobody.example."))).sought.domain, "nobody.example");
});
