/** A partner's own connection, used for requests to it (RFC 5923). */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { type Connection, type Target, TlsAdapter, UdpAdapter } from "../../adapters/index.ts";
import { Border, defaultQueue } from "../../border/index.ts";
import { compile } from "../../engine/index.ts";
import { type IssuingAuthority, issueCertificate } from "../../wire/index.ts";
import { until } from "../until.ts";
import { Neighbour } from "./neighbour.ts";
import { dates, partnerPolicy } from "./partner-policy.ts";
import { textMessage, valuesOf } from "./phone.ts";

const host = "127.0.0.1";

describe("a connection that a partner opens", () => {
  const root = issueCertificate({ commonName: "carrier root", authority: true, ...dates });
  const identity = (domain: string, by: IssuingAuthority) => {
    const leaf = issueCertificate({ commonName: domain, uris: [`sip:${domain}`], ...dates }, by);
    return { domains: [domain], certificate: leaf.certificate, privateKey: leaf.privateKey };
  };
  let home: Neighbour;
  let border: Border;
  let count = 0;
  const carriers: Neighbour[] = [];

  /** Listens with that certificate, and shows it where it opens. */
  async function carrier(domain: string): Promise<Neighbour> {
    const one = new Neighbour(new TlsAdapter({ host, identities: [identity(domain, root)] }));
    carriers.push(one);
    await one.adapter.listen();
    return one;
  }

  async function start(carrierC: number, carrierD: number): Promise<void> {
    const own = identity("home1.example", root);
    const plain = { address: host, host, port: 0 };
    const hop = (transport: "udp" | "tls", port: number) => ({
      hops: [{ transport, address: host, port }],
      listener: undefined,
      numeric: false,
    });
    border = new Border(compile(partnerPolicy(), { authorities: new Map([["root.pem", [root.der]]]) }), {
      secret: Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"),
      listeners: [
        { ...plain, name: "inside", transport: "udp" },
        { ...plain, name: "outside", transport: "tls", certificate: own.certificate, key: own.privateKey },
      ],
      networks: new Map([
        ["home", hop("udp", home.port)],
        ["carrier-c", hop("tls", carrierC)],
        ["carrier-d", hop("tls", carrierD)],
      ]),
      queue: defaultQueue,
    });
    await border.listen();
  }

  before(async () => {
    home = new Neighbour(new UdpAdapter({ host, port: 0 }));
    await home.adapter.listen();
  });
  afterEach(async () => {
    // The border first: where a partner closes without a word, home would be told 503.
    await border.close();
    await Promise.all(carriers.splice(0).map(({ adapter }) => adapter.close()));
  });
  after(() => home.adapter.close());

  const target = (transport: "udp" | "tls"): Target => {
    const side = border.sides.find((one) => one.transport === transport)!;
    return { transport, address: host, port: side.port };
  };

  function options(uri: string, via: string): Buffer {
    count++;
    return Buffer.from(
      textMessage(
        `OPTIONS ${uri} SIP/2.0`,
        `Via: SIP/2.0/${via};branch=z9hG4bKal${count}`,
        "Max-Forwards: 70",
        "From: <sip:x@x.example>;tag=1",
        `To: <${uri}>`,
        `Call-ID: al${count}`,
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
      ),
    );
  }

  /** The partner opens a connection and sends a request to home, with that Via. */
  async function offered(by: Neighbour, via: string): Promise<Connection> {
    const connection = await by.adapter.open(target("tls"));
    connection.send(options("sip:bob@home1.example", via));
    await home.next();
    return connection;
  }

  async function asked(domain: string): Promise<void> {
    const connection = await home.adapter.open(target("udp"));
    connection.send(options(`sip:alice@${domain}`, `UDP ${host}:${home.port}`));
  }

  it("carries requests to the partner, where its Via has alias (RFC 5923 8.2)", async () => {
    const c = await carrier("carrier-c.example");
    await start(c.port, 1);
    const connection = await offered(c, `TLS ${host}:${c.port};alias`);
    await asked("carrier-c.example");
    const got = await c.next();
    assert.equal(got.connection, connection);
    assert.equal(c.connections.size, 1);
    assert.match(valuesOf(got.text, "Via")[0]!, /^SIP\/2\.0\/TLS 127\.0\.0\.1:\d+;alias;branch=/);
  });

  it("carries none where its Via has no alias", async () => {
    const c = await carrier("carrier-c.example");
    await start(c.port, 1);
    const connection = await offered(c, `TLS ${host}:${c.port}`);
    await asked("carrier-c.example");
    assert.notEqual((await c.next()).connection, connection);
  });

  it("carries none for another address or port than the route's (RFC 5923 8.1)", async () => {
    const c = await carrier("carrier-c.example");
    await start(c.port, 1);
    const connection = await offered(c, `TLS ${host}:5061;alias`);
    await asked("carrier-c.example");
    assert.notEqual((await c.next()).connection, connection);
  });

  it("carries none of another domain at the same address and port (RFC 5923 9.3)", async () => {
    const d = await carrier("carrier-d.example");
    // What stands at that port for carrier-c is carrier-d's: its certificate is not the one sought.
    await start(d.port, d.port);
    const connection = await offered(d, `TLS ${host}:${d.port};alias`);
    await asked("carrier-c.example");
    assert.match((await home.next()).text, /^SIP\/2\.0 503 /);
    assert.deepEqual(d.messages, []);
    await asked("carrier-d.example");
    assert.equal((await d.next()).connection, connection);
  });

  it("is forgotten once it has closed", async () => {
    const c = await carrier("carrier-c.example");
    await start(c.port, 1);
    const connection = await offered(c, `TLS ${host}:${c.port};alias`);
    connection.close();
    await until(() => c.connections.size === 0);
    await until(() => (border.connections().get("tls") ?? 0) === 0);
    await asked("carrier-c.example");
    assert.notEqual((await c.next()).connection, connection);
  });

  it("is used again once a later one of the same address and port has closed", async () => {
    const c = await carrier("carrier-c.example");
    await start(c.port, 1);
    const via = `TLS ${host}:${c.port};alias`;
    const first = await offered(c, via);
    const second = await offered(c, via);
    second.close();
    await until(() => (border.connections().get("tls") ?? 0) === 1);
    first.send(options("sip:bob@home1.example", via));
    await home.next();
    await asked("carrier-c.example");
    assert.equal((await c.next()).connection, first);
  });

  it("that we opened carries the partner's own requests to us (RFC 5923 8.1)", async () => {
    const c = await carrier("carrier-c.example");
    await start(c.port, 1);
    await asked("carrier-c.example");
    const { connection } = await c.next();
    connection.send(options("sip:bob@home1.example", `TLS ${host}:${c.port}`));
    assert.match((await home.next()).text, /^OPTIONS sip:bob@home1\.example /);
  });
});
