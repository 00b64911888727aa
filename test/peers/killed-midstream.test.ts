/**
 * The border is killed while it writes to a slow reader over TCP. What the reader has got by then
 * was edited before its first byte left: whole messages, at most a cut one at the end, and in no
 * byte the identity that was to be withheld.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { textMessage } from "../border/phone.ts";
import { RunningBorder } from "./running-border.ts";
import { endOfMessage } from "./tcp-phone.ts";

const target = "sip:bob@open-d.example;transport=tcp";
const start = `MESSAGE ${target} SIP/2.0\r\n`;
/** Longer than one segment, so that a write may end anywhere in it. */
const body = (number: number): string => `${number}: ${"far more than fits ".repeat(400)}`;

function message(number: number): Buffer {
  const text = body(number);
  const head = textMessage(
    `MESSAGE ${target} SIP/2.0`,
    `Via: SIP/2.0/TCP ue.home1.example;branch=z9hG4bKs${number}`,
    "Max-Forwards: 70",
    'P-Asserted-Identity: "Withheld" <sip:withheld@home1.example>, <tel:+15550100>',
    "Privacy: id",
    `From: <sip:anonymous@anonymous.invalid>;tag=${number}`,
    `To: <${target}>`,
    `Call-ID: ${number}@home1.example`,
    `CSeq: ${number} MESSAGE`,
    "Content-Type: text/plain",
    `Content-Length: ${text.length}`,
  );
  return Buffer.from(head + text, "latin1");
}

/** Writes message after message, as fast as they are taken, until the border is gone. */
async function flood(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.once("close", resolve));
  // Where the queue is full, the border says so.
  socket.resume();
  for (let number = 1; !socket.destroyed; number++) {
    if (socket.write(message(number))) await new Promise((resolve) => setImmediate(resolve));
    else await Promise.race([new Promise((resolve) => socket.once("drain", resolve)), closed]);
  }
}

class SlowReader {
  private readonly socket: Socket;
  private readonly chunks: Buffer[] = [];
  private readonly ended: Promise<unknown>;
  private size = 0;
  private slow = true;

  constructor(socket: Socket) {
    this.socket = socket;
    this.ended = new Promise((resolve) => socket.once("close", resolve));
    socket.on("data", (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.size += chunk.length;
      if (this.slow) socket.pause();
    });
  }

  /** At least so many bytes, a chunk at a time. */
  async read(bytes: number): Promise<void> {
    while (this.size < bytes) {
      this.socket.resume();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** All that came until the connection ended. */
  async readAll(): Promise<string> {
    this.slow = false;
    this.socket.resume();
    await this.ended;
    return Buffer.concat(this.chunks).toString("latin1");
  }
}

describe("a border that is killed in the middle of a stream", () => {
  const server = createServer({ pauseOnConnect: true });
  const border = new RunningBorder();

  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    const hop = `tcp:127.0.0.1:${address.port}`;
    await border.start({ home: [hop], "open-d": [hop] });
  });
  after(async () => {
    await border.stop();
    server.close();
  });

  for (const [reading, wanted] of [
    ["has stopped reading", 1],
    ["reads slowly", 2_000_000],
  ] as const) {
    it(`leaves nothing but edited messages to a peer that ${reading}`, async () => {
      if (!border.isRunning) await border.startAgain();
      const flooding = flood(border.port("inside", "tcp"));
      const [socket] = (await once(server, "connection")) as [Socket];
      const reader = new SlowReader(socket);
      // The queue may be full before the connection of the border stands.
      await reader.read(1);
      // From here on every buffer between the border and the reader is full.
      await border.until(/the queue to open-d is full/);
      await reader.read(wanted);
      await border.kill();
      const all = await reader.readAll();
      await flooding;
      assert.doesNotMatch(all, /P-Asserted-Identity|withheld|15550100/i);
      const tail = readMessages(all, border.port("outside", "tcp"));
      assert.equal(tail.slice(0, start.length), start.slice(0, tail.length));
    });
  }
});

/** Every whole message is one that was edited, in the order of sending; gives what is left behind the last. */
function readMessages(stream: string, outside: number): string {
  let rest = stream;
  let last = 0;
  for (let end = endOfMessage(rest); end > 0; end = endOfMessage(rest)) {
    const [head, text] = rest.slice(0, end).split("\r\n\r\n") as [string, string];
    const number = Number(/^CSeq: (\d+) MESSAGE\r$/m.exec(head)?.[1]);
    assert.ok(number > last, `${number} came behind ${last}`);
    assert.ok(head.startsWith(`${start}Via: SIP/2.0/TCP 127.0.0.1:${outside};branch=z9hG4bK`), head);
    assert.match(
      head,
      new RegExp(`\r\nVia: SIP/2\\.0/TCP \\S+;branch=z9hG4bKs${number};received=127\\.0\\.0\\.1\r\n`),
    );
    assert.equal(text, body(number));
    last = number;
    rest = rest.slice(end);
  }
  assert.ok(last > 0);
  return rest;
}
