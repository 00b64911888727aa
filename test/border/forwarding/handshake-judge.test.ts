import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Connection, HandshakeArrival } from "../../../adapters/index.ts";
import { HandshakeJudge } from "../../../border/forwarding/handshake-judge.ts";
import type { HandshakePassage } from "../../../border/forwarding/passage.ts";
import type { ConnectionFacts, Decision, Engine } from "../../../engine/index.ts";

const facts = (): ConnectionFacts => ({ transport: "tls", listener: "outside" });
const next = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class FakeConnection implements Connection {
  readonly id: number;
  readonly facts: ConnectionFacts = facts();
  readonly localAddress = "";
  readonly localPort = 0;
  readonly remoteAddress = "";
  readonly remotePort = 0;
  readonly pendingBytes = 0;
  open = true;

  constructor(id: number) {
    this.id = id;
  }

  send(): boolean {
    return false;
  }
  pause(): void {}
  resume(): void {}
  close(): void {
    this.open = false;
  }
}

class World {
  readonly told: HandshakePassage[] = [];
  verdict: "allow" | "reject" = "allow";
  decided = 0;
  /** Milliseconds that one decision takes. */
  cost = 0;
  breaks = false;
  readonly judge: HandshakeJudge = new HandshakeJudge({
    engine: () => this.engine,
    tell: (passage) => this.told.push(passage),
    close: (connection) => connection.close(),
  });
  private readonly engine: Pick<Engine, "decide"> = {
    decide: (() => this.decide()) as Engine["decide"],
  };

  enter(id: number): FakeConnection {
    const connection = new FakeConnection(id);
    const arrival: HandshakeArrival = {
      kind: "handshake",
      event: { kind: "handshake", role: "server", connection: connection.facts, at: Date.now() },
      allow: () => this.judge.opened(connection),
      reject: () => connection.close(),
    };
    this.judge.judge(arrival);
    return connection;
  }

  private decide(): Decision {
    for (const end = performance.now() + this.cost; performance.now() < end; );
    this.decided++;
    if (this.breaks) throw new Error("decide is broken");
    return {
      kind: "handshake",
      verdict: this.verdict,
      partner: undefined,
      identities: [],
      reason: this.verdict === "reject" ? "no partner" : undefined,
      cause: "there is no certificate",
      rules: [],
    };
  }
}

describe("the judgement of connections that stand", () => {
  it("gives way to messages every few milliseconds, however many there are", async () => {
    const world = new World();
    const connections = Array.from({ length: 40 }, (_, index) => world.enter(index));
    world.verdict = "reject";
    world.cost = 1;
    world.decided = 0;
    world.judge.judgeAgain();
    assert.equal(world.decided, 0, "nothing is judged while the policy is taken over");
    let most = 0;
    for (let before = 0; world.decided < connections.length; before = world.decided) {
      await next();
      most = Math.max(most, world.decided - before);
    }
    // One millisecond each: a slice of two ends with the second, or began it just in time.
    assert.ok(most <= 3, `${most} in one turn`);
    assert.ok(connections.every(({ open }) => !open));
    assert.equal(world.told.filter(({ decision }) => decision.verdict === "reject").length, 40);
  });

  it("begins anew where another policy comes meanwhile, and judges each by the one in force", async () => {
    const world = new World();
    for (let id = 0; id < 10; id++) world.enter(id);
    world.cost = 1;
    world.decided = 0;
    world.judge.judgeAgain();
    await next();
    const early = world.decided;
    assert.ok(early > 0 && early < 10, `${early} of 10`);
    world.judge.judgeAgain();
    while (world.decided < early + 10) await next();
    await next();
    assert.equal(world.decided, early + 10);
  });

  it("passes over what has closed, and what no handshake let in", async () => {
    const world = new World();
    const [gone, closing] = [world.enter(1), world.enter(2)];
    world.judge.opened(new FakeConnection(3));
    world.judge.closed(gone);
    closing.close();
    world.decided = 0;
    world.judge.judgeAgain();
    await next();
    await next();
    assert.equal(world.decided, 0);
  });

  it("closes where the engine breaks, and says so", async () => {
    const world = new World();
    const connection = world.enter(1);
    world.breaks = true;
    world.judge.judgeAgain();
    await next();
    await next();
    assert.equal(connection.open, false);
    assert.equal(world.told.at(-1)?.decision.reason, "a fault of the border: decide is broken");
    assert.equal(world.told.at(-1)?.decision.cause, "the policy is new");
  });

  it("ends with the border", async () => {
    const world = new World();
    world.enter(1);
    world.decided = 0;
    world.judge.judgeAgain();
    world.judge.stop();
    await next();
    await next();
    assert.equal(world.decided, 0);
  });
});
