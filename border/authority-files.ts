/** The files that a policy's `authority` lines name: who vouches for whose certificates. */
import { type Diagnostic, diagnose, type Sources } from "../grammar/index.ts";
import type { Policy } from "../grammar/model.ts";
import { readPem } from "../wire/certificate/index.ts";
import { placeOfFile, type Resolve } from "./named-file.ts";

export interface AuthorityFiles {
  /** Trust anchors, DER, by the file's path. */
  readonly authorities: ReadonlyMap<string, readonly Uint8Array[]>;
  /** Files that can't be read or hold no certificate. They anchor nothing. */
  readonly missing: readonly string[];
  /** A warning for each missing file, where a partner first names it. */
  readonly diagnostics: readonly Diagnostic[];
}

/** @param read a file's text, undefined where there is none */
export function readAuthorityFiles(
  { networks }: Pick<Policy, "networks">,
  sources: Sources,
  read: (path: string) => string | undefined,
  resolve: Resolve,
): AuthorityFiles {
  const authorities = new Map<string, readonly Uint8Array[]>();
  const missing = new Map<string, Diagnostic | undefined>();
  for (const network of networks.values()) {
    for (const file of network.authorities) {
      if (authorities.has(file) || missing.has(file)) continue;
      const anchors = readPem(read(file) ?? "");
      if (anchors.length > 0) authorities.set(file, anchors);
      else {
        const place = placeOfFile(file, network, sources, resolve);
        const values = { file, name: network.name };
        missing.set(file, place && diagnose("P4020", place.source.file, place.span, values));
      }
    }
  }
  const diagnostics = [...missing.values()].filter((one) => one !== undefined);
  return { authorities, missing: [...missing.keys()], diagnostics };
}
