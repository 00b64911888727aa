/** Case 29 of `../shared/cases`, and zones of other projects in `../shared/corpora/dns`. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { locate, locateBack, written } from "../../wire/dns/locating.ts";
import { Zone } from "../../wire/dns/zone.ts";
import { readShared } from "./shared-folder.ts";

function zoneOf(origin: string, ...path: string[]): Zone {
  return new Zone(Buffer.from(readShared(...path)).toString("latin1"), origin);
}

describe("29-dns-mixed-case-and-foreign-services.zone", () => {
  const carrierC = (): Zone =>
    zoneOf("carrier-c.example", "cases", "29-dns-mixed-case-and-foreign-services.zone");

  it("leads to TLS, whatever the letter case, and past records that are no SIP", () => {
    const zone = carrierC();
    const location = locate(zone, "carrier-c.example");
    assert.deepEqual(written(location), ["tls 198.51.100.61 5061", "tls 2001:db8:c::61 5061"]);
    assert.equal(location.domain, "carrier-c.example");
    assert.equal(location.sips, "offered");
    assert.deepEqual(zone.asked, [
      "NAPTR carrier-c.example",
      "SRV _sips._tcp.carrier-c.example",
      "A edge.carrier-c.example",
      "AAAA edge.carrier-c.example",
    ]);
  });

  it("asks for addresses alone where the URI has a port", () => {
    const zone = carrierC();
    assert.deepEqual(written(locate(zone, "carrier-c.example", { port: 5070 })), ["udp 198.51.100.99 5070"]);
    assert.deepEqual(zone.asked, ["A carrier-c.example", "AAAA carrier-c.example"]);
  });

  it("asks for no NAPTR where the URI names the transport", () => {
    const zone = carrierC();
    assert.deepEqual(written(locate(zone, "carrier-c.example", { transport: "tcp" })), [
      "tcp 198.51.100.61 5060",
      "tcp 2001:db8:c::61 5060",
    ]);
    assert.equal(zone.asked[0], "SRV _sip._tcp.carrier-c.example");
  });
});

describe("zones of other projects", () => {
  it("kamailio's: no NAPTR, SRV of both transports", () => {
    const origin = "mnc001.mcc001.3gppnetwork.org";
    const zone = zoneOf(origin, "corpora", "dns", "kamailio", origin);
    assert.deepEqual(written(locate(zone, origin)), ["tcp 127.0.0.1 4060"]);
    assert.deepEqual(written(locate(zone, `pcscf.${origin}`, { transport: "udp" })), ["udp 127.0.0.1 5060"]);
    assert.deepEqual(written(locate(zone, `ims.${origin}`)), ["tcp 127.0.0.1 4060"]);
    assert.deepEqual(written(locate(zone, `hss.${origin}`)), ["udp 127.0.0.1 5060"]);
    assert.equal(written(locate(zone, `nobody.${origin}`)), "no-such-domain");
  });

  it("docker_open5gs': two NAPTR of one order and preference, and no TLS", () => {
    const text = Buffer.from(readShared("corpora", "dns", "docker_open5gs", "dns", "ims_zone"))
      .toString("latin1")
      .replaceAll("IMS_DOMAIN", "ims.mnc001.mcc001.3gppnetwork.org")
      .replaceAll(/\b[A-Z]+_IP\b/g, "192.0.2.7");
    const zone = new Zone(text, "ims.mnc001.mcc001.3gppnetwork.org");
    const host = "ims.mnc001.mcc001.3gppnetwork.org";
    const location = locate(zone, host);
    assert.deepEqual(written(location), ["tcp 192.0.2.7 4060"]);
    assert.equal(location.sips, "not-offered");
    assert.equal(written(locate(zone, host, { tlsDemanded: true })), "tls-not-offered");
    assert.deepEqual(written(locate(zone, `voicemail.${host}`, { transport: "UDP" })), [
      "udp 192.0.2.7 5090",
    ]);
  });

  it("sofia-sip's: replacements relative to the zone, priorities, both families of each server", () => {
    const zone = zoneOf("example.com", "corpora", "dns", "sofia-sip", "example.com");
    assert.deepEqual(written(locate(zone, "example.com")), [
      "tls 194.2.188.133 5061",
      "tls 3ff0:10:3012:c000:2c0:95ff:fee2:4b78 5061",
      "tls 194.2.188.135 5050",
      "tls 3ffe:1200:3012:c006:206:5bff:fe55:462f 5050",
      "tls 194.2.188.134 5060",
      "tls 3ff0:12:3012:c006:a08:20ff:fe7d:e7ac 5060",
    ]);
    assert.equal(
      written(locate(zone, "example.com", { supported: ["tcp", "udp"] }))[0],
      "udp 194.2.188.135 5060",
    );
    assert.deepEqual(written(locateBack(zone, "sip.example.com", "UDP", { port: 5070 })), [
      "udp 194.2.188.133 5070",
      "udp 3ff0:10:3012:c000:2c0:95ff:fee2:4b78 5070",
    ]);
  });

  it("sofia-sip's aliases in a circle tell nothing", () => {
    const zone = zoneOf("example.com", "corpora", "dns", "sofia-sip", "example.com");
    const location = locate(zone, "cloop.example.com", { port: 5060 });
    assert.equal(written(location), "temporary");
    assert.match(location.failure!.text, /in a circle/);
  });
});
