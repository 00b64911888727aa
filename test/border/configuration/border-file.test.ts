import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { checkOperation, checkReload, readBorderFile, readHop } from "../../../border/index.ts";
import { good } from "./good-border.ts";

describe("border.json", () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "privet-border-file-"));
    file = join(folder, "border.json");
  });
  after(() => rmSync(folder, { recursive: true }));

  function read(json: unknown): ReturnType<typeof readBorderFile> {
    writeFileSync(file, typeof json === "string" ? json : JSON.stringify(json));
    return readBorderFile(file);
  }

  it("gives listeners, hops and secret, paths resolved against its folder", () => {
    const result = read(good);
    assert.ok(result.ok);
    const { policy, configuration, log } = result.file;
    assert.equal(policy, join(folder, "ims.privet"));
    assert.deepEqual(log, { format: "text", level: "decisions" });
    assert.equal(Buffer.from(configuration.secret).toString("hex"), good.secret);
    assert.deepEqual(
      configuration.listeners.map(({ host, port }) => [host, port]),
      [
        ["127.0.0.1", 5060],
        ["edge.home1.example", 5062],
      ],
    );
    assert.deepEqual(configuration.networks.get("home")?.hops, [
      { transport: "udp", address: "192.0.2.1", port: 5060 },
    ]);
    assert.deepEqual(configuration.networks.get("open-d")?.hops, [
      { transport: "tcp", address: "2001:db8::1", port: 5070 },
      { transport: "udp", address: "192.0.2.9", port: 5080 },
    ]);
  });

  it("gives the certificates of the domains that a listener serves", () => {
    for (const name of ["one", "two"])
      writeFileSync(join(folder, `${name}.pem`), `-----BEGIN ${name}-----\n`);
    const [inside, outside] = good.listeners;
    const own = (name: string, ...domains: readonly string[]) => ({
      domains,
      certificate: `${name}.pem`,
      key: `${name}.pem`,
    });
    const certificates = [own("one", "Home1.example", "home1.example."), own("two", "home2.example")];
    const result = read({
      ...good,
      listeners: [{ ...inside, transport: "tls", certificates }, outside],
    });
    assert.ok(result.ok, JSON.stringify(result));
    const [listener] = result.file.configuration.listeners;
    const text = (name: string): string => `-----BEGIN ${name}-----\n`;
    assert.equal(listener?.certificate, undefined);
    assert.deepEqual(listener?.certificates, [
      { domains: ["home1.example", "home1.example"], certificate: text("one"), key: text("one") },
      { domains: ["home2.example"], certificate: text("two"), key: text("two") },
    ]);
    assert.ok(result.file.paths.includes(join(folder, "two.pem")), "a change of it is seen");
  });

  it("makes up a secret where there is none, and says so", () => {
    const result = read({ ...good, secret: undefined });
    assert.ok(result.ok);
    assert.match(result.file.warnings[0]!.cause, /no secret/);
    assert.equal(result.file.configuration.secret.length, 16);
  });

  it("gives limits as they stand, and the defaults of the queue", () => {
    const networks = {
      ...good.networks,
      "open-d": { ...good.networks["open-d"], messages: 100, connections: 2 },
    };
    const sources = { messages: 50, newConnections: 5, halfOpen: 4, answers: 9 };
    const connections = { idle: 600, open: 200, halfOpen: 20, keepAlive: 95 };
    const result = read({ ...good, networks, sources, connections, queue: { bytes: 1_000 } });
    assert.ok(result.ok);
    const { configuration } = result.file;
    const open = configuration.networks.get("open-d");
    assert.deepEqual([open?.messages, open?.connections], [100, 2]);
    assert.deepEqual(configuration.sources, { ...sources, connections: undefined });
    assert.deepEqual(configuration.connections, connections);
    assert.deepEqual(configuration.queue, { bytes: 1_000, milliseconds: 8_000, total: 268_435_456 });
    const plain = read(good);
    assert.ok(plain.ok);
    assert.deepEqual(plain.file.configuration.queue, {
      bytes: 1_048_576,
      milliseconds: 8_000,
      total: 268_435_456,
    });
    assert.deepEqual(
      [plain.file.configuration.sources, plain.file.configuration.connections],
      [undefined, undefined],
    );
  });

  it("can't have other limits of listeners and sources, nor more workers, while it runs", () => {
    const running = read({ ...good, connections: { idle: 600 } });
    const next = read({ ...good, connections: { idle: 60 }, sources: { answers: 9 }, workers: 2 });
    assert.ok(running.ok && next.ok);
    const mistakes = checkReload(file, running.file, next.file);
    assert.deepEqual(
      mistakes.map(({ place }) => place.slice(file.length)),
      [" /sources", " /connections", " /workers"],
    );
  });

  it("can't call a listener by other hosts while it runs: a CANCEL finds its INVITE by them (RFC 3261 17.2.3)", () => {
    writeFileSync(join(folder, "own.pem"), "-----BEGIN CERTIFICATE-----\n");
    const calling = (host?: string, more: object[] = []) => {
      const own = { domains: ["home2.example"], certificate: "own.pem", key: "own.pem" };
      const certificates = [host === undefined ? own : { ...own, host }, ...more];
      const result = read({
        ...good,
        listeners: [{ ...inside, transport: "tls", certificates }, good.listeners[1]],
      });
      assert.ok(result.ok);
      return result.file;
    };
    const placesOf = (next: ReturnType<typeof calling>) =>
      checkReload(file, calling("Edge.home2.example"), next).map(({ place }) => place.slice(file.length));
    const other = { domains: ["home3.example"], certificate: "own.pem", key: "own.pem" };
    assert.deepEqual(placesOf(calling("edge.home2.example", [other])), []);
    assert.deepEqual(placesOf(calling("edge2.home2.example")), [" /listeners"]);
    assert.deepEqual(placesOf(calling()), [" /listeners"]);
  });

  it("can't have its metrics answered elsewhere while it runs", () => {
    const running = read({ ...good, operation: { port: 9464 } });
    const next = read({ ...good, operation: { port: 9465 } });
    assert.ok(running.ok && next.ok);
    assert.deepEqual(checkOperation(file, running.file, running.file), []);
    assert.deepEqual(
      checkOperation(file, running.file, next.file).map(({ place }) => place.slice(file.length)),
      [" /operation"],
    );
  });

  const [inside] = good.listeners;
  const pem = { certificate: "own.pem", key: "own.pem" };
  for (const [what, json, place, said] of [
    [
      "text that is no JSON, by line and column",
      '{\n  "log": "quiet",\n  "policy": "a.privet",,\n  "listeners": []\n}',
      /border\.json:3:24$/,
      /not JSON/,
    ],
    [
      "a setting that does not exist, with those that do",
      { ...good, listener: [] },
      / \/$/,
      /no setting `listener`.*listeners/s,
    ],
    ["a setting that is missing", { ...good, policy: undefined }, / \/$/, /`policy` is missing/],
    [
      "a transport that is not spoken",
      { ...good, listeners: [{ ...inside, transport: "sctp" }] },
      /\/listeners\/0\/transport$/,
      /sctp.*udp, tcp, tls/s,
    ],
    ["a secret twice", { ...good, secretFile: "secret" }, /\/secretFile$/, /`secret` too.*keep one/s],
    [
      "a socket twice: TLS is over TCP",
      {
        ...good,
        listeners: [inside, { ...inside, transport: "tcp" }, { ...inside, transport: "tls", ...pem }],
      },
      /\/listeners\/2$/,
      /\/listeners\/1.*port of its own/s,
    ],
    [
      "a listener that is none, with those there are",
      { ...good, networks: { home: { ...good.networks.home, listener: "insde" } } },
      /\/networks\/home\/listener$/,
      /`insde`.*inside, outside/s,
    ],
    [
      "a hop twice",
      { ...good, networks: { home: { hops: ["udp:192.0.2.1", "udp:192.0.2.2", "udp:192.0.2.1:5060"] } } },
      /\/networks\/home\/hops\/2$/,
      /hop 0 once more.*take it away/s,
    ],
    ["a log that is neither word nor object", { ...good, log: 3 }, /\/log$/, /decisions/],
    [
      "a port out of range",
      { ...good, listeners: [{ ...inside, port: 70000 }] },
      /\/listeners\/0\/port$/,
      /65535/,
    ],
    [
      "a name where an address belongs",
      { ...good, listeners: [{ ...inside, address: "localhost" }] },
      /\/listeners\/0\/address$/,
      /no IP address/,
    ],
    [
      "an address that peers can't answer to",
      { ...good, listeners: [{ ...inside, address: "0.0.0.0" }] },
      /\/listeners\/0$/,
      /add "host"/,
    ],
    [
      "a TLS listener without certificate",
      { ...good, listeners: [{ ...inside, transport: "tls" }] },
      /\/listeners\/0$/,
      /`certificate` is missing/,
    ],
    [
      "a served domain that is none",
      {
        ...good,
        listeners: [
          {
            ...inside,
            transport: "tls",
            certificates: [{ domains: ["*.home1.example"], certificate: "a.pem", key: "b.pem" }],
          },
        ],
      },
      /\/listeners\/0\/certificates\/0\/domains\/0$/,
      /`\*\.home1\.example` is no domain.*wildcards name nobody/s,
    ],
    ...["192.0.2.1", "*.home1.example", "home1.example:5061"].map(
      (host) =>
        [
          `the host ${host} for a served domain`,
          {
            ...good,
            listeners: [
              {
                ...inside,
                transport: "tls",
                certificates: [{ domains: ["home1.example"], host, certificate: "own.pem", key: "own.pem" }],
              },
            ],
          },
          /\/listeners\/0\/certificates\/0\/host$/,
          /is no name of a host/,
        ] as const,
    ),
    [
      "a certificate beside others and without its key",
      {
        ...good,
        listeners: [
          {
            ...inside,
            transport: "tls",
            certificate: "a.pem",
            certificates: [{ domains: ["home1.example"], certificate: "a.pem", key: "b.pem" }],
          },
        ],
      },
      /\/listeners\/0$/,
      /belong together.*add "key"/s,
    ],
    [
      "a certificate that is not there",
      { ...good, listeners: [{ ...inside, transport: "tls", certificate: "a.pem", key: "b.pem" }] },
      /\/listeners\/0\/certificate$/,
      /no file .*a\.pem/,
    ],
    [
      "a hop that is none",
      { ...good, networks: { home: { hops: ["udp:proxy.example"] } } },
      /\/networks\/home\/hops\/0$/,
      /tls:\[2001:db8::1\]:5061/,
    ],
    [
      "a listener that no entry has",
      { ...good, networks: { home: { hops: [], listener: "zb" } } },
      /\/networks\/home\/listener$/,
      /no listener `zb`/,
    ],
    [
      "a limit that lets nothing through",
      { ...good, sources: { newConnections: 0 } },
      /\/sources\/newConnections$/,
      /must be >= 1; stream connections that it opens a second/,
    ],
    [
      "a limit that does not exist, with those that do",
      { ...good, connections: { halfopen: 3 } },
      /\/connections$/,
      /no setting `halfopen`.*halfOpen/s,
    ],
    ["a secret of the wrong length", { ...good, secret: "00" }, /\/secret$/, /openssl rand -hex 16/],
  ] as const) {
    it(`points at ${what}`, () => {
      const result = read(json);
      assert.ok(!result.ok);
      const found = result.mistakes.find(
        (mistake) => place.test(mistake.place) && said.test(`${mistake.cause}; ${mistake.remedy}`),
      );
      assert.ok(found, JSON.stringify(result.mistakes, undefined, 1));
    });
  }

  it("points at every mistake in one run", () => {
    const result = read({ ...good, secret: "00", networks: { home: { hops: ["x", "y"] } } });
    assert.equal(result.ok ? 0 : result.mistakes.length, 3);
  });

  it("has hops with a transport, an address and perhaps a port", () => {
    assert.deepEqual(readHop("tls:[::ffff:192.0.2.1]"), {
      transport: "tls",
      address: "192.0.2.1",
      port: 5061,
    });
    for (const text of [
      "192.0.2.1:5060",
      "udp:192.0.2.1:0",
      "udp:192.0.2.1:65536",
      "udp:2001:db8::1",
      "ws:192.0.2.1",
    ]) {
      assert.equal(readHop(text), undefined, text);
    }
  });
});
