import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readHop } from "../../../border/configuration/border-file.ts";
import { canonicalAddress, isPublicAddress, isWithin } from "../../../border/routing/ip-address.ts";
import { chooseRoute, type NextUri, type Route } from "../../../border/routing/route.ts";
import { Topology } from "../../../border/routing/topology.ts";
import { readAddressPrefix } from "../../../grammar/reading/address-prefix.ts";
import { always, network, smallPolicy } from "../small-policy.ts";

const carrier = network("carrier-c", { kind: "partner", tlsRequired: true });
const imsB = network("ims-b", { addresses: [readAddressPrefix("10.2.0.0/16")!] });
const policy = smallPolicy(
  [carrier, imsB],
  [
    {
      from: [{ kind: "network", name: "carrier-c" }],
      to: [{ kind: "network", name: "ims-b" }],
      condition: always,
      origin: carrier.origin,
    },
  ],
);

function settings(...hops: readonly string[]) {
  return { hops: hops.map((hop) => readHop(hop)!), listener: undefined, numeric: false };
}

const topology = new Topology(
  policy,
  new Map([
    ["home", settings("udp:10.0.0.1:5070", "udp:10.0.0.2:5070")],
    ["carrier-c", settings("tls:203.0.113.7")],
    ["open-d", settings("udp:203.0.113.9", "tcp:203.0.113.9")],
    ["ims-b", settings("tcp:10.2.0.1")],
  ]),
);

const kinds: Readonly<Record<string, NextUri["kind"]>> = {
  sip: "sip",
  ours: "sip",
  sips: "sips",
  tel: "tel",
  urn: "urn",
  mailto: "other",
};

/** `sips:10.0.0.1:5070;transport=tcp` and the like, no user; `ours:` is the border itself. */
function uri(text: string): NextUri {
  const [, kind, host, port, transport] =
    /^(sips?|tel|urn|mailto|ours):([^:;]*)(?::(\d+))?(?:;transport=(\w+))?$/.exec(text)!;
  return {
    kind: kinds[kind!]!,
    user: false,
    host: host!,
    address: canonicalAddress(host!),
    port: Number(port ?? 0),
    transport,
    loose: true,
    ours: kind === "ours",
  };
}

interface Way {
  /** Hops that answer no pings. */
  readonly down?: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly route?: string;
  readonly marked?: string;
  readonly draw?: number;
}

function choose({ from, to, route, marked, draw = 0, down = [] }: Way): Route {
  const source = policy.networks.get(from)!;
  return chooseRoute(topology, {
    from: source,
    uri: uri(to),
    route: route === undefined ? undefined : uri(route),
    marked,
    draw,
    isDown: ({ transport, address, port }) => down.includes(`${transport}:${address}:${port}`),
  });
}

/** `network transport:address:port, …` or the status. */
function inShort(route: Route): string {
  if (route.kind === "refuse") return String(route.status);
  if (route.kind === "locate") return `${route.place.network.name} by DNS`;
  return `${route.place.network.name} ${route.targets.map(({ transport, address, port }) => `${transport}:${address}:${port}`).join(" ")}`;
}

