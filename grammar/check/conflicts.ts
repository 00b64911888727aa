/** Two edits that set one node to different values, where both can apply (docs/language.md, meaning 3). */
import type * as model from "../model.ts";
import { branchesOf, solveValue } from "../satisfiable/values.ts";
import { describeSituation, writeMessage } from "../satisfiable/witness.ts";
import type { Scene, Situation, Solver } from "../satisfiable.ts";
import type { FieldRow } from "../vocabulary.ts";
import { shapeOf } from "./parts.ts";
import { type Place, type Report, relatedTo } from "./report.ts";

/** Of more pairs than these the rest is not compared: a policy of that size sets what it sets by list. */
const mostPairs = 20_000;

interface Setting {
  readonly rule: model.Rule;
  readonly action: model.Action & { readonly kind: "set-field" | "set-part" };
}

export function reportConflicts(
  rules: readonly model.Rule[],
  fields: ReadonlyMap<string, FieldRow>,
  solver: Solver,
  placeOf: (origin: model.Origin) => Place | undefined,
  report: Report,
): void {
  const nodes = new Map<string, Setting[]>();
  for (const rule of rules) {
    for (const action of rule.actions) {
      if (action.kind !== "set-field" && action.kind !== "set-part") continue;
      const part = action.kind === "set-part" ? JSON.stringify(action.part) : "";
      const key = `${rule.gate} ${action.field} ${part}`;
      nodes.set(key, [...(nodes.get(key) ?? []), { rule, action }]);
    }
  }
  let pairs = 0;
  for (const settings of nodes.values()) {
    for (const [index, later] of settings.entries()) {
      for (const earlier of settings.slice(0, index)) {
        if (earlier.action.text === later.action.text) continue;
        if (++pairs > mostPairs) return;
        const situation = bothApply(earlier, later, fields, solver);
        if (situation !== undefined) reportConflict(earlier, later, situation, fields, placeOf, report);
      }
    }
  }
}

function bothApply(
  a: Setting,
  b: Setting,
  fields: ReadonlyMap<string, FieldRow>,
  solver: Solver,
): Situation | undefined {
  const message = meet(a.rule.message, b.rule.message);
  if (message === undefined) return undefined;
  const scene: Scene = { gate: a.rule.gate, message, from: a.rule.from, to: a.rule.to };
  const conditions = [a, b].flatMap(({ rule, action }) => [rule.condition, action.condition]);
  conditions.push(...endsOf(b.rule));
  if (a.action.kind === "set-part") {
    // A part is set only where the field is.
    const origin = b.action.origin;
    const atom: model.Atom =
      a.action.field === "Request-URI"
        ? { on: "message", is: "request" }
        : { on: "present", field: a.action.field };
    conditions.push({ kind: "atom", atom, origin });
    if (!sameValue(a.action, b.action, fields)) return undefined;
  }
  const answer = solver.solve(scene, conditions);
  return answer.verdict === "holds" ? answer.witness : undefined;
}

/** Do both speak of one value? */
function sameValue(
  a: Setting["action"],
  b: Setting["action"],
  fields: ReadonlyMap<string, FieldRow>,
): boolean {
  if (a.kind !== "set-part" || b.kind !== "set-part") return true;
  const row = fields.get(a.field);
  if (row === undefined) return true;
  const kind = { shape: shapeOf(row), plain: "<sip:alice@host.example>", ownDomains: [] };
  return branchesOf({ kind: "and", of: [a.where, b.where] }, true).some(
    (literals) => literals.length === 0 || solveValue(literals, kind).verdict === "holds",
  );
}

function meet(a: model.Rule["message"], b: model.Rule["message"]): model.Rule["message"] | undefined {
  if (a === b || b === "both") return a;
  return a === "both" ? b : undefined;
}

function endsOf({ from, to, origin }: model.Rule): readonly model.Condition[] {
  const ends: model.Condition[] = [];
  if (from !== undefined) ends.push({ kind: "atom", atom: { on: "end", side: "from", who: from }, origin });
  if (to !== undefined) ends.push({ kind: "atom", atom: { on: "end", side: "to", who: to }, origin });
  return ends;
}

function reportConflict(
  earlier: Setting,
  later: Setting,
  situation: Situation,
  fields: ReadonlyMap<string, FieldRow>,
  placeOf: (origin: model.Origin) => Place | undefined,
  report: Report,
): void {
  const [place, other] = [placeOf(later.action.origin), placeOf(earlier.action.origin)];
  if (place === undefined || other === undefined || situation.message === undefined) return;
  const { action } = later;
  const node =
    action.kind === "set-part" ? `\`${action.part.kind}\` of \`${action.field}\`` : `\`${action.field}\``;
  const lines = writeMessage(situation.message, fields).trimEnd().split("\r\n");
  const event = `${describeSituation(situation)}:\n${lines.map((line) => `      ${line}`.trimEnd()).join("\n")}`;
  report.add(
    "P3002",
    place,
    { node, rule: later.rule.name, other: earlier.rule.name, event },
    {
      related: [relatedTo(other, `\`${earlier.rule.name}\` sets it to \`${earlier.action.text}\``)],
      help: `let only one of the two apply, with \`when\` or \`unless\`; both apply to this message ${event}`,
    },
  );
}
