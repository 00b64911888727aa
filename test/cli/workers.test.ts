/** `privet run` with several processes that share the listeners. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { type Connection, TcpAdapter } from "../../adapters/index.ts";
import { Phone, textMessage, valuesOf } from "../border/phone.ts";
import { until } from "../until.ts";
import { BorderProcess } from "./border-process.ts";
import { host, isAlive, listener, page, policy, portsIn, request, sumOf } from "./shared-listeners.ts";

function ok(to: string): string {
  const copied = ["Via", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
    valuesOf(to, field).map((value) => `${field}: ${value}`),
  );
  return textMessage("SIP/2.0 200 OK", ...copied, "Content-Length: 0");
}

/** The port of the border in its own Via, to which a response over UDP goes. */
function portInVia(message: string): number {
  return Number(/^SIP\/2\.0\/\w+ 127\.0\.0\.1:(\d+)/.exec(valuesOf(message, "Via")[0]!)![1]);
}

/** A TCP neighbour: what comes, on which connection. */
class Trunk {
  readonly adapter = new TcpAdapter({ host });
  readonly inbox: { readonly text: string; readonly connection: Connection }[] = [];

  static async open(): Promise<Trunk> {
    const trunk = new Trunk();
    trunk.adapter.events$.subscribe((event) => {
      if (event.kind !== "received") return;
      const text = Buffer.from(event.bytes).toString("latin1");
      trunk.inbox.push({ text, connection: event.connection });
    });
    await trunk.adapter.listen();
    return trunk;
  }

  get port(): number {
    return this.adapter.address!.port;
  }

  connect(port: number): Promise<Connection> {
    return this.adapter.open({ transport: "tcp", address: host, port });
  }

  async next(): Promise<{ readonly text: string; readonly connection: Connection }> {
    await until(() => this.inbox.length > 0);
    return this.inbox.shift()!;
  }
}

