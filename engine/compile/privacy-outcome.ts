/**
 * What the Privacy field of a message leads to at the out gate (docs/language.md, *What a
 * policy means*, 5), as far as its bytes alone can tell. Malformed fields, refusals and
 * what hangs on them are the law's to decide.
 */
import type { Policy } from "../../grammar/model.ts";
import type { FieldTable } from "../../wire/index.ts";
import { collectEdits } from "../edits/collect.ts";
import { requestUriField } from "../message/tree.ts";
import type { ConditionCompiler } from "./conditions/condition-test.ts";
import type { WordField } from "./conditions/word-field.ts";
import { partialTree, renderNodes } from "./field-edits.ts";
import type { GateRun } from "./gate-run.ts";
import type { MessageFacts } from "./message-facts.ts";
import type { Deed, GatePlan, PlannedFulfilment } from "./plan/gate-plan.ts";

/** Privacy stays as it is; some values leave it; the law must say. */
export const privacyOutcome = { stays: 0, shrinks: 1, law: 2 } as const;
export type PrivacyOutcome = (typeof privacyOutcome)[keyof typeof privacyOutcome];

/** Answers of `isInForce`. */
const inForce = { no: 0, yes: 1, law: 2 } as const;
type InForce = (typeof inForce)[keyof typeof inForce];

/** The message as the gate's edits leave it; undefined where it can't be read. */
export type ReadResult = () => MessageFacts | undefined;

export class PrivacyJudge {
  readonly field: number;
  readonly proxyRequire: number;
  /** Values that leave, in lower case; and whether any value is fulfilled. Good after `shrinks`. */
  leaving: readonly string[] = [];
  anyFulfilled = false;

  private readonly words: WordField;
  private readonly none: number;
  private readonly critical: number;
  /** What some treatment of the policy can fulfil. */
  private readonly fulfillable: readonly { readonly privValue: string; readonly bit: number }[];

  constructor(policy: Policy, table: FieldTable, conditions: ConditionCompiler) {
    this.field = table.id("Privacy");
    this.proxyRequire = table.id("Proxy-Require");
    this.words = conditions.wordField("Privacy")!;
    this.none = this.words.bitOf("none");
    this.critical = this.words.bitOf("critical");
    const values = new Set(
      policy.rules.flatMap(({ fulfilments }) => fulfilments.map(({ privValue }) => privValue)),
    );
    this.fulfillable = [...values].map((privValue) => ({ privValue, bit: this.words.bitOf(privValue) }));
  }

  /** Whether nothing at all can come of the message's Privacy field. */
  isQuiet({ loudPrivacy }: GatePlan, facts: MessageFacts): boolean {
    if (facts.firstRow(this.field) < 0) return true;
    const { mask, unknown, repeats, hasComma, unsure } = this.words.read(facts);
    return (mask & loudPrivacy) === 0 && unknown === 0 && !repeats && !hasComma && !unsure;
  }

  judge(plan: GatePlan, facts: MessageFacts, run: GateRun, readResult: ReadResult): PrivacyOutcome {
    if (facts.firstRow(this.field) < 0) return privacyOutcome.stays;
    if (run.isGone(this.field) || run.isTouched(this.field)) return privacyOutcome.law;
    const { mask, count, unknown, repeats, hasComma, unsure } = this.words.read(facts);
    // Malformed, or two values that may be one.
    if (unsure || repeats || hasComma || unknown > 1) return privacyOutcome.law;
    const isNone = (mask & this.none) !== 0;
    if (count === 0 || (isNone && count === 1)) return privacyOutcome.stays;
    if (isNone) return privacyOutcome.law;
    const isCritical = (mask & this.critical) !== 0;
    const mayRefuse = isCritical || plan.refusesUnfulfilled;
    const leaving: string[] = [];
    let fulfilled = 0;
    for (const { privValue, bit } of this.fulfillable) {
      // A bit of 0 is no bit: the policy names too many words.
      if (bit === 0) return privacyOutcome.law;
      // A value that stays in any case says something only where it could be refused.
      if ((mask & bit) === 0 || (!mayRefuse && staysAnyway(privValue, plan))) continue;
      const fate = fateOf(privValue, plan, facts, run, readResult);
      if (fate === valueFate.law) return privacyOutcome.law;
      if (fate === valueFate.unfulfilled) continue;
      fulfilled |= bit;
      if (fate === valueFate.leaves) leaving.push(privValue);
    }
    // Words that conditions speak of and no treatment fulfils are in the mask too.
    const anyUnfulfilled = unknown > 0 || (mask & ~this.critical) !== fulfilled;
    if (anyUnfulfilled && mayRefuse) return privacyOutcome.law;
    const onlyCritical = isCritical && count === 1;
    if (leaving.length === 0 && !onlyCritical) return privacyOutcome.stays;
    this.leaving = leaving;
    this.anyFulfilled = fulfilled !== 0;
    return privacyOutcome.shrinks;
  }
}

