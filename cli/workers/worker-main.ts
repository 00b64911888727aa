/** What `node:cluster` starts as a worker: never called by hand. */
import { showInternalError } from "../internal-error.ts";
import { processIo } from "../process-io.ts";
import { Worker } from "./worker.ts";
import type { FromWorker, ToWorker } from "./worker-messages.ts";

process.on("uncaughtException", (error) => {
  process.exit(showInternalError(error, processIo, process.env));
});

// A terminal, or a service manager, tells all processes: the primary says when a worker ends.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

// The primary may have ended: then so does this process, by itself.
const say = (message: FromWorker): void => void process.send?.(message, undefined, {}, () => {});
const worker = new Worker(processIo, say);
process.on("message", (message: ToWorker) => worker.obey(message));
say({ kind: "listening" });
