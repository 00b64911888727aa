/** Scenarios G of the requirements: server location and sips. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { locate, written } from "./locating.ts";
import { Zone } from "./zone.ts";

const carrierC = `
@ IN SOA ns hostmaster 1 3600 600 86400 60
@ NAPTR 50 50 "s" "SIPS+D2T" "" _sips._tcp.carrier-c.example.
@ NAPTR 90 50 "s" "SIP+D2T" "" _sip._tcp.carrier-c.example.
@ NAPTR 100 50 "s" "SIP+D2U" "" _sip._udp.carrier-c.example.
_sips._tcp SRV 0 0 5081 edge
_sip._tcp SRV 0 0 5060 edge
_sip._udp SRV 0 0 5060 edge
edge A 198.51.100.61
@ A 198.51.100.99
`;
const without = (text: string, part: string): string =>
  text
    .split("\n")
    .filter((line) => !line.includes(part))
    .join("\n");

describe("S47 Foreign network asks for TLS", () => {
  it("SIPS+D2T chosen, SRV _sips._tcp, TLS to SRV port, certificate checked against carrier-c.example", () => {
    const zone = new Zone(carrierC, "carrier-c.example");
    const location = locate(zone, "Carrier-C.example.");
    assert.deepEqual(written(location), ["tls 198.51.100.61 5081"]);
    assert.equal(location.domain, "carrier-c.example");
    assert.equal(location.sips, "offered");
  });

  it("else 5061", () => {
    const zone = new Zone(without(carrierC, "_sips._tcp SRV"), "carrier-c.example");
    assert.deepEqual(written(locate(zone, "carrier-c.example")), ["tls 198.51.100.99 5061"]);
  });

  it("whoever has no TLS goes to the next order, and learns that TLS was offered", () => {
    const location = locate(new Zone(carrierC, "carrier-c.example"), "carrier-c.example", {
      supported: ["udp", "tcp"],
    });
    assert.deepEqual(written(location), ["tcp 198.51.100.61 5060"]);
    assert.equal(location.sips, "offered");
  });
});

describe("S48 SIPS records vanish", () => {
  const zone = (): Zone => new Zone(without(carrierC, "SIPS+D2T"), "carrier-c.example");

  it("since the partner rule requires TLS: 480 with Warning 381", () => {
    const location = locate(zone(), "carrier-c.example", { tlsDemanded: true });
    assert.equal(written(location), "tls-not-offered");
    assert.equal(location.sips, "not-offered");
  });

  it("without the demand the records that are left are followed, and the offer is known to be gone", () => {
    const location = locate(zone(), "carrier-c.example");
    assert.deepEqual(written(location), ["tcp 198.51.100.61 5060"]);
    assert.equal(location.sips, "not-offered");
  });
});

describe("S49 sips target without TLS", () => {
  const openD = `
@ IN SOA ns hostmaster 1 3600 600 86400 60
@ NAPTR 10 50 "s" "SIP+D2T" "" _sip._tcp.open-d.example.
@ NAPTR 20 50 "s" "SIP+D2U" "" _sip._udp.open-d.example.
_sip._tcp SRV 0 0 5060 edge
_sip._udp SRV 0 0 5060 edge
edge A 203.0.113.61
@ A 203.0.113.99
`;

  it("SIP+ records are discarded; then SRV _sips._tcp", () => {
    const zone = new Zone(`${openD}_sips._tcp SRV 0 0 5071 edge\n`, "open-d.example");
    assert.deepEqual(written(locate(zone, "open-d.example", { scheme: "sips" })), ["tls 203.0.113.61 5071"]);
    assert.deepEqual(zone.asked.slice(0, 2), ["NAPTR open-d.example", "SRV _sips._tcp.open-d.example"]);
  });

  it("then A/AAAA with TLS on 5061", () => {
    const location = locate(new Zone(openD, "open-d.example"), "open-d.example", { scheme: "sips" });
    assert.deepEqual(written(location), ["tls 203.0.113.99 5061"]);
  });

  it("if TLS cannot be had: 480 with Warning 380, without a question", () => {
    const zone = new Zone(openD, "open-d.example");
    const location = locate(zone, "open-d.example", { scheme: "sips", supported: ["tcp", "udp"] });
    assert.equal(written(location), "sips-not-possible");
    assert.deepEqual(zone.asked, []);
    assert.equal(
      written(locate(zone, "open-d.example", { scheme: "sips", transport: "udp" })),
      "sips-not-possible",
    );
  });
});

describe("S50 SRV order", () => {
  const zone = `
@ IN SOA ns hostmaster 1 3600 600 86400 60
_sip._tcp SRV 20 0 5060 d
_sip._tcp SRV 10 3 5060 c
_sip._tcp SRV 10 1 5060 b
_sip._tcp SRV 10 0 5060 a
a A 192.0.2.1
b A 192.0.2.2
c A 192.0.2.3
d A 192.0.2.4
`;

  it("random numbers drawn: 0, then 4, then the last: order a, c, b, d", () => {
    const highest: number[] = [];
    const location = locate(new Zone(zone, "open-d.example"), "open-d.example", {
      transport: "tcp",
      draw: (step, most) => {
        highest.push(most);
        return [0, 4][step]!;
      },
    });
    assert.deepEqual(written(location), [
      "tcp 192.0.2.1 5060",
      "tcp 192.0.2.3 5060",
      "tcp 192.0.2.2 5060",
      "tcp 192.0.2.4 5060",
    ]);
    assert.deepEqual(highest, [4, 4]);
  });
});
