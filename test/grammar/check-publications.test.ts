/** What may be published: RFC 1034 4.2, 1123 2.1, 2782, 3261 25.1, 3263 4.1; TS 33.203 6.5. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkText, checkWith, findings, networks } from "./policy-notation.ts";

const publish = (lines: string, domain = "home1.example"): string =>
  `publish "${domain}" {\n  ${lines.replaceAll("\n", "\n  ")}\n}\n`;
const edge = 'host "edge1.home1.example" address 192.0.2.1, 2001:db8::1';
const tls = 'tls "edge1.home1.example" port 5061 priority 10 weight 50';

describe("a publication", () => {
  it("of TLS alone is in order: who wants no other arrivals asks for none", () => {
    assert.deepEqual(findings(publish(`${edge}\n${tls}`)), []);
  });

  it("may name a host elsewhere, whose address is published there", () => {
    assert.deepEqual(
      findings(publish('tls "edge.carrier-host.example" port 5061 priority 10 weight 50')),
      [],
    );
  });

  it("may name a host of another publication", () => {
    const text = networks.replace(
      'own domain "home1.example"',
      'own domain "home1.example" domain "h2.example"',
    );
    const both = publish(`${edge}\n${tls}`) + publish(tls, "h2.example");
    assert.deepEqual(checkText(text + both).diagnostics, []);
  });

  it("holds no address of a host outside of its domain", () => {
    const elsewhere = 'host "edge.open-d.example" address 192.0.2.1';
    assert.deepEqual(findings(publish(`${elsewhere}\n${edge}\n${tls}`)), ['P3045 ""edge.open-d.example""']);
    assert.deepEqual(findings(publish(`host "xhome1.example" address 192.0.2.1\n${tls}`)), [
      'P3045 ""xhome1.example""',
    ]);
  });

  it("names hosts as hosts are named", () => {
    const of = (host: string): string[] => findings(publish(`tls "${host}" port 5061 priority 10 weight 50`));
    assert.deepEqual(of("_edge.home1.example"), ['P3044 ""_edge.home1.example""']);
    assert.deepEqual(of("edge.1"), ['P3044 ""edge.1""']);
    assert.deepEqual(findings(publish(`host "e_1.home1.example" address 192.0.2.1\n${edge}\n${tls}`)), [
      'P3044 ""e_1.home1.example""',
    ]);
  });

  it("leaves room for the names of services (RFC 1035 2.3.4)", () => {
    const long = `${`${"a".repeat(59)}.`.repeat(4)}ex`;
    assert.equal(long.length, 242);
    const other = 'tls "edge.carrier-host.example" port 5061 priority 10 weight 50';
    assert.deepEqual(findings(publish(other, long)), [`P4026 ""${long}""`]);
    assert.deepEqual(findings(publish(other, `${long}a`)), [`P3044 ""${long}a""`]);
  });

  it("says everything once", () => {
    assert.deepEqual(findings(publish(`ttl 60\nttl 60\n${edge}\n${tls}`)), ['P2006 "ttl 60"']);
    assert.deepEqual(findings(publish(`${edge}\n${edge}\n${tls}`)), ['P2006 ""edge1.home1.example""']);
    assert.deepEqual(findings(publish(`${edge}\n${tls}\n${tls.replace("weight 50", "weight 60")}`)), [
      'P2006 ""edge1.home1.example""',
    ]);
    const twice = 'host "edge1.home1.example" address 2001:db8::1, 2001:DB8:0::1';
    assert.deepEqual(findings(publish(`${twice}\n${tls}`)), ['P2006 "2001:DB8:0::1"']);
    assert.deepEqual(findings(publish(`${edge}\n${tls}`) + publish(tls, "HOME1.example.")), [
      'P2006 ""HOME1.example.""',
    ]);
  });

  it("is of a domain of ours: another network's is an error, nobody's a warning", () => {
    const other = 'tls "edge.carrier-host.example" port 5061 priority 10 weight 50';
    assert.deepEqual(findings(publish(other, "carrier-c.example")), ['P3046 ""carrier-c.example""']);
    assert.deepEqual(findings(publish(other, "open-d.example")), ['P3046 ""open-d.example""']);
    assert.deepEqual(findings(publish(other, "x.home1.example")), ['P4026 ""x.home1.example""']);
  });

  it("has the addresses of its own hosts, and asks for TLS", () => {
    assert.deepEqual(findings(publish(tls)), ['P4025 ""edge1.home1.example""']);
    assert.deepEqual(
      findings(publish(`${edge}\nudp "edge1.home1.example" port 5060 priority 10 weight 50`)),
      ['P4027 ""home1.example""'],
    );
  });

  it("is not judged by networks that may stand in a module that can't be read", () => {
    const text = 'language 1\npolicy "p"\nimport "./missing.privet"\n';
    const { diagnostics } = checkText(text + publish(`${edge}\n${tls}`));
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ["P2007"],
    );
  });

  it("is in the model as it was written, names in lower case", () => {
    const { policy } = checkWith(
      publish(`ttl 60\n${edge.toUpperCase().replace(/^HOST|ADDRESS/g, (w) => w.toLowerCase())}\n${tls}`),
    );
    const [publication] = policy?.publications ?? [];
    assert.equal(publication?.ttl, 60);
    assert.deepEqual(publication?.hosts[0]?.name, "edge1.home1.example");
    assert.deepEqual(publication?.services, [
      { transport: "tls", host: "edge1.home1.example", port: 5061, priority: 10, weight: 50 },
    ]);
  });
});
