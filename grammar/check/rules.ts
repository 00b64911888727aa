/** Rules: their gate, their actions, and the treatments that they apply. */
import type * as model from "../model.ts";
import type { Source } from "../source.ts";
import type * as syntax from "../syntax.ts";
import { type CheckedGuards, type ConditionChecker, conjunction, plainWho } from "./conditions.ts";
import { type EditChecker, type MessageKind } from "./edits.ts";
import { originOf, type Report, relatedTo } from "./report.ts";
import type { Scope } from "./scope.ts";
import { type CheckedTreatment, mayStand, messagesOf, type TreatmentAction } from "./treatments.ts";

export interface CheckedRule {
  readonly rule: model.Rule;
  readonly source: Source;
  readonly statement: syntax.RuleStatement;
  readonly guards: CheckedGuards;
  readonly actionGuards: readonly CheckedGuards[];
}

export interface RuleSetting {
  readonly scope: Scope;
  readonly report: Report;
  readonly conditions: ConditionChecker;
  readonly edits: EditChecker;
  /** By name; a treatment with mistakes is undefined. */
  readonly treatments: ReadonlyMap<string, CheckedTreatment | undefined>;
}

type Gate = model.Rule["gate"];

export function checkRule(
  statement: syntax.RuleStatement,
  source: Source,
  setting: RuleSetting,
): CheckedRule | undefined {
  const { report, conditions } = setting;
  const before = report.errors;
  const { on } = statement;
  const gate = gateOf(on);
  const known = checkOccasion(on, source, conditions, report);
  const guards = conditions.guards(statement.guards, { source, where: gate });
  const message: MessageKind = on.event === "request" || on.event === "response" ? on.event : "both";
  const draft = new RuleDraft(statement, source, gate, message, setting);
  for (const action of statement.actions) draft.add(action);
  if (!known || guards === undefined || report.errors > before || draft.broken) return undefined;
  const because = statement.because.text;
  return {
    rule: {
      name: statement.name.text,
      gate,
      message,
      from: on.from && plainWho(on.from),
      to: on.to && plainWho(on.to),
      condition: guards.condition,
      actions: draft.actions,
      fulfilments: draft.fulfilments,
      namesMethod: namesMethod(guards.condition),
      because,
      origin: originOf({ source, span: statement.name.span }),
    },
    source,
    statement,
    guards,
    actionGuards: draft.actionGuards,
  };
}

function gateOf(on: syntax.Occasion): Gate {
  if (on.event === "handshake") return "handshake";
  return on.to === undefined ? "in" : "out";
}

/** False where one of the ends is unknown. */
function checkOccasion(
  on: syntax.Occasion,
  source: Source,
  conditions: ConditionChecker,
  report: Report,
): boolean {
  const place = { source, span: on.span };
  const ends = [...(on.from ?? []), ...(on.to ?? [])];
  if (on.event === "handshake" && ends.length > 0) report.add("P3027", place);
  if (on.event !== "handshake" && ends.length === 0) report.add("P3026", place, { event: on.event });
  return conditions.who(ends, { source, where: "out" }, undefined);
}

/** The actions of one rule, as they are added. */
class RuleDraft {
  readonly actions: model.Action[] = [];
  readonly fulfilments: model.Fulfilment[] = [];
  readonly actionGuards: CheckedGuards[] = [];
  /** A treatment that it applies has mistakes of its own. */
  broken = false;
  readonly #statement: syntax.RuleStatement;
  readonly #source: Source;
  readonly #gate: Gate;
  readonly #message: MessageKind;
  readonly #setting: RuleSetting;

  constructor(
    statement: syntax.RuleStatement,
    source: Source,
    gate: Gate,
    message: MessageKind,
    setting: RuleSetting,
  ) {
    this.#statement = statement;
    this.#source = source;
    this.#gate = gate;
    this.#message = message;
    this.#setting = setting;
  }

