/** What a shadow policy would have done otherwise, in words for a terminal. */
import {
  type Comparison,
  differingFields,
  type HandshakeDifference,
  labelOf,
  type MessageDifference,
  tellingRules,
} from "../border/index.ts";
import type { AppliedRule, HandshakeDecision, MessageDecision } from "../engine/index.ts";
import { type Paint, passageTitle } from "./passage-text.ts";

/** One line, without line end. */
export function differenceLine(
  comparison: Exclude<Comparison, { readonly result: "same" }>,
  paint: Paint,
): string {
  const head = `${paint("strong", "shadow ")} ${passageTitle(comparison.passage)}`;
  if (comparison.result === "fault") {
    const { error } = comparison;
    return `${head}: a fault of the trial: ${error instanceof Error ? error.message : String(error)}`;
  }
  const [inForce, onTrial, fields] =
    comparison.kind === "handshake" ? handshakeTexts(comparison) : messageTexts(comparison);
  return `${head}: ${inForce}; on trial: ${onTrial}${fields.length === 0 ? "" : `; otherwise: ${fields.join(", ")}`}`;
}

type Texts = readonly [inForce: string, onTrial: string, fields: readonly string[]];

function messageTexts(difference: MessageDifference): Texts {
  const { inForce, onTrial } = difference;
  const fields = differingFields(difference);
  return [messageText(inForce, onTrial, fields), messageText(onTrial, inForce, fields), fields];
}

function messageText(
  decision: MessageDecision | undefined,
  other: MessageDecision | undefined,
  fields: readonly string[],
): string {
  if (decision === undefined) return labelOf(decision);
  const marks = decision.marks.map((mark) => `, mark ${mark}`).join("");
  const verdict = decision.verdict === "reject" ? `reject ${labelOf(decision)}` : decision.verdict;
  return `${verdict}${rulesText(tellingRules(decision, other, fields))}${marks}`;
}

function handshakeTexts({ inForce, onTrial }: HandshakeDifference): Texts {
  return [handshakeText(inForce), handshakeText(onTrial), []];
}

function handshakeText({ verdict, partner, rules }: HandshakeDecision): string {
  const who = verdict === "reject" ? "" : ` ${partner ?? "no partner"}`;
  return `${verdict}${who}${rulesText(rules)}`;
}

function rulesText(rules: readonly AppliedRule[]): string {
  if (rules.length === 0) return "";
  return ` (${rules.map(({ name, file, line }) => `${name} ${file}:${line}`).join(", ")})`;
}
