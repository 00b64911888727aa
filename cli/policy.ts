import { readFileSync } from "node:fs";
import { loadPolicy, type PolicySource } from "../border/configuration/index.ts";
import type { EngineContext } from "../engine/index.ts";
import { messageOf, renderDiagnostics, withOptions } from "../grammar/index.ts";
import type { Policy } from "../grammar/model.ts";
import { reasonOf } from "./arguments.ts";
import { type Io, PolicyHasErrors, UsageError } from "./io.ts";

/** A policy that can be decided by, with what it names on disk. */
export interface UsablePolicy {
  readonly policy: Policy;
  readonly context: EngineContext;
}

/** Reads a policy with its diagnostics. A file that can't be read is a mistake of the caller, not a finding. */
export function readPolicy(path: string, io: Io): PolicySource {
  try {
    readFileSync(path);
  } catch (error) {
    throw new UsageError(`can't read \`${path}\`: ${reasonOf(error)}`);
  }
  return loadPolicy(path, { now: io.now() });
}

/** Reads a policy for a command that needs one. Warnings are shown too, on standard error. */
export function usePolicy(
  path: string,
  io: Io,
  options: ReadonlyMap<string, string> = new Map(),
): UsablePolicy {
  const loaded = readPolicy(path, io);
  showDiagnostics(loaded, io);
  if (loaded.policy === undefined) throw new PolicyHasErrors(`${path} has errors`);
  if (options.size === 0) return { policy: loaded.policy, context: loaded.context };
  const changed = withOptions(loaded.policy, options);
  if (changed.policy === undefined) {
    const causes = changed.diagnostics.map((one) => {
      const near = one.suggestion === undefined ? "" : `; did you mean \`${one.suggestion}\`?`;
      return `${messageOf(one)}${near}`;
    });
    throw new UsageError(`--option: ${causes.join("; ")}`);
  }
  return { policy: changed.policy, context: loaded.context };
}

function showDiagnostics(loaded: PolicySource, io: Io): void {
  if (loaded.diagnostics.length > 0) {
    io.err(renderDiagnostics(loaded.diagnostics, loaded.sources, { colour: io.color }));
  }
}
