import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { afterEach, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { UdpAdapter } from "../../adapters/index.ts";
import { describeAdapter } from "./behaviour.ts";
import { message, Recorder, textOf } from "./recorder.ts";

describeAdapter({
  transport: "udp",
  listener: (host, port = 0) => new UdpAdapter({ listener: "outside", host, port }),
  opener: (host) => new UdpAdapter({ host, port: 0 }),
});

describe("a udp flow", () => {
  const open: (UdpAdapter | Socket)[] = [];

  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  async function bound(flows?: number): Promise<{ server: UdpAdapter; atServer: Recorder; socket: Socket }> {
    const server = new UdpAdapter({ host: "127.0.0.1", port: 0, ...(flows === undefined ? {} : { flows }) });
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    open.push(server, socket);
    const atServer = new Recorder(server);
    await server.listen();
    socket.connect(server.address!.port, "127.0.0.1");
    await once(socket, "connect");
    return { server, atServer, socket };
  }

  it("is one connection for all datagrams of one address and port", async () => {
    const { atServer, socket } = await bound();
    socket.send(message(1));
    socket.send(message(2));
    await atServer.nth("received", 2);
    const [first, second] = atServer.all("received");
    assert.equal(first!.connection, second!.connection);
    assert.equal(atServer.all("opened").length, 1);
  });

  it("hands out a datagram whole, bytes beyond the body included", async () => {
    const { atServer, socket } = await bound();
    socket.send(Buffer.concat([message(1), Buffer.from("beyond")]));
    const { bytes } = await atServer.nth("received");
    assert.equal(textOf(bytes), `${textOf(message(1))}beyond`);
  });

  it("passes over keep-alives", async () => {
    const { atServer, socket } = await bound();
    for (const keepAlive of ["", "\r\n\r\n", "\r\n", "\0"]) socket.send(keepAlive);
    socket.send(message(1));
    await atServer.nth("received");
    assert.deepEqual(atServer.texts, [textOf(message(1))]);
  });

  it("loses what comes while it is paused", async () => {
    const { atServer, socket } = await bound();
    socket.send(message(1));
    const { connection } = await atServer.nth("received");
    connection.pause();
    socket.send(message(2));
    await pass(50);
    connection.resume();
    socket.send(message(3));
    await atServer.nth("received", 2);
    assert.deepEqual(atServer.texts, [message(1), message(3)].map(textOf));
  });

  it("is forgotten when many others came since, and says so", async () => {
    const { server, atServer, socket } = await bound(4);
    socket.send(message(1));
    const { connection: first } = await atServer.nth("received");
    for (let port = 40_001; port <= 40_004; port++) {
      await server.open({ transport: "udp", address: "127.0.0.1", port });
    }
    const { connection, cause } = await atServer.nth("closed");
    assert.equal(connection, first);
    assert.equal(cause, "");
    assert.equal(first.open, false);
    assert.equal(first.send(message(2)), false);
    socket.send(message(3));
    await atServer.nth("received", 2);
    assert.notEqual(atServer.all("received")[1]!.connection.id, first.id);
  });

  it("is not forgotten while it is used", async () => {
    const { server, atServer, socket } = await bound(4);
    for (let port = 40_001; port <= 40_009; port++) {
      socket.send(message(port));
      await atServer.nth("received", port - 40_000);
      await server.open({ transport: "udp", address: "127.0.0.1", port });
    }
    assert.equal(new Set(atServer.all("received").map(({ connection }) => connection)).size, 1);
  });

  it("is another one after the owner closed it", async () => {
    const { atServer, socket } = await bound();
    socket.send(message(1));
    const { connection: first } = await atServer.nth("received");
    first.close();
    assert.equal((await atServer.nth("closed")).connection, first);
    socket.send(message(2));
    const { connection: second } = await atServer.nth("received", 2);
    assert.notEqual(second, first);
    assert.equal(second.open, true);
  });

  it("survives a datagram that is too long to be sent", async () => {
    const { atServer, socket } = await bound();
    socket.send(message(1));
    const { connection } = await atServer.nth("received");
    connection.send(Buffer.alloc(70_000, 65));
    await pass(20);
    connection.send(message(2));
    const [answer] = await once(socket, "message");
    assert.ok(Buffer.isBuffer(answer));
    assert.equal(textOf(answer), textOf(message(2)));
  });

  it("reaches only addresses of its own family", async () => {
    const { server } = await bound();
    await assert.rejects(server.open({ transport: "udp", address: "::1", port: 5060 }), /can't be reached/);
  });
});
