/**
 * "How a message meets the two gates", step by step, and where else a step is tested.
 *
 * 1  a TLS connection exists only because a handshake decision allowed it: corpora/border/early-bytes,
 *    corpora/border/resumption, border-streams ("reads no byte of SIP from whoever …")
 *    the from-network follows from connection facts: here
 * 2  framing and the one-reading scan: here; the rules one by one: wire/one-reading, corpora/wire
 * 3  in gate: here ("steps 3 and 7")
 * 4  route: open-relay, record-route, routing/route
 *    for a response the network that its flow names: flow
 * 5  what the out gate refuses before there is a connection: border-early
 * 6  connections are used again: border-streams ("… many messages over one connection")
 *    a handshake event before any byte: border-streams ("sends no byte of SIP to a server with another's certificate …")
 *    where TLS is required there is no fall-back: here
 * 7  edits are applied once, Via is pushed or popped, bytes leave: here
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { makeAuthority, makeCertificate } from "../../certificate-authority.ts";
import { Phone, textMessage, valuesOf } from "../phone.ts";
import { StartedBorder, writtenPolicy } from "../started-border.ts";
import { StreamHop, StreamPeer } from "../stream-peer.ts";
import { writeResponse } from "../written-messages.ts";
import { host, hostOf, Neighbourhood, networks } from "./neighbourhood.ts";

const toHome = { uri: "sip:bob@home1.example", to: "<sip:bob@home1.example>" };

describe("step 1: the from-network follows from connection facts, never from the message", () => {
  let there: Neighbourhood;
  before(async () => {
    there = await Neighbourhood.settle();
  });
  after(() => there.close());

  it("a stranger that writes home into every field stays a stranger", async () => {
    there.send(
      "open",
      there.request("open", "n1", {
        ...toHome,
        from: "<sip:alice@home1.example>;tag=n1",
        rows: [
          "P-Asserted-Identity: <sip:ceo@home1.example>",
          "Contact: <sip:alice@home1.example>",
          "Organization: home1.example",
        ],
      }),
    );
    const sent = await there.home.next();
    assert.deepEqual(valuesOf(sent, "P-Asserted-Identity"), []);
    const { from, decision } = there.border.messages.at(-1)!;
    assert.deepEqual([from.network, decision?.from.trusted], ["open-d", false]);
  });

  it("home stays home, whomever it names", async () => {
    there.send("home", there.request("home", "n2", { from: "<sip:x@ims-b.example>;tag=n2" }));
    await there.open.next();
    const { from, decision } = there.border.messages.at(-1)!;
    assert.deepEqual([from.network, decision?.from.trusted], ["home", true]);
  });
});

/** A request that breaks one rule. */
const broken = {
  version: (text: string) => text.replace(" SIP/2.0\r\n", " SIP/3.0\r\n"),
  "cseq-unknown-method": (text: string) => text.replace(/CSeq: 1 \w+/, "CSeq: 1 NEWMETHOD"),
  "repeated-field": (text: string) => text.replace(/(To: .*\r\n)/, "$1$1"),
} as const;

