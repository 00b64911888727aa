import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NEVER } from "rxjs";
import type { Adapter, Connection, Target } from "../../../adapters/index.ts";
import { Links, type LinkTarget } from "../../../border/forwarding/links.ts";
import type { BoundSide } from "../../../border/forwarding/sides.ts";

/** An adapter whose connections come when the test says so. */
class SlowAdapter implements Adapter {
  readonly transport = "tcp";
  readonly events$ = NEVER;
  readonly address = undefined;
  readonly opened: {
    readonly target: Target;
    readonly resolve: (connection: Connection) => void;
    readonly reject: (error: Error) => void;
  }[] = [];

  listen(): Promise<void> {
    return Promise.resolve();
  }

  open(target: Target): Promise<Connection> {
    return new Promise((resolve, reject) => {
      this.opened.push({ target, resolve, reject });
    });
  }

  refuse(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}

interface FakeConnection extends Connection {
  open: boolean;
  pendingBytes: number;
}

let lastId = 0;
function fakeConnection(): FakeConnection {
  return {
    id: ++lastId,
    facts: { transport: "tcp" },
    localAddress: "127.0.0.1",
    localPort: 1,
    remoteAddress: "127.0.0.1",
    remotePort: 2,
    open: true,
    pendingBytes: 0,
    send: () => true,
    pause: () => {},
    resume: () => {},
    close: () => {},
  };
}

const target: LinkTarget = {
  transport: "tcp",
  address: "192.0.2.1",
  port: 5060,
  network: "open-d",
  isHop: true,
};

function setUp(bytes = 1_000): {
  links: Links;
  adapter: SlowAdapter;
  side: BoundSide;
  bound: [number, string][];
} {
  const adapter = new SlowAdapter();
  const bound: [number, string][] = [];
  const links = new Links({ bytes, milliseconds: 1_000 }, ({ id }, network) => bound.push([id, network]));
  const side = {
    index: 0,
    name: "outside",
    transport: "tcp",
    host: "h",
    address: "127.0.0.1",
    port: 5060,
    adapter,
    viaPrefix: new Uint8Array(0),
  } as const;
  return { links, adapter, side, bound };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("connections to next hops", () => {
  it("are opened once for all that wait, bound to their network, and then found", async () => {
    const { links, adapter, side, bound } = setUp();
    const served: string[] = [];
    assert.equal(links.find(side, target), undefined);
    for (const name of ["a", "b"]) {
      assert.ok(links.wait(side, target, 100, (connection) => served.push(`${name} ${connection?.id}`)));
    }
    assert.equal(adapter.opened.length, 1);
    const connection = fakeConnection();
    adapter.opened[0]!.resolve(connection);
    await turn();
    assert.deepEqual(served, [`a ${connection.id}`, `b ${connection.id}`]);
    assert.deepEqual(bound, [[connection.id, "open-d"]]);
    assert.equal(links.find(side, target), connection);
  });

  it("tell all that wait why there is none, and are tried again by the next", async () => {
    const { links, adapter, side } = setUp();
    const causes: string[] = [];
    links.wait(side, target, 1, (connection, cause) => causes.push(connection === undefined ? cause : ""));
    adapter.opened[0]!.reject(new Error("ECONNREFUSED"));
    await turn();
    assert.deepEqual(causes, ["ECONNREFUSED"]);
    links.wait(side, target, 1, () => {});
    assert.equal(adapter.opened.length, 2);
  });

  it("are so many and no more to what messages name, and hops are not kept out by them", async () => {
    const { links, adapter, side } = setUp();
    const stray = (port: number) => ({ ...target, port, isHop: false });
    let open = 0;
    while (open < 10_000 && links.wait(side, stray(open + 1), 1, () => {})) open++;
    assert.equal(open, 4_096);
    assert.ok(links.wait(side, target, 1, () => {}));
    adapter.opened[0]!.reject(new Error("ECONNREFUSED"));
    const connection = fakeConnection();
    adapter.opened[1]!.resolve(connection);
    await turn();
    assert.ok(links.wait(side, stray(9_001), 1, () => {}));
    assert.ok(!links.wait(side, stray(9_002), 1, () => {}));
    connection.open = false;
    links.forget(connection);
    assert.ok(links.wait(side, stray(9_003), 1, () => {}));
    assert.ok(!links.wait(side, stray(9_004), 1, () => {}));
  });

  it("are none where they close at once", async () => {
    const { links, adapter, side } = setUp();
    const causes: string[] = [];
    links.wait(side, target, 1, (connection, cause) => causes.push(connection === undefined ? cause : ""));
    const connection = fakeConnection();
    connection.open = false;
    adapter.opened[0]!.resolve(connection);
    await turn();
    assert.deepEqual(causes, ["the connection was closed at once"]);
  });

  it("have a queue of bytes that ends, while they are opened and while the peer reads slowly", async () => {
    const { links, adapter, side } = setUp(250);
    assert.ok(links.wait(side, target, 100, () => {}));
    assert.ok(links.wait(side, target, 150, () => {}));
    assert.equal(
      links.wait(side, target, 1, () => {}),
      false,
    );
    links.wait(side, { ...target, port: 5070 }, 30, () => {});
    assert.equal(links.waitingBytes(), 280, "what was refused does not wait");
    const connection = fakeConnection();
    adapter.opened[0]!.resolve(connection);
    adapter.opened[1]!.reject(new Error("ECONNREFUSED"));
    await turn();
    assert.equal(links.waitingBytes(), 0);
    connection.pendingBytes = 250;
    assert.equal(links.find(side, target), connection);
    connection.pendingBytes = 251;
    assert.equal(links.find(side, target), "full");
  });

  it("are opened for the next message where the first one was longer than the queue", async () => {
    const { links, adapter, side } = setUp(250);
    const stray = { ...target, isHop: false };
    assert.equal(
      links.wait(side, stray, 251, () => {}),
      false,
    );
    assert.equal(adapter.opened.length, 0);
    let served: Connection | undefined;
    assert.ok(links.wait(side, stray, 250, (connection) => (served = connection)));
    const connection = fakeConnection();
    adapter.opened[0]!.resolve(connection);
    await turn();
    assert.equal(served, connection);
  });

  it("tell all that wait when the border closes, whichever hop each asks next", () => {
    const { links, side } = setUp();
    const hops = [target, { ...target, port: 5070 }];
    const told: string[] = [];
    const ask = (name: string, order: readonly LinkTarget[]): void => {
      const [first, ...others] = order;
      if (first === undefined) told.push(name);
      else links.wait(side, first, 1, () => ask(name, others));
    };
    ask("a", hops);
    ask("b", hops.toReversed());
    links.close();
    assert.deepEqual(told, ["a", "b"]);
  });

  it("are never shared by two networks or two domains (RFC 5923 9.3)", async () => {
    const { links, adapter, side } = setUp();
    const secure: LinkTarget = {
      ...target,
      transport: "tls",
      domain: "carrier-c.example",
      partner: "carrier-c",
      network: "carrier-c",
    };
    links.wait(side, secure, 1, () => {});
    adapter.opened[0]!.resolve(fakeConnection());
    await turn();
    assert.notEqual(links.find(side, secure), undefined);
    assert.equal(links.find(side, { ...secure, domain: "other.example" }), undefined);
    assert.equal(links.find(side, { ...secure, network: "ims-b" }), undefined);
  });

  it("are forgotten when they close, and opened anew", async () => {
    const { links, adapter, side } = setUp();
    links.wait(side, target, 1, () => {});
    const connection = fakeConnection();
    adapter.opened[0]!.resolve(connection);
    await turn();
    connection.open = false;
    assert.equal(links.find(side, target), undefined);
    links.forget(connection);
    links.wait(side, target, 1, () => {});
    assert.equal(adapter.opened.length, 2);
  });
});
