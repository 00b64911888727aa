import { writeFile } from "node:fs/promises";
import { format, renderDiagnostics, Source } from "../grammar/index.ts";
import { readArguments, readText, reasonOf } from "./arguments.ts";
import type { Command } from "./command.ts";
import { exitCode, UsageError } from "./io.ts";

const help = `usage: privet fmt [--check] FILE…|-

Writes each policy in its canonical layout. Comments stay; what a policy means never
changes; a file with a syntax error is left as it is.

  --check   write nothing; exit code 1 if a file is not in its canonical layout
  -         standard input, written to standard output

example:
  privet fmt --check policies/*.privet
`;

export const fmtCommand: Command = {
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, { check: { type: "boolean", default: false } });
    if (positionals.length === 0) throw new UsageError("no file is named");
    // All are read before one is written.
    const sources: Source[] = [];
    for (const path of positionals) sources.push(new Source(path, await readText(path, io)));
    let code: number = exitCode.clean;
    for (const source of sources) {
      const { file: path, text } = source;
      const result = format(source);
      if (result.text === undefined) {
        io.err(renderDiagnostics(result.diagnostics, new Map([[path, source]]), { colour: io.color }));
        code = exitCode.findings;
      } else if (values.check) {
        if (result.text === text) continue;
        io.out(`${path}: not in its canonical layout; privet fmt ${path} writes it\n`);
        code = exitCode.findings;
      } else if (path === "-") {
        io.out(result.text);
      } else if (result.text !== text) {
        await writeText(path, result.text);
        io.out(`${path}: written\n`);
      }
    }
    return code;
  },
};

async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new UsageError(`can't write \`${path}\`: ${reasonOf(error)}`);
  }
}
