/** `privet run`: the border element, or without a file the tour. */
import { Border, type Passage } from "../border/index.ts";
import { readArguments } from "./arguments.ts";
import { loadBorder, refuse } from "./border-load.ts";
import type { Command } from "./command.ts";
import { exitCode, type Io, UsageError } from "./io.ts";
import { startOperation } from "./operation.ts";
import { type Paint, painter, passageLine } from "./passage-text.ts";
import { Reloading } from "./reload.ts";
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
  io.out(`${path}: can start, with policy ${loaded.engine.policy.title}\n`);
  return exitCode.clean;
}

async function runFile(path: string, io: Io): Promise<number> {
  const loaded = loadBorder(path, io);
  if (loaded === undefined) return exitCode.usage;
  const { configuration, log } = loaded.file;
  const border = new Border(loaded.engine, configuration);
  const paint = painter(io.color);
  if (log === "decisions") {
    border.passages$.subscribe((passage) => {
      const at = passage.kind === "handshake" ? passage.event.at : passage.at;
      io.out(`${new Date(at).toISOString().slice(11, 23)} ${lineOf(passage, paint, io)}\n`);
    });
  }
  border.passages$.subscribe((passage) => {
    if (passage.kind === "message" && passage.outcome.kind === "failed")
      io.err(`fault: ${passage.outcome.stack}\n`);
  });
  try {
    await border.listen();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const remedy =
      "look whether the port is free, the address is of this machine, and a TLS key fits its certificate";
    refuse([{ place: path, cause, remedy }], io);
    return exitCode.usage;
  }
  for (const { name, transport, address, port } of border.sides)
    io.out(`listening ${name} ${transport} ${address}:${port}\n`);
  const operation = await startOperation(path, border, loaded, io);
  if (operation === undefined) {
    await border.close();
    return exitCode.usage;
  }
  const reloading = new Reloading(path, border, loaded, io, operation.metrics);
  reloading.start();
  await interrupted();
  reloading.stop();
  operation.drain();
  await border.close();
  await operation.close();
  return exitCode.clean;
}

/** The account of a decision is drawn up when it is read: a fault in it must not end the border. */
function lineOf(passage: Passage, paint: Paint, io: Io): string {
  try {
    return passageLine(passage, paint);
  } catch (error) {
    io.err(`fault: ${error instanceof Error ? error.stack : String(error)}\n`);
    return `${passage.kind}: what decided it can't be told`;
  }
}

/** Resolves at the first interrupt; the second one ends the process as usual. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
