/** What a policy declares and nothing reads. */
import type * as model from "../model.ts";
import type { Module, Modules } from "../modules.ts";
import { isOneOf } from "../satisfiable/networks.ts";
import type { Statement } from "../syntax.ts";
import { type Place, type Report } from "./report.ts";
import type { Scope } from "./scope.ts";

/**
 * A file for others to import: rules without networks, networks without rules, treatments.
 * It needs no title, and what it declares may stay unread.
 */
export function isLibrary({ syntax }: Module): boolean {
  const has = (...kinds: readonly Statement["kind"][]): boolean =>
    syntax.statements.some(({ kind }) => kinds.includes(kind));
  return !has("policy", "trust", "transit", "test", "publish") && !(has("rule") && has("network", "partner"));
}

export function reportUnused(modules: Modules, scope: Scope, report: Report): void {
  const entry = modules.modules[0];
  if (entry === undefined || isLibrary(entry)) return;
  for (const statement of entry.syntax.statements) {
    const declared = declaredBy(statement);
    if (declared === undefined || scope.isUsed(declared.kind, declared.name) || isBuiltIn(declared, scope))
      continue;
    const place = { source: entry.source, span: declared.span };
    report.add(declared.code, place, { name: declared.name });
  }
  for (const module of modules.modules) reportImports(module, modules.modules, scope, report);
}

interface Declared {
  readonly kind: "treatment" | "field set" | "option" | "field";
  readonly name: string;
  readonly code: string;
  readonly span: Place["span"];
}

function declaredBy(statement: Statement): Declared | undefined {
  switch (statement.kind) {
    case "treatment":
      return { kind: "treatment", name: statement.name.text, code: "P4006", span: statement.name.span };
    case "fields":
      return { kind: "field set", name: statement.name.text, code: "P4014", span: statement.name.span };
    case "option":
      return { kind: "option", name: statement.name.text, code: "P4015", span: statement.name.span };
    case "field":
      return { kind: "field", name: statement.name.text, code: "P4016", span: statement.name.span };
    default:
      return undefined;
  }
}

/** Statements that work without being named. */
const working: readonly Statement["kind"][] = [
  "network",
  "partner",
  "trust",
  "transit",
  "rule",
  "never",
  "always",
  "test",
  "test-clock",
  "publish",
  "extend",
  "set-option",
  "tls",
];

function reportImports(module: Module, modules: readonly Module[], scope: Scope, report: Report): void {
  for (const { statement, path } of module.imports) {
    if (statement.what !== "module") continue;
    const reached = reachedFrom(path, modules);
    if (reached.some(({ syntax }) => syntax.broken.length > 0)) continue;
    const statements = reached.flatMap(({ syntax, imports }) => [
      ...syntax.statements,
      ...imports.flatMap((one) => (one.statement.what === "partners" ? [{ kind: "network" as const }] : [])),
    ]);
    const useful = statements.some((one) => {
      if (working.includes(one.kind)) return true;
      const declared = "span" in one ? declaredBy(one) : undefined;
      return (
        declared !== undefined && (scope.isUsed(declared.kind, declared.name) || isBuiltIn(declared, scope))
      );
    });
    if (!useful && reached.length > 0) {
      report.add("P4017", { source: module.source, span: statement.span }, { path: statement.path.text });
    }
  }
}

/** An option that the consequences read gives them its value, whoever else reads it. */
function isBuiltIn({ kind, name }: Declared, scope: Scope): boolean {
  return kind === "option" && scope.builtIn.has(name);
}

function reachedFrom(path: string, modules: readonly Module[]): readonly Module[] {
  const reached: Module[] = [];
  const visit = (next: string): void => {
    const module = modules.find((one) => one.path === next);
    if (module === undefined || reached.includes(module)) return;
    reached.push(module);
    for (const one of module.imports) visit(one.path);
  };
  visit(path);
  return reached;
}

/** Networks that nothing selects, and partners that nothing trusts. */
export function reportIdleNetworks(
  networks: Iterable<model.Network>,
  trust: readonly model.Trust[],
  scope: Scope,
  placeOf: (origin: model.Origin) => Place | undefined,
  report: Report,
): void {
  const untrusted = new Map<string, { readonly network: model.Network; count: number }>();
  for (const network of networks) {
    if (network.kind === "stranger") continue;
    const place = (): Place | undefined => placeOf(network.origin);
    if (network.domains.length + network.listeners.length + network.addresses.length === 0) {
      addAt(report, "P4018", place(), { name: network.name });
    } else if (
      network.kind === "partner" &&
      !trust.some(({ who }) => who.some((one) => isOneOf(network, one)))
    ) {
      if (scope.isUsed("network", network.name)) continue;
      // A partner list would give a warning a line.
      const key = scope.networkStatements.has(network.name) ? network.name : network.origin.file;
      const group = untrusted.get(key);
      if (group === undefined) untrusted.set(key, { network, count: 1 });
      else group.count++;
    }
  }
  for (const { network, count } of untrusted.values()) {
    const others = count === 1 ? "" : ` and ${count - 1} more`;
    addAt(report, "P4007", placeOf(network.origin), { name: network.name, others });
  }
}

function addAt(
  report: Report,
  code: string,
  place: Place | undefined,
  values: Readonly<Record<string, string>>,
): void {
  if (place !== undefined) report.add(code, place, values);
}
