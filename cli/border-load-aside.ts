/**
 * border.json and all that it names, read and checked in a thread of its own: with 100,000 partners
 * that takes seconds, in which messages are not to wait.
 */
import { Worker } from "node:worker_threads";
import type { LoadedBorder, LoadIo } from "./border-load.ts";
import type { LoadOrder, LoadOutcome } from "./border-load-thread.ts";
import { unpackBorder } from "./border-pack.ts";

/** Milliseconds after which a load counts as failed. */
const longestLoad = 300_000;

/** Milliseconds that the thread outlives its load: what it has found is taken over first. */
const afterwards = 1_000;

export interface Loading {
  /**
   * undefined where there is a mistake, which standard error has been told. Rejects where the thread
   * itself fails, takes too long, or is given up.
   */
  readonly loaded: Promise<LoadedBorder | undefined>;
  /** Nobody wants it any more: `loaded` rejects with the reason. */
  giveUp(reason: string): void;
}

export function loadAside(
  order: Omit<LoadOrder, "now">,
  io: LoadIo,
  patience: number = longestLoad,
): Loading {
  const workerData: LoadOrder = { ...order, now: io.now() };
  const thread = new Worker(new URL("border-load-thread.js", import.meta.url), { workerData });
  let giveUp: Loading["giveUp"] = () => {};
  const outcome = new Promise<LoadOutcome>((resolve, reject) => {
    giveUp = (reason) => reject(new Error(reason));
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.once("exit", (code) =>
      reject(new Error(`the thread that loads has ended with exit code ${code}`)),
    );
  });
  const timer = setTimeout(() => giveUp(`it took more than ${patience / 1000} seconds to load`), patience);
  const end = (): void => void thread.terminate();
  const loaded = outcome
    .finally(() => clearTimeout(timer))
    .then(({ said, packed }) => {
      setTimeout(end, afterwards);
      if (said !== "") io.err(said);
      return packed && unpackBorder(packed);
    });
  outcome.catch(end);
  return { loaded, giveUp: (reason) => giveUp(reason) };
}
