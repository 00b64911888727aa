/** `privet zone`: what it prints, and what it says of a DNS that holds something else. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Responder } from "../../adapters/index.ts";
import { runCommandLine } from "../../cli/command-line.ts";
import { verifyZone } from "../../cli/zone/verification.ts";
import {
  type NaptrRecord,
  type Outcome,
  publishedZones,
  type Question,
  type ResourceRecord,
} from "../../wire/index.ts";
import { home, zonesOf } from "../wire/dns/published.ts";
import { memoryIo } from "./memory-io.ts";

const policy = `language 1
policy "published; \\"so\\""
network home {
  own
  domain "home1.example"
  domain "home2.example"
}
trust home
publish "home2.example" {
  tls "edge1.home1.example" port 5061 priority 10 weight 50
}
publish "home1.example" {
  ttl 60
  host "edge1.home1.example" address 2001:db8::1, 192.0.2.1
  udp "edge1.home1.example" port 5060 priority 10 weight 50
  tcp "edge1.home1.example" port 5060 priority 10 weight 50
  tls "edge1.home1.example" port 5061 priority 10 weight 50
}
`;

describe("privet zone", () => {
  const folder = mkdtempSync(join(tmpdir(), "privet-zone-"));
  const path = join(folder, "p.privet");
  before(() => writeFileSync(path, policy));
  after(() => rmSync(folder, { recursive: true }));

  async function zone(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    const io = memoryIo();
    const code = await runCommandLine(["zone", path, ...argv], io, {});
    return { code, out: io.said().toString(), err: io.complained() };
  }

  it("prints a part of a master file for each domain, by name", async () => {
    const { code, out } = await zone();
    assert.equal(code, 0);
    assert.equal(
      out,
      `; policy "published; \\"so\\"" (${path})
; home1.example asks for TLS: SIPS+D2T comes first (TS 33.203 6.5; RFC 3263 4.1)
home1.example.             60  IN  NAPTR  50 50 "s" "SIPS+D2T" "" _sips._tcp.home1.example.
home1.example.             60  IN  NAPTR  90 50 "s" "SIP+D2T" "" _sip._tcp.home1.example.
home1.example.             60  IN  NAPTR  100 50 "s" "SIP+D2U" "" _sip._udp.home1.example.
_sips._tcp.home1.example.  60  IN  SRV    10 50 5061 edge1.home1.example.
_sip._tcp.home1.example.   60  IN  SRV    10 50 5060 edge1.home1.example.
_sip._udp.home1.example.   60  IN  SRV    10 50 5060 edge1.home1.example.
edge1.home1.example.       60  IN  A      192.0.2.1
edge1.home1.example.       60  IN  AAAA   2001:db8::1

; policy "published; \\"so\\"" (${path})
; home2.example asks for TLS: SIPS+D2T comes first (TS 33.203 6.5; RFC 3263 4.1)
; not offered, though RFC 3263 4.1 has every domain offer it: SIP+D2T, SIP+D2U
home2.example.             300  IN  NAPTR  50 50 "s" "SIPS+D2T" "" _sips._tcp.home2.example.
_sips._tcp.home2.example.  300  IN  SRV    10 50 5061 edge1.home1.example.
_sip._tcp.home2.example.   300  IN  SRV    0 0 0 .
_sip._udp.home2.example.   300  IN  SRV    0 0 0 .
`,
    );
  });

  it("prints a zone that stands alone", async () => {
    const names = ["--name-server", "NS1.provider.example.", "--name-server", "ns2.provider.example"];
    const { out } = await zone("--domain", "home2.example", "--whole", "--serial", "2026060101", ...names);
    assert.deepEqual(out.split("\n").slice(3, 8), [
      "$ORIGIN home2.example.",
      "$TTL 300",
      "home2.example.             300  IN  SOA    ns1.provider.example. hostmaster.home2.example. 2026060101 3600 600 604800 300",
      "home2.example.             300  IN  NS     ns1.provider.example.",
      "home2.example.             300  IN  NS     ns2.provider.example.",
    ]);
  });

  it("prints JSON", async () => {
    const { out } = await zone("--json", "--domain", "home2.example");
    assert.deepEqual(JSON.parse(out), {
      policy: 'published; "so"',
      zones: [
        {
          domain: "home2.example",
          records: [
            {
              name: "home2.example",
              type: "NAPTR",
              ttl: 300,
              order: 50,
              preference: 50,
              flags: "s",
              services: "SIPS+D2T",
              regexp: "",
              replacement: "_sips._tcp.home2.example",
            },
            {
              name: "_sips._tcp.home2.example",
              type: "SRV",
              ttl: 300,
              priority: 10,
              weight: 50,
              port: 5061,
              target: "edge1.home1.example",
            },
            {
              name: "_sip._tcp.home2.example",
              type: "SRV",
              ttl: 300,
              priority: 0,
              weight: 0,
              port: 0,
              target: ".",
            },
            {
              name: "_sip._udp.home2.example",
              type: "SRV",
              ttl: 300,
              priority: 0,
              weight: 0,
              port: 0,
              target: ".",
            },
          ],
        },
      ],
    });
  });

  for (const [argv, complaint] of [
    [["--whole"], "--whole needs --serial, larger with each version"],
    [["--serial", "1"], "--serial goes with --whole"],
    [["--name-server", "a.example"], "--name-server goes with --whole"],
    [
      ["--whole", "--serial", "4294967296"],
      "--serial wants a number of 32 bits such as 2026060101, not `4294967296`",
    ],
    [
      ["--whole", "--serial", "1"],
      "a zone holds one domain: add --domain with one of home1.example, home2.example",
    ],
    [["--server", "192.0.2.1"], "--server goes with --verify"],
    [["--verify", "--whole", "--serial", "1"], "--verify prints no zone: take --whole out"],
    [
      ["--verify", "--server", "ns.example"],
      "--server wants an address such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53, not `ns.example`",
    ],
    [["--domain", "open-d.example"], `does not publish \`open-d.example\`, but home1.example, home2.example`],
  ] as const)
    it(`refuses ${argv.join(" ")}`, async () => {
      const { code, out, err } = await zone(...argv);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.ok(err.includes(complaint), err);
    });

  it("refuses a policy that publishes nothing", async () => {
    writeFileSync(join(folder, "none.privet"), policy.slice(0, policy.indexOf('publish "')));
    const io = memoryIo();
    assert.equal(await runCommandLine(["zone", join(folder, "none.privet")], io, {}), 2);
    assert.match(io.complained(), /publishes nothing: write a `publish` statement/);
  });

  describe("--verify", () => {
    const services = ["tls", "tcp", "udp"].map((transport) => ({
      transport: transport as "tls",
      host: "edge1.home1.example",
      port: transport === "tls" ? 5061 : 5060,
      priority: 10,
      weight: 50,
    }));
    const hosts = [{ name: "edge1.home1.example", addresses: ["192.0.2.1", "2001:db8::1"] }];
    const same = zonesOf(
      { domain: "home1.example", ttl: 60, hosts, services },
      { domain: "home2.example", ttl: 300, hosts: [], services: services.slice(0, 1) },
    );
    const responder = new Responder(
      { listen: [{ address: "127.0.0.1", port: 0 }], answers: 1000, total: 1000 },
      same,
    );
    let server = "";
    before(async () => {
      const [bound] = await responder.listen();
      server = `127.0.0.1:${bound!.port}`;
    });
    after(() => responder.close());

    it("finds all of it, whatever its TTL", async () => {
      const { code, out } = await zone("--verify", "--server", server);
      assert.equal(
        out,
        "home1.example: 8 records, all as published\nhome2.example: 4 records, all as published\n",
      );
      assert.equal(code, 0);
    });

    it("says what differs, for people and for machines", async () => {
      const moved = [{ name: "edge1.home1.example", addresses: ["192.0.2.99"] }];
      responder.serve(
        zonesOf({ domain: "home1.example", ttl: 60, hosts: moved, services: services.slice(0, 2) }),
      );
      const { code, out } = await zone("--verify", "--server", server, "--domain", "home1.example");
      assert.equal(code, 1);
      assert.equal(
        out,
        `home1.example NAPTR 100 50 "s" "SIP+D2U" "" _sip._udp.home1.example.
  missing: it is not there
  help: add it
_sip._udp.home1.example SRV 10 50 5060 edge1.home1.example.
  missing: it is not there
  help: add it
_sip._udp.home1.example SRV 0 0 0 .
  surplus: the policy offers this service
  help: take it out, or write it into the \`publish\` statement
edge1.home1.example A 192.0.2.1
  missing: it is not there
  help: add it
edge1.home1.example A 192.0.2.99
  surplus: the policy gives the host no such address
  help: take it out, or write it into the \`publish\` statement
edge1.home1.example AAAA 2001:db8::1
  missing: it is not there
  help: add it

6 findings
`,
      );
      const json = await zone("--verify", "--server", server, "--domain", "home1.example", "--json");
      assert.equal(json.code, 1);
      const findings: unknown = JSON.parse(json.out);
      assert.ok(Array.isArray(findings));
      assert.deepEqual(findings[0], {
        domain: "home1.example",
        type: "NAPTR",
        name: "home1.example",
        kind: "missing",
        record: '100 50 "s" "SIP+D2U" "" _sip._udp.home1.example.',
        cause: "it is not there",
        remedy: "add it",
      });
    });

    it("knows nothing where nobody answers, and says so", async () => {
      const { code, out } = await zone(
        "--verify",
        "--server",
        "127.0.0.1:9",
        "--timeout",
        "0.3",
        "--domain",
        "home2.example",
      );
      assert.equal(code, 1);
      assert.match(out, /^home2\.example NAPTR\n {2}unknown: .+\n {2}help: look at the server/);
      assert.match(out, /\n4 findings\n$/);
    });
  });
});

describe("what DNS says against a policy", () => {
  const [zone] = publishedZones([home]);
  /** DNS that holds what is published, changed where a test says. */
  const findings = (
    change: (question: Question, records: readonly ResourceRecord[]) => readonly ResourceRecord[] | Outcome,
  ): Promise<readonly string[]> =>
    verifyZone(zone!, (asked) => {
      const records = zone!.records.filter(
        ({ owner, record }) => owner === asked.name && record.type === asked.type,
      );
      const changed = change(
        asked,
        records.map(({ record }) => record),
      );
      if ("kind" in changed) return Promise.resolve(changed);
      return Promise.resolve(
        changed.length > 0 ? { kind: "records", records: changed, ttl: 1 } : { kind: "no-data", ttl: 1 },
      );
    }).then((found) => found.map(({ name, type, kind, cause }) => `${type} ${name} ${kind}: ${cause}`));

  const naptr = (order: number, services: string, replacement: string): NaptrRecord => ({
    type: "NAPTR",
    order,
    preference: 50,
    flags: "S",
    services,
    regexp: "",
    replacement,
  });

  it("is nothing where letters differ in case alone, and in any order", async () => {
    const found = await findings(({ type }, records) =>
      type === "NAPTR"
        ? [
            naptr(100, "sip+d2u", "_SIP._udp.home1.example"),
            naptr(50, "sips+d2t", "_sips._tcp.HOME1.example"),
            naptr(90, "SIP+D2T", "_sip._tcp.home1.example"),
          ]
        : records.toReversed(),
    );
    assert.deepEqual(found, []);
  });

  it("is nothing where other applications have their NAPTR too", async () => {
    const found = await findings(({ type }, records) =>
      type === "NAPTR" ? [...records, naptr(10, "E2U+pres", "x.example")] : records,
    );
    assert.deepEqual(found, []);
  });

  it("tells of TLS that comes behind", async () => {
    const found = await findings(({ type }, records) =>
      type === "NAPTR"
        ? records.map((one) =>
            one.type === "NAPTR" && one.services === "SIPS+D2T" ? { ...one, order: 90 } : one,
          )
        : records,
    );
    assert.deepEqual(found, [
      "NAPTR home1.example different: the policy publishes it with other numbers",
      "NAPTR home1.example contradiction: SIP+D2T has order 90, and TLS only 90: callers may come without TLS",
    ]);
  });

  it("tells of services and servers that nobody has published", async () => {
    const found = await findings(({ type, name }, records) => {
      if (type === "NAPTR") return [...records, naptr(120, "SIP+D2S", "_sip._sctp.home1.example")];
      if (name === "_sips._tcp.home1.example")
        return [...records, { type: "SRV", priority: 5, weight: 0, port: 5061, target: "old.home1.example" }];
      return records;
    });
    assert.deepEqual(found, [
      "NAPTR home1.example surplus: the policy publishes no SIP+D2S there",
      "SRV _sips._tcp.home1.example surplus: the policy names no such server",
    ]);
  });

  it("tells of an address that a host has left, also of the other family", async () => {
    const found = await findings(({ type, name }, records) =>
      type === "AAAA" && name === "edge2.home1.example"
        ? [{ type: "AAAA", address: "2001:db8::2" }]
        : records,
    );
    assert.deepEqual(found, ["AAAA edge2.home1.example surplus: the policy gives the host no such address"]);
  });

  it("never reads silence as absence", async () => {
    const found = await findings(({ type }, records) =>
      type === "NAPTR" ? { kind: "failure", cause: "no answer in 2 s" } : records,
    );
    assert.deepEqual(found, ["NAPTR home1.example unknown: no answer in 2 s"]);
  });

  it("tells of a server elsewhere that has no address, and is silent where that isn't known", async () => {
    const service = {
      transport: "tls",
      host: "edge.provider.example",
      port: 5061,
      priority: 1,
      weight: 1,
    } as const;
    const [elsewhere] = publishedZones([{ domain: "home1.example", ttl: 1, hosts: [], services: [service] }]);
    const ask =
      (foreign: Outcome) =>
      (asked: Question): Promise<Outcome> => {
        if (asked.name === "edge.provider.example") return Promise.resolve(foreign);
        const records = elsewhere!.records.flatMap(({ owner, record }) =>
          owner === asked.name && record.type === asked.type ? [record] : [],
        );
        return Promise.resolve({ kind: "records", records, ttl: 1 });
      };
    const causes = async (foreign: Outcome): Promise<readonly string[]> =>
      (await verifyZone(elsewhere!, ask(foreign))).map(({ name, cause }) => `${name}: ${cause}`);
    assert.deepEqual(await causes({ kind: "no-such-name", ttl: 1 }), [
      "edge.provider.example: a server of this name is published, and it has no address",
    ]);
    assert.deepEqual(await causes({ kind: "failure", cause: "the server refused (REFUSED)" }), []);
  });
});
