/** border.json and all that it names, read and checked. */
import {
  type BorderFile,
  checkConfiguration,
  type FileMistake,
  loadPolicy,
  readBorderFile,
} from "../border/index.ts";
import { compile, type Engine } from "../engine/index.ts";
import { hasErrors, renderDiagnostics } from "../grammar/index.ts";
import type { Io } from "./io.ts";

export interface LoadedBorder {
  readonly file: BorderFile;
  readonly engine: Engine;
  /** Every file that was asked for, whether it is there or not. */
  readonly paths: readonly string[];
}

/** Says on standard error what is wrong, and what the operator should know; undefined where nothing can start. */
export function loadBorder(path: string, io: Io): LoadedBorder | undefined {
  const result = readBorderFile(path);
  if (!result.ok) return refuse(result.mistakes, io);
  const { file } = result;
  const paths = new Set(file.paths);
  const note = (read: string): undefined => {
    if (!read.startsWith("std:")) paths.add(read);
    return undefined;
  };
  const source = loadPolicy(file.policy, { now: io.now(), replace: note });
  const { policy, diagnostics, sources, context } = source;
  if (diagnostics.length > 0) io.err(renderDiagnostics(diagnostics, sources));
  if (policy === undefined || hasErrors(diagnostics)) return undefined;
  const findings = checkConfiguration(path, file.configuration, policy);
  if (findings.mistakes.length > 0) return refuse(findings.mistakes, io);
  for (const warning of [...file.warnings, ...findings.warnings])
    io.err(`warning: ${mistakeText(warning)}\n`);
  return { file, engine: compile(policy, context), paths: [...paths] };
}

export function refuse(mistakes: readonly FileMistake[], io: Io): undefined {
  for (const mistake of mistakes) io.err(`error: ${mistakeText(mistake)}\n`);
}

function mistakeText({ place, cause, remedy }: FileMistake): string {
  return `${place}: ${cause}\n  help: ${remedy}`;
}
