/** What sources may open, and listeners hold, on real sockets. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterEach, describe, it } from "node:test";
import { until } from "../until.ts";
import { flooder, honest, LimitedBorder, Line, request } from "./limited-border.ts";

let scene: LimitedBorder;
const sources = { messages: undefined, connections: undefined };

describe("a border that lets a source open 5 connections a second", () => {
  afterEach(() => scene.close());

  for (const transport of ["tcp", "tls"] as const) {
    it(`closes at once what is more over ${transport}, and takes others' and our own`, async () => {
      scene = await LimitedBorder.open({ sources: { ...sources, newConnections: 5 } });
      const started = Date.now();
      const bad: Line[] = [];
      for (let i = 0; i < 60; i++) bad.push(await scene.tcp("outside", flooder, transport));
      await until(() => bad.some(({ closed }) => closed), "the end of one");
      const good =
        transport === "tcp" ? await scene.tcp("outside", honest) : await scene.tls("outside", honest);
      assert.equal(await scene.ask(good, transport === "tcp" ? "TCP" : "TLS"), "200");
      const ours = await Promise.all(Array.from({ length: 20 }, () => scene[transport]("inside", flooder)));
      assert.equal(await scene.ask(ours.at(-1)!, transport === "tcp" ? "TCP" : "TLS"), "200");
      assert.deepEqual(
        ours.filter(({ closed }) => closed),
        [],
      );
      const refused = scene.border.refusals().get("source-rate")!;
      await until(
        () => bad.filter(({ closed }) => closed).length >= refused,
        "the end of all that were refused",
      );
      const seconds = (Date.now() - started) / 1000;
      assert.ok(refused <= 55, `the first five are taken: ${refused}`);
      assert.ok(60 - refused <= 5 * (1 + seconds) + 1, `no more than its share: ${60 - refused}`);
      assert.ok(bad.slice(0, 5).every(({ closed }) => !closed));
    });
  }
});

describe("a border that lets a source have 3 handshakes under way", () => {
  afterEach(() => scene.close());

  it("closes the fourth, and takes others', our own, and one whose place is free again", async () => {
    scene = await LimitedBorder.open({ sources: { ...sources, halfOpen: 3 } });
    const held: Line[] = [];
    for (let i = 0; i < 3; i++) held.push(await scene.tcp("outside", flooder, "tls"));
    const fourth = await scene.tcp("outside", flooder, "tls");
    await until(() => fourth.closed, "the end of the fourth");
    assert.deepEqual(
      held.map(({ closed }) => closed),
      [false, false, false],
    );
    assert.equal(scene.border.refusals().get("source-half-open"), 1);
    assert.equal(await scene.ask(await scene.tls("outside", honest), "TLS"), "200");
    const ours = await Promise.all(Array.from({ length: 6 }, () => scene.tcp("inside", flooder, "tls")));
    assert.equal(await scene.ask(await scene.tls("inside", flooder), "TLS"), "200");
    assert.ok(ours.every(({ closed }) => !closed));
    // Those of the same address at the own listener count for it too.
    for (const { socket } of [...ours, held[0]!]) socket.destroy();
    for (let left = 100; ; left--) {
      const line = await scene.tls("outside", flooder);
      if (!line.closed) {
        assert.equal(await scene.ask(line, "TLS"), "200");
        break;
      }
      assert.ok(left > 0, "its place was never free again");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // A handshake that has ended holds no place.
    assert.equal(await scene.ask(await scene.tls("outside", flooder), "TLS"), "200");
  });
});

describe("a border whose listeners have limits of their own", () => {
  afterEach(() => scene.close());

  it("takes so many connections, and so many handshakes at a time, at each", async () => {
    scene = await LimitedBorder.open({ connections: { open: 4, halfOpen: 2 } });
    for (let i = 0; i < 2; i++) await scene.tcp("outside", flooder, "tls");
    const third = await scene.tcp("outside", honest, "tls");
    await until(() => third.closed, "the end of the third handshake");
    assert.equal(await scene.ask(await scene.tls("inside", honest), "TLS"), "200");
    const streams: Line[] = [];
    for (let i = 0; i < 4; i++) streams.push(await scene.tcp("outside", honest));
    assert.equal(await scene.ask(streams[3]!), "200");
    const fifth = await scene.tcp("outside", honest);
    await until(() => fifth.closed, "the end of the fifth connection");
    assert.equal(await scene.ask(streams[0]!), "200");
    const refusals = scene.border.refusals();
    assert.deepEqual([refusals.get("half-open"), refusals.get("open")], [1, 1]);
  });

  it("closes a stream that has been idle, and not one that talks", async () => {
    scene = await LimitedBorder.open({ connections: { idle: 6 } });
    const silent = await scene.tcp("outside", flooder);
    const talking = await scene.tcp("outside", honest);
    const timer = setInterval(() => talking.socket.write("\r\n\r\n"), 100);
    await until(() => silent.closed, "the end of the silent one");
    clearInterval(timer);
    assert.equal(silent.text, "");
    assert.equal(talking.closed, false);
  });
});

describe("a border that keeps its streams alive", () => {
  afterEach(() => scene.close());

  it("pings those that it opened, and not those that others did", async () => {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    const hop = { transport: "tcp", address: "127.0.0.1", port: address.port } as const;
    scene = await LimitedBorder.open({ connections: { keepAlive: 1 }, carrier: { hops: [hop] } });
    const arrived = once(server, "connection");
    const asking = await scene.tcp("inside", "127.0.0.1");
    asking.socket.write(request("sip:bob@carrier-x.example", "out", "TCP 127.0.0.9"));
    const [socket] = (await arrived) as [Socket];
    const peer = new Line(socket);
    socket.on("data", (chunk) => {
      if (String(chunk) === "\r\n\r\n") socket.write("\r\n");
    });
    await until(() => /\r\n\r\n(?:\r\n\r\n){2}$/.test(peer.text), "two pings");
    assert.match(peer.text, /^OPTIONS sip:bob@carrier-x\.example /);
    assert.equal(asking.text, "");
    assert.deepEqual([peer.closed, asking.closed], [false, false]);
    socket.destroy();
    server.close();
  });
});
