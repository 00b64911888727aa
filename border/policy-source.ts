/** Reads a policy from disk: its text, the standard library, partner lists, authorities. */
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { EngineContext } from "../engine/index.ts";
import {
  check,
  type Diagnostic,
  type ModuleReader,
  type Sources,
  sortDiagnostics,
} from "../grammar/index.ts";
import type { Policy } from "../grammar/model.ts";
import { readAuthorityFiles } from "./authority-files.ts";
import { packagePath } from "./package-path.ts";

export interface PolicySource {
  /** undefined where a diagnostic is an error. */
  readonly policy: Policy | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly context: EngineContext;
  /** Texts of the files read, by path: for showing diagnostics. */
  readonly sources: Sources;
  /** Files of authorities that could not be read, or hold no certificate; each has a warning (P4020). They anchor nothing. */
  readonly missingAuthorities: readonly string[];
}

export interface LoadOptions {
  /** Milliseconds since 1970, for warnings on agreements that have ended. */
  readonly now?: number;
  /** Takes the place of the disk for some paths; undefined: ask the disk. */
  readonly replace?: (path: string) => string | undefined;
}

const standard = "std:";

/** Files by path, and `std:NAME` from the package's own `policies/std`. */
export class DiskReader implements ModuleReader {
  private readonly replace: (path: string) => string | undefined;

  constructor(replace: (path: string) => string | undefined = () => undefined) {
    this.replace = replace;
  }

  read(path: string): string | undefined {
    return this.replace(path) ?? readText(path);
  }

  resolve(from: string, specifier: string): string | undefined {
    if (specifier.startsWith(standard)) {
      return /^std:[a-z0-9-]+$/.test(specifier) ? specifier : undefined;
    }
    // The library stands by itself: a module of it reaches no file beside it.
    if (isAbsolute(specifier)) return specifier;
    return from.startsWith(standard) ? undefined : join(dirname(from), specifier);
  }
}

/** `path` stays as it is given: places in diagnostics and decisions begin with it. */
export function loadPolicy(path: string, { now, replace }: LoadOptions = {}): PolicySource {
  const settings = now === undefined ? {} : { now };
  const reader = new DiskReader(replace);
  const { policy, diagnostics, sources } = check(path, reader, settings);
  if (policy === undefined)
    return { policy, diagnostics, context: { authorities: new Map() }, sources, missingAuthorities: [] };
  const files = readAuthorityFiles(
    policy,
    sources,
    (file) => reader.read(file),
    (from, file) => reader.resolve(from, file),
  );
  return {
    policy,
    diagnostics: sortDiagnostics([...diagnostics, ...files.diagnostics], [...sources.keys()]),
    context: { authorities: files.authorities },
    sources,
    missingAuthorities: files.missing,
  };
}

function readText(path: string): string | undefined {
  const file = path.startsWith(standard)
    ? packagePath(`policies/std/${path.slice(standard.length)}.privet`)
    : path;
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
