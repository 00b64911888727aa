/** `privet locate` against a name server of the test's own. */
import assert from "node:assert/strict";
import { after, afterEach, describe, it } from "node:test";
import { runCommandLine } from "../../cli/command-line.ts";
import { type Row, SmallZone } from "../border/small-zone.ts";
import { BorderFolder } from "./border-folder.ts";
import { memoryIo } from "./memory-io.ts";

const folder = new BorderFolder();
after(() => folder.remove());
const written = folder.write(
  "mine.privet",
  `language 1
policy "home and a carrier"
network home {
  own
  domain "home1.example"
  listener "inside"
}
partner carrier-c {
  domain "carrier-c.example"
  agreement "IWA-1" from 2026-01-01 to 2026-12-31
  authority "carrier.pem"
  tls required
}
network open-d {
  domain "open-d.example"
  address 10.0.0.0/30
}
trust home
`,
);

const asks: readonly Row[] = [
  "carrier-c.example NAPTR 50 50 s SIPS+D2T _sips._tcp.carrier-c.example",
  "_sips._tcp.carrier-c.example SRV 10 0 5061 a.carrier-c.example",
  "_sips._tcp.carrier-c.example SRV 20 0 5061 b.carrier-c.example",
  "a.carrier-c.example A 198.51.100.7",
  "b.carrier-c.example A 127.0.0.1",
];

const zones: SmallZone[] = [];
afterEach(() => Promise.all(zones.splice(0).map((zone) => zone.close())));

async function locate(rows: readonly Row[], ...argv: readonly string[]) {
  const zone = await SmallZone.serve(rows, 60);
  zones.push(zone);
  const io = memoryIo();
  const server = `127.0.0.1:${zone.server.server.port}`;
  const code = await runCommandLine(["locate", ...argv, "--server", server], io, {});
  return {
    code,
    out: io
      .said()
      .toString()
      .replaceAll(/\(\d+ ms\)/g, "(0 ms)"),
    err: io.complained(),
  };
}

const policy = ["--policy", written];

