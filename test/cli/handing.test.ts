/** What a worker hands to its siblings, and how much of it may be on its way. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deserialize, serialize } from "node:v8";
import { Border, defaultQueue, type HandedResponse } from "../../border/index.ts";
import { Handing } from "../../cli/workers/handing.ts";
import type { FromWorker, HandedBatch } from "../../cli/workers/worker-messages.ts";
import { compile } from "../../engine/index.ts";
import { smallPolicy } from "../border/small-policy.ts";

const response = (size: number): HandedResponse => ({
  bytes: new Uint8Array(size).fill(65),
  framing: "datagram",
  at: 0,
  side: 0,
  instance: 1,
  connection: {
    id: 7,
    facts: { transport: "udp", listener: "inside", remoteAddress: "127.0.0.1" },
    localAddress: "127.0.0.1",
    localPort: 5060,
    remoteAddress: "127.0.0.1",
    remotePort: 5070,
  },
  bound: undefined,
});

/** Number 1; 2 and 3 live. */
function open(limit: number): {
  readonly handing: Handing;
  readonly said: FromWorker[];
  readonly counted: () => number;
} {
  const said: FromWorker[] = [];
  let count = 0;
  const handing = new Handing(
    1,
    limit,
    (message) => said.push(message),
    () => count++,
  );
  handing.live([1, 2, 3]);
  return { handing, said, counted: () => count };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("what a worker hands to its siblings", () => {
  it("is known by their numbers, of which its own is none", () => {
    const { handing } = open(100);
    assert.deepEqual(
      [1, 2, 3, 4].map((instance) => handing.owns(instance)),
      [false, true, true, false],
    );
    handing.live([1, 3, 4]);
    assert.deepEqual(
      [1, 2, 3, 4].map((instance) => handing.owns(instance)),
      [false, false, true, true],
    );
  });

  it("goes in one piece for each of them and turn of the event loop", async () => {
    const { handing, said, counted } = open(100);
    for (const [instance, size] of [
      [2, 10],
      [2, 20],
      [3, 30],
    ] as const)
      assert.ok(handing.hand(instance, response(size)));
    assert.equal(said.length, 0);
    await turn();
    assert.deepEqual(
      said.map((message) => message.kind === "handed" && [message.worker, message.bytes]),
      [
        [2, 30],
        [3, 30],
      ],
    );
    assert.deepEqual(deserialize((said[0] as HandedBatch).responses), [response(10), response(20)]);
    assert.equal(counted(), 3);
    handing.hand(2, response(5));
    await turn();
    assert.deepEqual(deserialize((said[2] as HandedBatch).responses), [response(5)]);
  });

  it("is no more than may wait for one of them, until that one has dealt with it", async () => {
    const { handing, counted } = open(100);
    assert.ok(handing.hand(2, response(100)));
    assert.ok(!handing.hand(2, response(1)));
    assert.ok(handing.hand(3, response(100)));
    await turn();
    // Sent is not dealt with.
    assert.ok(!handing.hand(2, response(1)));
    handing.taken(2, 40);
    assert.ok(!handing.hand(2, response(41)));
    assert.ok(handing.hand(2, response(40)));
    assert.equal(counted(), 3);
    // Nobody waits for one that has ended, and another one owes nothing.
    handing.live([1, 3, 4]);
    assert.ok(!handing.hand(2, response(1)));
    handing.taken(2, 40);
    assert.ok(handing.hand(4, response(100)));
  });

  it("is acknowledged to who handed it, and not where it has come back", () => {
    const { handing, said } = open(100);
    const border = new Border(
      compile(smallPolicy()),
      { secret: new Uint8Array(16), listeners: [], networks: new Map(), queue: defaultQueue },
      handing,
    );
    const batch = { kind: "handed", bytes: 30, responses: serialize([response(30)]) } as const;
    handing.deliver({ ...batch, worker: 2 }, border);
    handing.deliver({ ...batch, worker: 1 }, border);
    assert.deepEqual(said, [{ kind: "taken", of: 2, bytes: 30 }]);
  });
});
