/**
 * Edits of nodes of the tree. A node is named by a key, so that the edits of several rules
 * meet on it; `joinEdits` keeps the strongest edit of each node (docs/language.md,
 * *What a policy means*, 3). What absorbs what below a node is decided when the tree is
 * rendered from the top.
 */
import type { Span, ValueNode } from "../tree.ts";

/** Strongest first. */
const strengths = ["remove", "conceal", "anonymize", "set"] as const;

export interface NodeEdit {
  readonly key: string;
  readonly action: (typeof strengths)[number];
  /** What `set` writes, one character a byte. */
  readonly text: string;
  readonly credit: Credit;
}

/** What the decision says of an edit. */
export interface Credit {
  readonly field: string;
  readonly action: string;
  readonly rule: string;
  readonly because: string;
}

export interface JoinedEdit {
  readonly action: NodeEdit["action"];
  readonly text: string;
  /** Everybody who asked for just this. */
  readonly credits: readonly Credit[];
}

/** By node, that is by key. */
export type JoinedEdits = ReadonlyMap<string, JoinedEdit>;

export function fieldKey(name: string): string {
  return `field ${name}`;
}

export function valueKey(value: ValueNode): string {
  return `value at ${value.start}`;
}

/** A display name, user, host or new parameter of a value. */
export function partKey(value: ValueNode, part: string): string {
  return `${part} of value at ${value.start}`;
}

/** A parameter, a URI's header field, a line of SDP: what has a span of its own. */
export function spanKey(span: Span): string {
  return `span at ${span.start}`;
}

/** A body part, or the body: its content's place names it. */
export function bodyKey(content: Span): string {
  return `body at ${content.start}`;
}

/** A new row, given whole. Two rules that add the same row add it once. */
export function rowKey(row: string): string {
  return `row ${row}`;
}

/**
 * The rows that an edit adds, and the parameters that it adds to a value: their keys tell
 * them from edits of what is there.
 */
export function newRows(edits: JoinedEdits): readonly JoinedEdit[] {
  return [...edits].filter(([key]) => key.startsWith("row ")).map(([, edit]) => edit);
}

export function newParameters(edits: JoinedEdits, value: ValueNode): readonly JoinedEdit[] {
  const suffix = partKey(value, "");
  return [...edits]
    .filter(([key]) => key.startsWith("parameter ") && key.endsWith(suffix))
    .map(([, edit]) => edit);
}

/**
 * One edit a node. Two `set`s of different texts are an error of the policy's check; here
 * the first rule by name has its way, so that the result hangs on no order of lines.
 */
export function joinEdits(edits: readonly NodeEdit[]): JoinedEdits {
  const byKey = new Map<string, NodeEdit[]>();
  for (const edit of edits) byKey.set(edit.key, [...(byKey.get(edit.key) ?? []), edit]);
  return new Map([...byKey].map(([key, ofNode]) => [key, joinNode(ofNode)]));
}

function joinNode(edits: readonly NodeEdit[]): JoinedEdit {
  const [winner] = edits.toSorted(byStrength);
  const { action, text } = winner!;
  const credits = edits
    .filter((one) => one.action === action && one.text === text)
    .map(({ credit }) => credit);
  return { action, text, credits };
}

function byStrength(one: NodeEdit, other: NodeEdit): number {
  return (
    strengths.indexOf(one.action) - strengths.indexOf(other.action) ||
    compareText(one.credit.rule, other.credit.rule) ||
    compareText(one.text, other.text)
  );
}

/** By code unit, the same on every machine. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
