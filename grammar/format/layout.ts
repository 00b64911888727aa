/** Which words of a statement begin a line, and how far that line is indented. */
import type { Token } from "../reading/lexer.ts";
import type { Phrase } from "../reading/sentence.ts";

/** Blanks for one level. */
const step = 2;

/** Phrases that stand on a line of their own. */
const lineRules: ReadonlySet<string> = new Set([
  "occasion",
  "action",
  "treatment_head",
  "treatment_edit",
  "carries",
  "network_item",
  "publish_item",
  "certificate_item",
  "test_setting",
  "given",
  "expectation",
  "tls_item",
  // One a line, so that a reviewer sees which one has come or gone.
  "suite",
]);

/** Phrases that do so only in these. */
const linesWithin: Readonly<Record<string, readonly string[]>> = {
  guard: ["rule", "never", "always"],
  because: ["rule"],
};

/** The indentation of the line that a token begins; a token that begins none is absent. */
export type Layout = ReadonlyMap<Token, number>;

/** Walks the tree without recursion: lists may be longer than the stack is deep. */
export function layoutOf(statement: Phrase): Layout {
  const layout = new Map<Token, number>();
  let pending: number | undefined = 0;
  interface Visit {
    readonly node: Phrase | Token;
    /** The rule that holds the node, whatever repeats it in between. */
    readonly within: string;
    readonly indent: number;
  }
  const waiting: Visit[] = [{ node: statement, within: "", indent: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, within, indent } = next;
    if (node.type !== "phrase") {
      const closes = node.type === "punctuation" && node.text === "}";
      if (closes) pending ??= indent;
      if (pending !== undefined) layout.set(node, pending);
      pending = undefined;
      continue;
    }
    const beginsLine = lineRules.has(node.rule) || linesWithin[node.rule]?.includes(within) === true;
    const own = beginsLine ? indent + step : indent;
    if (beginsLine) pending = own;
    const rule = node.rule.includes("$") ? within : node.rule;
    for (const part of node.parts.toReversed()) waiting.push({ node: part, within: rule, indent: own });
  }
  return layout;
}
