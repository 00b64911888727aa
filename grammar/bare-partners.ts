/** A partner list by itself, without the policy that imports it. */
import { Claims } from "./check/claims.ts";
import { checkPartnerList } from "./check/partner-lists.ts";
import { Report } from "./check/report.ts";
import { Scope } from "./check/scope.ts";
import type { CheckResult } from "./check.ts";
import { sortDiagnostics } from "./diagnostic.ts";
import type { ModuleReader } from "./modules.ts";
import { Source } from "./source.ts";

export type PartnersResult = Pick<CheckResult, "networks" | "diagnostics" | "sources">;

/** Options are not looked at: a policy declares them. A file that can't be read holds nobody. */
export function checkPartners(path: string, reader: ModuleReader): PartnersResult {
  const source = new Source(path, reader.read(path) ?? "");
  const report = new Report();
  const scope = new Scope(report);
  scope.incomplete = true;
  checkPartnerList(
    { path, source, by: path },
    { scope, report, claims: new Claims(report), reader, now: undefined },
  );
  return {
    networks: scope.networks,
    diagnostics: sortDiagnostics(report.diagnostics, [path]),
    sources: new Map([[path, source]]),
  };
}
