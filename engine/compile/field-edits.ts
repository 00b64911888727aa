/**
 * Draws up the edits inside single fields with the law's own code, on a tree that holds
 * these fields and nothing else. Fields stand side by side in the tree of a message, so
 * that the result is the same as on the whole tree.
 */
import { collectEdits } from "../edits/collect.ts";
import { joinEdits, type NodeEdit } from "../edits/node-edit.ts";
import { type ByteEdit, renderEdits } from "../edits/render.ts";
import { type FieldNode, type MessageTree, requestUriField } from "../tree.ts";
import type { GatePlan, PlannedEdit } from "./gate-plan.ts";
import type { GateRun } from "./gate-run.ts";
import type { MessageFacts } from "./message-facts.ts";

/** The tree of some fields of a message, without its body. */
export function partialTree(facts: MessageFacts, names: Iterable<string>): MessageTree {
  const { scan } = facts;
  const fields: FieldNode[] = [];
  let requestUri: FieldNode | undefined;
  for (const name of names) {
    const field = facts.field(name);
    if (field === undefined) continue;
    if (name === requestUriField) requestUri = field;
    else fields.push(field);
  }
  return {
    bytes: scan.bytes,
    headEnd: scan.headEnd,
    isRequest: scan.isRequest,
    method: "",
    status: scan.status,
    fields,
    requestUri,
    body: { bytes: scan.bytes, root: undefined },
  };
}

/** Names of the fields that a run has touched. */
export function touchedNames({ touched, uriTouched }: GateRun, { table }: MessageFacts): string[] {
  const names = touched.map((id) => table.name(id));
  if (uriTouched) names.push(requestUriField);
  return names;
}

/** What the plan asks of the touched fields, and the rows that it adds. */
export function collectTouched(
  run: GateRun,
  plan: GatePlan,
  facts: MessageFacts,
  tree: MessageTree,
): NodeEdit[] {
  const edits: NodeEdit[] = [];
  for (const id of run.touched) collect(plan.fields[id]!.edits, facts, tree, edits);
  if (run.uriTouched) collect(plan.requestUri!.edits, facts, tree, edits);
  if (run.mayGrow) {
    const absent = ({ edit }: PlannedEdit): boolean =>
      edit.kind !== "set-field" || facts.firstRow(facts.table.id(edit.field)) < 0;
    collect(plan.newRows.filter(absent), facts, tree, edits);
  }
  return edits;
}

function collect(
  planned: readonly PlannedEdit[],
  facts: MessageFacts,
  tree: MessageTree,
  into: NodeEdit[],
): void {
  for (const { test, edit, asker } of planned) {
    if (test === undefined || test(facts)) into.push(...collectEdits(edit, tree, asker).edits);
  }
}

export function renderNodes(edits: readonly NodeEdit[], tree: MessageTree): readonly ByteEdit[] {
  return edits.length === 0 ? [] : renderEdits(joinEdits(edits), tree);
}
