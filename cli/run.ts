/** `privet run`: the border element, or without a file the tour. */
import { readArguments } from "./arguments.ts";
import { loadBorder, titleOf } from "./border-load.ts";
import type { Command } from "./command.ts";
import { interrupted } from "./interrupted.ts";
import { exitCode, type Io, UsageError } from "./io.ts";

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
  if (path !== undefined) {
    const { runFile } = await import("./run-file.ts");
    return runFile(path, io);
  }
  const { runTour } = await import("./tour/tour.ts");
  return values.once === true ? runTour(io, undefined) : runTour(io, interrupted());
}

function checkConfig(path: string | undefined, io: Io): number {
  if (path === undefined) throw new UsageError("--check-config needs a border.json");
  const loaded = loadBorder(path, io);
  if (loaded === undefined) return exitCode.usage;
  io.out(`${path}: can start, with policy ${titleOf(loaded)}\n`);
  return exitCode.clean;
}
