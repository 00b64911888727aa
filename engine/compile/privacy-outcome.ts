/**
 * What the Privacy field of a message leads to at the out gate (docs/language.md, *What a
 * policy means*, 5), as far as its bytes alone can tell. Malformed fields, refusals and
 * what hangs on them are the law's to decide.
 */
import type { Policy } from "../../grammar/model.ts";
import type { FieldTable } from "../../wire/index.ts";
import { collectEdits } from "../edits/collect.ts";
import { requestUriField } from "../tree.ts";
import { bodyMayMean } from "./body-trigger.ts";
import { bytesOf, equalsCaseless } from "./byte-text.ts";
import { partialTree, renderNodes } from "./field-edits.ts";
import type { Deed, GatePlan, PlannedFulfilment } from "./gate-plan.ts";
import type { GateRun } from "./gate-run.ts";
import type { MessageFacts } from "./message-facts.ts";

/** Privacy stays as it is; some values leave it; the law must say. */
export const privacyOutcome = { stays: 0, shrinks: 1, law: 2 } as const;
export type PrivacyOutcome = (typeof privacyOutcome)[keyof typeof privacyOutcome];

/** Answers of `isInForce`. */
const inForce = { no: 0, yes: 1, law: 2 } as const;
type InForce = (typeof inForce)[keyof typeof inForce];

const comma = 0x2c;
const noneWord = 0;
const criticalWord = 1;
/** Bits of a mask stand for words; a policy that fulfils more priv-values is the law's. */
const maxWords = 30;

/** The message as the gate's edits leave it; undefined where it can't be read. */
export type ReadResult = () => MessageFacts | undefined;

export class PrivacyJudge {
  readonly field: number;
  readonly proxyRequire: number;
  /** Values that leave, in lower case; and whether any value is fulfilled. Good after `shrinks`. */
  leaving: readonly string[] = [];
  anyFulfilled = false;

  private readonly words: readonly string[];
  private readonly spellings: readonly Uint8Array[];

  constructor(policy: Policy, table: FieldTable) {
    this.field = table.id("Privacy");
    this.proxyRequire = table.id("Proxy-Require");
    const fulfilled = policy.rules.flatMap(({ fulfilments }) => fulfilments.map(({ privValue }) => privValue));
    this.words = ["none", "critical", ...new Set(fulfilled)];
    this.spellings = this.words.map(bytesOf);
  }

  judge(plan: GatePlan, facts: MessageFacts, run: GateRun, refuses: boolean, readResult: ReadResult): PrivacyOutcome {
    const first = facts.firstRow(this.field);
    if (first < 0) return privacyOutcome.stays;
    if (run.isGone(this.field) || run.isTouched(this.field) || this.words.length > maxWords) return privacyOutcome.law;
    const { scan, values } = facts;
    const { bytes } = scan;
    let asked = 0;
    let count = 0;
    let isStrange = false;
    for (let row = first; row >= 0; row = scan.nextRow(row)) {
      for (let at = scan.valueStart[row]!; at < scan.valueEnd[row]!; at++) if (bytes[at] === comma) return privacyOutcome.law;
      values.reset(bytes, scan.valueStart[row]!, scan.valueEnd[row]!, "priv-values");
      while (values.next()) {
        count++;
        const word = this.wordOf(bytes, values.start, values.end);
        if (word < 0) {
          // A value that nothing fulfils. Two of them may be one value twice.
          if (isStrange || word === blank) return privacyOutcome.law;
          isStrange = true;
          continue;
        }
        if ((asked & (1 << word)) !== 0) return privacyOutcome.law;
        asked |= 1 << word;
      }
    }
    const isNone = (asked & (1 << noneWord)) !== 0;
    if (count === 0 || (isNone && count === 1)) return privacyOutcome.stays;
    if (isNone) return privacyOutcome.law;
    const isCritical = (asked & (1 << criticalWord)) !== 0;
    return this.weigh(plan, facts, run, asked & ~(1 << criticalWord), isStrange, isCritical || refuses, isCritical && count === 1, readResult);
  }

  private weigh(
    plan: GatePlan,
    facts: MessageFacts,
    run: GateRun,
    asked: number,
    anyUnknown: boolean,
    refuses: boolean,
    onlyCritical: boolean,
    readResult: ReadResult,
  ): PrivacyOutcome {
    const leaving: string[] = [];
    let anyFulfilled = false;
    let anyUnfulfilled = anyUnknown;
    for (let word = criticalWord + 1; word < this.words.length; word++) {
      if ((asked & (1 << word)) === 0) continue;
      const privValue = this.words[word]!;
      let fulfilled = false;
      let keeps = false;
      for (const fulfilment of plan.fulfilments) {
        if (fulfilment.privValue !== privValue) continue;
        const held = isFulfilled(fulfilment, plan, facts, run, readResult);
        if (held === inForce.law) return privacyOutcome.law;
        if (held === inForce.no) continue;
        fulfilled = true;
        if (fulfilment.keeps(facts)) keeps = true;
      }
      if (!fulfilled) anyUnfulfilled = true;
      else anyFulfilled = true;
      if (fulfilled && !keeps) leaving.push(privValue);
    }
    if (anyUnfulfilled && refuses) return privacyOutcome.law;
    if (leaving.length === 0 && !onlyCritical) return privacyOutcome.stays;
    this.leaving = leaving;
    this.anyFulfilled = anyFulfilled;
    return privacyOutcome.shrinks;
  }

  /** -1 for a word that nothing fulfils, `blank` where it holds a blank or a fold. */
  private wordOf(bytes: Uint8Array, start: number, end: number): number {
    for (let word = 0; word < this.spellings.length; word++) {
      if (equalsCaseless(bytes, start, end, this.spellings[word]!)) return word;
    }
    for (let at = start; at < end; at++) if (bytes[at]! <= 0x20) return blank;
    return -1;
  }
}

const blank = -2;

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
function isInForce({ test, edit, asker }: Deed, plan: GatePlan, facts: MessageFacts, run: GateRun, readResult: ReadResult): InForce {
  if (test !== undefined && !test(facts)) return inForce.yes;
  if (edit === undefined) return inForce.no;
  switch (edit.kind) {
    case "drop-body":
    case "drop-parts":
    case "drop-named-parts":
    case "drop-other-parts":
    case "redact-sdp":
    case "redact-sipfrag":
      return bodyMayMean(edit, facts) ? inForce.law : inForce.yes;
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
  const id = isUri ? 0 : facts.table.id(field);
  if (!isUri) {
    if (plan.grows.has(id)) return inForce.law;
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
