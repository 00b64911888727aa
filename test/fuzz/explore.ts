/**
 * The coverage-guided half of the fuzzer, in a thread of its own so that counting blocks
 * slows nobody else: inputs that reach a block of the wire for the first time, or reach
 * it in a new order of magnitude, join the pool.
 */

import { Session } from "node:inspector/promises";
import { parentPort, workerData } from "node:worker_threads";
import { AtHand } from "./at-hand.ts";
import { mutate } from "./mutation.ts";
import { Random } from "./random.ts";
import { targets } from "./targets.ts";

export interface ExploreTask {
  readonly target: string;
  readonly seed: number;
  readonly inputs: number;
  readonly pool: readonly Uint8Array[];
  /** Of the `AtHand` that the watchdog looks at. */
  readonly shared: SharedArrayBuffer;
}

export interface Explored {
  /** Inputs that reached something new. */
  readonly pool: readonly Uint8Array[];
  readonly blocks: number;
  readonly failure?: { readonly input: Uint8Array; readonly message: string };
}

async function explore({ target, seed, inputs, pool, shared }: ExploreTask): Promise<Explored> {
  const { folder, pieces, ...wire } = targets.get(target)!;
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const reached = new Set<string>();
  const kept: Uint8Array[] = [...pool];
  const random = new Random(seed);
  const atHand = new AtHand(shared);
  const newBlocks = async (): Promise<boolean> => {
    const { result } = await session.post("Profiler.takePreciseCoverage");
    const before = reached.size;
    for (const script of result) {
      if (!script.url.includes(folder)) continue;
      for (const { ranges } of script.functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          if (count > 0)
            reached.add(`${script.scriptId}:${startOffset}:${endOffset}:${31 - Math.clz32(count)}`);
        }
      }
    }
    return reached.size > before;
  };
  try {
    for (const input of pool) {
      atHand.take(input);
      wire.run(input, 0);
    }
    await newBlocks();
    for (let done = 0; done < inputs; done++) {
      const input = mutate(random, random.pick(kept), random.pick(kept), pieces);
      atHand.take(input);
      try {
        wire.run(input, done);
      } catch (error) {
        return {
          pool: kept,
          blocks: reached.size,
          failure: { input: input.slice(), message: String(error) },
        };
      }
      if (await newBlocks()) kept.push(input.slice());
    }
    return { pool: kept, blocks: reached.size };
  } finally {
    await session.post("Profiler.stopPreciseCoverage");
    session.disconnect();
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
parentPort?.postMessage(await explore(workerData as ExploreTask));
