/**
 * Case 33: in TLS 1.3 a client may write before the server has judged its certificate. What it writes
 * so is thrown away unread where the verdict is no.
 *
 * The case expects the alert certificate_required in a. Node sends none after the handshake, and the
 * peer sees an orderly close (docs/limits.md): the tests ask for no more than that it is closed.
 */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { ConnectionOptions } from "node:tls";
import type { IssuingAuthority } from "../../../wire/index.ts";
import { openEarly } from "../../border/early-client.ts";
import { Phone, valuesOf } from "../../border/phone.ts";
import { StartedBorder, writtenPolicy } from "../../border/started-border.ts";
import { StreamHop } from "../../border/stream-peer.ts";
import { writeRequest, writeResponse } from "../../border/written-messages.ts";
import { makeAuthority, makeCertificate } from "../../certificate-authority.ts";

const host = "127.0.0.1";
const carrierRoot = makeAuthority("carrier root");
const lowerRoot = makeCertificate("carrier issuing", carrierRoot, { authority: true, uris: [] });
const lowest = makeCertificate("carrier issuing for borders", lowerRoot, { authority: true, uris: [] });
const homeRoot = makeAuthority("home root");

const engine = (usage: "rfc5924" | "lenient" = "rfc5924") => {
  const year = new Date().getUTCFullYear();
  const partner = (name: string): string => `partner ${name} {
  domain "${name}.example"
  agreement "IWA-1" from ${year}-01-01 to ${year + 1}-12-31
  authority "carrier-root.pem"
  extended-key-usage ${usage}
}`;
  const text = `language 1
policy "a peer without a partner's name is refused"
network home {
  own
  domain "home1.example"
  listener "inside"
}
${partner("carrier-c")}
${partner("carrier-d")}
trust home
trust partner when secured by tls and certificate names partner and agreement in force
rule refuse-strangers
  on handshake
  when certificate names no partner
  reject "the certificate names no interworking partner"
  because "TS 33.203 6.5"
`;
  return writtenPolicy(text, { "carrier-root.pem": carrierRoot.certificate });
};

/** The leaf, and what is sent behind it in that order. */
function shown(leaf: IssuingAuthority, ...behind: readonly IssuingAuthority[]): ConnectionOptions {
  return {
    cert: [leaf, ...behind].map(({ certificate }) => certificate).join(""),
    key: leaf.privateKey,
  };
}

const invite = writeRequest({
  uri: "sip:bob@home1.example",
  via: "SIP/2.0/TLS edge.carrier-c.example;branch=z9hG4bKx33",
  from: "<sip:carol@carrier-c.example>;tag=f33",
  to: "<sip:bob@home1.example>",
  callId: "case33-7f3a",
});