/** What becomes of one value. */
const valueFate = { unfulfilled: 0, stays: 1, leaves: 2, law: 3 } as const;
type ValueFate = (typeof valueFate)[keyof typeof valueFate];

function staysAnyway(privValue: string, { fulfilments }: GatePlan): boolean {
  for (const fulfilment of fulfilments) {
    if (fulfilment.privValue === privValue && fulfilment.keeps !== undefined) return false;
  }
  return true;
}

function fateOf(
  privValue: string,
  plan: GatePlan,
  facts: MessageFacts,
  run: GateRun,
  readResult: ReadResult,
): ValueFate {
  let fate: ValueFate = valueFate.unfulfilled;
  for (const fulfilment of plan.fulfilments) {
    if (fulfilment.privValue !== privValue) continue;
    const held = isFulfilled(fulfilment, plan, facts, run, readResult);
    if (held === inForce.law) return valueFate.law;
    if (held === inForce.no) continue;
    if (fulfilment.keeps === undefined || fulfilment.keeps(facts)) fate = valueFate.stays;
    else if (fate === valueFate.unfulfilled) fate = valueFate.leaves;
  }
  return fate;
}

function isFulfilled(
  { test, deeds }: PlannedFulfilment,
  plan: GatePlan,
  facts: MessageFacts,
  run: GateRun,
  readResult: ReadResult,
): InForce {
  if (!test(facts)) return inForce.no;
  for (const deed of deeds) {
    const held = isInForce(deed, plan, facts, run, readResult);
    if (held !== inForce.yes) return held;
  }
  return inForce.yes;
}

/** An edit is in force where it would find nothing left to do in the message that leaves. */
function isInForce(
  { test, edit, field: id, trigger, asker }: Deed,
  plan: GatePlan,
  facts: MessageFacts,
  run: GateRun,
  readResult: ReadResult,
): InForce {
  if (test !== undefined && !test(facts)) return inForce.yes;
  if (edit === undefined) return inForce.no;
  switch (edit.kind) {
    case "drop-body":
    case "drop-parts":
    case "drop-named-parts":
    case "drop-other-parts":
    case "redact-sdp":
    case "redact-sipfrag":
      return trigger!(facts) ? inForce.law : inForce.yes;
    case "remove-other-fields":
    case "add-field":
    case "set-field":
      return inForce.law;
    default:
      break;
  }
  const { field } = edit;
  if (field === "every-uri") return inForce.law;
  const isUri = field === requestUriField;
  if (!isUri) {
    if (plan.grows.size > 0 && plan.grows.has(id)) return inForce.law;
    if (facts.firstRow(id) < 0 || run.isGone(id)) return inForce.yes;
  }
  // A field that no edit touches leaves as it stands.
  const isTouched = isUri ? run.uriTouched : run.isTouched(id);
  if (!isTouched && (edit.kind === "remove-field" || edit.kind === "conceal")) return inForce.no;
  const result = isTouched ? readResult() : facts;
  if (result === undefined) return inForce.law;
  const tree = partialTree(result, [field]);
  const left = collectEdits(edit, tree, asker);
  return !left.unable && renderNodes(left.edits, tree).length === 0 ? inForce.yes : inForce.no;
}
