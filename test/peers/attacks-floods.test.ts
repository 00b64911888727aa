/** Connections by the thousand, opened by another process as fast as it can (docs/attacks.md). */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { afterEach, describe, it } from "node:test";
import { flooder, honest, LimitedBorder } from "../border/limited-border.ts";
import { until } from "../until.ts";

/** Opens `count` connections, `TLS` with a handshake, at most 200 at a time; says so once all were tried. */
const program = `
const [port, count, secure, localAddress] = process.argv.slice(1);
const { connect } = require("node:net");
const tls = require("node:tls");
let begun = 0, done = 0;
const next = () => {
  if (begun >= Number(count)) return;
  begun++;
  const below = connect({ host: "127.0.0.1", port: Number(port), ...(localAddress && { localAddress }) });
  const socket = secure === "tls" ? tls.connect({ socket: below, rejectUnauthorized: false }) : below;
  below.on("error", () => {});
  socket.on("error", () => {});
  let over = false;
  const settle = () => {
    if (over) return;
    over = true;
    done++;
    if (done === Number(count)) console.log("all tried");
    next();
  };
  socket.once(secure === "tls" ? "secureConnect" : "connect", settle);
  socket.once("close", settle);
  socket.resume();
};
for (let i = 0; i < 200; i++) next();
setInterval(() => {}, 1_000);
`;

class Flood {
  readonly child: ChildProcess;
  said = "";

  /** `from`: an address of its own. It costs the system more to find a free port there than to connect. */
  constructor(port: number, count: number, secure: "tcp" | "tls", from?: string) {
    const address = from === undefined ? [] : [from];
    this.child = spawn(process.execPath, ["-e", program, `${port}`, `${count}`, secure, ...address], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.child.stdout?.on("data", (chunk: Buffer) => (this.said += chunk.toString("latin1")));
  }

  get hasTriedAll(): boolean {
    return this.said.includes("all tried");
  }
}

/** Files that this process may have open. */
function mostFiles(): number {
  // Node's types call the report a text; it is an object.
  const report = process.report.getReport() as unknown as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: number | string } };
  };
  return Number(report.userLimits?.open_files?.soft) || 1_024;
}

let scene: LimitedBorder;
let flood: Flood | undefined;

async function othersAreServed(): Promise<void> {
  assert.equal(await scene.ask(await scene.tls("outside", honest), "TLS"), "200");
  assert.equal(await scene.ask(await scene.tcp("x", honest)), "200");
  assert.equal(await scene.ask(await scene.tcp("inside", honest)), "200");
}

describe("one peer", () => {
  afterEach(async () => {
    flood?.child.kill("SIGKILL");
    flood = undefined;
    await scene.close();
  });

  it("that holds 10,000 connections and says nothing takes its listener's places, and nobody else's", {
    timeout: 240_000,
  }, async () => {
    const places = Math.min(10_000, mostFiles() - 600);
    scene = await LimitedBorder.open({ connections: { open: places } });
    flood = new Flood(scene.port("outside", "tcp"), places, "tcp");
    await until(() => (scene.border.connections().get("tcp") ?? 0) === places, `${places} connections`);
    const late = await scene.tcp("outside", honest);
    await until(() => late.closed, "the end of the one that is too many");
    assert.equal(scene.border.refusals().get("open"), 1);
    await othersAreServed();
  });

  it("that may hold 50 holds 50, and leaves the others their places", { timeout: 240_000 }, async () => {
    scene = await LimitedBorder.open({ sources: { messages: undefined, connections: 50 } });
    flood = new Flood(scene.port("outside", "tcp"), 2_000, "tcp", flooder);
    await over(flood);
    await until(() => (scene.border.connections().get("tcp") ?? 0) === 50, "50 connections");
    assert.equal(scene.border.refusals().get("source-connections"), 1_950);
    assert.equal(await scene.ask(await scene.tcp("outside", honest)), "200");
    await othersAreServed();
  });

  it("that shakes hands as fast as it can gets its share of handshakes, and the others are served meanwhile", {
    timeout: 240_000,
  }, async () => {
    const [share, tries] = [20, 10_000];
    scene = await LimitedBorder.open({
      sources: { messages: undefined, connections: undefined, newConnections: share },
    });
    const started = Date.now();
    flood = new Flood(scene.port("outside", "tls"), tries, "tls", flooder);
    const refused = (): number => scene.border.refusals().get("source-rate")!;
    await until(() => refused() > 100, "the first hundred refusals");
    do {
      await othersAreServed();
      // They have a share too.
      await new Promise((resolve) => setTimeout(resolve, 250));
    } while (!flood.hasTriedAll && Date.now() - started < 200_000);
    assert.ok(flood.hasTriedAll, flood.said.slice(-200));
    const seconds = (Date.now() - started) / 1_000;
    const taken = tries - refused();
    assert.ok(taken >= share && taken <= share * (1 + seconds) + 1, `${taken} in ${seconds} s`);
  });

  it("that begins handshakes and never ends them has its share of them under way", {
    timeout: 240_000,
  }, async () => {
    scene = await LimitedBorder.open({
      sources: { messages: undefined, connections: undefined, halfOpen: 10 },
    });
    flood = new Flood(scene.port("outside", "tls"), 2_000, "tcp", flooder);
    await over(flood);
    await until(() => scene.border.refusals().get("source-half-open") === 1_990, "1,990 refusals");
    await othersAreServed();
  });
});

function over(one: Flood): Promise<void> {
  return until(() => one.hasTriedAll, "all connections tried");
}
