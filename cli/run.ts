/** `privet run`: the border element, or without a file the tour. */
import { Border } from "../border/index.ts";
import { readArguments } from "./arguments.ts";
import { loadBorder, refuse, titleOf } from "./border-load.ts";
import { startLog } from "./border-log.ts";
import type { Command } from "./command.ts";
import { exitCode, type Io, UsageError } from "./io.ts";
import { startOperation } from "./operation.ts";
import { Reloading } from "./reload.ts";
import { watchShadow } from "./shadow-watch.ts";
import { runTour } from "./tour/tour.ts";

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
  const loaded = loadBorder(path, io);
  if (loaded === undefined) return exitCode.usage;
  const border = new Border(loaded.engine, loaded.file.configuration);
  const log = startLog(border, loaded.file.log, io);
  try {
    await border.listen();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const remedy =
      "look whether the port is free, the address is of this machine, and a TLS key fits its certificate";
    refuse([{ place: path, cause, remedy }], io);
    return exitCode.usage;
  }
  log.started(border);
  const operation = await startOperation(path, border, loaded, io, log);
  if (operation === undefined) {
    await border.close();
    return exitCode.usage;
  }
  const { metrics } = operation;
  const shadow = watchShadow(border, loaded, log, metrics);
  const reloading = new Reloading({ path, border, shadow, io, log, metrics }, loaded);
  reloading.start();
  await interrupted();
  log.stopping();
  reloading.stop();
  operation.drain();
  await border.close();
  await operation.close();
  return exitCode.clean;
}

/** Resolves at the first interrupt; the second one ends the process as usual. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
