/** Signature fields whose covered nodes an edit has changed (RFC 8224 4.1; RFC 5379 5.3.1). */

import { readText } from "../conditions/comparison-text.ts";
import { sdpTexts } from "../message/body-tree.ts";
import { fieldOf, type MessageTree } from "../message/tree.ts";

/** Names of the fields, in the order of the message. */
export function brokenSignatures(received: MessageTree, result: MessageTree): readonly string[] {
  return result.fields
    .filter(
      ({ row }) => row?.covers?.some((node) => covered(node, received) !== covered(node, result)) === true,
    )
    .map(({ name }) => name);
}

/** `body` stands for its SDP: RFC 8224 signs the fingerprints in it. */
function covered(node: string, tree: MessageTree): string {
  if (node === "body") return sdpTexts(tree.body).join("\n");
  const rows = fieldOf(tree, node)?.rows ?? [];
  return rows.map(({ value }) => readText(tree.bytes, value.start, value.end)).join("\n");
}
