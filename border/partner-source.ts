/** Reads partners from disk, with their authorities and CRLs: of a policy, or of a list by itself. */
import {
  check,
  checkPartners,
  type Diagnostic,
  hasErrors,
  type Sources,
  sortDiagnostics,
} from "../grammar/index.ts";
import type { Network } from "../grammar/model.ts";
import { readAuthorityFiles } from "./authority-files.ts";
import { DiskReader } from "./policy-source.ts";
import { readRevocationFiles } from "./revocation-files.ts";

export interface PartnerSource {
  /** In the order of the files; also where there are errors, as far as they can be told. */
  readonly partners: readonly Network[];
  /** DER, by the paths of `Network.authorities`. */
  readonly authorities: ReadonlyMap<string, readonly Uint8Array[]>;
  /** DER, by the paths of `Network.revocations`. */
  readonly revocations: ReadonlyMap<string, readonly Uint8Array[]>;
  /** Mistakes, for which the policy can't be used. */
  readonly errors: readonly Diagnostic[];
  /** What is wrong with files of authorities and CRLs, each where it is first named. */
  readonly warnings: readonly Diagnostic[];
  readonly sources: Sources;
}

/** @param now milliseconds since 1970, for the dates of CRLs */
export function loadPartners(path: string, kind: "policy" | "list", now: number): PartnerSource {
  const reader = new DiskReader();
  const { networks, diagnostics, sources } =
    kind === "policy" ? check(path, reader) : checkPartners(path, reader);
  const partners = new Map([...networks].filter(([, network]) => network.kind === "partner"));
  const resolve = (from: string, file: string): string | undefined => reader.resolve(from, file);
  const files = readAuthorityFiles({ networks: partners }, sources, (file) => reader.read(file), resolve);
  const { authorities } = files;
  const lists = readRevocationFiles(
    { networks: partners },
    { sources, authorities, read: (file) => reader.readBytes(file), resolve, now },
  );
  return {
    partners: [...partners.values()],
    authorities,
    revocations: lists.revocations,
    errors: diagnostics.filter((one) => hasErrors([one])),
    warnings: sortDiagnostics([...files.diagnostics, ...lists.diagnostics], [...sources.keys()]),
    sources,
  };
}