  add(action: syntax.Action): void {
    const { report, conditions, edits } = this.#setting;
    const place = { source: this.#source, span: action.span };
    const guards = conditions.guards(action.guard === undefined ? [] : [action.guard], {
      source: this.#source,
      where: this.#gate,
    });
    if (!mayStand(action, this.#gate, place, report)) return;
    const condition = guards?.condition ?? { kind: "and", of: [] };
    if (guards !== undefined && action.guard !== undefined) this.actionGuards.push(guards);
    const common = {
      condition,
      because: action.because?.text ?? this.#statement.because.text,
      treatment: undefined,
      origin: originOf(place),
    };
    switch (action.kind) {
      case "apply":
        this.#apply(action, condition);
        return;
      case "honour":
        if (action.field.text.toLowerCase() !== "privacy") {
          const values = { field: action.field.text };
          report.add("P3031", { source: this.#source, span: action.field.span }, values, {
            suggestion: "Privacy",
          });
        }
        this.actions.push({ kind: "honour-privacy", ...common });
        return;
      case "mark":
        this.actions.push({ kind: "mark", name: action.name.text, ...common });
        return;
      case "reject":
        this.#checkReject(action);
        this.actions.push({
          kind: "reject",
          status: action.status?.value,
          reason: action.reason.text,
          ...common,
        });
        return;
      case "needs":
        return;
      default: {
        if (action.kind === "conceal") report.add("P4010", place);
        const message = this.#message === "both" ? messagesOf(action.guard) : this.#message;
        for (const edit of edits.check(action, action.span, this.#source, message) ?? []) {
          this.actions.push({ ...edit, ...common });
        }
      }
    }
  }

  #checkReject(action: Extract<syntax.Action, { kind: "reject" }>): void {
    const { report } = this.#setting;
    const { status } = action;
    if (this.#gate === "handshake") {
      if (status !== undefined) report.add("P3029", { source: this.#source, span: status.span });
    } else if (status === undefined || status.value < 400 || status.value > 699) {
      report.add("P3028", { source: this.#source, span: status?.span ?? action.span });
    }
  }

  #apply(action: Extract<syntax.Action, { kind: "apply" }>, condition: model.Condition): void {
    const { scope, report, treatments } = this.#setting;
    const except = scope.listFields(action.except, this.#source);
    const met = new Set<string>();
    for (const name of action.treatments) {
      const declaration = scope.treatment(name, this.#source);
      if (declaration === undefined) continue;
      const treatment = treatments.get(name.text);
      if (treatment === undefined) {
        this.broken = true;
        continue;
      }
      if (this.#gate === "in" && treatment.asksTo) {
        const related = [relatedTo(declaration.place, "this treatment asks who the message goes to")];
        report.add("P3009", { source: this.#source, span: name.span }, {}, { related });
      }
      this.#expand(treatment, condition, new Set(except.map(({ row }) => row.name)), met);
    }
    for (const { row, name } of except) {
      if (met.has(row.name) || this.broken) continue;
      report.add("P4011", { source: this.#source, span: name.span }, { field: row.name });
    }
  }

  #expand(
    treatment: CheckedTreatment,
    applied: model.Condition,
    except: ReadonlySet<string>,
    met: Set<string>,
  ): void {
    const indices: number[] = [];
    for (const action of treatment.actions) {
      if (action.body.kind !== "mark") indices.push(this.actions.length);
      this.actions.push({
        ...exceptFields(action.body, except, met),
        condition: conjunction([applied, action.condition]),
        because: action.because ?? this.#statement.because.text,
        treatment: treatment.name,
        origin: action.origin,
      });
    }
    for (const privValue of treatment.fulfils) {
      const keeps = treatment.keeps.filter((keep) => keep.privValue === privValue);
      this.fulfilments.push({
        treatment: treatment.name,
        privValue,
        condition: conjunction([applied, treatment.guards.condition]),
        actions: indices,
        keepWhen: { kind: "or", of: keeps.map((keep) => keep.condition) },
      });
    }
  }
}

/** The edit, or what is left of it where `except` names its field. */
function exceptFields(
  body: TreatmentAction["body"],
  except: ReadonlySet<string>,
  met: Set<string>,
): TreatmentAction["body"] | { readonly kind: "excepted"; readonly edit: model.Edit } {
  if (except.size === 0 || body.kind === "mark" || body.kind === "needs") return body;
  if (body.kind === "remove-other-fields") {
    const more = [...except].filter((field) => !body.except.includes(field));
    for (const field of more) met.add(field);
    return { kind: "remove-other-fields", except: [...body.except, ...more] };
  }
  if (!("field" in body) || !except.has(body.field)) return body;
  met.add(body.field);
  return { kind: "excepted", edit: body };
}

function namesMethod(condition: model.Condition): boolean {
  if (condition.kind === "not") return namesMethod(condition.of);
  if (condition.kind !== "atom") return condition.of.some(namesMethod);
  return condition.atom.on === "method";
}
