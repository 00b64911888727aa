/** Reads a policy from disk: its text, the standard library, partner lists, authorities, CRLs. */
import { readFileSync, statSync } from "node:fs";
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
import { readRevocationFiles } from "./revocation-files.ts";

export interface PolicySource {
  /** undefined where a diagnostic is an error. */
  readonly policy: Policy | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly context: EngineContext;
  /** Texts of the files read, by path: for showing diagnostics. */
  readonly sources: Sources;
  /** Files of authorities that could not be read, or hold no certificate; each has a warning (P4020). They anchor nothing. */
  readonly missingAuthorities: readonly string[];
  /** When the CRLs of a file end, in milliseconds, by the file's path; 0 where one can't be read. */
  readonly revocationEnds: ReadonlyMap<string, number>;
}

export interface LoadOptions {
  /** Milliseconds since 1970, for warnings on agreements that have ended. */
  readonly now?: number;
  /** Takes the place of the disk for some paths; undefined: ask the disk. */
  readonly replace?: (path: string) => string | undefined;
  /** As `CheckSettings.frozen`. */
  readonly frozen?: boolean;
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

  /** Bytes of a file; undefined where there is none, or one that is too long. */
  readBytes(path: string): Uint8Array | undefined {
    const text = this.replace(path);
    return text === undefined ? readShort(path) : Buffer.from(text);
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
export function loadPolicy(path: string, { now, replace, frozen = true }: LoadOptions = {}): PolicySource {
  const settings = now === undefined ? { frozen } : { now, frozen };
  const reader = new DiskReader(replace);
  const { policy, diagnostics, sources } = check(path, reader, settings);
  if (policy === undefined) {
    const nothing = { missingAuthorities: [], revocationEnds: new Map<string, number>() };
    return { policy, diagnostics, context: { authorities: new Map() }, sources, ...nothing };
  }
  const resolve = (from: string, file: string): string | undefined => reader.resolve(from, file);
  const files = readAuthorityFiles(policy, sources, (file) => reader.read(file), resolve);
  const { authorities } = files;
  const lists = readRevocationFiles(policy, {
    sources,
    authorities,
    read: (file) => reader.readBytes(file),
    resolve,
    now,
  });
  return {
    policy,
    diagnostics: sortDiagnostics(
      [...diagnostics, ...files.diagnostics, ...lists.diagnostics],
      [...sources.keys()],
    ),
    context: { authorities, revocations: lists.revocations },
    sources,
    missingAuthorities: files.missing,
    revocationEnds: lists.ends,
  };
}

/** Of a file of CRLs: the longest one that the wire reads, as PEM. */
const longestFile = 192 * 1024 * 1024;

function readShort(path: string): Uint8Array | undefined {
  try {
    const { size } = statSync(path);
    return size > longestFile ? undefined : readFileSync(path);
  } catch {
    return undefined;
  }
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
