/**
 * border.json and all that it names, read and checked. A thread begins with this file for each reload
 * (`border-load-thread.ts`): what it imports carries no messages.
 */
import {
  type BorderFile,
  checkConfiguration,
  checkOwnCertificates,
  checkPublishing,
  checkShadow,
  loadPolicy,
  type NumberTables,
  type PolicySource,
  readBorderFile,
} from "../border/configuration/index.ts";
import type { FileMistake, ListenerSettings } from "../border/index.ts";
import { hasErrors, renderDiagnostics } from "../grammar/index.ts";
import type { Io } from "./io.ts";
import type { UsablePolicy } from "./policy.ts";

export interface LoadedBorder {
  readonly file: BorderFile;
  readonly inForce: UsablePolicy;
  /** Where border.json names a shadow policy. */
  readonly shadow: UsablePolicy | undefined;
  /** Of the networks in force; undefined: nobody has made them yet. */
  readonly numbers?: NumberTables | undefined;
  /** Every file that was asked for, whether it is there or not. */
  readonly paths: readonly string[];
  /** When CRLs end, by file (`PolicySource.revocationEnds`). */
  readonly revocationEnds: ReadonlyMap<string, number>;
}

/** What a load needs of the process. */
export type LoadIo = Pick<Io, "err" | "now">;

/**
 * Says on standard error what is wrong, and what the operator should know; undefined where nothing
 * can start. `running`: listeners of the border that would take it over.
 */
export function loadBorder(
  path: string,
  io: LoadIo,
  running?: readonly ListenerSettings[],
): LoadedBorder | undefined {
  const result = readBorderFile(path);
  if (!result.ok) return refuse(result.mistakes, io);
  const { file } = result;
  const paths = new Set(file.paths);
  const note = (read: string): undefined => {
    if (!read.startsWith("std:")) paths.add(read);
    return undefined;
  };
  const use = (policyPath: string, title: string): UsableSource | undefined =>
    usable(loadPolicy(policyPath, { now: io.now(), replace: note, frozen: false }), title, io);
  const inForce = use(file.policy, "");
  const shadow = file.shadow && use(file.shadow.policy, "of the shadow policy:\n");
  if (inForce === undefined || (file.shadow !== undefined && shadow === undefined)) return undefined;
  const { configuration } = file;
  const findings = checkConfiguration(path, configuration, inForce.policy);
  const own = checkOwnCertificates(path, configuration.listeners, io.now(), running);
  const mistakes = [...findings.mistakes, ...own.mistakes];
  if (mistakes.length > 0) return refuse(mistakes, io);
  const ofShadow = shadow ? checkShadow(path, configuration, inForce.policy, shadow.policy) : [];
  const published = checkPublishing(path, file, inForce.policy);
  const warnings = [...file.warnings, ...findings.warnings, ...own.warnings, ...ofShadow, ...published];
  for (const warning of warnings) io.err(`warning: ${mistakeText(warning)}\n`);
  return {
    file,
    inForce,
    shadow,
    paths: [...paths],
    revocationEnds: inForce.revocationEnds,
  };
}

/** Of the policy, and of the one on trial. */
export function titleOf({ inForce, shadow }: LoadedBorder): string {
  const { title } = inForce.policy;
  return shadow === undefined ? title : `${title}, on trial: ${shadow.policy.title}`;
}

type UsableSource = UsablePolicy & Pick<PolicySource, "revocationEnds">;

/** Shows what the diagnostics say; undefined where one is an error. */
function usable(source: PolicySource, title: string, io: LoadIo): UsableSource | undefined {
  const { policy, diagnostics, sources, context, revocationEnds } = source;
  if (diagnostics.length > 0) io.err(`${title}${renderDiagnostics(diagnostics, sources)}`);
  return policy === undefined || hasErrors(diagnostics) ? undefined : { policy, context, revocationEnds };
}

export function refuse(mistakes: readonly FileMistake[], io: Pick<Io, "err">): undefined {
  for (const mistake of mistakes) io.err(`error: ${mistakeText(mistake)}\n`);
}

/** As `Border.listen` rejects. */
export function refuseListener(path: string, error: unknown, io: Io): undefined {
  const cause = error instanceof Error ? error.message : String(error);
  const remedy =
    "look whether the port is free, the address is of this machine, and a TLS key fits its certificate";
  return refuse([{ place: path, cause, remedy }], io);
}

function mistakeText({ place, cause, remedy }: FileMistake): string {
  return `${place}: ${cause}\n  help: ${remedy}`;
}
