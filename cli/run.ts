/** `privet run`: the border element, or without a file the tour. */
import {
  Border,
  checkConfiguration,
  type FileMistake,
  loadPolicy,
  type Passage,
  readBorderFile,
} from "../border/index.ts";
import { compile } from "../engine/index.ts";
import { hasErrors, renderDiagnostics } from "../grammar/index.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { exitCode, type Io, UsageError } from "./io.ts";
import { type Paint, painter, passageLine } from "./passage-text.ts";
import { runTour } from "./tour/tour.ts";

const help = `usage: privet run [--once] [border.json]

The border element: it takes SIP over UDP, TCP and TLS, decides by the policy, and sends on
what may leave. One line on standard output for each message and handshake.

  border.json   listeners, networks with their hops, policy (docs/border.md);
                it runs until it is interrupted
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
  const { values, positionals } = readArguments(argv, { once: { type: "boolean" } });
  if (positionals.length > 1) throw new UsageError("one border.json at most");
  const [path] = positionals;
  if (path !== undefined && values.once === true)
    throw new UsageError("--once belongs to the tour: leave it or the file out");
  if (path !== undefined) return runFile(path, io);
  return values.once === true ? runTour(io, undefined) : runTour(io, interrupted());
}

async function runFile(path: string, io: Io): Promise<number> {
  const result = readBorderFile(path);
  if (!result.ok) return refuse(result.mistakes, io);
  const { configuration, log, policy: policyPath, warnings } = result.file;
  const { policy, diagnostics, sources, context } = loadPolicy(policyPath, { now: io.now() });
  if (diagnostics.length > 0) io.err(renderDiagnostics(diagnostics, sources));
  if (policy === undefined || hasErrors(diagnostics)) return exitCode.usage;
  const findings = checkConfiguration(path, configuration, policy);
  if (findings.mistakes.length > 0) return refuse(findings.mistakes, io);
  for (const warning of [...warnings, ...findings.warnings]) io.err(`warning: ${mistakeText(warning)}\n`);

  const border = new Border(compile(policy, context), configuration);
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
    return refuse(
      [
        {
          place: path,
          cause,
          remedy:
            "look whether the port is free, the address is of this machine, and a TLS key fits its certificate",
        },
      ],
      io,
    );
  }
  for (const { name, transport, address, port } of border.sides)
    io.out(`listening ${name} ${transport} ${address}:${port}\n`);
  await interrupted();
  await border.close();
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

function refuse(mistakes: readonly FileMistake[], io: Io): number {
  for (const mistake of mistakes) io.err(`error: ${mistakeText(mistake)}\n`);
  return exitCode.usage;
}

function mistakeText({ place, cause, remedy }: FileMistake): string {
  return `${place}: ${cause}\n  help: ${remedy}`;
}

/** Resolves at the first interrupt; the second one ends the process as usual. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
