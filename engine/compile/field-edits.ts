/**
 * Draws up the edits inside single fields with the law's own code, on a tree that holds
 * these fields and nothing else. Fields stand side by side in the tree of a message, so
 * that the result is the same as on the whole tree.
 */

import { collectEdits } from "../edits/collect.ts";
import { joinEdits, type NodeEdit } from "../edits/node-edit.ts";
import { type ByteEdit, renderEdits } from "../edits/render.ts";
import type { BodyTree } from "../message/body-tree.ts";
import { type FieldNode, type MessageTree, requestUriField } from "../message/tree.ts";
import { bytesOf, equalsCaseless } from "./conditions/byte-text.ts";
import type { GateRun } from "./gate-run.ts";
import type { MessageFacts } from "./message-facts.ts";
import type { GatePlan, PlannedEdit } from "./plan/gate-plan.ts";

/** The tree of some fields of a message, without its body if none is given. */
export function partialTree(facts: MessageFacts, names: Iterable<string>, body?: BodyTree): MessageTree {
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
    body: body ?? { bytes: scan.bytes, root: undefined },
  };
}

/** All that a run has touched, with the fields that an edit of the body reads or changes. */
export function touchedTree(
  run: GateRun,
  plan: GatePlan,
  facts: MessageFacts,
  more: readonly string[] = [],
): MessageTree {
  const names = [...touchedNames(run, facts), ...more];
  if (!run.bodyTouched) return partialTree(facts, new Set(names));
  const { table } = facts;
  for (const id of contentFields(facts)) names.push(table.name(id));
  for (const { edit } of plan.bodyEdits) if (edit.kind === "drop-named-parts") names.push(edit.field);
  return partialTree(facts, new Set(names), facts.body());
}

/** Whether the body's edits meet others of the fields that describe it: then the law joins them. */
export function bodyNeedsLaw(run: GateRun, facts: MessageFacts): boolean {
  const { scan } = facts;
  for (const id of contentFields(facts)) if (run.isGone(id) || run.isTouched(id)) return true;
  // A field that the vocabulary lacks may describe the body too.
  for (let row = scan.firstRow(0); row >= 0; row = scan.nextRow(row)) {
    if (equalsCaseless(scan.bytes, scan.rowStart[row]!, scan.rowStart[row]! + content.length, content))
      return true;
  }
  return false;
}

const content = bytesOf("content-");

/** Ids of the fields in the message whose names begin so. */
function contentFields({ scan, table }: MessageFacts): number[] {
  const ids = new Set<number>();
  for (let row = 0; row < scan.rowCount; row++) {
    const id = scan.rowField[row]!;
    if (id > 0 && table.name(id).startsWith("Content-")) ids.add(id);
  }
  return [...ids];
}

/** Names of the fields that a run has touched. */
function touchedNames({ touched, uriTouched }: GateRun, { table }: MessageFacts): string[] {
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
  if (run.bodyTouched) collect(plan.bodyEdits, facts, tree, edits);
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
