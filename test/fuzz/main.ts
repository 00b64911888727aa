/**
 * Fuzzes the wire: `npm run fuzz -- [--inputs N | --seconds N] [--seed N] [--explore N]`.
 *
 * First a thread explores under coverage and fills a pool; then mutations of the pool run
 * at full speed. Exit code 0: nothing found. 1: an input that makes the wire throw,
 * disagree with a witness, hang, or leak; it is printed in base64.
 */
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import type { Explored, ExploreTask } from "./explore.ts";
import { mutate } from "./mutation.ts";
import { Random } from "./random.ts";
import { readSeeds } from "./seeds.ts";
import { run } from "./target.ts";
import type { WatchTask } from "./watchdog.ts";

const { values } = parseArgs({
  options: {
    inputs: { type: "string" },
    seconds: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    explore: { type: "string" },
  },
});
const seed = Number(values.seed);
const inputs = values.inputs === undefined ? Number.POSITIVE_INFINITY : Number(values.inputs);
const seconds = values.inputs === undefined ? Number(values.seconds) : Number.POSITIVE_INFINITY;
const explored = values.explore === undefined ? 2_000 : Number(values.explore);
if ([seed, inputs, seconds, explored].some((number) => Number.isNaN(number))) {
  console.error("usage: npm run fuzz -- [--inputs N | --seconds N] [--seed N] [--explore N]");
  process.exit(2);
}

/** Heap that a run may gain between its first tenth and its end. */
const leakBytes = 4 * 1024 * 1024;
const batch = 10_000;

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
const seeds = readSeeds();
const { pool, blocks, failure } = await explore({ seed, inputs: explored, pool: seeds });
if (failure) fail(failure.input, failure.message);
console.log(
  `${seeds.length} seeds; ${explored} inputs under coverage reached ${blocks} blocks; pool of ${pool.length}`,
);

/** Progress, and the input at hand, for the watchdog. */
const shared = new SharedArrayBuffer(16 + (1 << 16));
const progress = new Int32Array(shared, 0, 4);
const atHand = new Uint8Array(shared, 16);
const watchdog = new Worker(new URL("./watchdog.js", import.meta.url), {
  workerData: { shared, pid: process.pid } satisfies WatchTask,
});
watchdog.unref();

const random = new Random(seed);
const rules = new Map<string, number>();
let accepted = 0;
let done = 0;
let heapBefore = 0;
let lastTold = performance.now();
while (done < inputs && performance.now() - started < seconds * 1000) {
  for (let i = 0; i < batch && done < inputs; i++, done++) {
    const input = mutate(random, random.pick(pool), random.pick(pool));
    progress[1] = input.length;
    atHand.set(input);
    progress[0] = done;
    try {
      const outcome = run(input, done);
      if (outcome.accepted) accepted++;
      else rules.set(outcome.rule, (rules.get(outcome.rule) ?? 0) + 1);
    } catch (error) {
      fail(input, `input ${done}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  if (heapBefore === 0 && (done >= inputs / 10 || performance.now() - started > seconds * 100))
    heapBefore = heapUsed();
  if (performance.now() - lastTold > 60_000) {
    lastTold = performance.now();
    console.log(`${done} inputs, ${Math.round((performance.now() - started) / 1000)} s`);
  }
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
