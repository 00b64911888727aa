/** A partner that takes nothing costs the others nothing, and the whole border no more than its limit. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { type AdapterEvent, TcpAdapter } from "../../adapters/index.ts";
import {
  Border,
  type Hop,
  type ListenerSettings,
  type NetworkSettings,
  type Passage,
  type QueueLimits,
} from "../../border/index.ts";
import { compile } from "../../engine/index.ts";
import { makeCertificate } from "../certificate-authority.ts";
import { until } from "../until.ts";
import { Phone, textMessage, valuesOf } from "./phone.ts";
import { network, smallPolicy } from "./small-policy.ts";

const host = "127.0.0.1";
const bodyBytes = 16_000;
/** What a message of the flood has at most, with all that the border adds. */
const largest = bodyBytes + 2_000;

/** A TCP server that holds what connects to it, and reads nothing before it is told to. */
class StalledPartner {
  readonly sockets: Socket[] = [];
  private readonly server: Server;
  private reads = false;

  private constructor(server: Server) {
    this.server = server;
    server.on("connection", (socket) => {
      this.sockets.push(socket);
      socket.on("error", () => {});
      if (this.reads) socket.resume();
    });
  }

  static async open(): Promise<StalledPartner> {
    const server = createServer({ pauseOnConnect: true });
    server.listen(0, host);
    await once(server, "listening");
    return new StalledPartner(server);
  }

  get port(): number {
    const address = this.server.address();
    assert.ok(address !== null && typeof address === "object");
    return address.port;
  }

