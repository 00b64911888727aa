/** Keep-alives of streams that we open (RFC 5626 3.5.1, 4.4.1), against bare sockets of the loopback. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { type Adapter, type Connection, type StreamTimes, TcpAdapter } from "../../adapters/index.ts";
import { until } from "../until.ts";
import { message, Recorder, textOf } from "./recorder.ts";

const ping = "\r\n\r\n";
const pong = "\r\n";

/** A server that keeps what it hears; `hear` is told of each chunk. */
interface Peer {
  readonly socket: Socket;
  readonly connection: Connection;
  readonly at: Recorder;
  readonly heard: () => string;
  readonly hear: (react: (chunk: string) => void) => void;
}

describe("keep-alives on a stream that we opened", () => {
  const adapters: Adapter[] = [];
  const servers: Server[] = [];

  afterEach(async () => {
    await Promise.all(adapters.splice(0).map((adapter) => adapter.close()));
    for (const server of servers.splice(0)) server.close();
  });

  async function peer(times: StreamTimes): Promise<Peer> {
    const server = createServer();
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    const client = new TcpAdapter({ times });
    adapters.push(client);
    const at = new Recorder(client);
    const arrived = once(server, "connection");
    const connection = await client.open({ transport: "tcp", address: "127.0.0.1", port: address.port });
    const [socket] = (await arrived) as [Socket];
    let heard = "";
    let react: (chunk: string) => void = () => {};
    socket.on("error", () => {});
    socket.setEncoding("latin1").on("data", (chunk) => {
      heard += String(chunk);
      react(String(chunk));
    });
    return {
      socket,
      connection,
      at,
      heard: () => heard,
      hear: (next) => {
        react = next;
      },
    };
  }

  it("are sent where it is silent, and each is a double CRLF and nothing more, whatever is answered", async () => {
    const { socket, heard, hear, at } = await peer({ keepAlive: 40 });
    // Two answers in a row look like a ping, and are none.
    hear(() => socket.write(pong));
    await until(() => heard().length >= 5 * ping.length, "a fifth ping");
    assert.equal(heard(), ping.repeat(heard().length / ping.length));
    assert.equal(at.all("closed").length, 0);
  });

  it("are not sent where none are asked for, nor by the side that was connected to", async () => {
    const server = new TcpAdapter({ host: "127.0.0.1", times: { keepAlive: 20 } });
    const client = new TcpAdapter({ times: { pong: 20 } });
    adapters.push(server, client);
    const atServer = new Recorder(server);
    await server.listen();
    const connection = await client.open({
      transport: "tcp",
      address: "127.0.0.1",
      port: server.address!.port,
    });
    const atClient = new Recorder(client);
    connection.send(message(1));
    const { connection: far } = await atServer.nth("received");
    await pass(200);
    far.send(message(2));
    await atClient.nth("received");
    assert.deepEqual([atServer.texts, atClient.texts], [[textOf(message(1))], [textOf(message(2))]]);
    assert.deepEqual([atServer.all("closed"), atClient.all("closed")], [[], []]);
  });

  it("are not held against a peer that has never answered one (RFC 6223)", async () => {
    const { heard, at, connection } = await peer({ keepAlive: 30, pong: 30 });
    await until(() => heard().length >= 4 * ping.length, "a fourth ping");
    assert.equal(at.all("closed").length, 0);
    assert.equal(connection.open, true);
  });

  it("close the stream, with the cause, where a peer that answered one answers no more", async () => {
    const { socket, heard, hear, at, connection } = await peer({ keepAlive: 40, pong: 3_000 });
    let isAnswered = false;
    hear(() => {
      if (!isAnswered) socket.write(pong);
      isAnswered = true;
    });
    const { cause } = await at.nth("closed");
    assert.equal(cause, "the peer answers no more keep-alives");
    assert.equal(connection.open, false);
    assert.equal(heard(), ping + ping);
  });

  it("take no padding before a message for the promise to answer", async () => {
    const { socket, heard, hear, at } = await peer({ keepAlive: 40, pong: 40 });
    let sent = 0;
    hear(() => {
      if (sent < 2) socket.write(Buffer.concat([Buffer.from("\r\n"), message(++sent)]));
    });
    await until(() => heard().length >= 6 * ping.length, "a sixth ping");
    assert.deepEqual(at.texts, [message(1), message(2)].map(textOf));
    assert.equal(at.all("closed").length, 0);
  });

  it("take a CRLF that a message follows at once for an answer, of a peer that answers", async () => {
    const { socket, heard, hear, at } = await peer({ keepAlive: 40, pong: 3_000 });
    hear(() => {
      const pings = heard().length / ping.length;
      socket.write(pings === 2 ? Buffer.concat([Buffer.from(pong), message(2)]) : pong);
    });
    await until(() => heard().length >= 4 * ping.length, "a fourth ping");
    assert.deepEqual(at.texts, [textOf(message(2))]);
    assert.equal(at.all("closed").length, 0);
  });

  it("wait for no answer while the stream is paused", async () => {
    const { socket, heard, hear, at, connection } = await peer({ keepAlive: 40, pong: 2_000 });
    // The second one stays without answer, for nobody reads it.
    hear(() => {
      if (heard().length !== 2 * ping.length) socket.write(pong);
    });
    await until(() => heard().length >= 2 * ping.length, "a second ping");
    connection.pause();
    await pass(2_300);
    assert.equal(at.all("closed").length, 0);
    const before = heard().length;
    connection.resume();
    await until(() => heard().length >= before + 2 * ping.length, "a ping behind the pause");
    assert.equal(at.all("closed").length, 0);
  });
});
