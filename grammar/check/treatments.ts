/** Treatments: named lists of edits. They are checked once, and expanded into the rules that apply them. */
import type * as model from "../model.ts";
import type { Source } from "../source.ts";
import type * as syntax from "../syntax.ts";
import { actionRows } from "../words.ts";
import { anyEvent, type CheckedGuards, type ConditionChecker, conjunction } from "./conditions.ts";
import { type EditChecker, type MessageKind } from "./edits.ts";
import { originOf, type Place, type Report } from "./report.ts";
import type { Declaration } from "./scope.ts";

type TreatmentBody =
  | model.Edit
  | { readonly kind: "mark"; readonly name: string }
  | { readonly kind: "needs"; readonly capability: string };

export interface TreatmentAction {
  readonly body: TreatmentBody;
  /** The treatment's condition and the action's own. */
  readonly condition: model.Condition;
  readonly because: string | undefined;
  readonly origin: model.Origin;
}

export interface CheckedTreatment {
  readonly name: string;
  readonly guards: CheckedGuards;
  readonly fulfils: readonly string[];
  readonly keeps: readonly { readonly privValue: string; readonly condition: model.Condition }[];
  readonly actions: readonly TreatmentAction[];
  /** Guards of single actions, for the lints. */
  readonly actionGuards: readonly CheckedGuards[];
  /** A condition that asks `to …`: there is no answer at the in gate. */
  readonly asksTo: boolean;
}

export function checkTreatment(
  { statement, place, name }: Declaration<syntax.TreatmentStatement>,
  conditions: ConditionChecker,
  edits: EditChecker,
  report: Report,
): CheckedTreatment | undefined {
  const { source } = place;
  const stand = { source, where: "treatment" } as const;
  const before = report.errors;
  const guards = conditions.guards(statement.guards, stand);
  const actions: TreatmentAction[] = [];
  const actionGuards: CheckedGuards[] = [];
  for (const action of statement.actions) {
    const own = conditions.guards(action.guard === undefined ? [] : [action.guard], stand);
    if (own !== undefined && action.guard !== undefined) actionGuards.push(own);
    for (const body of checkBody(action, source, edits, report)) {
      if (guards === undefined || own === undefined) continue;
      actions.push({
        body,
        condition: conjunction([guards.condition, own.condition]),
        because: action.because?.text,
        origin: originOf({ source, span: action.span }),
      });
    }
  }
  const fulfils = statement.fulfils.map(({ text }) => text.toLowerCase());
  const keeps = checkKeeps(statement, fulfils, source, conditions, report);
  if (report.errors > before || guards === undefined) return undefined;
  const asksTo = actions.some(({ condition }) => speaksOfTo(condition));
  return { name, guards, fulfils, keeps, actions, actionGuards, asksTo };
}

function checkBody(
  action: syntax.Action,
  source: Source,
  edits: EditChecker,
  report: Report,
): readonly TreatmentBody[] {
  if (!mayStand(action, "treatment", { source, span: action.span }, report)) return [];
  switch (action.kind) {
    case "mark":
      return [{ kind: "mark", name: action.name.text }];
    case "needs":
      return [{ kind: "needs", capability: action.capability.text }];
    case "apply":
    case "honour":
    case "reject":
      return [];
    default:
      return edits.check(action, action.span, source, messagesOf(action.guard)) ?? [];
  }
}

/** `when request` and `when response` behind an action say which messages it meets. */
export function messagesOf(guard: syntax.Guard | undefined): MessageKind {
  if (guard?.condition.kind !== "message-is") return "both";
  const { is } = guard.condition;
  return (guard.kind === "when") === (is === "request") ? "request" : "response";
}

export function mayStand(
  action: syntax.Action,
  where: "in" | "out" | "handshake" | "treatment",
  place: Place,
  report: Report,
): boolean {
  const row = actionRows[action.kind];
  if (row.at.includes(where)) return true;
  const words = {
    in: "at the in gate",
    out: "at the out gate",
    handshake: "on a handshake",
    treatment: "in a treatment",
  };
  report.add(
    "P3010",
    place,
    { form: row.form, where: words[where] },
    {
      expected: Object.values(actionRows)
        .filter(({ at }) => where !== "in" && where !== "out" && at.includes(where))
        .map(({ form }) => `\`${form}\``),
      help: `it may stand ${row.at.map((one) => words[one]).join(" and ")}`,
    },
  );
  return false;
}

function checkKeeps(
  statement: syntax.TreatmentStatement,
  fulfils: readonly string[],
  source: Source,
  conditions: ConditionChecker,
  report: Report,
): CheckedTreatment["keeps"] {
  return statement.keeps.map(({ privValue, guard }) => {
    const checked = conditions.guards([guard], { source, where: "treatment" });
    const value = privValue.text.toLowerCase();
    if (!fulfils.includes(value)) {
      report.add(
        "P3030",
        { source, span: privValue.span },
        { value: privValue.text },
        {
          expected: fulfils.map((one) => `\`${one}\``),
        },
      );
    }
    return { privValue: value, condition: checked?.condition ?? anyEvent };
  });
}

function speaksOfTo(condition: model.Condition): boolean {
  if (condition.kind === "not") return speaksOfTo(condition.of);
  if (condition.kind !== "atom") return condition.of.some(speaksOfTo);
  return condition.atom.on === "end" && condition.atom.side === "to";
}
