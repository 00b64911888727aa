/** The border element of a border.json, until it is interrupted. */
import { Border } from "../border/index.ts";
import { engineOf, trialOf } from "./border-engine.ts";
import { type LoadedBorder, refuseListener } from "./border-load.ts";
import { startLog } from "./border-log.ts";
import { startMetrics } from "./border-metrics.ts";
import { loadPacked } from "./border-pack.ts";
import { interrupted } from "./interrupted.ts";
import { exitCode, type Io } from "./io.ts";
import { startOperation } from "./operation.ts";
import { startPublishing } from "./publishing.ts";
import { type Adoption, adoptIn, Reloading } from "./reload.ts";
import { watchShadow } from "./shadow-watch.ts";
import { runWorkers } from "./workers/run-workers.ts";

/** Resolves to the exit code. */
export async function runFile(path: string, io: Io): Promise<number> {
  const loaded = loadPacked(path, io);
  if (loaded === undefined) return exitCode.usage;
  if (loaded.file.workers > 1) return runWorkers(path, loaded, io);
  const border = new Border(engineOf(loaded), loaded.file.configuration, undefined, loaded.numbers);
  const log = startLog(border, loaded.file.log, io);
  const metrics = startMetrics(border, loaded, io.now());
  try {
    await border.listen();
  } catch (error) {
    refuseListener(path, error, io);
    return exitCode.usage;
  }
  log.started(border.sides);
  const pages = {
    metrics: () => metrics.registry.metrics(),
    metricsType: metrics.registry.contentType,
    isReady: () => true,
  };
  const publishing = await startPublishing(path, loaded, io, log, (events$) => metrics.watchAnswers(events$));
  const operation = publishing && (await startOperation(path, loaded, pages, io, log));
  if (publishing === undefined || operation === undefined) {
    await publishing?.close();
    await border.close();
    return exitCode.usage;
  }
  const shadow = watchShadow(border, trialOf(loaded), log, metrics);
  const adopt = async (next: LoadedBorder): Promise<Adoption> => {
    const adoption = await adoptIn({ border, metrics, shadow }, next, io.now());
    if (adoption.by !== "none") publishing.take(next);
    return adoption;
  };
  const reloading = new Reloading({ path, io, log, metrics, adopt }, loaded);
  reloading.start();
  await interrupted();
  log.stopping();
  reloading.stop();
  operation.drain();
  await Promise.all([border.close(), publishing.close()]);
  await operation.close();
  reloading.end();
  return exitCode.clean;
}
