/** Builds gate plans: what ends, options and the clock decide is decided here, once for all messages. */
import type { Action, Atom, Condition, Edit, Policy, Rule } from "../../../grammar/model.ts";
import type { FieldTable } from "../../../wire/index.ts";
import { isAmong } from "../../conditions/conditions.ts";
import { holdsForConnection, isConnectionAtom, optionValue } from "../../conditions/connection-atoms.ts";
import { consequence } from "../../consequences/consequences.ts";
import type { Asker } from "../../edits/collect.ts";
import { compareText } from "../../edits/node-edit.ts";
import type { EngineContext } from "../../engine.ts";
import { askerOf, isEdit, rulesEventIs } from "../../gate.ts";
import { requestUriField } from "../../message/tree.ts";
import type { ConditionCompiler, Test } from "../conditions/condition-test.ts";
import { both, type Known, membersOf, type Residual, residualOf } from "../conditions/residual.ts";
import { pickOf } from "../conditions/value-index.ts";
import { type OrderedTest, OrderedTests } from "../ordered-tests.ts";
import { BodyWatch, bodyTriggerOf } from "./body-trigger.ts";
import { triggerOf } from "./edit-trigger.ts";
import { type Deed, type GatePlan, type PlannedEdit, rowAction } from "./gate-plan.ts";
import { type Draft, emptyField, fieldOf, finish, type Order, type PlanKey } from "./plan-draft.ts";

const always: Test = () => true;

export class PlanBuilder {
  readonly policy: Policy;
  private readonly context: EngineContext;
  private readonly table: FieldTable;
  private readonly conditions: ConditionCompiler;
  private readonly rules: { readonly in: readonly Rule[]; readonly out: readonly Rule[] };
  private readonly addressFields: readonly string[];
  private readonly mandatory: ReadonlySet<number>;

  constructor(policy: Policy, context: EngineContext, table: FieldTable, conditions: ConditionCompiler) {
    this.policy = policy;
    this.context = context;
    this.table = table;
    this.conditions = conditions;
    const byName = policy.rules.toSorted((one, other) => compareText(one.name, other.name));
    this.rules = {
      in: byName.filter(({ gate }) => gate === "in"),
      out: byName.filter(({ gate }) => gate === "out"),
    };
    this.addressFields = policy.fields
      .filter(({ shape }) => shape === "address" || shape === "addresses")
      .map(({ name }) => name);
    this.mandatory = new Set(
      policy.fields.filter(({ mandatory }) => mandatory === true).map(({ name }) => table.id(name)),
    );
  }

  private readonly order: Order = (tests) =>
    new OrderedTests(tests, this.table, (field) => this.conditions.shapeOf(field));

  build(key: PlanKey): GatePlan {
    const draft: Draft = {
      key,
      known: this.knownFor(key),
      rowActions: new Uint8Array(this.table.size + 1),
      fields: new Map(),
      requestUri: emptyField(),
      rejections: [],
      newRows: [],
      bodyEdits: [],
      body: new BodyWatch(),
      honours: [],
      fulfilments: [],
      grows: new Set(),
    };
    const { example: from } = key.from;
    const to = key.to?.example;
    for (const rule of this.rules[key.gate]) {
      if (rulesEventIs(rule, { tree: key, from, to })) this.addRule(rule, draft);
    }
    const network = to?.network;
    const refusesUnfulfilled =
      optionValue("unfulfilled-privacy", { policy: this.policy, network }) === "refuse";
    return finish(
      draft,
      { refusesUnfulfilled, loudPrivacy: this.loudPrivacy(draft, refusesUnfulfilled) },
      this.order,
    );
  }

  /** Atoms that every message of the plan answers alike. */
  private knownFor({ gate, from, to, isRequest, method }: PlanKey): Known {
    const gateEnd = gate === "in" ? from : to!;
    const { network, connection } = gateEnd.example;
    const scene = { policy: this.policy, context: this.context, at: gateEnd.at, connection, network };
    return (atom: Atom) => {
      if (isConnectionAtom(atom)) return holdsForConnection(atom, scene);
      switch (atom.on) {
        case "end": {
          const party = atom.side === "from" ? from.example : to?.example;
          return party !== undefined && isAmong(atom.who, party);
        }
        case "message":
          return isRequest === (atom.is === "request");
        case "method":
          return method !== undefined && atom.among.includes(method);
        case "status":
        case "emergency":
          return isRequest === (atom.on === "emergency") ? undefined : false;
        case "role":
        case "domain-sought":
        case "sni":
          return false;
        default:
          return undefined;
      }
    };
  }

