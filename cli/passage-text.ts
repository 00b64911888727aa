/** What the border did, in words for a terminal. */
import {
  type ChangedRow,
  differenceOf,
  forwardingFields,
  type HandshakePassage,
  type MessagePassage,
  type Passage,
  type PassageEnd,
} from "../border/index.ts";
import type { AppliedEdit, AppliedRule, Assessment, MessageDecision } from "../engine/index.ts";
import { wholeReason } from "./handshake-text.ts";

/** Paints text where colours are wanted. */
export type Paint = (style: Style, text: string) => string;

const codes = { allow: "32", rewrite: "33", reject: "31", absorb: "2", faint: "2", strong: "1" } as const;
type Style = keyof typeof codes;

export function painter(color: boolean): Paint {
  return (style, text) => (color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
}

/** `absorb`: the ACK of an answer of the border's own, which ends here. */
export function verdictOf(passage: Passage): "allow" | "rewrite" | "reject" | "absorb" {
  if (passage.kind === "handshake") return passage.decision.verdict;
  if (passage.outcome.kind === "absorbed") return "absorb";
  if (passage.outcome.kind === "forwarded") return passage.decision?.verdict ?? "allow";
  // The border's own answer to OPTIONS is none of the policy's business.
  return passage.outcome.kind === "answered" && passage.outcome.status < 300 ? "allow" : "reject";
}

/** One line, without line end: who, whom, verdict, and what decided it. */
export function passageLine(passage: Passage, paint: Paint): string {
  if (passage.kind === "handshake") return headLine(passage, handshakeReason(passage), paint);
  if (passage.outcome.kind === "forwarded") {
    const note = isOversize(passage) ? " (oversize)" : "";
    return headLine(passage, `${changesInShort(passage)}${note}`, paint);
  }
  const rules = passage.decision?.rules.map(({ name }) => name) ?? [];
  return headLine(
    passage,
    `${outcomeText(passage)}${rules.length === 0 ? "" : ` (${rules.join(", ")})`}`,
    paint,
  );
}

function isOversize({ outcome }: MessagePassage): boolean {
  return outcome.kind === "forwarded" && outcome.oversize === true;
}

function headLine(passage: Passage, why: string, paint: Paint): string {
  const verdict = verdictOf(passage);
  return `${paint(verdict, verdict.padEnd(7))} ${passageTitle(passage)}${why === "" ? "" : `: ${why}`}`;
}

/** Several lines: trust of both ends, what was withheld, by which rule and clause. */
export function passageStory(passage: Passage, paint: Paint): readonly string[] {
  const first =
    passage.kind === "handshake"
      ? passageLine(passage, paint)
      : headLine(passage, outcomeText(passage), paint);
  if (passage.kind === "handshake") {
    return [first, ...passage.decision.rules.map((rule) => paint("faint", `        ${ruleText(rule)}`))];
  }
  const { decision } = passage;
  if (decision === undefined) return [first];
  const refusal = passage.outcome.kind === "forwarded" ? [] : decision.rules;
  return [
    first,
    `        ${assessmentText("from", decision.from, paint)}`,
    ...(passage.to === undefined ? [] : [`        ${assessmentText("to", decision.to, paint)}`]),
    ...refusal.map((rule) => paint("faint", `        rule ${ruleText(rule)}`)),
    ...(passage.outcome.kind === "forwarded" ? changeLines(passage, decision, paint) : []),
    ...decision.marks.map((mark) => `        mark ${mark}`),
    ...(isOversize(passage) ? ["        oversize: over UDP in more than one packet"] : []),
  ];
}

/** Who, and whom. */
export function passageTitle(passage: Passage): string {
  return passage.kind === "handshake" ? handshakeTitle(passage) : messageTitle(passage);
}

function handshakeTitle({ event }: HandshakePassage): string {
  const who = event.connection.remoteAddress ?? "?";
  const listener = event.connection.listener;
  return event.role === "server"
    ? `TLS from ${who}${listener === undefined ? "" : ` to listener ${listener}`}`
    : `TLS to ${event.partner ?? event.domain ?? who}`;
}

function handshakeReason({ decision }: HandshakePassage): string {
  const named = decision.identities.length === 0 ? "no SIP identity" : decision.identities.join(", ");
  if (decision.verdict === "reject")
    return `${wholeReason(decision) ?? "refused"} (the certificate holds ${named})`;
  return decision.partner === undefined
    ? `no partner: ${decision.cause ?? named}`
    : `the certificate names partner ${decision.partner}`;
}

function messageTitle({ method, status, from, to }: MessagePassage): string {
  const what = status === undefined ? method || "message" : `${status} ${method}`;
  return `${what.padEnd(11)} ${endText(from)} → ${to === undefined ? "–" : endText(to)}`;
}

function endText({ network, transport }: PassageEnd): string {
  return `${network} (${transport})`;
}

function outcomeText({ outcome }: MessagePassage): string {
  if (outcome.kind === "forwarded") return "";
  if (outcome.kind === "absorbed") return "it was for the border itself";
  if (outcome.kind === "failed") return `a fault of the border: ${outcome.cause}`;
  if (outcome.kind === "dropped") return `dropped, ${outcome.cause}`;
  const more = outcome.cause === "" || outcome.cause === outcome.reason ? "" : `, ${outcome.cause}`;
  return `answered ${outcome.status} ${outcome.reason}${more}`;
}

function changesInShort({ decision }: MessagePassage): string {
  if (decision === undefined || decision.edits.length === 0) return "";
  const names = [...new Set(decision.edits.map(({ rule }) => rule))];
  const parts = names.map((name) => {
    const edits = decision.edits.filter(({ rule }) => rule === name);
    const what = [...new Set(edits.map(({ field, action }) => `${action} ${field}`))].join(", ");
    return `${what} (${placeOf(decision, name)})`;
  });
  return parts.join("; ");
}

/** Rule with its place; consequences have none. */
function placeOf({ rules }: MessageDecision, name: string): string {
  const rule = rules.find((one) => one.name === name);
  return rule === undefined ? name : `${name} ${rule.file}:${rule.line}`;
}

function assessmentText(
  side: "from" | "to",
  { network, trusted, because }: Assessment,
  paint: Paint,
): string {
  const word = trusted ? paint("allow", "trusted") : paint("rewrite", "untrusted");
  return `${side.padEnd(4)} ${network}: ${word}, ${because}`;
}

function ruleText({ name, file, line, because }: AppliedRule): string {
  return `${name}  ${file}:${line}  ${because}`;
}

/** The rows that changed, field by field, and below them the rules that changed them. */
function changeLines(
  { received, sent }: MessagePassage,
  decision: MessageDecision,
  paint: Paint,
): readonly string[] {
  if (sent === undefined) return [];
  const rows = differenceOf(received, sent, forwardingFields);
  return [...new Set(rows.map(({ field }) => field))].flatMap((field) => [
    ...rows.filter((row) => row.field === field).map((row) => rowLine(row, paint)),
    ...creditLines(field, decision).map((line) => paint("faint", `          ${line}`)),
  ]);
}

function rowLine({ kind, text }: ChangedRow, paint: Paint): string {
  // A quoted string may hold control characters (RFC 3261 25.1), and a terminal would obey them.
  const shown = text.replace(/[^\P{Cc}\t]/gu, "\u00b7");
  return kind === "removed" ? paint("reject", `      - ${shown}`) : paint("allow", `      + ${shown}`);
}

function creditLines(field: string, { edits, rules }: MessageDecision): readonly string[] {
  const own = edits.filter((edit) => edit.field === field);
  return [...new Set(own.map((edit) => creditText(edit, rules)))];
}

function creditText({ rule, action, because }: AppliedEdit, rules: readonly AppliedRule[]): string {
  const place = rules.find(({ name }) => name === rule);
  return place === undefined
    ? `${action}: ${rule}  ${because}`
    : `${action}: rule ${rule}  ${place.file}:${place.line}  ${because}`;
}
