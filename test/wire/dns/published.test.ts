/** What `publish` makes of a domain: RFC 2782, 3263 4.1, 3403 4.1; RFC 1035 5 for its text. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dataText, masterComment, masterLines, publishedZones, wholeZone } from "../../../wire/index.ts";
import { home } from "./published.ts";

const linesOf = (...publications: Parameters<typeof publishedZones>[0]): readonly string[] =>
  publishedZones(publications).flatMap(({ records }) => masterLines(records));

describe("the records of a published domain", () => {
  it("ask for TLS first, and lead to SRV (RFC 3263 4.1)", () => {
    assert.deepEqual(linesOf(home), [
      'home1.example.             300  IN  NAPTR  50 50 "s" "SIPS+D2T" "" _sips._tcp.home1.example.',
      'home1.example.             300  IN  NAPTR  90 50 "s" "SIP+D2T" "" _sip._tcp.home1.example.',
      'home1.example.             300  IN  NAPTR  100 50 "s" "SIP+D2U" "" _sip._udp.home1.example.',
      "_sips._tcp.home1.example.  300  IN  SRV    10 50 5061 edge1.home1.example.",
      "_sips._tcp.home1.example.  300  IN  SRV    20 0 5061 edge2.home1.example.",
      "_sip._tcp.home1.example.   300  IN  SRV    10 50 5060 edge1.home1.example.",
      "_sip._udp.home1.example.   300  IN  SRV    10 50 5060 edge1.home1.example.",
      "edge1.home1.example.       300  IN  A      192.0.2.1",
      "edge1.home1.example.       300  IN  AAAA   2001:db8::1",
      "edge2.home1.example.       300  IN  A      192.0.2.2",
    ]);
  });

  it("say of a service that no line names that it is not offered (RFC 2782)", () => {
    const services = home.services.filter(({ transport }) => transport === "tls").slice(0, 1);
    assert.deepEqual(linesOf({ ...home, hosts: [], services }), [
      'home1.example.             300  IN  NAPTR  50 50 "s" "SIPS+D2T" "" _sips._tcp.home1.example.',
      "_sips._tcp.home1.example.  300  IN  SRV    10 50 5061 edge1.home1.example.",
      "_sip._tcp.home1.example.   300  IN  SRV    0 0 0 .",
      "_sip._udp.home1.example.   300  IN  SRV    0 0 0 .",
    ]);
  });

  it("are the same whatever the order of the lines", () => {
    const turned = { ...home, hosts: home.hosts.toReversed(), services: home.services.toReversed() };
    assert.deepEqual(publishedZones([turned]), publishedZones([home]));
  });

  it("of a host stand in the zone in which it lies: that of the innermost domain", () => {
    const inner = { domain: "sub.home1.example", ttl: 60, hosts: [], services: [] };
    const hosts = [
      { name: "a.sub.home1.example", addresses: ["192.0.2.9"] },
      { name: "asub.home1.example", addresses: ["192.0.2.8"] },
    ];
    const zones = publishedZones([inner, { ...home, hosts }]);
    assert.deepEqual(
      zones.map(({ domain, records }) => [
        domain,
        records.flatMap((one) => ("address" in one.record ? [one.owner] : [])),
      ]),
      [
        ["home1.example", ["asub.home1.example"]],
        ["sub.home1.example", ["a.sub.home1.example"]],
      ],
    );
  });
});

describe("a whole zone", () => {
  const [zone] = publishedZones([home]);
  const heads = (...nameServers: readonly string[]): readonly string[] =>
    wholeZone(zone!, { serial: 2_026_060_101, nameServers })
      .filter(({ record }) => record.type === "SOA" || record.type === "NS")
      .map(({ record }) => dataText(record));

  it("has SOA and NS of the servers that are named", () => {
    assert.deepEqual(heads("ns1.home1.example", "ns.provider.example"), [
      "ns1.home1.example. hostmaster.home1.example. 2026060101 3600 600 604800 300",
      "ns1.home1.example.",
      "ns.provider.example.",
    ]);
  });

  it("else of the first host with an address", () => {
    assert.deepEqual(heads().slice(1), ["edge1.home1.example."]);
  });

  it("lets nobody remember for more than a quarter of an hour that there is nothing (RFC 2308 5)", () => {
    const [slow] = publishedZones([{ ...home, ttl: 86_400 }]);
    const soa = wholeZone(slow!, { serial: 1, nameServers: [] })[0]?.record;
    assert.equal(soa?.type === "SOA" && soa.minimum, 900);
  });
});

describe("text in a master file", () => {
  it("is escaped where it would end its string or its line (RFC 1035 5.1)", () => {
    const text = dataText({
      type: "NAPTR",
      order: 1,
      preference: 2,
      flags: "u",
      services: 'E2U"\\x',
      regexp: "!^.*$!sip:a\n\u00fc!",
      replacement: ".",
    });
    assert.equal(text, '1 2 "u" "E2U\\"\\\\x" "!^.*$!sip:a\\010\\252!" .');
  });

  it("stays a comment", () => {
    assert.equal(masterComment('a "b";\r\n@ IN A 192.0.2.66\u2028\u0085c'), '; a "b";  @ IN A 192.0.2.66  c');
  });
});