  private addRule(rule: Rule, draft: Draft): void {
    const applies = residualOf(rule.condition, draft.known);
    if (applies === false) return;
    const ruleTest = this.shared(applies);
    for (const action of rule.actions) {
      const own = residualOf(action.condition, draft.known);
      if (own === false) continue;
      const test = conjunction(ruleTest, own === true ? undefined : this.conditions.compile(own));
      this.addAction(rule, action, test, both(applies, own), draft);
    }
    for (const { privValue, condition, actions, keepWhen } of rule.fulfilments) {
      const asked = residualOf(condition, draft.known);
      if (asked === false) continue;
      const test = conjunction(ruleTest, this.testOf(asked)) ?? always;
      const deeds = actions.flatMap((index) => this.deedOf(rule.actions[index]!, draft) ?? []);
      draft.fulfilments.push({
        privValue,
        test,
        deeds,
        keeps: this.testOf(residualOf(keepWhen, draft.known)),
      });
    }
  }

  private addAction(rule: Rule, action: Action, test: Test | undefined, holds: Residual, draft: Draft): void {
    if (isEdit(action)) {
      this.addEdit(action, test, holds, this.askerFor(rule, action, draft), draft);
      return;
    }
    switch (action.kind) {
      case "reject":
        if (action.status !== undefined && mayReject(rule, draft.key)) {
          const { status, reason } = action;
          draft.rejections.push({ status, reason, rule: rule.name, ...this.ordered(test, holds) });
        }
        return;
      case "honour-privacy":
        draft.honours.push(test ?? always);
        return;
      case "mark":
      case "needs":
      case "excepted":
        return;
    }
  }

  private addEdit(edit: Edit, test: Test | undefined, holds: Residual, asker: Asker, draft: Draft): void {
    // What an asker spares is settled here.
    const planned: PlannedEdit = { test, edit, asker: { ...asker, spares: () => false } };
    switch (edit.kind) {
      case "conceal":
        return;
      case "remove-field":
        if (!asker.spares(edit.field))
          this.addRemoval(this.table.id(edit.field), this.ordered(test, holds), draft);
        return;
      case "remove-other-fields": {
        const kept = new Set(edit.except.map((name) => this.table.id(name)));
        for (let id = 0; id <= this.table.size; id++) {
          if (kept.has(id) || this.mandatory.has(id) || (id > 0 && asker.spares(this.table.name(id))))
            continue;
          this.addRemoval(id, this.ordered(test, holds), draft);
        }
        return;
      }
      case "add-field":
        if (asker.spares(edit.field)) return;
        draft.newRows.push(planned);
        draft.grows.add(this.table.id(edit.field));
        return;
      case "set-field": {
        if (asker.spares(edit.field)) return;
        draft.newRows.push(planned);
        draft.grows.add(this.table.id(edit.field));
        this.addInside(edit.field, planned, draft);
        return;
      }
      case "drop-named-parts":
        if (!asker.spares(edit.field)) this.addBodyEdit(planned, draft);
        return;
      case "drop-body":
      case "drop-parts":
      case "drop-other-parts":
      case "redact-sdp":
      case "redact-sipfrag":
        this.addBodyEdit(planned, draft);
        return;
      default:
        if (edit.field !== "every-uri") {
          if (!asker.spares(edit.field)) this.addInside(edit.field, planned, draft);
          return;
        }
        for (const field of [requestUriField, ...this.addressFields]) {
          if (field !== requestUriField && asker.spares(field)) continue;
          this.addInside(field, { ...planned, edit: { ...edit, field } }, draft);
        }
    }
  }

  private addRemoval(id: number, test: OrderedTest, draft: Draft): void {
    if (test.test === undefined) draft.rowActions[id] = rowAction.remove;
    else fieldOf(draft, id).removals.push(test);
  }

