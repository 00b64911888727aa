import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, Socket } from "node:net";
import { describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { StreamSet } from "../../adapters/stream-set.ts";

const facts = { transport: "tcp" } as const;

describe("the open connections of a stream adapter", () => {
  it("hold none whose socket has died before it was taken over", { timeout: 10_000 }, async () => {
    const set = new StreamSet(undefined);
    const kinds: string[] = [];
    set.events.subscribe(({ kind }) => kinds.push(kind));
    const socket = new Socket();
    socket.destroy();
    await once(socket, "close");
    assert.equal(set.add(socket, facts, "server").open, false);
    assert.deepEqual(kinds, ["opened", "closed"]);
    await set.close();
  });

  it("keep no more than a megabyte of pongs for a peer that pings and does not read (RFC 5626 4.4.1)", async () => {
    const set = new StreamSet(undefined);
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    const arrived = once(server, "connection");
    const peer = connect(address.port, "127.0.0.1");
    peer.on("error", () => {});
    const [socket] = (await arrived) as [Socket];
    const connection = set.add(socket, facts, "server");
    const pings = Buffer.alloc(1_048_576, "\r\n");
    for (let i = 0; i < 32; i++) {
      if (!peer.write(pings)) await once(peer, "drain");
    }
    while (socket.bytesRead < 32 * pings.length) await pass(5);
    assert.ok(socket.bytesWritten >= 1_048_576);
    assert.ok(connection.pendingBytes < 1_150_000, `${connection.pendingBytes} bytes wait`);
    peer.destroy();
    await set.close();
    server.close();
  });
});
