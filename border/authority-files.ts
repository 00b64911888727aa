/** The files that a policy's `authority` lines name: who vouches for whose certificates. */
import { type Diagnostic, diagnose, type Source, type Sources } from "../grammar/index.ts";
import type { Network, Policy } from "../grammar/model.ts";
import { readPem } from "../wire/index.ts";

export interface AuthorityFiles {
  /** Trust anchors, DER, by the file's path. */
  readonly authorities: ReadonlyMap<string, readonly Uint8Array[]>;
  /** Files that can't be read or hold no certificate. They anchor nothing. */
  readonly missing: readonly string[];
  /** A warning for each missing file, where a partner first names it. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * @param read a file's text, undefined where there is none
 * @param resolve the path of what a file calls so
 */
export function readAuthorityFiles(
  { networks }: Pick<Policy, "networks">,
  sources: Sources,
  read: (path: string) => string | undefined,
  resolve: (from: string, path: string) => string | undefined,
): AuthorityFiles {
  const authorities = new Map<string, readonly Uint8Array[]>();
  const missing = new Map<string, Diagnostic | undefined>();
  for (const network of networks.values()) {
    for (const file of network.authorities) {
      if (authorities.has(file) || missing.has(file)) continue;
      const anchors = readPem(read(file) ?? "");
      if (anchors.length > 0) authorities.set(file, anchors);
      else missing.set(file, warn(file, network, sources.get(network.origin.file), resolve));
    }
  }
  const diagnostics = [...missing.values()].filter((one) => one !== undefined);
  return { authorities, missing: [...missing.keys()], diagnostics };
}

/** Longer than a partner's statement or row that a person would write. */
const searchedLength = 10_000;

function warn(
  file: string,
  { name, origin }: Network,
  source: Source | undefined,
  resolve: (from: string, path: string) => string | undefined,
): Diagnostic | undefined {
  if (source === undefined) return undefined;
  const start = source.lineStart(origin.line) + origin.column - 1;
  let span = { start, end: start + Math.max(origin.length, 1) };
  // A partner's place is its name; the path stands behind it, in quotes or in a cell.
  const text = source.text.slice(start, start + searchedLength);
  for (const { 0: word, index } of text.matchAll(/[^\s",;]+/g)) {
    if (resolve(source.file, word) !== file) continue;
    span = { start: start + index, end: start + index + word.length };
    break;
  }
  return diagnose("P4020", source.file, span, { file, name });
}
