/** The responder on real sockets: RFC 1035 4.2, 7766; what is bounded. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { after, describe, it } from "node:test";
import { streamLimits } from "../../../adapters/dns/question-streams.ts";
import { Responder, type ResponderEvent, type ResponderSettings } from "../../../adapters/index.ts";
import { patience, until } from "../../until.ts";
import { extended, home, question, said, zonesOf } from "../../wire/dns/published.ts";

const running: Responder[] = [];
after(() => Promise.all(running.map((one) => one.close())));

interface Started {
  readonly responder: Responder;
  readonly port: number;
  readonly events: ResponderEvent[];
}

async function start(settings: Partial<ResponderSettings> = {}): Promise<Started> {
  const listen = [{ address: "127.0.0.1", port: 0 }];
  const responder = new Responder({ listen, answers: 100, total: 1_000, ...settings }, zonesOf(home));
  running.push(responder);
  const events: ResponderEvent[] = [];
  responder.events$.subscribe((event) => events.push(event));
  const [bound] = await responder.listen();
  return { responder, port: bound!.port, events };
}

/** What comes back for each of them, in the order of coming, until nothing has come for a while. */
async function overUdp(
  port: number,
  questions: readonly Uint8Array[],
  wanted = questions.length,
): Promise<Buffer[]> {
  const socket = createSocket("udp4");
  const answers: Buffer[] = [];
  const enough = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 5_000);
    socket.on("message", (bytes) => {
      answers.push(bytes);
      if (answers.length < wanted) return;
      clearTimeout(timer);
      resolve();
    });
  });
  for (const bytes of questions) socket.send(bytes, port, "127.0.0.1");
  await enough;
  socket.close();
  return answers;
}

function framed(...messages: readonly Uint8Array[]): Buffer {
  return Buffer.concat(messages.flatMap((one) => [Buffer.of(one.length >> 8, one.length & 255), one]));
}

class Stream {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  #bytes = Buffer.alloc(0);

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.on("error", () => {});
    this.closed = once(this.socket, "close");
    this.socket.on("data", (bytes) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
    });
  }

  async answers(count: number): Promise<readonly Buffer[]> {
    for (const end = Date.now() + patience; Date.now() < end; ) {
      const messages: Buffer[] = [];
      let at = 0;
      while (at + 2 <= this.#bytes.length && at + 2 + this.#bytes.readUInt16BE(at) <= this.#bytes.length) {
        messages.push(this.#bytes.subarray(at + 2, at + 2 + this.#bytes.readUInt16BE(at)));
        at += 2 + this.#bytes.readUInt16BE(at);
      }
      if (messages.length >= count) return messages;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`not ${count} answers: ${this.#bytes.toString("hex")}`);
  }
}

const ofEdge = "edge2.home1.example 300 A 192.0.2.2";

