/** A border that ends: what was read whole has left, or was answered. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, it } from "node:test";
import { type AdapterEvent, TlsAdapter } from "../../adapters/index.ts";
import { Border, type BorderConfiguration, type Hop, type ListenerSettings } from "../../border/index.ts";
import { compile } from "../../engine/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { until } from "../until.ts";
import { textMessage } from "./phone.ts";
import { network, smallPolicy } from "./small-policy.ts";

const host = "127.0.0.1";
const root = makeAuthority("root");
const own = makeCertificate("home1.example", root);
const callees = makeCertificate("open-d.example", root);
const openD = network("open-d", { authorities: ["root.pem"] });
const authorities = { authorities: new Map([["root.pem", [root.der]]]) };

async function listening(server: Server): Promise<number> {
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}

function message(number: number, length = 0): string {
  const head = textMessage(
    "MESSAGE sip:bob@open-d.example SIP/2.0",
    `Via: SIP/2.0/TCP ${host};branch=z9hG4bKd${number}`,
    "Max-Forwards: 70",
    "From: <sip:alice@home1.example>;tag=f1",
    "To: <sip:bob@open-d.example>",
    `Call-ID: d${number}@test`,
    "CSeq: 1 MESSAGE",
    "Content-Type: text/plain",
    `Content-Length: ${length}`,
  );
  return `${head}${"x".repeat(length)}`;
}

describe("a border that ends", () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  async function started(hop: Hop, milliseconds: number, bytes = 80_000_000): Promise<Border> {
    const plain = { address: host, host, port: 0 };
    const listeners: readonly ListenerSettings[] = [
      { ...plain, name: "inside", transport: "tcp" },
      { ...plain, name: "outside", transport: "tcp" },
      { ...plain, name: "outside", transport: "tls", certificate: own.certificate, key: own.privateKey },
    ];
    const configuration: BorderConfiguration = {
      secret: Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"),
      listeners,
      networks: new Map([["open-d", { hops: [hop], listener: "outside", numeric: false }]]),
      queue: { bytes, milliseconds },
    };
    const border = new Border(compile(smallPolicy([openD]), authorities), configuration);
    await border.listen();
    ends.push(() => border.close());
    return border;
  }

  /** A caller of home; what it hears. */
  async function caller(border: Border): Promise<{ readonly socket: Socket; heard: string }> {
    const socket = connect(border.sides[0]!.port, host);
    ends.push(() => socket.destroy());
    const call = { socket, heard: "" };
    socket.on("data", (chunk) => {
      call.heard += chunk.toString("latin1");
    });
    await once(socket, "connect");
    return call;
  }

  it("delivers what waits for a TLS connection that is being opened", async () => {
    const received: string[] = [];
    const callee = new TlsAdapter({ host, identities: [{ domains: [], ...callees }] });
    await callee.listen();
    ends.push(() => void callee.close());
    callee.events$.subscribe((event: AdapterEvent) => {
      if (event.kind === "handshake") event.allow();
      if (event.kind === "received") received.push(Buffer.from(event.bytes).toString("latin1"));
    });
    // The handshake's first bytes are held back until the border is ending.
    const slow = createServer();
    ends.push(() => slow.close());
    const border = await started({ transport: "tls", address: host, port: await listening(slow) }, 10_000);
    const { socket } = await caller(border);
    socket.write(message(1) + message(2));
    const [near]: Socket[] = await once(slow, "connection");
    const closed = border.close();
    const far = connect(callee.address!.port, host);
    for (const end of [near!, far]) {
      end.on("error", () => {});
      ends.push(() => end.destroy());
    }
    near!.pipe(far).pipe(near!);
    await closed;
    await callee.close();
    assert.deepEqual(
      received.map((text) => /Call-ID: (\S+)/.exec(text)?.[1]),
      ["d1@test", "d2@test"],
    );
  });

  it("takes no new connection from then on", async () => {
    const mute = createServer((socket) => ends.push(() => socket.destroy()));
    ends.push(() => mute.close());
    const hop: Hop = { transport: "tls", address: host, port: await listening(mute) };
    const border = await started(hop, 500);
    const call = await caller(border);
    call.socket.write(message(1));
    await once(mute, "connection");
    const [side] = border.sides;
    const closed = border.close();
    const late = connect(side!.port, host);
    const [error] = await once(late, "error");
    assert.equal(error.code, "ECONNREFUSED");
    await closed;
  });

  it("answers 503 where the connection does not come about in its time", async () => {
    const mute = createServer((socket) => ends.push(() => socket.destroy()));
    ends.push(() => mute.close());
    const border = await started({ transport: "tls", address: host, port: await listening(mute) }, 300);
    const call = await caller(border);
    call.socket.write(message(1));
    await once(mute, "connection");
    assert.deepEqual(border.queuedBytes(), { opening: message(1).length, open: 0 });
    await border.close();
    assert.deepEqual(border.queuedBytes(), { opening: 0, open: 0 });
    assert.match(call.heard, /^SIP\/2\.0 503 Service Unavailable\r\n/);
  });

  it("gives a peer that reads slowly the time to take all of it", async () => {
    const slow = createServer({ pauseOnConnect: true });
    ends.push(() => slow.close());
    const border = await started({ transport: "tcp", address: host, port: await listening(slow) }, 5_000);
    let forwarded = 0;
    border.passages$.subscribe((passage) => {
      if (passage.kind === "message" && passage.outcome.kind === "forwarded") forwarded++;
    });
    const { socket } = await caller(border);
    const count = 300;
    const length = 100_000;
    const opened = once(slow, "connection");
    for (let number = 0; number < count; number++) socket.write(message(number, length));
    const [peer]: Socket[] = await opened;
    let bytes = 0;
    let tail = "";
    peer!.on("data", (chunk) => {
      bytes += chunk.length;
      tail = (tail + chunk.toString("latin1")).slice(-2_000);
    });
    peer!.pause();
    await until(() => forwarded === count);
    assert.equal(forwarded, count);
    assert.ok(border.queuedBytes().open > 0);
    const closed = border.close();
    // Longer than a peer has that has nothing left to take.
    await new Promise((resolve) => setTimeout(resolve, 2_600));
    peer!.resume();
    await closed;
    assert.ok(bytes > count * length, `${bytes} bytes came`);
    assert.ok(tail.endsWith("x".repeat(1_000)));
  });
});
