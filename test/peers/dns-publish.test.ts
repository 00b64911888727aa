/**
 * What is published, as others take it: BIND, Knot and NSD load the printed zone; `dig` hears the same
 * of BIND and of the border's own answers; `privet zone --verify` agrees with both.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { runCommandLine } from "../../cli/command-line.ts";
import { memoryIo } from "../cli/memory-io.ts";
import { lastingPort } from "../lasting-port.ts";
import { Running } from "../running.ts";
import { RunningNameServer } from "./name-servers.ts";

const run = promisify(execFile);
const domain = "home1.example";
/** A name that holds what ends strings, comments and lines elsewhere. */
const title = 'p; \\"x\\" (a)';
const policy = `language 1
policy "${title}"
network home {
  own
  domain "${domain}"
  domain "small.example"
  listener "inside"
}
trust home
publish "${domain}" {
  host "edge1.${domain}" address 192.0.2.1, 2001:db8::1
  host "edge2.${domain}" address 192.0.2.2
  host "deep.inside.${domain}" address 192.0.2.3
  tls "edge1.${domain}" port 5061 priority 10 weight 50
  tls "edge2.${domain}" port 5061 priority 10 weight 30
  tls "edge.provider.example" port 5061 priority 20 weight 0
  tcp "edge1.${domain}" port 5060 priority 10 weight 50
  udp "edge1.${domain}" port 5060 priority 10 weight 50
}
publish "small.example" {
${Array.from({ length: 60 }, (_, index) => `  tls "server-${index}.provider.example" port 5061 priority ${index} weight 0`).join("\n")}
}
`;

const folder = mkdtempSync(join(tmpdir(), "privet-publish-"));
const policyFile = join(folder, "p.privet");
writeFileSync(policyFile, policy);
after(() => rmSync(folder, { recursive: true }));

async function privet(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const io = memoryIo();
  const code = await runCommandLine(argv, io, {});
  return { code, out: io.said().toString() };
}

async function printed(...argv: readonly string[]): Promise<string> {
  const { code, out } = await privet("zone", policyFile, ...argv);
  assert.equal(code, 0);
  return out;
}

describe("the printed zone", () => {
  const checkers = [
    ["BIND", "/usr/bin/named-checkzone", (name: string, file: string) => [name, file]],
    ["Knot", "/usr/bin/kzonecheck", (name: string, file: string) => ["-o", name, file]],
    ["NSD", "/usr/sbin/nsd-checkzone", (name: string, file: string) => [name, file]],
  ] as const;

  for (const [who, program, argumentsFor] of checkers) {
    const load = async (name: string, text: string): Promise<void> => {
      const file = join(folder, `${who}.${name}.zone`);
      writeFileSync(file, text);
      const { stdout, stderr } = await run(program, argumentsFor(name, file));
      assert.doesNotMatch(stdout + stderr, /error|warn|ignor/i);
    };

    it(`is loaded by ${who} whole`, async () => {
      await load(domain, await printed("--whole", "--serial", "1", "--domain", domain));
      const names = ["--name-server", "ns1.provider.example"];
      await load(
        "small.example",
        await printed("--whole", "--serial", "1", "--domain", "small.example", ...names),
      );
    });

    it(`is loaded by ${who} in another zone, where it changes nothing behind it`, async () => {
      const part = join(folder, `${who}.part`);
      writeFileSync(part, await printed("--domain", domain));
      await load(
        domain,
        `$TTL 7200\n@ SOA ns.provider.example. hostmaster 1 3600 600 86400 60\n NS ns.provider.example.\n$INCLUDE ${part}\nwww A 192.0.2.80\n`,
      );
    });
  }

  it("leaves origin and TTL of the lines behind it as they were", async () => {
    const file = join(folder, "dump.zone");
    const part = join(folder, "dump.part");
    writeFileSync(part, await printed("--domain", domain));
    writeFileSync(
      file,
      `$TTL 7200\n@ SOA ns.provider.example. hostmaster 1 3600 600 86400 60\n NS ns.provider.example.\n$INCLUDE ${part}\nwww A 192.0.2.80\n`,
    );
    const { stdout } = await run("/usr/bin/named-checkzone", ["-D", "-o", "-", domain, file]);
    assert.match(stdout, /^www\.home1\.example\.\s+7200\s+IN\s+A\s+192\.0\.2\.80$/m);
  });
});

interface Heard {
  readonly status: string;
  readonly flags: string;
  readonly answer: readonly string[];
  readonly authority: readonly string[];
  readonly additional: readonly string[];
}

