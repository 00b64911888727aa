/** What the stream adapters do, against a bare socket of the loopback. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import type { Adapter, StreamTimes } from "../../adapters/index.ts";
import { until } from "../until.ts";
import { message, Recorder, textOf } from "./recorder.ts";

export interface StreamCase {
  readonly transport: "tcp" | "tls";
  listener(times?: StreamTimes, connections?: number): Adapter;
  /** A bare connection, its handshake done; and the TCP connection below it. */
  dial(port: number): Promise<{ readonly socket: Socket; readonly below: Socket }>;
}

interface Dialled {
  readonly server: Adapter;
  readonly atServer: Recorder;
  readonly socket: Socket;
  readonly below: Socket;
}

export function describeStream(one: StreamCase): void {
  const open: Adapter[] = [];
  const sockets: Socket[] = [];

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(open.splice(0).map((adapter) => adapter.close()));
  });

  async function dialled(times?: StreamTimes): Promise<Dialled> {
    const server = one.listener(times);
    open.push(server);
    const atServer = new Recorder(server);
    await server.listen();
    const { socket, below } = await one.dial(server.address!.port);
    below.on("error", () => {});
    socket.on("error", () => {});
    sockets.push(socket);
    await atServer.nth("opened");
    return { server, atServer, socket, below };
  }

  describe(`a ${one.transport} stream`, () => {
    it("is cut into the same messages wherever its bytes are cut", async () => {
      const { atServer, socket } = await dialled();
      const bytes = Buffer.concat([message(1), message(2, 300), message(3)]);
      for (let at = 0; at < bytes.length; at += 7) {
        socket.write(bytes.subarray(at, at + 7));
        if (at % 70 === 0) await pass(0);
      }
      await atServer.nth("received", 3);
      assert.deepEqual(atServer.texts, [message(1), message(2, 300), message(3)].map(textOf));
    });

    it("hands out all messages of one segment", async () => {
      const { atServer, socket } = await dialled();
      socket.write(Buffer.concat(Array.from({ length: 40 }, (_, at) => message(at))));
      await atServer.nth("received", 40);
      assert.deepEqual(
        atServer.texts,
        Array.from({ length: 40 }, (_, at) => textOf(message(at))),
      );
    });

    it("answers a double CRLF with one CRLF, and nothing else with it (RFC 5626 4.4.1)", async () => {
      const { atServer, socket } = await dialled();
      const heard: Buffer[] = [];
      socket.on("data", (chunk: Buffer) => heard.push(chunk));
      socket.write("\r\n\r\n");
      await once(socket, "data");
      socket.write(message(1));
      await atServer.nth("received");
      socket.write("\r\n\r\n");
      await once(socket, "data");
      assert.equal(Buffer.concat(heard).toString("latin1"), "\r\n\r\n");
    });

    it("says that it can't be cut any more, lets the owner answer, and closes", async () => {
      const { atServer, socket } = await dialled();
      atServer.react = (event) => {
        if (event.kind === "unframeable")
          event.connection.send(Buffer.from("SIP/2.0 400 Bad Request\r\n\r\n"));
      };
      const heard: Buffer[] = [];
      socket.on("data", (chunk: Buffer) => heard.push(chunk));
      const ended = once(socket, "end");
      socket.write(
        message(1)
          .toString("latin1")
          .replace(/Content-Length: \d+/, "Content-Length: -1"),
      );
      socket.write(message(2));
      const { error } = await atServer.nth("unframeable");
      assert.equal(error.status, 400);
      await ended;
      assert.equal(Buffer.concat(heard).toString("latin1"), "SIP/2.0 400 Bad Request\r\n\r\n");
      await atServer.nth("closed");
      assert.deepEqual(atServer.texts, []);
      assert.equal(atServer.all("unframeable").length, 1);
    });

    it("hands out nothing while it is paused, not even from the same segment", async () => {
      const { atServer, socket } = await dialled();
      atServer.react = (event) => {
        if (event.kind === "received" && atServer.texts.length === 2) event.connection.pause();
      };
      socket.write(Buffer.concat([1, 2, 3, 4].map((number) => message(number))));
      await atServer.nth("received", 2);
      await pass(50);
      assert.equal(atServer.texts.length, 2);
      atServer.react = () => {};
      atServer.all("received")[0]!.connection.resume();
      await atServer.nth("received", 4);
      assert.deepEqual(
        atServer.texts,
        [1, 2, 3, 4].map((number) => textOf(message(number))),
      );
    });

    it("says nothing at all while it is paused, not even that it can't be cut", async () => {
      const { atServer, socket } = await dialled();
      atServer.react = (event) => {
        if (event.kind === "received") event.connection.pause();
      };
      socket.write(Buffer.concat([message(1), Buffer.from("no SIP\r\n\r\n")]));
      const { connection } = await atServer.nth("received");
      await pass(50);
      assert.equal(atServer.all("unframeable").length, 0);
      connection.resume();
      await atServer.nth("unframeable");
    });

    it("closes in order though it was paused", async () => {
      const { atServer, socket } = await dialled({ close: 60_000 });
      socket.write(message(1));
      const { connection } = await atServer.nth("received");
      connection.pause();
      socket.write(message(2));
      socket.resume();
      connection.send(message(3));
      connection.close();
      const { cause } = await atServer.nth("closed");
      assert.equal(cause, "");
      assert.equal(atServer.texts.length, 1);
    });

    it("counts the bytes that the peer does not take", async () => {
      const { atServer, socket } = await dialled();
      socket.pause();
      const { connection } = await atServer.nth("opened");
      const bytes = message(1, 1_000_000);
      for (let count = 0; count < 20; count++) connection.send(bytes);
      assert.ok(connection.pendingBytes >= 20 * bytes.length);
      await pass(50);
      assert.ok(connection.pendingBytes > 0);
      socket.resume();
      while (connection.pendingBytes > 0) await pass(5);
    });

    it("is no longer open once the peer has ended its half, though bytes still wait for it", async () => {
      const { atServer, socket } = await dialled();
      socket.pause();
      const { connection } = await atServer.nth("opened");
      const bytes = message(1, 1_000_000);
      for (let count = 0; count < 20; count++) connection.send(bytes);
      assert.equal(connection.open, true);
      socket.end();
      await until(() => !connection.open);
      // Whoever looks for a connection must not take one that sends nothing any more.
      assert.deepEqual([connection.open, connection.send(message(2))], [false, false]);
      assert.equal(atServer.all("closed").length, 0);
      assert.ok(connection.pendingBytes > 0);
    });

    it("is refused where as many are open as may be", async () => {
      const server = one.listener({}, 1);
      open.push(server);
      const atServer = new Recorder(server);
      await server.listen();
      const { socket } = await one.dial(server.address!.port);
      sockets.push(socket);
      await atServer.nth("opened");
      const second = connect({ host: "127.0.0.1", port: server.address!.port });
      second.on("error", () => {});
      sockets.push(second);
      await once(second, "close");
      assert.equal(atServer.all("opened").length, 1);
      socket.destroy();
      await atServer.nth("closed");
      sockets.push((await one.dial(server.address!.port)).socket);
      await atServer.nth("opened", 2);
    });

    it("ends in order with an empty cause", async () => {
      const { atServer, socket } = await dialled();
      socket.write(message(1));
      socket.end();
      const { cause, connection } = await atServer.nth("closed");
      assert.equal(cause, "");
      assert.equal(connection.open, false);
      assert.equal(atServer.texts.length, 1);
    });

    it("says so where it ends inside a message", async () => {
      const { atServer, socket } = await dialled();
      socket.write(message(1).subarray(0, 100));
      socket.end();
      const { cause } = await atServer.nth("closed");
      assert.equal(cause, "the stream ended inside a message");
    });

    it("survives a reset, and says it as the cause", async () => {
      const { atServer, below } = await dialled();
      const { connection } = await atServer.nth("opened");
      below.resetAndDestroy();
      connection.send(message(1));
      const { cause } = await atServer.nth("closed");
      assert.match(cause, /ECONNRESET|EPIPE/);
      assert.equal(connection.send(message(2)), false);
      assert.equal(connection.pendingBytes, 0);
    });

    it("closes on a peer that does not finish a message in time", async () => {
      const { atServer, socket } = await dialled({ message: 100 });
      const trickle = setInterval(() => socket.write("M"), 20);
      const { cause } = await atServer.nth("closed");
      clearInterval(trickle);
      assert.equal(cause, "a message was not finished in time");
    });

    it("does not count the time between whole messages as the time of one", async () => {
      const { atServer, socket } = await dialled({ message: 150 });
      for (let number = 0; number < 6; number++) {
        socket.write(message(number));
        await pass(50);
      }
      assert.equal(atServer.texts.length, 6);
      assert.equal(atServer.all("closed").length, 0);
    });

    it("closes on a peer that takes no bytes", async () => {
      const { atServer, socket } = await dialled({ stall: 100 });
      socket.pause();
      const { connection } = await atServer.nth("opened");
      for (let count = 0; count < 30; count++) connection.send(message(1, 1_000_000));
      const { cause } = await atServer.nth("closed");
      assert.equal(cause, "the peer takes no bytes");
    });

    it("closes after idle time only where one is set", async () => {
      const { atServer, socket } = await dialled({ idle: 100 });
      const ended = once(socket, "end");
      socket.resume();
      await ended;
      const { cause } = await atServer.nth("closed");
      assert.equal(cause, "");
    });

    it("does not wait for ever for a peer that keeps its end open", { timeout: 60_000 }, async () => {
      const { server, atServer, socket } = await dialled({ close: 100 });
      socket.allowHalfOpen = true;
      await server.close();
      assert.equal(atServer.all("closed").length, 1);
    });

    it("refuses a connection with the system's cause", async () => {
      const { server } = await dialled();
      const { port } = server.address!;
      const opener = one.listener();
      open.push(opener);
      await server.close();
      await assert.rejects(
        opener.open({ transport: one.transport, address: "127.0.0.1", port }),
        /ECONNREFUSED/,
      );
    });
  });
}
