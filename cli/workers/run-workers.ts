/** `privet run` with several processes: this one reads, checks and watches; the others carry SIP. */
import type { LoadedBorder } from "../border-load.ts";
import { operatorLog } from "../border-log.ts";
import { interrupted } from "../interrupted.ts";
import { exitCode, type Io } from "../io.ts";
import { startOperation } from "../operation.ts";
import { startPublishing } from "../publishing.ts";
import { type Adoption, Reloading } from "../reload.ts";
import { Workers } from "./workers.ts";

/** @returns the exit code. */
export async function runWorkers(path: string, loaded: LoadedBorder, io: Io): Promise<number> {
  const log = operatorLog(loaded.file.log, io);
  const workers = new Workers(path, loaded, io, log);
  const refused = await workers.start();
  if (refused !== undefined) return refused;
  const { metrics } = workers;
  const pages = {
    metrics: () => workers.metricsText(),
    metricsType: metrics.contentType,
    isReady: () => workers.isReady,
  };
  const publishing = await startPublishing(path, loaded, io, log, (events$) => metrics.watchAnswers(events$));
  const operation = publishing && (await startOperation(path, loaded, pages, io, log));
  if (publishing === undefined || operation === undefined) {
    await publishing?.close();
    await workers.stop();
    return exitCode.usage;
  }
  const adopt = async (next: LoadedBorder): Promise<Adoption> => {
    const adoption = await workers.reload();
    if (adoption.by !== "none") publishing.take(next);
    return adoption;
  };
  const reloading = new Reloading({ path, io, log, metrics, adopt }, loaded);
  reloading.start();
  await Promise.race([interrupted(), workers.unheard]);
  log.stopping();
  reloading.stop();
  operation.drain();
  await Promise.all([workers.stop(), publishing.close()]);
  await operation.close();
  reloading.end();
  return exitCode.clean;
}
