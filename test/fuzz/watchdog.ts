/** Kills a run whose input has been at hand for too long, and prints that input. */
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";

export interface WatchTask {
  /** Number of the input, its length, two unused, then its bytes. */
  readonly shared: SharedArrayBuffer;
  readonly pid: number;
}

const patience = 30_000;
const { shared, pid } = workerData as WatchTask;
const progress = new Int32Array(shared, 0, 4);
let seen = -1;
let since = performance.now();

setInterval(() => {
  if (progress[0] !== seen) {
    seen = progress[0]!;
    since = performance.now();
  } else if (performance.now() - since > patience) {
    const input = Buffer.from(new Uint8Array(shared, 16, progress[1]));
    writeSync(2, `input ${seen} hangs\ninput (base64): ${input.toString("base64")}\n`);
    process.kill(pid, "SIGKILL");
  }
}, 1_000);
