/** The Privacy header field of a message (RFC 3323 4.2), and what leaves it. */
import { lowerCase, readText } from "../conditions/comparison-text.ts";
import { type Asker, collectEdits, removeValues } from "../edits/collect.ts";
import type { NodeEdit } from "../edits/node-edit.ts";
import { type FieldNode, fieldOf, type MessageTree, type ValueNode } from "../message/tree.ts";

export interface Privacy {
  readonly field: FieldNode;
  /** In lower case, in the order of the message. */
  readonly values: readonly { readonly node: ValueNode; readonly text: string }[];
  readonly critical: boolean;
  /** `none` beside others, a value twice, or a comma between values. */
  readonly malformed: boolean;
}

/** Undefined where the message has no priv-value at all. */
export function readPrivacy(tree: MessageTree): Privacy | undefined {
  const field = fieldOf(tree, "Privacy");
  if (field === undefined || field.values.length === 0) return undefined;
  const values = field.values.map((node) => ({ node, text: lowerCase(node.text) }));
  const texts = values.map(({ text }) => text);
  const isTwice = new Set(texts).size < texts.length;
  const hasComma = field.rows.some(({ value }) => readText(tree.bytes, value.start, value.end).includes(","));
  return {
    field,
    values,
    critical: texts.includes("critical"),
    malformed: isTwice || hasComma || (texts.includes("none") && texts.length > 1),
  };
}

/** Every value once, but `none` and `critical`. */
export function askedOf({ values }: Privacy): readonly string[] {
  return [...new Set(values.map(({ text }) => text))].filter(
    (text) => text !== "none" && text !== "critical",
  );
}

/**
 * The fulfilled values leave. A `none` that stands beside them means nothing and leaves with
 * the first that is fulfilled, lest it be read alone further on. Without anything but
 * `critical` the field goes, and then the option tag that asked for it (RFC 3323 5).
 */
export function leavePrivacy(
  { values }: Privacy,
  leaving: readonly string[],
  anyFulfilled: boolean,
  tree: MessageTree,
  asker: Asker,
): readonly NodeEdit[] {
  const isSole = values.length === 1;
  const leaves = ({ text }: Privacy["values"][number]): boolean =>
    leaving.includes(text) || (text === "none" && anyFulfilled && !isSole);
  if (values.every((value) => leaves(value) || value.text === "critical")) {
    const optionTag = { kind: "among", texts: ["privacy"] } as const;
    return [
      ...collectEdits({ kind: "remove-field", field: "Privacy" }, tree, asker).edits,
      ...collectEdits(
        {
          kind: "remove-values",
          field: "Proxy-Require",
          where: { kind: "atom", part: { kind: "value" }, test: optionTag, origin: nowhere },
        },
        tree,
        asker,
      ).edits,
    ];
  }
  const removed = values.filter(leaves).map(({ node }) => node);
  return removeValues(removed, "Privacy", asker);
}

const nowhere = { file: "", line: 0, column: 0, length: 0 };
