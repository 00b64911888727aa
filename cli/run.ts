/** `privet run`: the border element, or without a file the tour. */
import { Border } from "../border/index.ts";
import { readArguments } from "./arguments.ts";
import { engineOf, titleOf, trialOf } from "./border-engine.ts";
import { type LoadedBorder, loadBorder, refuseListener } from "./border-load.ts";
import { startLog } from "./border-log.ts";
import { startMetrics } from "./border-metrics.ts";
import { loadPacked } from "./border-pack.ts";
import type { Command } from "./command.ts";
import { interrupted } from "./interrupted.ts";
import { exitCode, type Io, UsageError } from "./io.ts";
import { startOperation } from "./operation.ts";
import { startPublishing } from "./publishing.ts";
import { type Adoption, adoptIn, Reloading } from "./reload.ts";
import { watchShadow } from "./shadow-watch.ts";
import { runTour } from "./tour/tour.ts";
import { runWorkers } from "./workers/run-workers.ts";

const help = `usage: privet run [--once | --check-config] [border.json]

The border element: it takes SIP over UDP, TCP and TLS, decides by the policy, and sends on
what may leave. One line on standard output for each message and handshake.

  border.json   listeners, networks with their hops, policy (docs/border.md);
                it runs until it is interrupted; SIGHUP, or a changed file, has it read
                policy, partner lists, networks and certificates anew. A version with a
                mistake changes nothing
  --check-config
                read and check border.json and all that it names, open no socket
  without it    a tour on loopback: a border with policies/ims-border.privet, between
                neighbours that place calls over TLS, TCP and UDP
  --once        end behind the tour; exit code 0 if every step came out as it should

example: privet run --once
`;

export const runCommand: Command = {
  name: "run",
  summary: "the border element; without a file, a tour on loopback",
  help,
  run: runBorder,
};

export async function runBorder(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    once: { type: "boolean" },
    "check-config": { type: "boolean" },
  });
  if (positionals.length > 1) throw new UsageError("one border.json at most");
  const [path] = positionals;
  if (path !== undefined && values.once === true)
    throw new UsageError("--once belongs to the tour: leave it or the file out");
  if (values["check-config"] === true) return checkConfig(path, io);
  if (path !== undefined) return runFile(path, io);
  return values.once === true ? runTour(io, undefined) : runTour(io, interrupted());
}

function checkConfig(path: string | undefined, io: Io): number {
  if (path === undefined) throw new UsageError("--check-config needs a border.json");
  const loaded = loadBorder(path, io);
  if (loaded === undefined) return exitCode.usage;
  io.out(`${path}: can start, with policy ${titleOf(loaded)}\n`);
  return exitCode.clean;
}

async function runFile(path: string, io: Io): Promise<number> {
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
