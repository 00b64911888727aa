/**
 * Fuzzes the wire: `npm run fuzz -- [--target sip|dns|zone] [--inputs N | --seconds N] [--seed N] [--explore N]`.
 *
 * A thread explores under coverage and adds to a pool what reaches something new; then a
 * million mutations of the pool run at full speed, and so on in turn. Exit code 0: nothing found. 1: an input that makes the wire throw,
 * disagree with a witness, hang, or leak; it is printed in base64.
 */
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { AtHand } from "./at-hand.ts";
import type { Explored, ExploreTask } from "./explore.ts";
import { mutate } from "./mutation.ts";
import { Random } from "./random.ts";
import { targets } from "./targets.ts";
import type { WatchTask } from "./watchdog.ts";

const { values } = parseArgs({
  options: {
    target: { type: "string", default: "sip" },
    inputs: { type: "string" },
    seconds: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    explore: { type: "string" },
  },
});
const seed = Number(values.seed);
const inputs = values.inputs === undefined ? Number.POSITIVE_INFINITY : Number(values.inputs);
const seconds = values.inputs === undefined ? Number(values.seconds) : Number.POSITIVE_INFINITY;
const explored = values.explore === undefined ? 1_000 : Number(values.explore);
const target = targets.get(values.target);
if (target === undefined || [seed, inputs, seconds, explored].some((number) => Number.isNaN(number))) {
  console.error(
    "usage: npm run fuzz -- [--target sip|dns|zone] [--inputs N | --seconds N] [--seed N] [--explore N]",
  );
  process.exit(2);
}

/** Heap that a run may gain between its first tenth and its end. */
const leakBytes = 4 * 1024 * 1024;
const batch = 10_000;
/** Inputs at full speed between two explorations. */
const exploreEvery = 1_000_000;

function fail(input: Uint8Array, message: string): never {
  console.error(`${message}\ninput (base64): ${Buffer.from(input).toString("base64")}`);
  process.exit(1);
}

function explore(task: ExploreTask): Promise<Explored> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./explore.js", import.meta.url), { workerData: task });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

const started = performance.now();
let pool = target.readSeeds();
let nextExplore = 0;

const shared = AtHand.sharedBytes();
const atHand = new AtHand(shared);
const watchdog = new Worker(new URL("./watchdog.js", import.meta.url), {
  workerData: { shared, pid: process.pid } satisfies WatchTask,
});
watchdog.unref();

const random = new Random(seed);
const rules = new Map<string, number>();
let accepted = 0;
let done = 0;
let heapBefore = 0;
while (done < inputs && performance.now() - started < seconds * 1000) {
  if (done >= nextExplore) {
    const found = await explore({ target: values.target, seed: seed + done, inputs: explored, pool, shared });
    if (found.failure) fail(found.failure.input, found.failure.message);
    console.log(
      `${done} inputs: ${explored} more under coverage, ${found.blocks} blocks, a pool of ${found.pool.length}`,
    );
    pool = found.pool;
    nextExplore = done + exploreEvery;
  }
  for (let i = 0; i < batch && done < inputs; i++, done++) {
    const input = mutate(random, random.pick(pool), random.pick(pool), target.pieces);
    atHand.take(input);
    try {
      const outcome = target.run(input, done);
      if (outcome.accepted) accepted++;
      else rules.set(outcome.rule, (rules.get(outcome.rule) ?? 0) + 1);
    } catch (error) {
      fail(input, `input ${done}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  if (heapBefore === 0 && (done >= inputs / 10 || performance.now() - started > seconds * 100))
    heapBefore = heapUsed();
}
const gained = heapUsed() - heapBefore;
await watchdog.terminate();
const perSecond = Math.round(done / ((performance.now() - started) / 1000));
console.log(
  `${done} inputs with seed ${seed}, ${perSecond} a second; ${accepted} accepted; rules broken: ${rules.size}; heap ${gained >> 10} KiB`,
);
for (const [rule, count] of [...rules].toSorted(([, a], [, b]) => b - a)) console.log(`  ${rule} ${count}`);
if (heapBefore > 0 && gained > leakBytes) {
  console.error(`the heap has grown by ${gained} bytes`);
  process.exit(1);
}