async function dig(port: number, ...argv: readonly string[]): Promise<Heard> {
  const fixed = ["@127.0.0.1", "-p", String(port), "+nocookie", "+tries=1", "+time=20", "+noall"];
  const { stdout } = await run("dig", [
    ...fixed,
    "+comments",
    "+answer",
    "+authority",
    "+additional",
    ...argv,
  ]);
  const section = (name: string): readonly string[] =>
    (new RegExp(`^;; ${name} SECTION:\n([^]*?)(?=\n;;|\n\n|(?![^]))`, "m").exec(stdout)?.[1] ?? "")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.replaceAll(/\s+/g, " ").toLowerCase())
      .toSorted();
  return {
    status: /status: (\w+)/.exec(stdout)?.[1] ?? stdout,
    // Whether it would ask others is a matter of BIND's settings.
    flags: (/^;; flags: ([\w ]*);/m.exec(stdout)?.[1] ?? "").replace(/ ra\b/, ""),
    answer: section("ANSWER"),
    authority: section("AUTHORITY"),
    additional: section("ADDITIONAL"),
  };
}

describe("the border's own answers", () => {
  const file = join(folder, "border.json");
  let border: Running;
  let bind: RunningNameServer;
  let own = 0;

  before(async () => {
    own = await lastingPort();
    const json = {
      policy: "p.privet",
      secret: "000102030405060708090a0b0c0d0e0f",
      lossy: "accept",
      publish: { listen: [`127.0.0.1:${own}`], nameServers: ["edge1.home1.example"], answers: 10_000 },
      listeners: [{ name: "inside", transport: "udp", address: "127.0.0.1", port: 0 }],
      networks: { home: { hops: ["udp:127.0.0.1:9"] } },
    };
    writeFileSync(file, JSON.stringify(json));
    border = Running.privet("run", file);
    await border.until(/^publishing dns /m);
    // The serial is the border's, so that SOA records can be compared.
    const serial = /\ssoa \S+ \S+ (\d+) /.exec((await dig(own, domain, "SOA")).answer.join())?.[1];
    assert.ok(serial !== undefined);
    const names = ["--name-server", "edge1.home1.example"];
    const zoneOf = (name: string): Promise<string> =>
      printed("--whole", "--serial", serial, "--domain", name, ...names);
    const home = join(folder, "bind");
    mkdirSync(home);
    bind = await RunningNameServer.named({
      folder: home,
      zones: { [domain]: await zoneOf(domain), "small.example": await zoneOf("small.example") },
      options: "minimal-responses no-auth; minimal-any yes; allow-transfer { none; };",
    });
  });
  after(async () => {
    await border.stop();
    await bind.stop();
  });

  for (const question of [
    [domain, "NAPTR"],
    [domain, "SOA"],
    [domain, "NS"],
    [domain, "TXT"],
    ["HOME1.Example", "A"],
    [`_sips._tcp.${domain}`, "SRV"],
    [`_sip._tcp.${domain}`, "SRV"],
    [`_sip._udp.${domain}`, "SRV"],
    [`_sips._udp.${domain}`, "SRV"],
    [`_tcp.${domain}`, "SRV"],
    [`_udp.${domain}`, "A"],
    [`edge1.${domain}`, "A"],
    [`edge1.${domain}`, "AAAA"],
    [`edge2.${domain}`, "AAAA"],
    [`x.edge1.${domain}`, "A"],
    [`inside.${domain}`, "A"],
    [`deep.inside.${domain}`, "A"],
    [`x.inside.${domain}`, "A"],
    [`x.${domain}`, "NAPTR"],
    [domain, "TYPE65280"],
    ["_sip._udp.small.example", "SRV"],
    ["small.example", "A"],
  ] as const)
    for (const [how, ...options] of [
      ["UDP"],
      ["UDP without EDNS", "+noedns"],
      ["UDP, DNSSEC asked for", "+dnssec"],
      ["TCP", "+tcp"],
      ["UDP, not recursive", "+norecurse"],
    ] as const)
      it(`${question.join(" ")} over ${how} is what BIND says`, async () => {
        const ours = await dig(own, ...question, ...options);
        const theirs = await dig(bind.server.port, ...question, ...options);
        // Without EDNS there is no room for all: BIND's names are shorter, and one more finds some.
        const additional = theirs.additional.filter((line) => ours.additional.includes(line));
        assert.deepEqual(ours, how.endsWith("without EDNS") ? { ...theirs, additional } : theirs);
      });

  it("bring servers and addresses along with NAPTR, as there is room", async () => {
    const { answer, additional } = await dig(own, domain, "NAPTR");
    assert.equal(answer.length, 3);
    assert.deepEqual(additional, [
      "_sip._tcp.home1.example. 300 in srv 10 50 5060 edge1.home1.example.",
      "_sip._udp.home1.example. 300 in srv 10 50 5060 edge1.home1.example.",
      "_sips._tcp.home1.example. 300 in srv 10 30 5061 edge2.home1.example.",
      "_sips._tcp.home1.example. 300 in srv 10 50 5061 edge1.home1.example.",
      "_sips._tcp.home1.example. 300 in srv 20 0 5061 edge.provider.example.",
      "edge1.home1.example. 300 in a 192.0.2.1",
      "edge1.home1.example. 300 in aaaa 2001:db8::1",
      "edge2.home1.example. 300 in a 192.0.2.2",
    ]);
  });

  it("that are too large are cut, and whole over TCP, to which dig goes by itself", async () => {
    const question = ["_sips._tcp.small.example", "SRV"] as const;
    for (const port of [own, bind.server.port]) {
      const cut = await dig(port, ...question, "+ignore", "+bufsize=512");
      assert.equal(cut.flags, "qr aa tc rd");
      const whole = await dig(port, ...question, "+bufsize=4096");
      assert.equal(whole.answer.length, 60);
      assert.equal(whole.flags, "qr aa rd");
    }
    const cut = await dig(own, ...question, "+ignore", "+bufsize=4096");
    assert.equal(cut.flags, "qr aa tc rd");
    assert.deepEqual(cut.answer, []);
  });

  it("to ANY are one set of records, over TCP too", async () => {
    for (const over of ["+notcp", "+tcp"]) {
      const { status, answer, additional } = await dig(own, domain, "ANY", over);
      assert.equal(status, "NOERROR");
      assert.equal(new Set(answer.map((line) => line.split(" ")[3])).size, 1);
      assert.deepEqual(additional, []);
    }
  });

  it("refuse transfers, other zones and other classes", async () => {
    const { stdout } = await run("dig", [
      "@127.0.0.1",
      "-p",
      String(own),
      "+tries=1",
      "+time=20",
      "AXFR",
      domain,
    ]);
    assert.match(stdout, /; Transfer failed\./);
    assert.equal((await dig(own, `IXFR=1`, domain, "+notcp")).status, "REFUSED");
    assert.equal((await dig(own, "open-d.example", "A")).status, "REFUSED");
    assert.equal((await dig(own, "-c", "CH", "version.bind", "TXT")).status, "REFUSED");
  });

  it("know version 0 of EDNS alone, and options without a meaning", async () => {
    for (const port of [own, bind.server.port]) {
      assert.equal((await dig(port, domain, "SOA", "+edns=1", "+noednsnegotiation")).status, "BADVERS");
      assert.equal((await dig(port, domain, "SOA", "+ednsopt=65001:abcd", "+nsid")).status, "NOERROR");
    }
  });

  it("and other operations not at all", async () => {
    assert.equal((await dig(own, "+opcode=notify", domain, "SOA")).status, "NOTIMP");
    assert.equal((await dig(own, "+opcode=update", domain, "SOA")).status, "NOTIMP");
  });

  /** BIND with that zone, which knows the provider's too. */
  async function served(name: string, zone: string): Promise<RunningNameServer> {
    const provider =
      "$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 60\n NS ns\nns A 192.0.2.53\nedge A 192.0.2.54\n";
    const zones = { [domain]: zone, "provider.example": provider };
    return RunningNameServer.named({ folder: join(folder, name), zones });
  }

  it("are as published, and so are BIND's, by privet zone --verify", async () => {
    const whole = await printed("--whole", "--serial", "1", "--domain", domain);
    const other = await served("same", whole);
    try {
      for (const port of [own, other.server.port])
        assert.deepEqual(
          await privet("zone", policyFile, "--verify", "--server", `127.0.0.1:${port}`, "--domain", domain),
          { code: 0, out: "home1.example: 12 records, all as published\n" },
        );
    } finally {
      await other.stop();
    }
  });

  it("are not as published where BIND has another zone", async () => {
    const whole = await printed("--whole", "--serial", "1", "--domain", domain);
    const changed = whole
      .replace('50 50 "s" "SIPS+D2T"', '95 50 "s" "SIPS+D2T"')
      .replace(/^edge2.*\n/m, "")
      .replace(
        /^edge1\.home1\.example\. +300 +IN +A +192\.0\.2\.1$/m,
        "$&\nedge1.home1.example. 300 IN A 192.0.2.99",
      );
    const other = await served("changed", changed);
    try {
      const server = `127.0.0.1:${other.server.port}`;
      const { code, out } = await privet(
        "zone",
        policyFile,
        "--verify",
        "--server",
        server,
        "--domain",
        domain,
        "--json",
      );
      assert.equal(code, 1);
      const found = JSON.parse(out) as readonly {
        name: string;
        type: string;
        kind: string;
        record: string;
      }[];
      assert.deepEqual(
        found.map(({ name, type, kind, record }) => `${kind} ${name} ${type} ${record}`),
        [
          'different home1.example NAPTR 95 50 "s" "SIPS+D2T" "" _sips._tcp.home1.example.',
          'contradiction home1.example NAPTR 90 50 "s" "SIP+D2T" "" _sip._tcp.home1.example.',
          "surplus edge1.home1.example A 192.0.2.99",
          "missing edge2.home1.example A 192.0.2.2",
        ],
      );
    } finally {
      await other.stop();
    }
  });
});
