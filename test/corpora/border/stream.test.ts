/** Case 27 over TCP: several messages in one segment, and the same bytes cut at every position. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Phone } from "../../border/phone.ts";
import { StartedBorder, writtenPolicy } from "../../border/started-border.ts";
import { StreamPeer } from "../../border/stream-peer.ts";
import { caseText } from "./case-text.ts";

interface Stream {
  readonly chunks: readonly string[];
  readonly expect: readonly {
    readonly afterChunk: number;
    readonly event: "message" | "ping";
    readonly callId?: string;
    readonly body?: string;
    readonly answer?: string;
  }[];
}

const { chunks, expect } = JSON.parse(caseText("27-stream-several-messages-in-one-segment.json")) as Stream;
const messages = expect.filter(({ event }) => event === "message");
const pongs = expect.filter(({ event }) => event === "ping").map(({ answer }) => answer);

const engine = writtenPolicy(`language 1
policy "open-d sends over TCP"
network home {
  own
  domain "home1.example"
  listener "inside"
}
network open-d {
  domain "open-d.example"
  listener "outside"
}
trust home
`);

/** Connections that stand at a time while every position is tried. */
const atATime = 40;

/** Long enough that the border reads what was written before; where it does not, the bytes come uncut. */
const apart = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

describe("case 27: a stream with several messages in one segment", () => {
  let home: Phone;
  let border: StartedBorder;

  before(async () => {
    home = await Phone.open();
    border = await StartedBorder.start({
      engine,
      listeners: ["inside udp", "outside tcp"],
      hops: { home: [`udp:127.0.0.1:${home.port}`] },
    });
  });
  after(async () => {
    await border.close();
    home.close();
  });

  /** Call-ID and body of the messages that came by that connection, in their order. */
  function cameBy(peer: StreamPeer): readonly unknown[] {
    return border.messages
      .filter(({ from }) => from.port === peer.socket.localPort)
      .map(({ from, to, outcome, received }) => {
        assert.deepEqual([from.network, to?.network, outcome.kind], ["open-d", "home", "forwarded"]);
        const text = Buffer.from(received).toString("latin1");
        const bodyAt = text.indexOf("\r\n\r\n") + 4;
        return { callId: /^Call-ID: (.*)\r$/m.exec(text)![1], body: text.slice(bodyAt) };
      });
  }
  const wanted = (upTo: number): readonly unknown[] =>
    messages.filter(({ afterChunk }) => afterChunk <= upTo).map(({ callId, body }) => ({ callId, body }));

  it("has its messages forwarded in their order, none before its last byte, and its ping answered", async () => {
    const peer = await StreamPeer.tcp(border.port("outside", "tcp"));
    for (const [index, chunk] of chunks.entries()) {
      peer.send(chunk);
      const due = wanted(index + 1);
      await border.until(() => cameBy(peer).length >= due.length, `what chunk ${index + 1} brings`);
      assert.deepEqual(cameBy(peer), due);
      for (const { callId, body } of messages.filter(({ afterChunk }) => afterChunk === index + 1)) {
        const sent = await home.next();
        assert.match(sent, new RegExp(`\r\nCall-ID: ${callId}\r\n`));
        assert.equal(sent.slice(sent.indexOf("\r\n\r\n") + 4), body);
      }
      await border.until(() => peer.received !== "", "the answer to the ping");
    }
    await apart();
    assert.equal(peer.received, pongs.join(""), "one pong, and no answer to any message");
    peer.close();
  });

  it("is the same stream wherever it is cut", { timeout: 120_000 }, async () => {
    const all = chunks.join("");
    const cuts = Array.from({ length: all.length - 1 }, (_, index) => index + 1);
    for (let first = 0; first < cuts.length; first += atATime) {
      border.passages.length = 0;
      const now = await Promise.all(
        cuts.slice(first, first + atATime).map(async (cut) => {
          const peer = await StreamPeer.tcp(border.port("outside", "tcp"));
          return { cut, peer };
        }),
      );
      for (const { cut, peer } of now) peer.send(all.slice(0, cut));
      await apart();
      for (const { cut, peer } of now) peer.send(all.slice(cut));
      for (const { cut, peer } of now) {
        await border.until(
          () => cameBy(peer).length === messages.length && peer.received !== "",
          `cut at ${cut}`,
        );
      }
      await apart();
      for (const { cut, peer } of now) {
        assert.deepEqual(cameBy(peer), wanted(chunks.length), `cut at ${cut}`);
        assert.equal(peer.received, pongs.join(""), `cut at ${cut}`);
        peer.close();
      }
    }
  });

  it("is the same stream byte by byte", async () => {
    const peer = await StreamPeer.tcp(border.port("outside", "tcp"));
    for (const byte of chunks.join("")) {
      peer.send(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await border.until(
      () => cameBy(peer).length === messages.length && peer.received !== "",
      "every message and the pong",
    );
    assert.deepEqual(cameBy(peer), wanted(chunks.length));
    assert.equal(peer.received, pongs.join(""));
    peer.close();
  });
});