  private addBodyEdit(planned: PlannedEdit, draft: Draft): void {
    const { edit, test } = planned;
    draft.bodyEdits.push(planned);
    draft.body.add(edit, test, this.table);
  }

  /** An edit inside a field, or of all of it but its being there. */
  private addInside(field: string, planned: PlannedEdit, draft: Draft): void {
    const into = field === requestUriField ? draft.requestUri : fieldOf(draft, this.table.id(field));
    const { edit, test } = planned;
    into.edits.push(planned);
    if (edit.kind === "remove-parameters") {
      into.filter.addParameters(edit.names);
      return;
    }
    if (edit.kind === "remove-uri-headers") {
      into.filter.addUriHeaders();
      return;
    }
    const trigger = triggerOf(edit, field, this.table, this.conditions);
    into.triggers.push(test === undefined ? trigger : (facts) => test(facts) && trigger(facts));
  }

  private deedOf(action: Action, draft: Draft): Deed | undefined {
    const own = residualOf(action.condition, draft.known);
    if (own === false) return undefined;
    const test = this.testOf(own);
    const asker = consequence(action.because, this);
    if (action.kind === "needs") return { test, edit: undefined, field: 0, trigger: undefined, asker };
    const edit = action.kind === "excepted" ? action.edit : isEdit(action) ? action : undefined;
    if (edit === undefined) return undefined;
    const field = "field" in edit ? this.table.id(edit.field) : 0;
    return { test, edit, field, trigger: bodyTriggerOf(edit, this.table), asker };
  }

  /** All words where a wish may be refused; else those that may leave, and those that speak of others. */
  private loudPrivacy({ fulfilments }: Draft, refusesUnfulfilled: boolean): number {
    if (refusesUnfulfilled) return -1;
    const leaving = fulfilments.filter(({ keeps }) => keeps !== undefined).map(({ privValue }) => privValue);
    const bits = ["none", "critical", ...leaving].map(
      (word) => this.conditions.wordField("Privacy")?.bitOf(word) ?? 0,
    );
    return bits.includes(0) ? -1 : bits.reduce((mask, bit) => mask | bit, 0);
  }

  private askerFor(rule: Rule, { because }: Action, { key }: Draft): Asker {
    return askerOf(rule, because, { policy: this.policy, from: key.from.example, to: key.to?.example });
  }

  /** Undefined: always. */
  private testOf(residual: Residual): Test | undefined {
    if (residual === true) return undefined;
    return residual === false ? () => false : this.conditions.compile(residual);
  }

  /** A rule's own condition, which all its actions share: asked once a message. */
  private shared(residual: Residual): Test | undefined {
    return typeof residual === "boolean" ? this.testOf(residual) : this.conditions.compileOnce(residual);
  }

  private ordered(test: Test | undefined, holds: Residual): OrderedTest {
    const isAddress = (field: string): boolean => this.addressFields.includes(field);
    return { test, needs: this.neededField(holds), pick: pickOf(holds, isAddress) };
  }

  /** A field without which the condition can't hold; -1 if none is known. */
  private neededField(holds: Residual): number {
    if (typeof holds === "boolean") return -1;
    for (const member of membersOf(holds)) {
      const id = member.kind === "atom" ? this.fieldNeededBy(member) : -1;
      if (id > 0) return id;
    }
    return -1;
  }

  private fieldNeededBy({ atom }: Extract<Condition, { readonly kind: "atom" }>): number {
    switch (atom.on) {
      case "present":
      case "sole":
      case "part":
        return atom.field === requestUriField ? -1 : this.table.id(atom.field);
      case "count":
        return atom.from > 0 && atom.field !== requestUriField ? this.table.id(atom.field) : -1;
      default:
        return -1;
    }
  }
}

function conjunction(one: Test | undefined, other: Test | undefined): Test | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : (facts) => one(facts) && other(facts);
}

/** An ACK can't be answered, and a refused CANCEL leaves a phone ringing (docs/language.md, *What a policy means*, 2). */
function mayReject({ namesMethod, message }: Rule, { isRequest, method }: PlanKey): boolean {
  if (namesMethod) return true;
  return isRequest ? method !== "ACK" && method !== "CANCEL" : message === "response";
}