describe("case 33, inbound: bytes that come before the verdict", () => {
  let home: Phone;
  let border: StartedBorder;

  before(async () => {
    home = await Phone.open();
    border = await StartedBorder.start({
      engine: engine(),
      listeners: ["inside udp", "outside tls"],
      hops: { home: [`udp:${host}:${home.port}`] },
      identity: makeCertificate("home1.example", homeRoot),
    });
  });
  after(async () => {
    await border.close();
    home.close();
  });
  beforeEach(async () => {
    // What stands would be judged again by the engine that comes.
    await border.until(() => border.connections("tls") === 0, "the end of earlier connections");
    border.passages.length = 0;
    border.adopt({ engine: engine() });
  });

  /** Closed, with no event for the message, no answer and nothing sent on; gives the decision on the handshake. */
  async function refused(options: ConnectionOptions) {
    const peer = await openEarly(border.port("outside", "tls"), invite, options);
    await peer.ended();
    assert.equal(peer.received, "");
    assert.deepEqual(await home.silence(), []);
    assert.deepEqual(border.messages, []);
    assert.equal(border.handshakes.length, 1);
    const { decision, event } = border.handshakes[0]!;
    assert.equal(event.role, "server");
    assert.equal(decision.verdict, "reject");
    assert.equal(decision.partner, undefined);
    assert.equal(decision.reason, "the certificate names no interworking partner");
    assert.deepEqual(
      decision.rules.map(({ name }) => name),
      ["refuse-strangers"],
    );
    peer.close();
    return decision;
  }

  async function heard(options: ConnectionOptions): Promise<void> {
    const peer = await openEarly(border.port("outside", "tls"), invite, options);
    assert.match(await home.next(), /^INVITE sip:bob@home1\.example SIP\/2\.0\r\n/);
    assert.deepEqual(
      border.passages.map((one) => (one.kind === "message" ? one.from.network : one.decision.partner)),
      ["carrier-c", "carrier-c"],
    );
    peer.close();
  }

  it("are read where the verdict is yes: the handshake first, then the message", () =>
    heard(shown(makeCertificate("carrier-c.example", carrierRoot))));

  it("a: are thrown away where there is no certificate", async () => {
    const decision = await refused({});
    assert.equal(decision.cause, "there is no certificate");
    assert.deepEqual(decision.identities, []);
  });

  it("b: are thrown away where the certificate names no partner, and the decision says whom it names", async () => {
    const decision = await refused(shown(makeCertificate("open-d.example", carrierRoot)));
    assert.deepEqual(decision.identities, ["open-d.example"]);
    assert.match(decision.cause ?? "", /open-d\.example: no partner/);
  });

  it("c: are thrown away where the certificate is for web servers alone, unless the partner is lenient, which covers serverAuth", async () => {
    const web = shown(makeCertificate("carrier-c.example", carrierRoot, { usages: ["serverAuth"] }));
    assert.match((await refused(web)).cause ?? "", /extended key usage/);
    border.passages.length = 0;
    border.adopt({ engine: engine("lenient") });
    await heard(web);
  });

  it("d: are thrown away where the intermediate was not sent, and the cause names the issuer that is missing", async () => {
    const decision = await refused(shown(makeCertificate("carrier-c.example", lowerRoot)));
    assert.match(decision.cause ?? "", /CN=carrier issuing is missing/);
  });

  it("e: are read where the chain comes in another order (RFC 8446 4.4.2)", () =>
    heard(shown(makeCertificate("carrier-c.example", lowest), lowerRoot, lowest)));
});

describe("case 33, outbound: our own certificate", () => {
  const first = makeCertificate("home1.example", homeRoot);
  const second = makeCertificate("home1.example", homeRoot);
  let home: Phone;
  let border: StartedBorder;
  const carriers: StreamHop[] = [];

  before(async () => {
    home = await Phone.open();
    for (const name of ["carrier-c", "carrier-d"]) {
      const { certificate, privateKey } = makeCertificate(`${name}.example`, carrierRoot);
      carriers.push(
        await StreamHop.tls({
          cert: certificate,
          key: privateKey,
          requestCert: true,
          rejectUnauthorized: false,
        }),
      );
    }
    border = await StartedBorder.start({
      engine: engine(),
      listeners: ["inside udp", "outside tls"],
      hops: {
        "carrier-c": [`tls:${host}:${carriers[0]!.port}`],
        "carrier-d": [`tls:${host}:${carriers[1]!.port}`],
      },
      identity: first,
    });
  });
  after(async () => {
    for (const carrier of carriers) carrier.close();
    await border.close();
    home.close();
  });

  let count = 0;
  function call(domain: string): void {
    count++;
    home.send(
      writeRequest({
        method: "MESSAGE",
        uri: `sip:bob@${domain}`,
        to: `<sip:bob@${domain}>`,
        via: `SIP/2.0/UDP ${host}:${home.port};branch=z9hG4bKg33-${count}`,
        callId: `case33-g${count}`,
      }),
      border.port("inside", "udp"),
    );
  }

  it("g: replaced by a reload is shown on new connections that we open, and connections that run are left alone", async () => {
    call("carrier-c.example");
    const running = await carriers[0]!.peer();
    assert.match(await running.next(), /^MESSAGE /);
    border.adopt({ identity: second });

    call("carrier-d.example");
    const opened = await carriers[1]!.peer();
    assert.match(await opened.next(), /^MESSAGE /);
    call("carrier-c.example");
    const again = await running.next();
    running.send(writeResponse(again, "200 OK"));
    assert.match(await home.next(), /^SIP\/2\.0 200 OK\r\n/);
    assert.equal(carriers[0]!.peers.length, 1, "the connection that ran is used on");

    running.close();
    await border.until(() => border.connections("tls") === 1, "the end of the first connection");
    call("carrier-c.example");
    const anew = await carriers[0]!.peer(1);
    assert.match(await anew.next(), /^MESSAGE /);
    assert.deepEqual(
      [running, opened, anew].map(({ shownSerial }) => shownSerial),
      [first, second, second].map(({ certificate }) => new X509Certificate(certificate).serialNumber),
    );
  });
});