describe("privet locate", () => {
  it("shows each step, the targets, and what the policy makes of them", async () => {
    const { code, out } = await locate(asks, "sip:bob@carrier-c.example", "--draw", "7", ...policy);
    assert.equal(
      out,
      `sip:bob@carrier-c.example
  for carrier-c, over TLS alone, as the policy has it

1. NAPTR carrier-c.example: for 60 s (0 ms)
     50 50 "s" "SIPS+D2T" "" _sips._tcp.carrier-c.example.

2. SRV _sips._tcp.carrier-c.example: for 60 s (0 ms)
     10 0 5061 a.carrier-c.example.
     20 0 5061 b.carrier-c.example.

3. AAAA a.carrier-c.example: none, for 60 s (0 ms)
3. A a.carrier-c.example: for 60 s (0 ms)
     198.51.100.7
3. AAAA b.carrier-c.example: none, for 60 s (0 ms)
3. A b.carrier-c.example: for 60 s (0 ms)
     127.0.0.1

carrier-c.example asks for TLS: it publishes SIPS

targets, in the order of trying (draw 7):
  1. tls 198.51.100.7 port 5061  carrier-c: its certificate must name carrier-c.example, by an authority of carrier-c
  2. tls 127.0.0.1 port 5061  not followed: only this network could reach it, and the policy declares it for nobody outside
`,
    );
    assert.equal(code, 0);
  });

  it("says how the request is answered where TLS is demanded and not offered", async () => {
    const rows = [
      "carrier-c.example NAPTR 50 50 s SIP+D2U _sip._udp.carrier-c.example",
      "_sip._udp.carrier-c.example SRV 10 0 5060 a.carrier-c.example",
      "a.carrier-c.example A 198.51.100.7",
    ];
    const { code, out } = await locate(rows, "sip:bob@carrier-c.example", ...policy);
    assert.equal(code, 1);
    assert.match(out, /the request would be answered 480, Warning 381 "SIPS Required": /);
    // Without the policy nobody demands it.
    const plain = await locate(rows, "sip:bob@carrier-c.example");
    assert.equal(plain.code, 0);
    assert.match(plain.out, /\n {2}1\. udp 198\.51\.100\.7 port 5060\n/);
  });

  it("says which of the targets are another network's than the first: the request goes to one", async () => {
    const rows = ["both.example A 10.0.0.1", "both.example A 198.51.100.7"];
    const { code, out } = await locate(rows, "sip:x@both.example:5060", "--draw", "7", ...policy);
    assert.match(out, / {2}1\. udp 10\.0\.0\.1 port 5060 {2}open-d, in clear\n/);
    assert.match(
      out,
      / {2}2\. udp 198\.51\.100\.7 port 5060 {2}not followed: it is of stranger, and the request goes to open-d\n/,
    );
    assert.equal(code, 0);
  });

  it("takes another way than TLS where no certificate would be believed, and never one for sips", async () => {
    for (const domain of ["nobody.example", "open-d.example"]) {
      const secure = [
        `${domain} NAPTR 50 50 s SIPS+D2T _sips._tcp.${domain}`,
        `_sips._tcp.${domain} SRV 10 0 5061 a.${domain}`,
        `a.${domain} A 198.51.100.7`,
      ];
      const clear = [
        `${domain} NAPTR 90 50 s SIP+D2U _sip._udp.${domain}`,
        `_sip._udp.${domain} SRV 10 0 5060 a.${domain}`,
      ];
      const { code, out } = await locate([...secure, ...clear], `sip:x@${domain}`, ...policy);
      assert.match(out, /\n {2}not over TLS: no authority of the policy could vouch for its certificate\n/);
      assert.match(out, /\n {2}1\. udp 198\.51\.100\.7 port 5060 {2}[a-z-]+, in clear\n$/);
      assert.equal(code, 0);

      const alone = await locate(secure, `sip:x@${domain}`, ...policy);
      assert.match(alone.out, /answered 480: /);
      assert.equal(alone.code, 1);
      const sips = await locate([...secure, ...clear], `sips:x@${domain}`, ...policy);
      assert.match(sips.out, /answered 480, Warning 380 "SIPS Not Allowed": /);
      assert.equal(sips.code, 1);
    }
  });

  it("does not take for an address what is none", async () => {
    for (const uri of ["sip:x@127.1", "sip:x@0x7f.0.0.1", "sip:x@2130706433"]) {
      const { code, out } = await locate([], uri, ...policy);
      assert.match(out, /\nnothing was asked\n/);
      assert.match(out, /answered 404: "[\dx.f]+" is no address and no domain name\n$/);
      assert.equal(code, 1);
    }
  });

  it("says the same as JSON", async () => {
    const { out } = await locate(
      ["open-d.example A 10.0.0.1"],
      "sip:x@open-d.example;transport=udp",
      "--json",
      ...policy,
    );
    const { network, sips, targets, steps, refusal } = JSON.parse(out);
    assert.deepEqual(
      { network, sips, refusal },
      { network: "open-d", sips: "not-known", refusal: undefined },
    );
    assert.deepEqual(targets, [
      { transport: "udp", address: "10.0.0.1", port: 5060, verdict: { follows: true, network: "open-d" } },
    ]);
    const asked = steps
      .flat()
      .map(({ type, name, kind }: Record<string, string>) => `${type} ${name} ${kind}`);
    assert.deepEqual(asked, [
      "SRV _sip._udp.open-d.example no-such-name",
      "AAAA open-d.example no-data",
      "A open-d.example records",
    ]);
  });

  for (const [argv, complaint] of [
    [[], /no URI is given/],
    [["tel:+15550100"], /`tel:\+15550100` is no SIP URI/],
    [["sip:bob@open-d.example", "--draw", "x"], /--draw wants a number from 0 to 4294967295/],
    [["sip:bob@open-d.example", "--transport", "sctp"], /--transport is one of tls, tcp, udp/],
    [["sip:bob@home1.example", ...policy], /is of our own network: its hops stand in border\.json/],
    [["sip:bob@10.0.0.1", ...policy], /names an address of open-d: there is nothing to locate/],
  ] as const)
    it(`is called wrongly: ${argv.join(" ") || "with nothing"}`, async () => {
      const { code, err } = await locate([], ...argv);
      assert.equal(code, 2);
      assert.match(err, complaint);
    });
});
