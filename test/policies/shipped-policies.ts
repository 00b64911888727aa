/** The policies that ship, read as a command reads them. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { loadPolicy, type PolicySource } from "../../border/index.ts";
import { renderDiagnostics } from "../../grammar/index.ts";
import type { Policy } from "../../grammar/model.ts";
import { packageRoot } from "../package-root.ts";

const folder = join(packageRoot, "policies");

/** A day on which the agreement of carrier-c is in force. */
const now = Date.UTC(2026, 10, 24);

export const policyFiles: readonly string[] = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".privet"))
  .toSorted();

export function policyPath(file: string): string {
  return join(folder, file);
}

export function readShipped(file: string): PolicySource {
  return loadPolicy(policyPath(file), { now });
}

/** Throws with the diagnostics where the policy has errors. */
export function usePolicy(file: string): Policy {
  const { policy, diagnostics, sources } = readShipped(file);
  if (policy === undefined) throw new Error(renderDiagnostics(diagnostics, sources, { colour: false }));
  return policy;
}