describe("case 33, outbound f: a partner that refuses our certificate after we have written", () => {
  let home: Phone;
  let border: StartedBorder;
  let refusing: StreamHop;
  let taking: StreamHop;

  before(async () => {
    home = await Phone.open();
    const { certificate, privateKey } = makeCertificate("carrier-c.example", carrierRoot);
    const server = { cert: certificate, key: privateKey, requestCert: true, ca: [carrierRoot.certificate] };
    // Our certificate is none of the carrier's.
    refusing = await StreamHop.tls({ ...server, rejectUnauthorized: true });
    taking = await StreamHop.tls({ ...server, rejectUnauthorized: false });
  });
  afterEach(() => border.close());
  after(() => {
    refusing.close();
    taking.close();
    home.close();
  });

  async function start(...ports: readonly number[]): Promise<void> {
    border = await StartedBorder.start({
      engine: engine(),
      listeners: ["inside udp", "outside tls"],
      hops: { "carrier-c": ports.map((port) => `tls:${host}:${port}`) },
      identity: makeCertificate("home1.example", homeRoot),
    });
  }
  function call(index: number, method = "MESSAGE"): void {
    home.send(
      writeRequest({
        method,
        uri: "sip:bob@carrier-c.example",
        to: "<sip:bob@carrier-c.example>",
        // No port of this run: by its Via a call draws the target that has it first.
        via: `SIP/2.0/UDP 192.0.2.10:5060;rport;branch=z9hG4bKf33-${index}`,
        callId: `case33-f${index}`,
      }),
      border.port("inside", "udp"),
    );
  }
  const outcomes = () => border.messages.map(({ outcome }) => outcome);

  it("what was written counts as failed: 503 where no target is left, and the cause is told", async () => {
    await start(refusing.port);
    call(1);
    call(2);
    for (let count = 0; count < 2; count++)
      assert.match(await home.next(), /^SIP\/2\.0 503 Service Unavailable\r\n/);
    const answered = outcomes().filter(({ kind }) => kind === "answered");
    assert.equal(answered.length, 2);
    for (const outcome of answered)
      assert.match(
        outcome.kind === "answered" ? outcome.cause : "",
        /^the peer closed before it said anything/,
      );
    assert.deepEqual(await home.silence(), []);
  });

  it("or the next target has it, whichever is drawn first", async () => {
    await start(refusing.port, taking.port);
    const wanted = Array.from({ length: 8 }, (_, index) => `case33-f${index + 10}`);
    for (let index = 10; index < 18; index++) call(index);
    const peer = await taking.peer();
    const came: string[] = [];
    while (came.length < wanted.length) came.push(...valuesOf(await peer.next(), "Call-ID"));
    assert.deepEqual(
      came.toSorted((one, other) => one.localeCompare(other)),
      wanted,
    );
    assert.deepEqual(await home.silence(), []);
    assert.ok(outcomes().length > wanted.length, "some of the eight draw the one that refuses");
  });

  it("an ACK is not answered", async () => {
    await start(refusing.port);
    call(20, "ACK");
    await border.until(() => outcomes().length === 2, "the ACK, sent and lost");
    assert.deepEqual(
      outcomes().map(({ kind }) => kind),
      ["forwarded", "dropped"],
    );
    assert.deepEqual(await home.silence(), []);
  });

  it("a partner that has said something has read what it read: nothing is sent twice", async () => {
    await start(taking.port);
    const earlier = taking.peers.length;
    call(30);
    const peer = await taking.peer(earlier);
    peer.send(writeResponse(await peer.next(), "100 Trying"));
    assert.match(await home.next(), /^SIP\/2\.0 100 Trying\r\n/);
    border.passages.length = 0;
    peer.close();
    await border.until(() => border.connections("tls") === 0, "the end of the connections");
    assert.deepEqual(await home.silence(), []);
    assert.deepEqual(border.messages, []);
  });
});