describe("a request from home goes", () => {
  for (const [what, way, expected] of [
    [
      "to the network that has the domain",
      { to: "sip:open-d.example" },
      "open-d tcp:203.0.113.9:5060 udp:203.0.113.9:5060",
    ],
    [
      "by the topmost Route before the Request-URI (RFC 3261 16.5)",
      { to: "sip:open-d.example", route: "sip:carrier-c.example" },
      "carrier-c tls:203.0.113.7:5061",
    ],
    [
      "over the transport that the URI names, if there is such a hop",
      { to: "sip:open-d.example;transport=tcp" },
      "open-d tcp:203.0.113.9:5060",
    ],
    [
      "to our own domain: home again",
      { to: "sip:home1.example" },
      "home udp:10.0.0.1:5070 udp:10.0.0.2:5070",
    ],
    [
      "by address to the network that declares it",
      { to: "sip:10.2.7.7:5080;transport=tcp" },
      "ims-b tcp:10.2.7.7:5080 tcp:10.2.0.1:5060",
    ],
    [
      "by a Route of ours to the network that it names, at the address that follows",
      { to: "sip:198.51.100.4:5090", marked: "open-d" },
      "open-d udp:198.51.100.4:5090 tcp:203.0.113.9:5060 udp:203.0.113.9:5060",
    ],
    [
      "by a Route of ours to the hop where the address that follows is private",
      { to: "sip:192.168.0.4", marked: "open-d" },
      "open-d tcp:203.0.113.9:5060 udp:203.0.113.9:5060",
    ],
    [
      "over TLS alone to a partner that asks for it",
      { to: "sip:198.51.100.4:5090;transport=udp", marked: "carrier-c" },
      "carrier-c tls:198.51.100.4:5090 tls:203.0.113.7:5061",
    ],
    ["nowhere: 404 for a domain that nobody has", { to: "sip:nowhere.example" }, "404"],
    ["nowhere: 404 for a numeric host of strangers", { to: "sip:198.51.100.4" }, "404"],
    ["nowhere: 404 for a domain that nobody has, also by sips", { to: "sips:nowhere.example" }, "404"],
    ["nowhere: 480 for sips without TLS (RFC 5630 5.3)", { to: "sips:open-d.example" }, "480"],
    [
      "nowhere: 480 for a sips Route without TLS (RFC 3261 8.1.2)",
      { to: "sip:bob.example", route: "sips:open-d.example" },
      "480",
    ],
    ["nowhere: 416 for a scheme without a way", { to: "mailto:open-d.example" }, "416"],
    ["nowhere: 404 for the border itself", { to: "ours:127.0.0.1" }, "404"],
  ] as const) {
    it(what, () => assert.equal(inShort(choose({ from: "home", ...way })), expected));
  }

  it("to an address of strangers only where border.json allows it, and it is public", () => {
    const open = new Topology(
      policy,
      new Map([
        ["home", settings("udp:10.0.0.1")],
        ["stranger", { ...settings(), numeric: true }],
      ]),
    );
    const ask = (to: string) =>
      inShort(
        chooseRoute(open, {
          from: policy.networks.get("home")!,
          uri: uri(to),
          route: undefined,
          marked: undefined,
          draw: 0,
        }),
      );
    assert.equal(ask("sip:198.51.100.4:5090"), "stranger udp:198.51.100.4:5090");
    for (const address of ["127.0.0.1", "10.9.9.9", "169.254.169.254", "0.0.0.0", "224.0.0.1"])
      assert.equal(ask(`sip:${address}`), "404", address);
  });

  it("never to another socket of this machine, unless a network declares the address", () => {
    const at = (hops: readonly string[]) =>
      new Topology(
        policy,
        new Map([
          ["home", settings("udp:10.0.0.1")],
          ["stranger", { ...settings(...hops), numeric: true }],
        ]),
        new Set(["198.51.100.4"]),
      );
    const ask = (among: Topology) =>
      inShort(
        chooseRoute(among, {
          from: policy.networks.get("home")!,
          uri: uri("sip:198.51.100.4:8080"),
          route: undefined,
          marked: undefined,
          draw: 0,
        }),
      );
    assert.equal(ask(at([])), "404");
    assert.equal(ask(at(["udp:198.51.100.4:5070"])), "stranger udp:198.51.100.4:8080 udp:198.51.100.4:5070");
  });

  it("to a partner of several domains under the one that was sought (RFC 5922 7.3)", () => {
    const two = network("two", { kind: "partner", domains: ["a.example", "b.example"] });
    const both = smallPolicy([two]);
    const there = new Topology(both, new Map([["two", settings("tls:203.0.113.7")]]));
    const domainFor = (to: string, marked?: string) => {
      const route = chooseRoute(there, {
        from: both.networks.get("home")!,
        uri: uri(to),
        route: undefined,
        marked,
        draw: 0,
      });
      return route.kind === "forward" ? route.targets[0]!.domain : route.kind;
    };
    assert.equal(domainFor("sip:b.example"), "b.example");
    assert.equal(domainFor("sip:b.example."), "b.example");
    assert.equal(domainFor("sip:a.example"), "a.example");
    assert.equal(domainFor("sip:192.168.0.4", "two"), "a.example");
  });
});

