/** A decision for people to read. */
import type { AppliedRule, Assessment, MessageDecision } from "../engine/index.ts";

export function describeMessageDecision(decision: MessageDecision, received: Uint8Array): string {
  const lines = [headline(decision)];
  lines.push(describeEnd("from", decision.from), describeEnd("to", decision.to));
  if (decision.violation !== undefined) {
    const { rule, clause, at } = decision.violation;
    lines.push(`  syntax  ${rule} at byte ${at}  (${clause})`);
  }
  lines.push(...describeRules(decision.rules));
  if (decision.edits.length > 0) {
    lines.push("", "  edits");
    const named = decision.edits.map((edit) => ({ ...edit, what: `${edit.action} ${edit.field}` }));
    const width = Math.max(...named.map(({ what }) => what.length));
    for (const { what, rule, because } of named) lines.push(`    ${what.padEnd(width)}  ${rule}  (${because})`);
  }
  if (decision.marks.length > 0) lines.push("", `  marks  ${decision.marks.join(", ")}`);
  if (decision.bytes !== undefined && decision.verdict === "rewrite") {
    lines.push("", "  message", ...lineDifferences(received, decision.bytes).map((line) => `    ${line}`));
  }
  return `${lines.join("\n")}\n`;
}

/** `rules`, one a line: name, place, clause. */
export function describeRules(rules: readonly AppliedRule[]): string[] {
  if (rules.length === 0) return [];
  const width = Math.max(...rules.map(({ name }) => name.length));
  return [
    "",
    "  rules",
    ...rules.map(({ name, file, line, because }) => `    ${name.padEnd(width)}  ${file}:${line}  (${because})`),
  ];
}

function headline({ verdict, status, reason, silent }: MessageDecision): string {
  if (verdict !== "reject") return verdict;
  return `reject ${status ?? ""} ${reason ?? ""}`.trimEnd() + (silent ? "  (dropped: nobody is answered)" : "");
}

function describeEnd(side: string, { network, trusted, because }: Assessment): string {
  return `  ${side.padEnd(6)}${network}, ${trusted ? "trusted" : "untrusted"}: ${because}`;
}

/**
 * The lines that left (`- …`) and came (`+ …`) on the way from one message to the other,
 * at their place. Lines are compared as they stand.
 */
export function lineDifferences(before: Uint8Array, after: Uint8Array): string[] {
  const old = toLines(before);
  const now = toLines(after);
  // Edits keep order, so one walk with a look ahead finds the common lines.
  const differences: string[] = [];
  let at = 0;
  for (const line of old) {
    const found = now.indexOf(line, at);
    if (found === -1) {
      differences.push(`- ${line}`);
      continue;
    }
    for (const added of now.slice(at, found)) differences.push(`+ ${added}`);
    at = found + 1;
  }
  for (const added of now.slice(at)) differences.push(`+ ${added}`);
  return differences;
}

// Latin-1 shows every byte; control characters are made visible.
function toLines(bytes: Uint8Array): string[] {
  return Buffer.from(bytes)
    .toString("latin1")
    .split("\r\n")
    .map((line) => line.replace(/[^\t\x20-\x7e\xa0-\xff]/g, "·"));
}
