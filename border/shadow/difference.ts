/** What two decisions differ in. Reading it costs about a millisecond: only for what is told. */
import type { AppliedEdit, AppliedRule, MessageDecision } from "../../engine/index.ts";
import { differenceOf } from "../operation/message-difference.ts";
import type { MessageDifference } from "./comparison.ts";

/** Names of the fields, `Request-URI` or `body`, that the two policies do not leave alike; in alphabetical order. */
export function differingFields({ edited }: MessageDifference): readonly string[] {
  if (edited === undefined) return [];
  const rows = differenceOf(edited.inForce, edited.onTrial);
  return [...new Set(rows.map(({ field }) => field))].toSorted();
}

/**
 * Of a rejection the rule that answers; all, where it is a consequence. Else those that did not apply in the other decision, and those that
 * edited one of `fields`; any field, where the other is a rejection.
 */
export function tellingRules(
  { verdict, answeredBy, rules, edits }: MessageDecision,
  other: MessageDecision | undefined,
  fields: readonly string[],
): readonly AppliedRule[] {
  if (verdict === "reject") {
    return answeredBy === undefined ? rules : rules.filter(({ name }) => name === answeredBy);
  }
  const others = new Set(other?.rules.map(({ name }) => name));
  const isOther = ({ field }: AppliedEdit): boolean => other?.verdict === "reject" || fields.includes(field);
  const editing = new Set(edits.filter(isOther).map(({ rule }) => rule));
  return rules.filter(({ name }) => editing.has(name) || !others.has(name));
}

/** As metrics and log lines name the two: `now` by the policy in force, `then` were the shadow in force. */
export function bySide<Told>(inForce: Told, onTrial: Told): Readonly<Record<"now" | "then", Told>> {
  // oxlint-disable-next-line unicorn/no-thenable -- a word for readers; nobody awaits it
  return { now: inForce, then: onTrial };
}