describe("a border of three workers", () => {
  const border = new BorderProcess();
  const workers = new Map<number, number>();
  let ports: ReadonlyMap<string, number>;
  let operation = 0;
  let home: Phone;
  let open: Phone;
  let trunk: Trunk;
  /** To each worker one of them or more. */
  let connections: Connection[] = [];
  /** Messages that the border has forwarded: requests and responses. */
  let carried = 0;

  const metrics = async (): Promise<string> => (await page(operation, "metrics")).text;
  const workerStarted = async (): Promise<number> => {
    const [, number, pid] = await border.until(/^worker (\d) process (\d+)$/m);
    workers.set(Number(number), Number(pid));
    return Number(number);
  };
  /** From home to open-d over UDP, and back. */
  const call = async (): Promise<string> => {
    home.send(
      request("sip:bob@open-d.example", `UDP ${host}:${home.port}`, "c", "P-Asserted-Identity: <sip:a@b.c>"),
      ports.get("inside udp")!,
    );
    const asked = await open.next();
    open.send(ok(asked), portInVia(asked));
    assert.match(await home.next(), /^SIP\/2\.0 200 OK\r\n/);
    carried += 2;
    return asked;
  };
  /** From each connection of the trunk to home over UDP, so often; the requests as home sees them. */
  const ask = async (times: number): Promise<string[]> => {
    const asked: string[] = [];
    for (let i = 0; i < times; i++) {
      for (const [index, connection] of connections.entries()) {
        connection.send(
          Buffer.from(request("sip:bob@home1.example", `TCP ${host}:${trunk.port}`, `connection-${index}`)),
        );
        asked.push(await home.next());
      }
    }
    carried += asked.length;
    return asked;
  };
  /** On which of them a message was asked that came back. */
  const asker = (text: string): Connection =>
    connections[Number(valuesOf(text, "Call-ID")[0]!.slice("connection-".length))]!;
  const answer = (asked: readonly string[]): void => {
    for (const one of asked) home.send(ok(one), ports.get("inside udp")!);
    carried += asked.length;
  };

  before(async () => {
    home = await Phone.open();
    open = await Phone.open();
    trunk = await Trunk.open();
    border.write("p.privet", policy());
    border.write(
      "border.json",
      JSON.stringify({
        policy: "p.privet",
        shadow: "p.privet",
        workers: 3,
        lossy: "accept",
        operation: { port: 0 },
        listeners: [listener("inside", "udp"), listener("outside", "udp"), listener("outside", "tcp")],
        networks: {
          home: { hops: [`udp:${host}:${home.port}`] },
          "open-d": { hops: [`udp:${host}:${open.port}`], listener: "outside" },
          carrier: { hops: [`tcp:${host}:${trunk.port}`], listener: "outside" },
        },
      }),
    );
    border.start();
    for (let i = 0; i < 3; i++) await workerStarted();
    operation = Number((await border.until(/operation http 127\.0\.0\.1:(\d+)\n/))[1]);
    ports = portsIn(border.output);
    for (let i = 0; i < 6; i++) connections.push(await trunk.connect(ports.get("outside tcp")!));
  });
  after(async () => {
    await border.remove();
    await trunk.adapter.close();
    home.close();
    open.close();
  });

  it("says its listeners once, whose ports all workers share", async () => {
    assert.equal(border.output.match(/^listening /gm)?.length, 3);
    assert.equal(new Set(workers.values()).size, 3);
    assert.ok(!workers.has(border.pid));
    assert.equal((await page(operation, "readyz")).status, 200);
    assert.equal(sumOf(await metrics(), "privet_workers"), 3);
  });

  it("carries calls over UDP and TCP in both directions", async () => {
    for (let i = 0; i < 20; i++) assert.deepEqual(valuesOf(await call(), "P-Asserted-Identity"), []);
    for (let i = 0; i < 20; i++) {
      home.send(
        request("sip:bob@carrier.example", `UDP ${host}:${home.port}`, `o${i}`),
        ports.get("inside udp")!,
      );
      const { text, connection } = await trunk.next();
      connection.send(Buffer.from(ok(text)));
      assert.match(await home.next(), /^SIP\/2\.0 200 OK\r\n/);
      carried += 2;
    }
  });

  it("brings a response back on the connection of its request, whichever worker it comes to", async () => {
    // The trunk's own messages of the test before are not those of `connections`.
    const asked = await ask(10);
    answer(asked);
    const back = new Map<Connection, string[]>();
    for (const _ of asked) {
      const { text, connection } = await trunk.next();
      assert.match(text, /^SIP\/2\.0 200 OK\r\nVia: SIP\/2\.0\/TCP /);
      back.set(connection, [...(back.get(connection) ?? []), valuesOf(text, "Call-ID")[0]!]);
    }
    for (const [index, connection] of connections.entries())
      assert.deepEqual(back.get(connection), Array(10).fill(`connection-${index}`));
    // Wherever the datagrams came to: not all connections are there.
    await until(async () => sumOf(await metrics(), "privet_responses_handed_total") > 0);
  });

  it("tells metrics that add up to what it carried", async () => {
    // A worker that has not counted within two seconds is left out until the next question.
    await until(async () => sumOf(await metrics(), "privet_shadow_total") >= carried);
    const text = await metrics();
    assert.equal(sumOf(text, "privet_messages_total", 'outcome="forwarded"'), carried);
    assert.equal(sumOf(text, "privet_messages_total"), carried);
    // Requests and responses, beside the policy itself.
    assert.equal(sumOf(text, "privet_shadow_total", 'result="same"'), carried);
    assert.equal(sumOf(text, "privet_shadow_total"), carried);
    assert.ok(sumOf(text, "privet_connections", 'transport="tcp"') >= 6);
  });

  it("replaces a worker that is killed, and loses nothing but its connections", async () => {
    const asked = await ask(2);
    process.kill(workers.get(2)!, "SIGKILL");
    const [, pid] = await border.until(
      /^error: worker 2 \(process (\d+)\) ended: SIGKILL; another one takes/m,
    );
    assert.equal(Number(pid), workers.get(2));
    assert.equal((await page(operation, "readyz")).status, 200);
    answer(asked);
    const back = await Promise.all(asked.map(() => trunk.next()));
    for (const { text } of back) assert.match(text, /^SIP\/2\.0 200 OK\r\n/);
    // By Via (RFC 3261 18.2.2) where the connection has gone: how many were its own is Node's choice, but
    // three that wait for work are each given one of the first three.
    const elsewhere = back.filter(({ text, connection }) => connection !== asker(text));
    for (const { connection } of elsewhere) assert.ok(!connections.includes(connection));
    const moved = elsewhere.map(({ text }) => asker(text));
    await until(() => moved.every((one) => !one.open));
    assert.ok(moved.length > 0);
    assert.deepEqual(new Set(moved), new Set(connections.filter((one) => !one.open)));
    assert.equal(moved.length, 2 * new Set(moved).size);
    assert.equal(await workerStarted(), 2);
    assert.notEqual(workers.get(2), Number(pid));
    for (let i = 0; i < 20; i++) await call();
    connections = [];
    for (let i = 0; i < 6; i++) connections.push(await trunk.connect(ports.get("outside tcp")!));
    answer(await ask(2));
    for (let i = 0; i < 12; i++) assert.ok(connections.includes((await trunk.next()).connection));
  });

  it("never lets a count go back", async () => {
    const forwarded = async (): Promise<number> =>
      sumOf(await metrics(), "privet_messages_total", 'outcome="forwarded"');
    const earlier = await forwarded();
    process.kill(workers.get(1)!, "SIGKILL");
    await border.until(/^error: worker 1 .* ended: SIGKILL/m);
    assert.ok((await forwarded()) >= earlier);
    await workerStarted();
    await call();
    await until(async () => (await forwarded()) >= earlier + 2);
  });

  it("comes back to its ports where all workers are killed at once", async () => {
    for (const pid of workers.values()) process.kill(pid, "SIGKILL");
    for (let i = 0; i < 3; i++) await workerStarted();
    for (let i = 0; i < 20; i++) await call();
    const connection = await trunk.connect(ports.get("outside tcp")!);
    connection.close();
  });

  it("ends in order at a terminal's ^C, which all processes hear, and is not ready from then on", async () => {
    // Somebody who does not end the connection: the border waits for a while.
    const slow: Socket = connect({ port: ports.get("outside tcp")!, host, allowHalfOpen: true });
    slow.on("error", () => {});
    await once(slow, "connect");
    await until(async () => sumOf(await metrics(), "privet_connections", 'transport="tcp"') > 0);
    border.signalAll("SIGINT");
    await until(async () => (await page(operation, "readyz")).status === 503);
    assert.equal(await border.ended(), 0);
    slow.destroy();
    for (const pid of workers.values()) assert.ok(!isAlive(pid));
  });
});
