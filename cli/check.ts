import { type Diagnostic, diagnosticToJson, renderDiagnostics, type Sources } from "../grammar/index.ts";
import { oneOf, readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { exitCode, type Io, UsageError } from "./io.ts";
import { readPolicy } from "./policy.ts";
import { toSarif } from "./sarif.ts";

const help = `usage: privet check [--format text|json|sarif] FILE…

Parses, resolves and checks each policy with all that it imports, without running
anything. Exit code 0: nothing found; 1: findings; 2: the command was called wrongly.

  --format text    for people (the default), findings on standard output
  --format json    one JSON array of findings
  --format sarif   SARIF 2.1.0, for code review tools

example:
  privet check policies/ims-border.privet
`;

type Write = (diagnostics: readonly Diagnostic[], sources: Sources, io: Io) => string;

const formats: Readonly<Record<"text" | "json" | "sarif", Write>> = {
  text: (diagnostics, sources, io) => renderDiagnostics(diagnostics, sources, { colour: io.color }),
  json: (diagnostics, sources) =>
    `${JSON.stringify(
      diagnostics.map((one) => diagnosticToJson(one, sources)),
      undefined,
      2,
    )}\n`,
  sarif: (diagnostics, sources) => `${JSON.stringify(toSarif(diagnostics, sources), undefined, 2)}\n`,
};

export const checkCommand: Command = {
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, { format: { type: "string", default: "text" } });
    const format = oneOf("--format", values.format, ["text", "json", "sarif"]);
    if (positionals.length === 0) throw new UsageError("no file is named");

    const diagnostics: Diagnostic[] = [];
    const sources = new Map<string, Sources extends ReadonlyMap<string, infer S> ? S : never>();
    for (const path of positionals) {
      const loaded = readPolicy(path, io);
      for (const [file, source] of loaded.sources) sources.set(file, source);
      // Two policies may import one module: its findings are shown once.
      for (const one of loaded.diagnostics)
        if (!diagnostics.some((other) => isSame(one, other))) diagnostics.push(one);
    }

    const text = formats[format](diagnostics, sources, io);
    io.out(text === "" ? `${positionals.join(", ")}: no findings\n` : text);
    return diagnostics.length > 0 ? exitCode.findings : exitCode.clean;
  },
};

function isSame(a: Diagnostic, b: Diagnostic): boolean {
  return a.code === b.code && a.file === b.file && a.span.start === b.span.start && a.span.end === b.span.end;
}
