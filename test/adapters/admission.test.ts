/** Who is let in, and how many shake hands at a time, on real sockets of the loopback. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { afterEach, describe, it } from "node:test";
import { connect } from "node:tls";
import {
  type Adapter,
  type Admission,
  TcpAdapter,
  TlsAdapter,
  type TlsOptions,
} from "../../adapters/index.ts";
import { makeCertificate } from "../certificate-authority.ts";
import { until } from "../until.ts";
import { message, Recorder } from "./recorder.ts";

const own = makeCertificate("home1.example", undefined);
const identities = [{ domains: ["home1.example"], certificate: own.certificate, privateKey: own.privateKey }];

/** Keeps what the adapter asks and says; lets in whom `lets` lets in. */
class Porter implements Admission {
  readonly asked: string[] = [];
  readonly said: string[] = [];
  underWay = 0;
  lets: (address: string) => boolean = () => true;

  admit(remoteAddress: string): boolean {
    this.asked.push(remoteAddress);
    const isLetIn = this.lets(remoteAddress);
    if (isLetIn) this.underWay++;
    return isLetIn;
  }

  settled(): void {
    this.underWay--;
  }

  refused(cause: "open" | "half-open"): void {
    this.said.push(cause);
  }
}

describe("connections that come in", () => {
  const open: Adapter[] = [];
  const sockets: Socket[] = [];

  afterEach(async () => {
    // The TLS one before the TCP one below it: Node 20 has crashed the other way round.
    for (const socket of sockets.splice(0).toReversed()) socket.destroy();
    await Promise.all(open.splice(0).map((adapter) => adapter.close()));
  });

  async function tls(
    options: Partial<TlsOptions> = {},
  ): Promise<{ readonly porter: Porter; readonly port: number; readonly at: Recorder }> {
    const porter = new Porter();
    const adapter = new TlsAdapter({ host: "127.0.0.1", identities, admission: porter, ...options });
    open.push(adapter);
    const at = new Recorder(adapter);
    await adapter.listen();
    return { porter, port: adapter.address!.port, at };
  }

  /** Connects, and says nothing. */
  function silent(port: number, localAddress = "127.0.0.1"): Socket {
    const socket = connectPlain({ host: "127.0.0.1", port, localAddress });
    socket.on("error", () => {});
    socket.resume();
    sockets.push(socket);
    return socket;
  }

  async function shaken(port: number, localAddress = "127.0.0.1"): Promise<Socket> {
    const below = silent(port, localAddress);
    const socket = connect({ socket: below, rejectUnauthorized: false });
    socket.on("error", () => {});
    sockets.push(socket);
    await Promise.race([
      once(socket, "secureConnect"),
      once(below, "close").then(() => assert.fail("closed before the handshake")),
    ]);
    return socket;
  }

  it("are closed at once over TCP where they are not let in, and others are not", async () => {
    const porter = new Porter();
    porter.lets = (address) => address !== "127.0.0.2";
    const adapter = new TcpAdapter({ host: "127.0.0.1", admission: porter, connections: 1 });
    open.push(adapter);
    const at = new Recorder(adapter);
    await adapter.listen();
    const { port } = adapter.address!;
    await once(silent(port, "127.0.0.2"), "close");
    assert.deepEqual(at.events, []);
    silent(port).write(message(1));
    await at.nth("received");
    await once(silent(port), "close");
    assert.deepEqual(porter.asked, ["127.0.0.2", "127.0.0.1"]);
    assert.deepEqual(porter.said, ["open"]);
  });

  it("cost no handshake over TLS where they are not let in", async () => {
    const { porter, port, at } = await tls();
    porter.lets = (address) => address !== "127.0.0.2";
    await assert.rejects(shaken(port, "127.0.0.2"));
    assert.deepEqual(at.events, []);
    await shaken(port);
    await at.nth("opened");
    assert.deepEqual(porter.asked, ["127.0.0.2", "127.0.0.1"]);
  });

  it("shake hands so many at a time, and the newest beyond is closed", async () => {
    const { porter, port, at } = await tls({ handshakes: 2 });
    const first = silent(port);
    silent(port);
    await until(() => porter.underWay === 2, "two handshakes");
    await once(silent(port), "close");
    assert.deepEqual(porter.said, ["half-open"]);
    assert.equal(porter.asked.length, 2);
    // One ends, and its place is free again.
    first.destroy();
    await until(() => porter.underWay === 1, "the end of one");
    const socket = await shaken(port);
    socket.write(message(1));
    await at.nth("received");
    await until(() => porter.underWay === 1, "the end of a handshake");
    await shaken(port);
    assert.deepEqual(porter.said, ["half-open"]);
  });

  it("count as handshakes under way until the verdict", async () => {
    const { porter, port, at } = await tls({ handshakes: 1 });
    at.judge = () => {};
    await shaken(port);
    const handshake = await at.nth("handshake");
    await once(silent(port), "close");
    assert.deepEqual([porter.underWay, porter.said], [1, ["half-open"]]);
    handshake.reject();
    await until(() => porter.underWay === 0, "the end of the one refused");
    at.judge = (one) => one.allow();
    await shaken(port);
    await at.nth("opened");
    await until(() => porter.underWay === 0, "the end of the one allowed");
  });

  it("are told apart where one peer comes from one port to two addresses of ours", async () => {
    const { porter, port, at } = await tls({ host: "0.0.0.0", handshakes: 2 });
    at.judge = () => {};
    const first = silent(port);
    await until(() => porter.underWay === 1, "a handshake");
    const below = connectPlain({
      host: "127.0.0.2",
      port,
      localAddress: "127.0.0.1",
      localPort: first.localPort!,
    });
    sockets.push(below);
    const second = connect({ socket: below, rejectUnauthorized: false });
    sockets.push(second);
    second.on("error", () => {});
    const handshake = await at.nth("handshake");
    assert.equal(porter.underWay, 2);
    handshake.allow();
    await until(() => porter.underWay === 1, "the end of the second");
    // What is under way is the first: with it all are gone.
    first.destroy();
    await until(() => porter.underWay === 0, "the end of the first");
    assert.equal(second.destroyed, false);
  });

  for (const [how, end] of [
    ["the peer leaves", (socket: Socket) => socket.destroy()],
    ["the peer resets", (socket: Socket) => socket.resetAndDestroy()],
    ["it sends what is no TLS", (socket: Socket) => socket.end("OPTIONS sip:a@b SIP/2.0\r\n\r\n")],
    ["its time is up", () => {}],
  ] as const) {
    it(`are settled once where ${how}`, async () => {
      const { porter, port } = await tls(how === "its time is up" ? { handshakeTimeout: 50 } : {});
      const socket = silent(port);
      await until(() => porter.underWay === 1, "a handshake");
      end(socket);
      await until(() => porter.underWay === 0, "its end");
      const other = silent(port);
      await until(() => porter.underWay === 1, "another handshake");
      other.destroy();
      await until(() => porter.underWay === 0, "its end");
    });
  }

  it("shake hands in vain once the adapter is closed", async () => {
    const { porter, port, at } = await tls();
    const below = silent(port);
    await until(() => porter.underWay === 1, "a handshake");
    const [adapter] = open.splice(0);
    await adapter!.close();
    const socket = connect({ socket: below, rejectUnauthorized: false });
    socket.on("error", () => {});
    sockets.push(socket);
    await once(socket.resume(), "close");
    await until(() => porter.underWay === 0, "its end");
    assert.deepEqual(at.events, []);
  });
});
