/** The file of `privet partners`: a policy, a border.json, or a partner list by itself. */
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import {
  type FileMistake,
  loadPartners,
  type PartnerSource,
  readBorderJson,
  readHop,
} from "../../border/configuration/index.ts";
import { reasonOf } from "../arguments.ts";
import { UsageError } from "../io.ts";

export interface NamedPartners extends PartnerSource {
  /** Why border.json leads to no policy. */
  readonly mistakes: readonly FileMistake[];
  /** Hops of border.json that are met without TLS, by network. */
  readonly clearHops: ReadonlyMap<string, readonly ClearHop[]>;
}

interface ClearHop {
  readonly place: string;
  /** As it is written. */
  readonly text: string;
}

/** @param at milliseconds since 1970, for the dates of CRLs */
export function readNamedPartners(path: string, at: number): NamedPartners {
  const kind = kindOf(path);
  if (kind === "border") return partnersOfBorder(path, at);
  return { ...loadPartners(path, kind, at), mistakes: [], clearHops: new Map() };
}

function kindOf(path: string): "policy" | "list" | "border" {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`can't read \`${path}\`: ${reasonOf(error)}`);
  }
  if (/\.csv$/i.test(path)) return "list";
  if (!/\.json$/i.test(path)) return "policy";
  return holdsPartners(text) ? "list" : "border";
}

/** JSON that is broken is told of by whoever reads it then. */
function holdsPartners(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null && Object.hasOwn(json, "partners");
  } catch {
    return /"partners"\s*:/.test(text);
  }
}

/** Its secrets and keys are not read: whoever looks after partners may not be allowed to. */
function partnersOfBorder(path: string, at: number): NamedPartners {
  const json = readBorderJson(path);
  if (!json.ok) return { ...nobody, mistakes: json.mistakes };
  const { policy, networks } = json.value;
  const policyPath = isAbsolute(policy) ? policy : join(dirname(path), policy);
  const clearHops = Object.entries(networks).map(([name, { hops = [] }]): [string, ClearHop[]] => [
    name,
    hops.flatMap((text, index) => {
      const hop = readHop(text);
      const place = `${path} /networks/${name}/hops/${index}`;
      return hop === undefined || hop.transport === "tls" ? [] : [{ place, text }];
    }),
  ]);
  return { ...loadPartners(policyPath, "policy", at), mistakes: [], clearHops: new Map(clearHops) };
}

const nobody: Omit<NamedPartners, "mistakes"> = {
  partners: [],
  authorities: new Map(),
  revocations: new Map(),
  errors: [],
  warnings: [],
  sources: new Map(),
  clearHops: new Map(),
};
