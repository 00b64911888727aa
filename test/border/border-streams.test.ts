/** The border over TCP and TLS: certificates, connections that are used again, streams that break. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TcpAdapter, TlsAdapter, UdpAdapter } from "../../adapters/index.ts";
import { Border, defaultQueue, type ListenerSettings, type Passage } from "../../border/index.ts";
import { compile } from "../../engine/index.ts";
import { type IssuingAuthority, issueCertificate } from "../../wire/index.ts";
import { until } from "../until.ts";
import { Neighbour } from "./neighbour.ts";
import { dates, partnerPolicy } from "./partner-policy.ts";
import { textMessage, valuesOf } from "./phone.ts";

const secret = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
const host = "127.0.0.1";

describe("a border over TCP and TLS", () => {
  const carrierRoot = issueCertificate({ commonName: "carrier root", authority: true, ...dates });
  const otherRoot = issueCertificate({ commonName: "other root", authority: true, ...dates });
  const leaf = (domain: string, by: IssuingAuthority) =>
    issueCertificate({ commonName: domain, uris: [`sip:${domain}`], ...dates }, by);
  const identity = (domain: string, by: IssuingAuthority) => {
    const { certificate, privateKey } = leaf(domain, by);
    return { domains: [domain], certificate, privateKey };
  };
  const own = leaf("home1.example", otherRoot);

  let home: Neighbour;
  let carrier: Neighbour;
  let impostor: Neighbour;
  let open: Neighbour;
  let border: Border;
  const passages: Passage[] = [];
  const port = (name: string, transport: string) =>
    border.sides.find((side) => side.name === name && side.transport === transport)!.port;

  before(async () => {
    home = new Neighbour(new UdpAdapter({ host, port: 0 }));
    carrier = new Neighbour(
      new TlsAdapter({ host, identities: [identity("carrier-c.example", carrierRoot)] }),
    );
    impostor = new Neighbour(
      new TlsAdapter({ host, identities: [identity("carrier-c.example", otherRoot)] }),
    );
    open = new Neighbour(new TcpAdapter({ host }));
    for (const { adapter } of [home, carrier, impostor, open]) await adapter.listen();
    const plain = { address: host, host, port: 0 };
    const listeners: readonly ListenerSettings[] = [
      { ...plain, name: "inside", transport: "udp" },
      { ...plain, name: "outside", transport: "tcp" },
      { ...plain, name: "outside", transport: "tls", certificate: own.certificate, key: own.privateKey },
    ];
    const hops = (transport: "udp" | "tcp" | "tls", ...ports: readonly number[]) => ({
      hops: ports.map((one) => ({ transport, address: host, port: one })),
      listener: undefined,
      numeric: false,
    });
    border = new Border(
      compile(partnerPolicy(), { authorities: new Map([["root.pem", [carrierRoot.der]]]) }),
      {
        secret,
        listeners,
        networks: new Map([
          ["home", hops("udp", home.port)],
          ["carrier-c", hops("tls", carrier.port)],
          ["carrier-d", hops("tls", impostor.port)],
          // The first of them refuses every connection.
          ["open-d", hops("tcp", 1, open.port)],
        ]),
        queue: defaultQueue,
      },
    );
    await border.listen();
    border.passages$.subscribe((passage) => passages.push(passage));
  });
  after(async () => {
    await Promise.all([home, carrier, impostor, open].map(({ adapter }) => adapter.close()));
    await border.close();
  });

  let count = 0;
  function request(uri: string, sentBy: string, ...more: readonly string[]): string {
    count++;
    return textMessage(
      `MESSAGE ${uri} SIP/2.0`,
      `Via: SIP/2.0/${sentBy};branch=z9hG4bKs${count}`,
      "Max-Forwards: 70",
      "From: <sip:alice@home1.example>;tag=f1",
      `To: <${uri}>`,
      `Call-ID: s${count}@test`,
      "CSeq: 1 MESSAGE",
      ...more,
      "Content-Length: 0",
    );
  }

  function ok(to: string): string {
    const copied = ["Via", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
      valuesOf(to, field).map((value) => `${field}: ${value}`),
    );
    return textMessage("SIP/2.0 200 OK", ...copied, "Content-Length: 0");
  }

  async function fromHome(uri: string, ...more: readonly string[]): Promise<void> {
    const connection = await home.adapter.open({
      transport: "udp",
      address: host,
      port: port("inside", "udp"),
    });
    connection.send(Buffer.from(request(uri, `UDP ${host}:${home.port}`, ...more)));
  }

  it("carries the identity to a partner over TLS, and many messages over one connection (RFC 5923 8.1)", async () => {
    const pai = "<sip:alice@home1.example>";
    for (let i = 0; i < 3; i++) await fromHome("sip:bob@carrier-c.example", `P-Asserted-Identity: ${pai}`);
    for (let i = 0; i < 3; i++) {
      const { text, connection } = await carrier.next();
      assert.deepEqual(valuesOf(text, "P-Asserted-Identity"), [pai]);
      assert.match(
        valuesOf(text, "Via")[0]!,
        new RegExp(`^SIP/2.0/TLS 127.0.0.1:${port("outside", "tls")};`),
      );
      connection.send(Buffer.from(ok(text)));
      assert.match((await home.next()).text, /^SIP\/2.0 200 OK\r\nVia: SIP\/2.0\/UDP/);
    }
    assert.equal(carrier.connections.size, 1);
  });

  it("takes a partner's word over TLS that the partner opens, and answers on that connection", async () => {
    const connection = await carrier.adapter.open({
      transport: "tls",
      address: host,
      port: port("outside", "tls"),
    });
    const pai = "<sip:carol@carrier-c.example>";
    connection.send(
      Buffer.from(
        request("sip:bob@home1.example", "TLS edge.carrier-c.example", `P-Asserted-Identity: ${pai}`),
      ),
    );
    const { text } = await home.next();
    assert.deepEqual(valuesOf(text, "P-Asserted-Identity"), [pai]);
    assert.match(valuesOf(text, "Via")[1]!, /received=127\.0\.0\.1$/);
    (await home.adapter.open({ transport: "udp", address: host, port: port("inside", "udp") })).send(
      Buffer.from(ok(text)),
    );
    const back = await carrier.next();
    assert.equal(back.connection, connection);
    connection.close();
  });

  it("reads no byte of SIP from whoever shows another authority's certificate", async () => {
    const earlier = passages.length;
    await impostor.adapter
      .open({ transport: "tls", address: host, port: port("outside", "tls") })
      .then((connection) => connection.send(Buffer.from(request("sip:bob@home1.example", "TLS x.example"))))
      .catch(() => {});
    await until(() => passages.length > earlier);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const [handshake, ...others] = passages.slice(earlier);
    assert.ok(handshake?.kind === "handshake" && handshake.decision.verdict === "reject");
    assert.deepEqual(others, []);
    assert.deepEqual(home.messages, []);
  });

  it("answers by Via, over TLS with the partner's certificate checked, where the connection has gone (RFC 3261 18.2.2)", async () => {
    for (const connection of carrier.connections) connection.close();
    const connection = await carrier.adapter.open({
      transport: "tls",
      address: host,
      port: port("outside", "tls"),
    });
    connection.send(
      Buffer.from(request("sip:bob@home1.example", `TLS edge.carrier-c.example:${carrier.port}`)),
    );
    const { text } = await home.next();
    connection.close();
    await until(() => !carrier.connections.has(connection));
    (await home.adapter.open({ transport: "udp", address: host, port: port("inside", "udp") })).send(
      Buffer.from(ok(text)),
    );
    const back = await carrier.next();
    assert.match(back.text, /^SIP\/2.0 200 OK\r\n/);
    assert.notEqual(back.connection, connection);
    const handshake = passages.findLast((one) => one.kind === "handshake");
    assert.equal(handshake?.event.role, "client");
    assert.equal(handshake?.decision.partner, "carrier-c");
  });

  it("sends no byte of SIP to a server with another's certificate, and answers 503 (RFC 5922 7.3)", async () => {
    const earlier = passages.length;
    await fromHome("sip:bob@carrier-d.example");
    assert.match((await home.next()).text, /^SIP\/2.0 503 Service Unavailable\r\n/);
    const handshake = passages.slice(earlier).find((one) => one.kind === "handshake");
    assert.equal(handshake?.decision.verdict, "reject");
    assert.equal(handshake?.event.domain, "carrier-d.example");
    assert.deepEqual(impostor.messages, []);
  });

  it("tries the next hop where one can't be connected to, and answers 503 where none can (RFC 3263 4.3)", async () => {
    // Either hop may be drawn first: over several transactions both are.
    for (let i = 0; i < 8; i++) {
      await fromHome("sip:bob@open-d.example");
      assert.match((await open.next()).text, /^MESSAGE /);
    }
    for (const connection of Array.from(carrier.connections)) connection.close();
    await carrier.adapter.close();
    await fromHome("sip:bob@carrier-c.example");
    assert.match((await home.next()).text, /^SIP\/2.0 503 Service Unavailable\r\n/);
  });

  it("answers a stream that can't be cut into messages, and closes it (RFC 4475 3.3.9)", async () => {
    const connection = await open.adapter.open({
      transport: "tcp",
      address: host,
      port: port("outside", "tcp"),
    });
    connection.send(
      Buffer.from(request("sip:bob@home1.example", `TCP ${host}`).replace("\r\n\r\n", "\r\nl: 312\r\n\r\n")),
    );
    assert.match((await open.next()).text, /^SIP\/2.0 400 Bad Request\r\n/);
    await until(() => !connection.open);
    assert.equal(connection.open, false);
    assert.deepEqual(home.messages, []);
  });

  it("tells of a response that a stream can't be cut behind, and closes it", async () => {
    const earlier = passages.length;
    const received = border.received().get("tcp");
    const connection = await open.adapter.open({
      transport: "tcp",
      address: host,
      port: port("outside", "tcp"),
    });
    const response = textMessage("SIP/2.0 200 OK", `Via: SIP/2.0/TCP ${host}`, "l: 0", "Content-Length: 0");
    connection.send(Buffer.from(response));
    await until(() => !connection.open);
    const told = passages.slice(earlier).map((one) => (one.kind === "message" ? one.outcome : one.kind));
    assert.deepEqual(told, [{ kind: "dropped", why: "syntax", cause: "content-length-repeated" }]);
    assert.equal(border.received().get("tcp"), received! + 1);
  });

  it("had no fault of its own on the way", () => {
    const faults = passages.filter((one) => one.kind === "message" && one.outcome.kind === "failed");
    assert.deepEqual(faults, []);
  });
});
