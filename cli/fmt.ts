import { readFile, writeFile } from "node:fs/promises";
import { format, renderDiagnostics, Source } from "../grammar/index.ts";
import { readArguments, reasonOf } from "./arguments.ts";
import type { Command } from "./command.ts";
import { exitCode, UsageError } from "./io.ts";

const help = `usage: privet fmt [--check] FILE…

Writes each policy in its canonical layout. Comments stay; what a policy means never
changes; a file with a syntax error is left as it is.

  --check   write nothing; exit code 1 if a file is not in its canonical layout

example:
  privet fmt --check policies/*.privet
`;

export const fmtCommand: Command = {
  name: "fmt",
  summary: "write policies in their canonical layout",
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, { check: { type: "boolean", default: false } });
    if (positionals.length === 0) throw new UsageError("no file is named");
    let code: number = exitCode.clean;
    for (const path of positionals) {
      const text = await readText(path);
      const source = new Source(path, text);
      const result = format(source);
      if (result.text === undefined) {
        io.err(renderDiagnostics(result.diagnostics, new Map([[path, source]]), { colour: io.color }));
        code = exitCode.findings;
      } else if (result.text !== text) {
        if (values.check) {
          io.out(`${path}: not in its canonical layout; privet fmt ${path} writes it\n`);
          code = exitCode.findings;
        } else {
          await writeFile(path, result.text);
          io.out(`${path}: written\n`);
        }
      }
    }
    return code;
  },
};

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`can't read \`${path}\`: ${reasonOf(error)}`);
  }
}
