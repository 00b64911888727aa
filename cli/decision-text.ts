/** A decision for people to read. */
import { differenceOf } from "../border/index.ts";
import type { AppliedRule, Assessment, MessageDecision } from "../engine/index.ts";
import { syntaxRules } from "../wire/index.ts";

export function describeMessageDecision(decision: MessageDecision, received: Uint8Array): string {
  const lines = [headline(decision)];
  lines.push(describeEnd("from", decision.from), describeEnd("to", decision.to));
  if (decision.violation !== undefined) {
    const { rule, clause, at } = decision.violation;
    const about = [...syntaxRules].find(([name]) => name === rule)?.[1].about ?? "";
    lines.push("", `  syntax  ${rule} at byte ${at}: ${about}  (${clause})`);
    if (received.length === 0)
      lines.push("", "  the message is empty: name its file, or give it on standard input");
    if (hasOnlyLf(received))
      lines.push(
        "",
        "  the lines of this message end in LF alone; SIP's end in CRLF: add --crlf to read them so",
      );
  }
  lines.push(...describeRules(decision.rules));
  if (decision.edits.length > 0) {
    lines.push("", "  edits");
    const named = decision.edits.map((edit) => ({ ...edit, what: `${edit.action} ${edit.field}` }));
    const width = Math.max(...named.map(({ what }) => what.length));
    for (const { what, rule, because } of named)
      lines.push(`    ${what.padEnd(width)}  ${rule}  (${because})`);
  }
  if (decision.marks.length > 0) lines.push("", `  marks  ${decision.marks.join(", ")}`);
  if (decision.bytes !== undefined && decision.verdict === "rewrite") {
    const rows = differenceOf(received, decision.bytes);
    lines.push(
      "",
      "  message",
      ...rows.map(({ kind, text }) => `    ${kind === "removed" ? "-" : "+"} ${text}`),
    );
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
    ...rules.map(
      ({ name, file, line, because }) => `    ${name.padEnd(width)}  ${file}:${line}  (${because})`,
    ),
  ];
}

function headline({ verdict, status, reason, silent }: MessageDecision): string {
  if (verdict !== "reject") return verdict;
  return (
    `reject ${status ?? ""} ${reason ?? ""}`.trimEnd() + (silent ? "  (dropped: nobody is answered)" : "")
  );
}

function describeEnd(side: string, { network, trusted, because }: Assessment): string {
  return `  ${side.padEnd(6)}${network}, ${trusted ? "trusted" : "untrusted"}: ${because}`;
}

const lf = 10;
const cr = 13;

/** A file that an editor wrote, most likely. */
function hasOnlyLf(bytes: Uint8Array): boolean {
  return bytes.includes(lf) && !bytes.includes(cr);
}