describe("a responder", () => {
  it("answers over UDP and TCP at one port", async () => {
    const { port, events } = await start();
    const [answer] = await overUdp(port, [question("A", "edge2.home1.example")]);
    assert.deepEqual(said(answer!).answers, [ofEdge]);
    const stream = new Stream(port);
    stream.socket.write(framed(question("A", "edge2.home1.example")));
    assert.deepEqual(said((await stream.answers(1))[0]!).answers, [ofEdge]);
    stream.socket.end();
    await stream.closed;
    assert.deepEqual(events, [
      { kind: "answered", over: "udp", code: 0 },
      { kind: "answered", over: "tcp", code: 0 },
    ]);
  });

  it("answers over IPv6", async (t) => {
    let port: number;
    try {
      ({ port } = await start({ listen: [{ address: "::1", port: 0 }] }));
    } catch {
      t.skip("no IPv6 here");
      return;
    }
    const socket = createSocket("udp6");
    const answer = once(socket, "message");
    socket.send(question("A", "edge2.home1.example"), port, "::1");
    assert.deepEqual(said(((await answer) as [Buffer])[0]).answers, [ofEdge]);
    socket.close();
  });

  it("takes several questions on one connection, cut anywhere", async () => {
    const { port } = await start();
    const stream = new Stream(port);
    const bytes = framed(question("A", "edge2.home1.example"), extended("SOA", "home1.example"));
    for (const byte of bytes) {
      stream.socket.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const answers = await stream.answers(2);
    assert.deepEqual(
      answers.map((one) => said(one).answers.length),
      [1, 1],
    );
    stream.socket.destroy();
  });

  it("serves other records from one question to the next", async () => {
    const { responder, port } = await start();
    responder.serve(
      zonesOf({ ...home, hosts: [{ name: "edge2.home1.example", addresses: ["192.0.2.77"] }] }),
    );
    const [answer] = await overUdp(port, [question("A", "edge2.home1.example")]);
    assert.deepEqual(said(answer!).answers, ["edge2.home1.example 300 A 192.0.2.77"]);
  });

  it("never answers an answer: two of them can't be set at each other", async () => {
    const { port, events } = await start();
    const answer = question("A", "edge2.home1.example");
    answer.writeUInt16BE(0x80_00, 2);
    const [only] = await overUdp(port, [answer, Buffer.alloc(0), question("A", "home1.example")], 1);
    assert.equal(said(only!).code, 0);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ["dropped", "dropped", "answered"],
    );
  });

  it("cuts every second answer beyond a network's share short, and drops the others", async () => {
    const { port, events } = await start({ answers: 1 });
    const query = question("A", "edge2.home1.example");
    const answers = await overUdp(port, [query, query, query], 2);
    assert.deepEqual(
      answers.map((one) => said(one).flags),
      ["aa", "aa tc"],
    );
    assert.equal(answers[1]!.length, query.length);
    assert.deepEqual(events, [
      { kind: "answered", over: "udp", code: 0 },
      { kind: "dropped", over: "udp", cause: "share" },
      { kind: "answered", over: "udp", code: 0, cut: "share" },
    ]);
  });

  it("closes a stream that asks beyond its share, or what can't be answered", async () => {
    const { port, events } = await start({ answers: 2 });
    const query = framed(question("A", "edge2.home1.example"));
    const stream = new Stream(port);
    stream.socket.write(Buffer.concat([query, query, query]));
    await stream.closed;
    assert.deepEqual(events.at(-1), { kind: "dropped", over: "tcp", cause: "share" });
    const other = await start();
    const short = new Stream(other.port);
    short.socket.write(framed(Buffer.alloc(3)));
    await short.closed;
    const long = new Stream(other.port);
    long.socket.write(Buffer.of(0xff, 0xff));
    await long.closed;
    assert.deepEqual(other.events, [
      { kind: "dropped", over: "tcp", cause: "unanswerable" },
      { kind: "dropped", over: "tcp", cause: "unanswerable" },
    ]);
  });

  it("closes one more stream of one network than it holds, and takes another once one has gone", async () => {
    const { port, events } = await start();
    const query = framed(question("A", "edge2.home1.example"));
    const held = Array.from({ length: streamLimits.ofOneNetwork }, () => new Stream(port));
    for (const stream of held) {
      stream.socket.write(query);
      await stream.answers(1);
    }
    await new Stream(port).closed;
    assert.deepEqual(events.at(-1), { kind: "dropped", over: "tcp", cause: "connections" });
    held[0]!.socket.destroy();
    await held[0]!.closed;
    await until(async () => {
      const again = new Stream(port);
      again.socket.write(query);
      const got = await Promise.race([again.answers(1), again.closed.then(() => undefined)]);
      again.socket.destroy();
      return got !== undefined;
    }, "another stream's answer");
    for (const { socket } of held) socket.destroy();
  });

  it("closes a stream that never asks, however slowly it dribbles", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { port, events } = await start();
    const stream = new Stream(port);
    await once(stream.socket, "connect");
    // What has been written before is read by the time that another stream is answered.
    const haveRead = async (): Promise<void> => {
      const probe = new Stream(port);
      probe.socket.write(framed(question("A", "edge2.home1.example")));
      await once(probe.socket, "data");
      probe.socket.destroy();
    };
    stream.socket.write(Buffer.of(0));
    await haveRead();
    t.mock.timers.tick(streamLimits.patience - 1);
    stream.socket.write(Buffer.of(37));
    await haveRead();
    assert.equal(stream.socket.destroyed, false);
    t.mock.timers.tick(1);
    await stream.closed;
    assert.deepEqual(events.filter(({ kind }) => kind === "dropped").at(0), {
      kind: "dropped",
      over: "tcp",
      cause: "slow",
    });
  });

  it("binds all or nothing", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    assert.ok(address !== null && typeof address === "object");
    const { port } = address;
    const listen = [
      { address: "127.0.0.1", port: 0 },
      { address: "127.0.0.1", port },
    ];
    const responder = new Responder({ listen, answers: 1, total: 1 }, zonesOf(home));
    await assert.rejects(responder.listen(), /EADDRINUSE/);
    // UDP of that port was bound first, and has been let go.
    const socket = createSocket("udp4").bind(port, "127.0.0.1");
    await once(socket, "listening");
    socket.close();
    taken.close();
    await responder.close();
  });

  it("ends with its streams", async () => {
    const { responder, port } = await start();
    const stream = new Stream(port);
    stream.socket.write(framed(question("A", "edge2.home1.example")));
    await stream.answers(1);
    await responder.close();
    await stream.closed;
  });
});