describe("a request from outside goes", () => {
  for (const [what, way, expected] of [
    [
      "home for our domain",
      { from: "open-d", to: "sip:home1.example" },
      "home udp:10.0.0.1:5070 udp:10.0.0.2:5070",
    ],
    [
      "home for the border's own address, a number, a service",
      { from: "open-d", to: "ours:203.0.113.1" },
      "home udp:10.0.0.1:5070 udp:10.0.0.2:5070",
    ],
    ["home for a tel URI", { from: "open-d", to: "tel:" }, "home udp:10.0.0.1:5070 udp:10.0.0.2:5070"],
    [
      "home in a dialog, wherever the Contact points",
      { from: "open-d", to: "sip:169.254.169.254:80", marked: "home" },
      "home udp:10.0.0.1:5070 udp:10.0.0.2:5070",
    ],
    [
      "to the home hop that the Contact names",
      { from: "open-d", to: "sip:10.0.0.2:5070", marked: "home" },
      "home udp:10.0.0.2:5070 udp:10.0.0.1:5070",
    ],
    ["nowhere else", { from: "open-d", to: "sip:carrier-c.example" }, "403"],
    ["nowhere else, by address", { from: "open-d", to: "sip:203.0.113.7" }, "403"],
    [
      "nowhere else, by a Route",
      { from: "open-d", to: "sip:home1.example", route: "sip:nowhere.example" },
      "403",
    ],
    [
      "nowhere else, by a Route of ours",
      { from: "open-d", to: "sip:203.0.113.7", marked: "carrier-c" },
      "403",
    ],
    [
      "through where a transit statement names the pair",
      { from: "carrier-c", to: "sip:ims-b.example" },
      "ims-b tcp:10.2.0.1:5060",
    ],
    ["through in that direction alone", { from: "ims-b", to: "sip:carrier-c.example" }, "403"],
  ] as const) {
    it(what, () => assert.equal(inShort(choose(way)), expected));
  }
});

describe("equal hops", () => {
  it("are chosen by the transaction, the same one each time, and all of them over many", () => {
    const first = (draw: number) => inShort(choose({ from: "open-d", to: "sip:home1.example", draw }));
    assert.equal(first(7), first(7));
    assert.equal(new Set([0, 1, 2, 3].map(first)).size, 2);
  });
});

describe("a hop that answers no pings", () => {
  for (const [what, way, expected] of [
    [
      "is asked behind its equals, whoever was drawn",
      { from: "open-d", to: "sip:home1.example", down: ["udp:10.0.0.1:5070"] },
      "home udp:10.0.0.2:5070 udp:10.0.0.1:5070",
    ],
    [
      "is asked behind those over a worse transport too",
      { from: "home", to: "sip:open-d.example", down: ["tcp:203.0.113.9:5060"] },
      "open-d udp:203.0.113.9:5060 tcp:203.0.113.9:5060",
    ],
    [
      "is asked in its turn where no other answers",
      {
        from: "home",
        to: "sip:open-d.example",
        down: ["tcp:203.0.113.9:5060", "udp:203.0.113.9:5060"],
      },
      "open-d tcp:203.0.113.9:5060 udp:203.0.113.9:5060",
    ],
  ] as const) {
    it(what, () => assert.equal(inShort(choose(way)), expected));
  }
});

describe("addresses", () => {
  it("have one spelling (RFC 5118 4.5; RFC 4291 2.5.5.2)", () => {
    for (const text of ["[2001:DB8::1]", "2001:db8:0:0::1", "2001:db8::0001%eth0"])
      assert.equal(canonicalAddress(text), "2001:db8::1");
    assert.equal(canonicalAddress("::ffff:192.0.2.1"), "192.0.2.1");
    for (const text of ["localhost", "192.0.2", "192.0.2.256", "[192.0.2.1]", "2001:db8:::1", ""])
      assert.equal(canonicalAddress(text), undefined, text);
  });

  it("lie within prefixes of their own family, to the bit", () => {
    const within = (address: string, prefix: string) => isWithin(address, readAddressPrefix(prefix)!);
    assert.ok(within("192.0.2.129", "192.0.2.128/25"));
    assert.ok(!within("192.0.2.127", "192.0.2.128/25"));
    assert.ok(within("2001:db8:8000::1", "2001:db8:8000::/33"));
    assert.ok(!within("2001:db8:7fff::1", "2001:db8:8000::/33"));
    assert.ok(!within("192.0.2.1", "::/0"));
    assert.ok(within("192.0.2.1", "0.0.0.0/0"));
  });

  it("are public or not (RFC 6890)", () => {
    for (const text of [
      "127.0.0.1",
      "10.1.1.1",
      "172.31.0.1",
      "192.168.1.1",
      "100.64.0.1",
      "169.254.0.1",
      "0.0.0.0",
      "255.255.255.255",
      "::1",
      "::",
      "fc00::1",
      "fe80::1",
      "ff02::1",
      "64:ff9b::a00:1",
      "2002:7f00:1::",
    ]) {
      assert.ok(!isPublicAddress(text), text);
    }
    for (const text of ["198.51.100.1", "172.32.0.1", "100.128.0.1", "8.8.8.8", "2001:db8::1", "2a00::1"])
      assert.ok(isPublicAddress(text), text);
  });
});
