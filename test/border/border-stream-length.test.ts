/** What comes in a datagram without Content-Length and leaves on a stream (RFC 3261 18.3, 20.14). */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { compile } from "../../engine/index.ts";
import { Phone, textMessage, valuesOf } from "./phone.ts";
import { smallPolicy } from "./small-policy.ts";
import { StartedBorder } from "./started-border.ts";
import { StreamHop, StreamPeer } from "./stream-peer.ts";

const host = "127.0.0.1";

describe("a message without Content-Length that leaves on a stream", () => {
  let home: StreamHop;
  let open: Phone;
  let border: StartedBorder;
  before(async () => {
    home = await StreamHop.tcp();
    open = await Phone.open();
    border = await StartedBorder.start({
      engine: compile(smallPolicy()),
      listeners: ["inside tcp", "outside udp"],
      hops: { home: [`tcp:${host}:${home.port}`], "open-d": [`udp:${host}:${open.port}`] },
    });
  });
  after(async () => {
    await border.close();
    home.close();
    open.close();
  });

  const asked = (id: string, ...more: readonly string[]): string =>
    textMessage(
      "MESSAGE sip:alice@home1.example SIP/2.0",
      `Via: SIP/2.0/UDP ${host}:${open.port};branch=z9hG4bK${id}`,
      "Max-Forwards: 70",
      "From: <sip:bob@open-d.example>;tag=1",
      "To: <sip:alice@home1.example>",
      `Call-ID: ${id}`,
      "CSeq: 1 MESSAGE",
      ...more,
    );

  it("gets one, so that no second message can be hidden in its body", async () => {
    const hidden = textMessage(
      "MESSAGE sip:alice@home1.example SIP/2.0",
      `Via: SIP/2.0/TCP ${host};branch=z9hG4bKhidden`,
      "Call-ID: hidden",
      "P-Asserted-Identity: <sip:boss@home1.example>",
      "Content-Length: 0",
    );
    open.send(asked("l1", "Content-Type: text/plain") + hidden, border.port("outside", "udp"));
    open.send(asked("l2"), border.port("outside", "udp"));
    const peer = await home.peer();
    const first = await peer.next();
    assert.deepEqual(valuesOf(first, "Content-Length").slice(0, 1), [String(hidden.length)]);
    assert.ok(first.endsWith(hidden));
    const second = await peer.next();
    assert.deepEqual(valuesOf(second, "Call-ID"), ["l2"]);
    assert.deepEqual(valuesOf(second, "Content-Length"), ["0"]);
  });

  it("keeps the one that it has, and loses what lies behind it", async () => {
    const text = asked("l3", "Content-Type: text/plain", "Content-Length: 5");
    open.send(`${text}helloMESSAGE sip:alice@home1.example SIP/2.0`, border.port("outside", "udp"));
    const got = await (await home.peer()).next();
    assert.deepEqual(valuesOf(got, "Content-Length"), ["5"]);
    assert.ok(got.endsWith("\r\n\r\nhello"));
  });

  it("gets one where it is a response", async () => {
    const caller = await StreamPeer.tcp(border.port("inside", "tcp"));
    caller.send(
      textMessage(
        "OPTIONS sip:bob@open-d.example SIP/2.0",
        `Via: SIP/2.0/TCP ${host};branch=z9hG4bKl4`,
        "Max-Forwards: 70",
        "From: <sip:alice@home1.example>;tag=1",
        "To: <sip:bob@open-d.example>",
        "Call-ID: l4",
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
      ),
    );
    const request = await open.next();
    const vias = valuesOf(request, "Via").map((via) => `Via: ${via}`);
    open.send(
      `${textMessage(
        "SIP/2.0 200 OK",
        ...vias,
        "From: <sip:alice@home1.example>;tag=1",
        "To: <sip:bob@open-d.example>;tag=2",
        "Call-ID: l4",
        "CSeq: 1 OPTIONS",
        "Content-Type: text/plain",
      )}hello`,
      border.port("outside", "udp"),
    );
    const answer = await caller.next();
    assert.match(answer, /^SIP\/2\.0 200 OK\r\n/);
    assert.deepEqual(valuesOf(answer, "Content-Length"), ["5"]);
    assert.ok(answer.endsWith("\r\n\r\nhello"));
    caller.close();
  });
});