describe("step 2: a violation is answered statelessly (400, 505, …) or dropped (responses, ACK), a stream is closed", () => {
  let there: Neighbourhood;
  let tcp: StartedBorder;
  before(async () => {
    there = await Neighbourhood.settle();
    tcp = await StartedBorder.start({
      engine: writtenPolicy(networks()),
      listeners: ["inside udp", "outside tcp"],
      hops: { home: [`udp:${hostOf.home}:${there.home.port}`] },
    });
  });
  after(async () => {
    await tcp.close();
    await there.close();
  });

  for (const [rule, method, status] of [
    ["version", "INVITE", "505 Version Not Supported"],
    ["cseq-unknown-method", "RINGMYPHONE", "501 Not Implemented"],
    ["repeated-field", "INVITE", "400 Bad Request"],
  ] as const) {
    it(`${rule}: ${status}, and nothing is sent on`, async () => {
      const request = broken[rule](there.request("open", "v1", { ...toHome, method }));
      there.send("open", request);
      const answer = await there.open.next();
      assert.equal(answer.split("\r\n")[0], `SIP/2.0 ${status}`);
      assert.deepEqual(valuesOf(answer, "Via"), valuesOf(request, "Via"));
      assert.deepEqual(valuesOf(answer, "Call-ID"), valuesOf(request, "Call-ID"));
      // The same again is answered the same: nothing is remembered.
      there.send("open", request);
      assert.equal(await there.open.next(), answer);
      assert.deepEqual(await there.silence(), []);
    });
  }

  it("an ACK and a response that break a rule are dropped without a word", async () => {
    for (const rule of ["version", "repeated-field"] as const) {
      there.send("open", broken[rule](there.request("open", "v2", { ...toHome, method: "ACK" })));
      assert.deepEqual(await there.silence(), [], rule);
      assert.match(there.lastOutcome, new RegExp(`^dropped: ${rule}`));
    }
    there.send("home", there.request("home", "v3"));
    const ok = writeResponse(await there.open.next(), "200 OK");
    there.send("open", ok.replace(/(To: .*\r\n)/, "$1$1"));
    assert.deepEqual(await there.silence(), []);
    assert.equal(there.lastOutcome, "dropped: repeated-field");
    there.send("open", ok);
    assert.match(await there.home.next(), /^SIP\/2\.0 200 OK\r\n/);
  });

  it("a stream goes on where its framing is certain, and is closed where it is not", async () => {
    const peer = await StreamPeer.tcp(tcp.port("outside", "tcp"));
    const request = there.request("open", "v4", { ...toHome, via: `SIP/2.0/TCP ${host};branch=z9hG4bKv4` });
    peer.send(broken.version(request));
    assert.match(await peer.next(), /^SIP\/2\.0 505 /);
    peer.send(request);
    assert.match(await there.home.next(), /^INVITE /);
    peer.send(request.replace("Content-Length: 0", "Content-Length: 0\r\nl: 312"));
    assert.match(await peer.next(), /^SIP\/2\.0 400 Bad Request\r\n/);
    await peer.ended();
    assert.deepEqual(await there.silence(), []);
    peer.close();
  });
});

describe("steps 3 and 7: the out gate sees the message as the in gate leaves it; edits are applied once", () => {
  let there: Neighbourhood;
  before(async () => {
    there = await Neighbourhood.settle(
      networks(`rule no-organization-comes-in
  on message from foreign
  remove Organization
  because "test"
rule nothing-with-an-organization-goes-out
  on request to ims-b or home
  when Organization is present
  reject 403 "no Organization"
  because "test"
transit from open-d to ims-b`),
    );
  });
  after(() => there.close());

  it("what the in gate takes away no rule of the out gate meets", async () => {
    const rows = ["Organization: somebody"];
    there.send("open", there.request("open", "g1", { uri: "sip:x@ims-b.example", rows }));
    assert.deepEqual(valuesOf(await there.ims.next(), "Organization"), []);
    there.send("home", there.request("home", "g2", { uri: "sip:x@ims-b.example", rows }));
    assert.match(await there.home.next(), /^SIP\/2\.0 403 no Organization\r\n/);
  });

  it("bytes that no edit touches leave exactly as they came, in a request and in its response", async () => {
    const via = `SIP/2.0/UDP ${hostOf.home}:${there.home.port};branch=z9hG4bKg3`;
    const rows = [
      "s  :\t  blanks   and\r\n \tfolds, ünïcode",
      "X-Unknown:",
      'f: "A \\" quoted" <sip:alice@home1.example> ; tag=g3',
      "t: <sip:bob@open-d.example>",
      "i: g3@test",
      "CSeq:  0001   INVITE",
      "c:   application/octet-stream",
    ];
    const body = "\u0000\u00ff\r\n\r\nINVITE nobody\r\n";
    const tail = `${rows.join("\r\n")}\r\nl: ${body.length}\r\n\r\n${body}`;
    const start = "INVITE sip:%62ob@Open-D.example SIP/2.0\r\n";
    const text = `${start}v:  ${via}\r\nMax-Forwards:   042\r\n${tail}`;
    // latin1 on the wire: what is written above as UTF-8 has to be UTF-8 there too.
    const bytes = text.replaceAll(/[\u00e0-\u00fe]/g, (letter) => Buffer.from(letter).toString("latin1"));
    there.send("home", bytes);
    const sent = await there.open.next();
    const [ours] = valuesOf(sent, "Via");
    const [far, near] = valuesOf(sent, "Record-Route");
    assert.equal(
      sent,
      bytes
        .replace(start, `${start}Via: ${ours}\r\nRecord-Route: ${far}\r\nRecord-Route: ${near}\r\n`)
        .replace("Max-Forwards:   042", "Max-Forwards:   41"),
    );
    const answer = `SIP/2.0 200 Ölig\r\nVia: ${ours}\r\nv:  ${via}\r\n${tail}`.replaceAll(
      /[\u00d6\u00e0-\u00fe]/g,
      (letter) => Buffer.from(letter).toString("latin1"),
    );
    there.send("open", answer);
    assert.equal(await there.home.next(), answer.replace(`Via: ${ours}\r\n`, ""));
  });
});

