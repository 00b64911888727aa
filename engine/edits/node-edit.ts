/**
 * Edits of nodes of the tree. A node is named by a key, so that the edits of several rules
 * meet on it; `joinEdits` keeps the strongest edit of each node (docs/language.md,
 * *What a policy means*, 3). What absorbs what below a node is decided when the tree is
 * rendered from the top.
 */
import type { Span, ValueNode } from "../message/tree.ts";

/** Strongest first. */
const strengths = ["remove", "conceal", "anonymize", "set"] as const;

export interface NodeEdit {
  readonly key: string;
  readonly action: (typeof strengths)[number];
  /** What `set` writes, one character a byte. */
  readonly text: string;
  /** The node is a new one, below the node of this key. */
  readonly addedTo?: string;
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

export function fieldKey(name: string): string {
  return `field ${name}`;
}

export function valueKey(value: ValueNode): string {
  return `value at ${value.start}`;
}

/** A part of a value that may not be there yet. */
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

// Written out: a spread of an object costs more than all else that is done for an edit.

export function removal(key: string, credit: Credit): NodeEdit {
  return { key, action: "remove", text: "", credit };
}

export function anonymizing(key: string, credit: Credit): NodeEdit {
  return { key, action: "anonymize", text: "", credit };
}

/** @param text what is written, one character a byte */
export function setting(key: string, text: string, credit: Credit): NodeEdit {
  return { key, action: "set", text, credit };
}

/** The message itself, to which rows are added. */
export const messageKey = "message";

/** A new row, given whole. Two rules that add the same row add it once. */
export function newRow(row: string, credit: Credit): NodeEdit {
  return { key: `row ${row}`, action: "set", text: row, addedTo: messageKey, credit };
}

/** A new parameter of a value, given with its semicolon. */
export function newParameter(value: ValueNode, name: string, text: string, credit: Credit): NodeEdit {
  return { key: partKey(value, `parameter ${name}`), action: "set", text, addedTo: valueKey(value), credit };
}

/** One edit a node, the strongest. */
export class JoinedEdits {
  readonly edits: readonly NodeEdit[];
  /** Most nodes are meant by one edit alone. */
  readonly #byNode = new Map<string, NodeEdit | NodeEdit[]>();
  readonly #additions = new Map<string, Set<string>>();

  constructor(edits: readonly NodeEdit[]) {
    this.edits = edits;
    for (const edit of edits) {
      const ofNode = this.#byNode.get(edit.key);
      if (ofNode === undefined) this.#byNode.set(edit.key, edit);
      else if (Array.isArray(ofNode)) ofNode.push(edit);
      else this.#byNode.set(edit.key, [ofNode, edit]);
      if (edit.addedTo !== undefined) this.#add(edit.addedTo, edit.key);
    }
  }

  #add(to: string, key: string): void {
    const others = this.#additions.get(to);
    if (others === undefined) this.#additions.set(to, new Set([key]));
    else others.add(key);
  }

  get(key: string): JoinedEdit | undefined {
    const edits = this.#byNode.get(key);
    return edits === undefined ? undefined : strongest(edits);
  }

  /** New nodes below that one, by what they write. */
  additionsTo(key: string): readonly JoinedEdit[] {
    const added = [...(this.#additions.get(key) ?? [])].map((one) => strongest(this.#byNode.get(one)!));
    return added.toSorted((one, other) => compareText(one.text, other.text));
  }
}

function strongest(edits: NodeEdit | readonly NodeEdit[]): JoinedEdit {
  if ("key" in edits) return { action: edits.action, text: edits.text, credits: [edits.credit] };
  const { action, text } = edits.toSorted(byStrength)[0]!;
  const credits = edits
    .filter((one) => one.action === action && one.text === text)
    .map(({ credit }) => credit);
  return { action, text, credits };
}

/**
 * Two `set`s of one node to different texts are an error of the policy's check; here the
 * first rule by name has its way, so that the result hangs on no order of lines.
 */
export function joinEdits(edits: readonly NodeEdit[]): JoinedEdits {
  return new JoinedEdits(edits);
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
