/** What every adapter does, on real sockets of the loopback. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { Adapter, Connection, Target } from "../../adapters/index.ts";
import { message, Recorder, textOf } from "./recorder.ts";

export interface AdapterCase {
  readonly transport: "udp" | "tcp" | "tls";
  /** A listener named `outside` on that address; port 0 unless one is given. */
  listener(host: string, port?: number): Adapter;
  /** An adapter that only opens, or that binds a port of its own where it can't else. */
  opener(host: string): Adapter;
}

interface Pair {
  readonly server: Adapter;
  readonly client: Adapter;
  readonly atServer: Recorder;
  readonly atClient: Recorder;
  readonly target: Target;
}

export function describeAdapter(one: AdapterCase): void {
  const streams = one.transport !== "udp";
  const open: Adapter[] = [];

  afterEach(async () => {
    await Promise.all(open.splice(0).map((adapter) => adapter.close()));
  });

  async function pair(host = "127.0.0.1"): Promise<Pair> {
    const server = one.listener(host);
    const client = one.opener(host);
    open.push(server, client);
    const atServer = new Recorder(server);
    const atClient = new Recorder(client);
    await server.listen();
    const target = { transport: one.transport, address: host, port: server.address!.port };
    return { server, client, atServer, atClient, target };
  }

  async function connected(): Promise<Pair & { readonly near: Connection; readonly far: Connection }> {
    const both = await pair();
    const near = await both.client.open(both.target);
    near.send(message(0));
    const { connection: far } = await both.atServer.nth("received");
    return { ...both, near, far };
  }

  describe(`the ${one.transport} adapter`, () => {
    it("has no address before it listens, and a bound one afterwards", async () => {
      const adapter = one.listener("127.0.0.1");
      open.push(adapter);
      const addresses = [adapter.address];
      await adapter.listen();
      addresses.push(adapter.address);
      const [before, after] = addresses;
      assert.equal(before, undefined);
      assert.equal(after?.address, "127.0.0.1");
      assert.ok(after.port > 0);
    });

    it("listens once, however often it is asked", async () => {
      const adapter = one.listener("127.0.0.1");
      open.push(adapter);
      await Promise.all([adapter.listen(), adapter.listen()]);
      const port = adapter.address?.port;
      assert.notEqual(port, undefined);
      await adapter.listen();
      assert.equal(adapter.address?.port, port);
    });

    it("listens after a failure, and not once it is closed", async () => {
      const { server } = await pair();
      const second = one.listener("127.0.0.1", server.address!.port);
      open.push(second);
      await assert.rejects(second.listen(), /EADDRINUSE/);
      await server.close();
      await second.listen();
      await second.close();
      await assert.rejects(second.listen(), /closed/);
    });

    for (const host of ["127.0.0.1", "::1"]) {
      it(`carries a message to ${host}, and the answer back on the same connection`, async () => {
        const { client, atServer, atClient, target } = await pair(host);
        const near = await client.open(target);
        assert.ok(near.send(message(1)));
        const received = await atServer.nth("received");
        assert.equal(textOf(received.bytes), textOf(message(1)));
        assert.equal(received.framing, streams ? "stream" : "datagram");
        assert.ok(Math.abs(Date.now() - received.at) < 5_000);
        assert.ok(received.connection.send(message(2)));
        const answer = await atClient.nth("received");
        assert.equal(textOf(answer.bytes), textOf(message(2)));
        assert.equal(answer.connection, near);
      });
    }

    it("says the facts of a connection on both of its ends", async () => {
      const { server, near, far } = await connected();
      assert.equal(far.facts.transport, one.transport);
      assert.equal(far.facts.listener, "outside");
      assert.equal(far.facts.remoteAddress, "127.0.0.1");
      assert.equal(far.remotePort, near.localPort);
      assert.equal(far.localPort, server.address!.port);
      assert.equal(near.facts.listener, undefined);
      assert.equal(near.facts.remoteAddress, "127.0.0.1");
      assert.equal(near.remotePort, server.address!.port);
      assert.notEqual(near.id, far.id);
    });

    it("says that a connection is open before it says a message of it", async () => {
      const { atServer, far } = await connected();
      const kinds = atServer.events.map(({ kind }) => kind).filter((kind) => kind !== "handshake");
      assert.deepEqual(kinds, ["opened", "received"]);
      assert.equal(atServer.all("opened")[0]!.connection, far);
    });

    it("keeps many messages of one turn whole and in order", async () => {
      const { atServer, near } = await connected();
      const sent = Array.from({ length: 100 }, (_, at) => message(at + 1, 1_000));
      for (const bytes of sent) assert.ok(near.send(bytes));
      await atServer.nth("received", 101);
      assert.deepEqual(atServer.texts.slice(1), sent.map(textOf));
    });

    it("sends nothing on a connection that is closed", async () => {
      const { near } = await connected();
      assert.equal(near.open, true);
      near.close();
      assert.equal(near.open, false);
      assert.equal(near.send(message(9)), false);
    });

    it("hands over what it was given before it closes, then completes", async () => {
      const { client, atServer, atClient, near } = await connected();
      for (let number = 1; number <= 50; number++) near.send(message(number, 1_000));
      await client.close();
      assert.equal(atClient.completed, true);
      await atServer.nth("received", 51);
      assert.equal(near.open, false);
      assert.equal(near.send(message(99)), false);
      await assert.rejects(client.open({ transport: one.transport, address: "127.0.0.1", port: 5060 }));
    });

    it("says that its connections are closed when it closes", async () => {
      const { server, atServer, far } = await connected();
      await server.close();
      assert.deepEqual(
        atServer.all("closed").map(({ connection }) => connection),
        [far],
      );
      assert.equal(far.open, false);
      assert.equal(atServer.completed, true);
    });

    it("closes twice as once", async () => {
      const { server } = await pair();
      await Promise.all([server.close(), server.close()]);
      await server.close();
    });

    it("opens no target of another transport, and none that is no address", async () => {
      const { client, target } = await pair();
      const other = one.transport === "udp" ? "tcp" : "udp";
      await assert.rejects(client.open({ ...target, transport: other }), /opens no/);
      await assert.rejects(client.open({ ...target, address: "home1.example" }));
      await assert.rejects(client.open({ ...target, port: 0 }), /no port/);
    });

    it("refuses a port that is taken, with the cause", async () => {
      const { server } = await pair();
      const second = one.listener("127.0.0.1", server.address!.port);
      open.push(second);
      await assert.rejects(second.listen(), /EADDRINUSE/);
    });
  });
}