describe("step 6: where TLS is required (sips, or a partner rule), there is no fall-back", () => {
  const root = makeAuthority("carrier root");
  const year = new Date().getUTCFullYear();
  let home: Phone;
  let clear: StreamHop;
  let border: StartedBorder;
  /** A port that refuses connections. */
  let dead: number;

  before(async () => {
    home = await Phone.open();
    clear = await StreamHop.tcp();
    const gone = await StreamHop.tcp();
    dead = gone.port;
    gone.close();
    border = await StartedBorder.start({
      engine: writtenPolicy(
        networks(`partner carrier-c {
  domain "carrier-c.example"
  agreement "IWA-1" from ${year}-01-01 to ${year + 1}-12-31
  authority "root.pem"
  tls required
}`),
        { "root.pem": root.certificate },
      ),
      listeners: ["inside udp", "outside tcp", "outside tls"],
      hops: {
        "open-d": [`tls:${host}:${dead}`, `tcp:${host}:${clear.port}`],
        "ims-b": [`tcp:${host}:${clear.port}`],
        "carrier-c": [`tls:${host}:${dead}`],
      },
      identity: makeCertificate("home1.example", root),
    });
  });
  beforeEach(() => {
    border.passages.length = 0;
  });
  after(async () => {
    await border.close();
    clear.close();
    home.close();
  });

  async function answerTo(uri: string, ...rows: readonly string[]): Promise<string> {
    home.send(
      textMessage(
        `MESSAGE ${uri} SIP/2.0`,
        `Via: SIP/2.0/UDP ${host}:${home.port};branch=z9hG4bKt${border.passages.length}`,
        "Max-Forwards: 70",
        "From: <sip:alice@home1.example>;tag=t1",
        `To: <${uri}>`,
        "Call-ID: t1@test",
        "CSeq: 1 MESSAGE",
        ...rows,
        "Content-Length: 0",
      ),
      border.port("inside", "udp"),
    );
    return (await home.next()).split("\r\n")[0]!;
  }

  for (const [what, uri, status] of [
    ["sips where there is no hop over TLS", "sips:bob@ims-b.example", "480 Temporarily Unavailable"],
    ["sips where the hop over TLS can't be reached", "sips:bob@open-d.example", "503 Service Unavailable"],
    ["a partner that asks for TLS", "sip:bob@carrier-c.example", "503 Service Unavailable"],
    [
      "a partner that asks for TLS, where the URI asks for another transport",
      "sip:bob@carrier-c.example;transport=tcp",
      "503 Service Unavailable",
    ],
  ] as const) {
    it(`${what}: ${status}, and not a byte in clear`, async () => {
      assert.equal(await answerTo(uri), `SIP/2.0 ${status}`);
      assert.deepEqual(clear.peers, []);
      assert.deepEqual(border.handshakes, []);
    });
  }

  it("but sip goes to the hop in clear where the one over TLS can't be reached", async () => {
    const answered = answerTo("sip:bob@open-d.example");
    const peer = await clear.peer();
    const text = await peer.next();
    assert.match(text, /^MESSAGE sip:bob@open-d\.example /);
    peer.send(writeResponse(text, "200 OK"));
    assert.equal(await answered, "SIP/2.0 200 OK");
  });
});
