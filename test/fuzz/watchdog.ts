/** Kills a run whose input has been at hand for too long, and prints that input. */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { AtHand } from "./at-hand.ts";

export interface WatchTask {
  readonly shared: SharedArrayBuffer;
  readonly pid: number;
}

const patience = 30_000;
const { shared, pid } = workerData as WatchTask;
const atHand = new AtHand(shared);
let seen = -1;
let since = performance.now();

setInterval(() => {
  if (atHand.count !== seen) {
    seen = atHand.count;
    since = performance.now();
  } else if (performance.now() - since > patience) {
    const input = Buffer.from(atHand.input);
    writeSync(2, `input ${seen} hangs\ninput (base64): ${input.toString("base64")}\n`);
    process.kill(pid, "SIGKILL");
  }
}, 1_000);
