/** RFC 3263 4 and 5, RFC 2782, RFC 7984, beyond the scenarios. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { locateRequest, locationLimits } from "../../../wire/index.ts";
import { locate, locateBack, written } from "./locating.ts";
import { Zone } from "./zone.ts";

const soa = "@ IN SOA ns hostmaster 1 3600 600 86400 60\n";
const zoneOf = (text: string, silent: readonly string[] = []): Zone =>
  new Zone(`${soa}${text}`, "example.net", silent);

describe("a numeric host (RFC 3263 4.1, 4.2)", () => {
  for (const [scheme, host, transport, target] of [
    ["sip", "192.0.2.1", undefined, "udp 192.0.2.1 5060"],
    ["sip", "[2001:DB8::1]", undefined, "udp 2001:db8::1 5060"],
    ["sip", "192.0.2.1", "tcp", "tcp 192.0.2.1 5060"],
    ["sip", "192.0.2.1", "tls", "tls 192.0.2.1 5061"],
    ["sips", "192.0.2.1", undefined, "tls 192.0.2.1 5061"],
    ["sips", "192.0.2.1", "tcp", "tls 192.0.2.1 5061"],
  ] as const) {
    it(`${scheme}:${host}${transport === undefined ? "" : `;transport=${transport}`} is ${target}`, () => {
      const zone = zoneOf("");
      assert.deepEqual(written(locate(zone, host, { scheme, transport })), [target]);
      assert.deepEqual(zone.asked, []);
    });
  }

  it("goes over TLS where that is demanded", () => {
    const given = { tlsDemanded: true, port: 5099 };
    assert.deepEqual(written(locate(zoneOf(""), "192.0.2.1", given)), ["tls 192.0.2.1 5099"]);
  });
});

describe("a transport parameter", () => {
  it("that is not ours ends the search", () => {
    for (const transport of ["sctp", "ws", "x"])
      assert.equal(written(locate(zoneOf(""), "example.net", { transport })), "transport-not-supported");
  });

  it("udp is no way where TLS is demanded (RFC 5630 5.3)", () => {
    const given = { transport: "udp", tlsDemanded: true };
    assert.equal(written(locate(zoneOf(""), "example.net", given)), "tls-not-offered");
  });

  it("tcp means TLS where it is demanded: _sips is asked (RFC 3263 4.2)", () => {
    const zone = zoneOf("_sips._tcp SRV 0 0 5061 a\na A 192.0.2.1\n");
    const location = locate(zone, "example.net", { transport: "TCP", tlsDemanded: true });
    assert.deepEqual(written(location), ["tls 192.0.2.1 5061"]);
    // What the domain asks for by NAPTR has not been looked at.
    assert.equal(location.sips, "not-known");
    assert.equal(zone.asked[0], "SRV _sips._tcp.example.net");
  });
});

describe("a domain without NAPTR", () => {
  it("is asked for the SRV of each transport, _sip for sip and _sips for sips", () => {
    const zone = zoneOf("_sip._udp SRV 0 0 5062 a\na A 192.0.2.1\n");
    assert.deepEqual(written(locate(zone, "example.net", { supported: ["tcp", "udp"] })), [
      "udp 192.0.2.1 5062",
    ]);
    assert.deepEqual(zone.asked.slice(1, 3), ["SRV _sip._tcp.example.net", "SRV _sip._udp.example.net"]);
    const secure = zoneOf("@ A 192.0.2.1\n");
    locate(secure, "example.net", { scheme: "sips" });
    assert.deepEqual(secure.asked.slice(1, 2), ["SRV _sips._tcp.example.net"]);
  });

  it("without SRV too: UDP for sip, TLS for sips, the domain's own addresses", () => {
    const text = "@ A 192.0.2.9\n@ AAAA 2001:db8::9\n";
    assert.deepEqual(written(locate(zoneOf(text), "example.net")), [
      "udp 192.0.2.9 5060",
      "udp 2001:db8::9 5060",
    ]);
    assert.deepEqual(
      written(locate(zoneOf(text), "example.net", { scheme: "sips" }))[0],
      "tls 192.0.2.9 5061",
    );
  });
});

describe("a service that is not offered (RFC 2782, target .)", () => {
  it("has no way by addresses", () => {
    const zone = zoneOf("_sip._tcp SRV 0 0 0 .\n@ A 192.0.2.9\n");
    assert.equal(written(locate(zone, "example.net", { transport: "tcp" })), "no-service");
    assert.ok(!zone.asked.includes("A example.net"));
  });

  it("leaves the other transport", () => {
    const zone = zoneOf("_sip._tcp SRV 0 0 0 .\n_sip._udp SRV 0 0 5060 a\na A 192.0.2.1\n");
    assert.deepEqual(written(locate(zone, "example.net")), ["udp 192.0.2.1 5060"]);
  });
});

describe("both families (RFC 7984)", () => {
  const text = `
_sip._tcp SRV 10 0 5060 a
_sip._tcp SRV 20 0 5060 b
a A 192.0.2.1
a AAAA 2001:db8::1
b A 192.0.2.2
b AAAA 2001:db8::2
`;

  it("are in order inside one server, never across", () => {
    const families = ["AAAA", "A"] as const;
    assert.deepEqual(written(locate(zoneOf(text), "example.net", { transport: "tcp", families })), [
      "tcp 2001:db8::1 5060",
      "tcp 192.0.2.1 5060",
      "tcp 2001:db8::2 5060",
      "tcp 192.0.2.2 5060",
    ]);
  });

  it("that we don't have is not asked for", () => {
    const zone = zoneOf(text);
    const families = ["A"] as const;
    const located = locate(zone, "example.net", { transport: "tcp", families });
    assert.deepEqual(written(located), ["tcp 192.0.2.1 5060", "tcp 192.0.2.2 5060"]);
    assert.ok(!zone.asked.some((question) => question.startsWith("AAAA")));
  });

  it("of which one isn't answered leave the other", () => {
    const zone = zoneOf(text, ["AAAA a.example.net", "A b.example.net", "AAAA b.example.net"]);
    assert.deepEqual(written(locate(zone, "example.net", { transport: "tcp" })), ["tcp 192.0.2.1 5060"]);
  });

  it("several addresses of one name are turned by the draw, whatever their order in the answer", () => {
    const draw = (_step: number, highest: number): number => highest;
    for (const order of ["a A 192.0.2.1\na A 192.0.2.2\n", "a A 192.0.2.2\na A 192.0.2.1\n"])
      assert.deepEqual(written(locate(zoneOf(order), "a.example.net", { port: 5060, draw })), [
        "udp 192.0.2.2 5060",
        "udp 192.0.2.1 5060",
      ]);
  });
});

describe("what DNS doesn't tell is never taken for nothing", () => {
  const text = `
@ NAPTR 10 0 "s" "SIPS+D2T" "" _sips._tcp.example.net.
@ NAPTR 20 0 "s" "SIP+D2U" "" _sip._udp.example.net.
_sips._tcp SRV 0 0 5061 a
_sip._udp SRV 0 0 5060 a
a A 192.0.2.1
@ A 192.0.2.9
`;

  for (const [silent, named] of [
    [["NAPTR example.net"], "NAPTR records of example.net"],
    [["SRV _sips._tcp.example.net"], "SRV records of _sips._tcp.example.net"],
    [["A a.example.net", "AAAA a.example.net"], "A records of a.example.net"],
  ] as const) {
    it(`no answer for ${silent[0]} is a temporary failure that says so`, () => {
      const location = locate(zoneOf(text, silent), "example.net");
      assert.equal(location.failure?.cause, "temporary");
      assert.ok(location.failure.text.includes(`${named}: no answer in 2 s`), location.failure.text);
    });
  }

  it("a truncated answer that reaches the search is a temporary failure", () => {
    const locating = locateRequest({
      scheme: "sip",
      host: "example.net",
      supported: ["udp"],
      tlsDemanded: false,
      families: ["A"],
      draw: () => 0,
    });
    assert.deepEqual(locating.next().value, [{ type: "NAPTR", name: "example.net" }]);
    const { done, value } = locating.next([{ kind: "truncated" }]);
    assert.equal(done, true);
    assert.ok("failure" in value && value.failure?.cause === "temporary");
    assert.ok("sips" in value && value.sips === "not-known");
  });

  it("a SIPS offer that none of ours can take is not passed over in clear", () => {
    const zone = zoneOf('@ NAPTR 10 0 "s" "SIPS+D2T" "" _sips._tcp.example.net.\n@ A 192.0.2.9\n');
    const location = locate(zone, "example.net", { supported: ["udp", "tcp"] });
    assert.equal(written(location), "transport-not-supported");
    assert.equal(location.sips, "offered");
  });
});

describe("whether a domain asks for TLS (RFC 3263 7)", () => {
  it("is told by its NAPTR records alike, whatever the URI says: nobody takes it for withdrawn", () => {
    const zone = zoneOf(`
@ NAPTR 10 0 "s" "SIP+D2U" "" _sip._udp.example.net.
_sip._udp SRV 0 0 5060 a
_sips._tcp SRV 0 0 5061 a
a A 192.0.2.1
`);
    const offer = (given: Parameters<typeof locate>[2]) => locate(zone, "example.net", given).sips;
    assert.equal(offer({}), "not-offered");
    assert.equal(offer({ scheme: "sips" }), "not-offered");
    assert.equal(offer({ tlsDemanded: true }), "not-offered");
    assert.equal(offer({ transport: "tls" }), "not-known");
  });

  it("is not known while its SRV records, the only ones, are not told", () => {
    const locating = locateRequest({
      scheme: "sip",
      host: "example.net",
      supported: ["tls", "udp"],
      tlsDemanded: false,
      families: ["A"],
      draw: () => 0,
    });
    locating.next();
    locating.next([{ kind: "no-data", ttl: 60 }]);
    const { done, value } = locating.next([
      { kind: "failure", cause: "SERVFAIL" },
      { kind: "no-data", ttl: 60 },
    ]);
    assert.equal(done, true);
    assert.ok("sips" in value && value.sips === "not-known");
  });
});

describe("the NAPTR order (RFC 3403 4.1)", () => {
  it("is strict: no record of a later order is followed after a match", () => {
    const zone = zoneOf(`
@ NAPTR 10 0 "s" "SIPS+D2T" "" _sips._tcp.example.net.
@ NAPTR 20 0 "s" "SIP+D2T" "" _sip._tcp.example.net.
_sips._tcp SRV 0 0 0 .
_sip._tcp SRV 0 0 5060 a
a A 192.0.2.1
`);
    assert.equal(written(locate(zone, "example.net")), "no-service");
    assert.ok(!zone.asked.includes("SRV _sip._tcp.example.net"));
  });

  it("inside it preference decides, against what we prefer", () => {
    const zone = zoneOf(`
@ NAPTR 10 20 "s" "SIP+D2T" "" _sip._tcp.example.net.
@ NAPTR 10 10 "s" "SIP+D2U" "" _sip._udp.example.net.
_sip._tcp SRV 0 0 5060 a
_sip._udp SRV 0 0 5060 a
a A 192.0.2.1
`);
    assert.deepEqual(written(locate(zone, "example.net")), ["udp 192.0.2.1 5060"]);
  });

  it("records with an expression, another flag or no name are left out", () => {
    const zone = zoneOf(`
@ NAPTR 1 0 "s" "SIP+D2T" "!x!y!" _sip._tcp.example.net.
@ NAPTR 2 0 "a" "SIP+D2T" "" a.example.net.
@ NAPTR 3 0 "s" "SIP+D2T" "" .
@ NAPTR 4 0 "s" "SIP+D2U" "" _sip._udp.example.net.
_sip._tcp SRV 0 0 5060 a
_sip._udp SRV 0 0 5060 a
a A 192.0.2.1
`);
    assert.deepEqual(written(locate(zone, "example.net")), ["udp 192.0.2.1 5060"]);
  });
});

describe("a host that no DNS has", () => {
  for (const host of [
    "",
    "a..b",
    "256.1.1.1",
    "1.2.3",
    "[::1",
    "[fe80::1%25eth0]",
    "a b.example",
    `${"a.".repeat(125)}example`,
  ])
    it(`${JSON.stringify(host.slice(0, 20))} is refused without a question`, () => {
      const zone = zoneOf("");
      assert.equal(written(locate(zone, host)), "no-such-domain");
      assert.deepEqual(zone.asked, []);
    });

  it("a name that doesn't exist is told from one without a service", () => {
    const zone = zoneOf("text CNAME a\na A 192.0.2.1\nempty NS ns\n");
    assert.equal(written(locate(zone, "other.example.net")), "no-such-domain");
    assert.equal(written(locate(zone, "other.example.net", { port: 5060 })), "no-such-domain");
    assert.equal(written(locate(zone, "empty.example.net")), "no-service");
    assert.deepEqual(written(locate(zone, "text.example.net", { port: 5060 })), ["udp 192.0.2.1 5060"]);
  });
});

describe("bounds", () => {
  it("of servers, addresses and targets hold", () => {
    const servers = Array.from({ length: 40 }, (_, i) => `_sip._tcp SRV ${i} 0 5060 s${i}\n`).join("");
    const addresses = Array.from({ length: 40 }, (_, i) =>
      Array.from({ length: 20 }, (_none, j) => `s${i} A 192.0.${i}.${j}\n`).join(""),
    ).join("");
    const zone = zoneOf(servers + addresses);
    const { targets } = locate(zone, "example.net", { transport: "tcp" });
    assert.equal(targets?.length, 32);
    assert.equal(zone.asked.length, 1 + 2 * 8);
    assert.equal(targets.filter(({ address }) => address.startsWith("192.0.0.")).length, 8);
    assert.equal(locationLimits.targets, 32);
  });
});

describe("a response whose connection is gone (RFC 3263 5)", () => {
  const text = `
_sips._tcp SRV 0 0 5071 a
_sip._udp SRV 0 0 5072 a
a A 192.0.2.1
@ A 192.0.2.9
`;

  for (const [transport, port, target, first] of [
    ["TLS", undefined, "tls 192.0.2.1 5071", "SRV _sips._tcp.example.net"],
    ["UDP", undefined, "udp 192.0.2.1 5072", "SRV _sip._udp.example.net"],
    ["TCP", undefined, "tcp 192.0.2.9 5060", "SRV _sip._tcp.example.net"],
    ["TLS", 5099, "tls 192.0.2.9 5099", "A example.net"],
  ] as const) {
    it(`Via: SIP/2.0/${transport} example.net${port === undefined ? "" : `:${port}`} is ${target}`, () => {
      const zone = zoneOf(text);
      assert.deepEqual(written(locateBack(zone, "example.net", transport, { port })), [target]);
      assert.equal(zone.asked[0], first);
    });
  }

  it("goes to an address as it is, and nowhere over a transport that isn't ours", () => {
    assert.deepEqual(written(locateBack(zoneOf(""), "192.0.2.1", "TLS")), ["tls 192.0.2.1 5061"]);
    assert.equal(written(locateBack(zoneOf(""), "192.0.2.1", "SCTP")), "transport-not-supported");
  });
});
