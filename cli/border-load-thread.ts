/** The thread that reads and checks border.json and all that it names, while messages go on: `border-load-aside.ts` starts it. */
import { parentPort, workerData } from "node:worker_threads";
import type { ListenerSettings } from "../border/index.ts";
import { loadBorder } from "./border-load.ts";
import { buffersOfBorder, type PackedBorder, packBorder } from "./border-pack.ts";

/** Plain data, copied to the thread. */
export interface LoadOrder {
  readonly path: string;
  /** Milliseconds since 1970, for the dates of certificates and agreements. */
  readonly now: number;
  /** Those of the border that would take it over. */
  readonly running: readonly ListenerSettings[];
  /** That of the same border. */
  readonly secret: Uint8Array;
}

/** The one message of the thread. */
export interface LoadOutcome {
  /** For standard error. */
  readonly said: string;
  /** undefined: there is a mistake. */
  readonly packed: PackedBorder | undefined;
}

function load({ path, now, running, secret }: LoadOrder): LoadOutcome {
  let said = "";
  const io = {
    now: () => now,
    err: (text: string) => {
      said += text;
    },
  };
  const loaded = loadBorder(path, io, running);
  return { said, packed: loaded && packBorder(loaded, secret) };
}

const order: LoadOrder = workerData;
const outcome = load(order);
// The thread lives until it is ended: to take its heap down needs processors that carry messages.
parentPort?.on("message", () => {});
parentPort?.postMessage(outcome, outcome.packed === undefined ? [] : buffersOfBorder(outcome.packed));