  read(): void {
    this.reads = true;
    for (const socket of this.sockets) socket.resume();
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

/** A partner that answers each request 200 at once. */
class LivePartner {
  readonly adapter = new TcpAdapter({ host });

  constructor() {
    this.adapter.events$.subscribe((event: AdapterEvent) => {
      if (event.kind !== "received") return;
      const text = Buffer.from(event.bytes).toString("latin1");
      const copied = ["Via", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
        valuesOf(text, field).map((value) => `${field}: ${value}`),
      );
      event.connection.send(Buffer.from(textMessage("SIP/2.0 200 OK", ...copied, "Content-Length: 0")));
    });
  }
}

function request(method: string, uri: string, call: string, via: string, body = ""): string {
  return (
    textMessage(
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/${via};branch=z9hG4bK${call}`,
      "Max-Forwards: 70",
      "From: <sip:alice@home1.example>;tag=1",
      `To: <${uri}>`,
      `Call-ID: ${call}`,
      `CSeq: 1 ${method}`,
      "Content-Type: text/plain",
      `Content-Length: ${body.length}`,
    ) + body
  );
}

/** Our own side, over one TCP connection. */
class Home {
  readonly socket: Socket;
  /** By Call-ID, the status of each answer. */
  readonly answers = new Map<string, number>();
  readonly sent: string[] = [];
  private readonly text: string[] = [];

  constructor(port: number) {
    this.socket = connect(port, host);
    this.socket.on("error", () => {});
    this.socket.setEncoding("latin1").on("data", (chunk) => this.hear(String(chunk)));
  }

  send(method: string, partner: string, body = ""): string {
    const call = `${partner}-${this.sent.length}`;
    this.sent.push(call);
    this.socket.write(request(method, `sip:bob@${partner}.example`, call, `TCP ${host}`, body));
    return call;
  }

  flood(partner: string, count: number): void {
    for (let i = 0; i < count; i++) this.send("MESSAGE", partner, "x".repeat(bodyBytes));
  }

  async status(call: string): Promise<number> {
    await until(() => this.answers.has(call), `an answer to ${call}`);
    return this.answers.get(call)!;
  }

  private hear(chunk: string): void {
    this.text.push(chunk);
    // No answer here has a body.
    const parts = this.text.join("").split("\r\n\r\n");
    this.text.splice(0, this.text.length, parts.pop()!);
    for (const part of parts) {
      const [call] = valuesOf(`${part}\r\n\r\n`, "Call-ID");
      this.answers.set(call!, Number(part.slice(8, 11)));
    }
  }
}

/** Reads on until the 200 of that call. */
async function answerTo(phone: Phone, call: string): Promise<void> {
  for (;;) {
    const text = await phone.next();
    if (valuesOf(text, "Call-ID")[0] !== call) continue;
    assert.match(text, /^SIP\/2\.0 200 OK\r\n/);
    return;
  }
}

class Scene {
  readonly passages: Passage[] = [];
  readonly live: LivePartner;
  readonly phone: Phone;
  readonly stalled: StalledPartner;
  readonly other: StalledPartner;
  readonly border: Border;
  readonly home: Home;

  private constructor(
    phone: Phone,
    live: LivePartner,
    [stalled, other]: readonly [StalledPartner, StalledPartner],
    border: Border,
  ) {
    this.phone = phone;
    this.live = live;
    this.stalled = stalled;
    this.other = other;
    this.border = border;
    this.home = new Home(border.sides[0]!.port);
    border.passages$.subscribe((passage) => this.passages.push(passage));
  }

  static async open(queue: QueueLimits, otherTransport: "tcp" | "tls" = "tcp"): Promise<Scene> {
    const phone = await Phone.open();
    const [stalled, other] = [await StalledPartner.open(), await StalledPartner.open()];
    const hops = (transport: Hop["transport"], port: number): NetworkSettings => ({
      hops: [{ transport, address: host, port }],
      listener: undefined,
      numeric: false,
    });
    const own = makeCertificate("home1.example", undefined);
    const plain = { address: host, host, port: 0 };
    const listeners: readonly ListenerSettings[] = [
      { ...plain, name: "inside", transport: "tcp" },
      { ...plain, name: "inside", transport: "udp" },
      { ...plain, name: "outside", transport: "tcp" },
      { ...plain, name: "outside", transport: "tls", certificate: own.certificate, key: own.privateKey },
    ];
    const live = new LivePartner();
    await live.adapter.listen();
    const border = new Border(compile(smallPolicy([network("stalled"), network("other")])), {
      secret: Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"),
      listeners,
      networks: new Map([
        ["home", { ...hops("udp", phone.port), listener: "inside" }],
        ["stalled", hops("tcp", stalled.port)],
        ["other", hops(otherTransport, other.port)],
        ["open-d", hops("tcp", live.adapter.address!.port)],
      ]),
      queue,
    });
    await border.listen();
    return new Scene(phone, live, [stalled, other], border);
  }

  /** The call and outcome of each request of home that was dealt with, in order. */
  dealt(): readonly { readonly call: string; readonly outcome: string }[] {
    return this.passages.flatMap((passage) => {
      if (passage.kind !== "message" || passage.status !== undefined) return [];
      const [call] = valuesOf(Buffer.from(passage.received).toString("latin1"), "Call-ID");
      return [{ call: call!, outcome: passage.outcome.kind }];
    });
  }

  waitingBytes(): number {
    const { opening, open } = this.border.queuedBytes();
    return opening + open;
  }

  /** The calls of datagrams that were dropped since too much waits. */
  dropped(): readonly string[] {
    return this.passages.flatMap((one) =>
      one.kind === "message" &&
      one.outcome.kind === "dropped" &&
      one.outcome.cause === "too much waits in the whole border"
        ? valuesOf(Buffer.from(one.received).toString("latin1"), "Call-ID")
        : [],
    );
  }

  async close(): Promise<void> {
    this.home.socket.destroy();
    this.stalled.close();
    this.other.close();
    await this.live.adapter.close();
    await this.border.close();
    this.phone.close();
  }
}

describe("a partner that takes TCP and never reads", () => {
  const queueBytes = 100_000;
  let scene: Scene;
  before(async () => {
    scene = await Scene.open({ bytes: queueBytes, milliseconds: 8_000 });
  });
  after(() => scene.close());

  it("has its queue filled, and no other's requests wait, get lost or change places", {
    timeout: 120_000,
  }, async () => {
    const { home } = scene;
    // Connections stand from here on: nothing waits for one.
    assert.equal(await home.status(home.send("OPTIONS", "open-d")), 200);
    home.send("MESSAGE", "stalled");
    await until(() => scene.dealt().length === 2, "the first request to the stalled one");
    const live: string[] = [];
    const isFull = (): boolean => [...home.answers.values()].includes(503);
    // Megabytes go to the system's buffers first.
    for (let round = 0, full = 0; full < 10; round++) {
      assert.ok(round < 500, "the queue never got full");
      home.flood("stalled", 20);
      const call = home.send("OPTIONS", "open-d");
      live.push(call);
      assert.equal(await home.status(call), 200, call);
      if (isFull()) full++;
    }
    await until(() => scene.dealt().length === home.sent.length, "the last of the flood");
    const dealt = scene.dealt();
    assert.deepEqual(
      dealt.map(({ call }) => call),
      home.sent,
      "each is dealt with before the next one",
    );
    const flood = dealt.filter(({ call }) => call.startsWith("stalled"));
    const refused = flood.filter(({ outcome }) => outcome === "answered").map(({ call }) => call);
    assert.ok(refused.length >= 100, `${refused.length} were refused`);
    for (const call of refused) assert.equal(await home.status(call), 503);
    assert.equal(home.answers.size, refused.length + live.length + 1, "and nobody else is answered");
  });

  it("makes the border hold no more for it than its queue", () => {
    const bytes = scene.waitingBytes();
    assert.ok(bytes > 0 && bytes <= queueBytes + largest, `${bytes} bytes wait`);
  });
});

describe("a partner that takes TCP and never shakes hands", () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.open({ bytes: 100_000, milliseconds: 30_000 }, "tls");
  });
  after(() => scene.close());

  it("keeps only its own requests waiting", { timeout: 60_000 }, async () => {
    const { home, other } = scene;
    const waiting = Array.from({ length: 5 }, () => home.send("MESSAGE", "other"));
    await until(() => other.sockets.length === 1, "a connection to it");
    for (let i = 0; i < 20; i++) assert.equal(await home.status(home.send("OPTIONS", "open-d")), 200);
    assert.deepEqual(
      waiting.filter((call) => home.answers.has(call)),
      [],
    );
    other.sockets[0]!.destroy();
    for (const call of waiting) assert.equal(await home.status(call), 503);
  });
});

describe("more than the whole border may hold", () => {
  const total = 150_000;
  let scene: Scene;
  before(async () => {
    scene = await Scene.open({ bytes: 100_000, milliseconds: 8_000, total });
  });
  after(() => scene.close());

  it("has streams wait and datagrams dropped, until half of it has gone", { timeout: 120_000 }, async () => {
    const { home, border, phone, stalled, other } = scene;
    const udp = border.sides[1]!.port;
    const overUdp = (call: string, uri: string): void =>
      phone.send(request("OPTIONS", uri, call, `UDP ${host}:${phone.port}`), udp);
    assert.equal(await home.status(home.send("OPTIONS", "open-d")), 200);
    for (let round = 0; scene.dropped().length === 0; round++) {
      assert.ok(round < 1_000, "it never held too much");
      home.flood("stalled", 10);
      home.flood("other", 10);
      overUdp(`probe-${round}`, "sip:bob@open-d.example");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const bytes = scene.waitingBytes();
    assert.ok(bytes > total / 2 && bytes <= 2 * (100_000 + largest), `${bytes} bytes wait`);

    const late = home.send("OPTIONS", "open-d");
    overUdp("forwarded", "sip:bob@open-d.example");
    overUdp("own", `sip:${host}:${udp}`);
    await answerTo(phone, "own");
    assert.ok(scene.dropped().includes("forwarded"));
    assert.equal(home.answers.has(late), false, "its stream is not read");

    stalled.read();
    other.read();
    assert.equal(await home.status(late), 200);
    await until(() => scene.waitingBytes() <= total / 2, "the end of what waits");
    overUdp("again", "sip:bob@open-d.example");
    await answerTo(phone, "again");
  });
});
