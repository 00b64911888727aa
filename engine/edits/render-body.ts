/**
 * The edits of a body as edits of bytes, and what they mean for the header fields that
 * describe it: a multipart of one part collapses, Content-Type and Content-Length follow.
 */
import { type BodyPart, SdpCursor } from "../../wire/index.ts";
import { readText } from "../conditions/comparison-text.ts";
import { needlessRows, ownSpansAround } from "../message/body-surroundings.ts";
import { isSdp } from "../message/body-tree.ts";
import { fieldOf, type MessageTree, type Span } from "../message/tree.ts";
import {
  bodyKey,
  type Credit,
  fieldKey,
  type JoinedEdits,
  type NodeEdit,
  newRow,
  spanKey,
} from "./node-edit.ts";
import { type ByteEdit, remove, replace } from "./render.ts";

export interface RenderedBody {
  readonly edits: readonly ByteEdit[];
  /** Of the header fields that describe the body. */
  readonly fields: readonly NodeEdit[];
}

export function renderBody(joined: JoinedEdits, tree: MessageTree): RenderedBody {
  const { root } = tree.body;
  if (root === undefined) return { edits: [], fields: [] };
  const whole = { start: root.contentStart, end: root.contentEnd };
  const fate = fateOf(root, joined, tree.bytes);
  const left = fate.part;
  const edits =
    left === root
      ? fate.edits
      : left === undefined
        ? [remove(whole, fate.credits)]
        : [...fate.edits, ...around(fate, whole, left.contentStart)];
  if (edits.length === 0) return { edits, fields: [] };
  const grown = edits.reduce((sum, { start, end, bytes }) => sum + bytes.length - (end - start), 0);
  const length = setField("Content-Length", String(whole.end - whole.start + grown), tree);
  if (left === root) return { edits, fields: [length] };
  return { edits, fields: [...(left === undefined ? undescribe(tree) : describe(left, tree)), length] };
}

/** What becomes of a part: itself, the one part that is left of it, or nothing. */
interface Fate {
  readonly part: BodyPart | undefined;
  /** Of its rows: they count as long as it stays in a multipart. */
  readonly rows: readonly ByteEdit[];
  readonly edits: readonly ByteEdit[];
  /** Of the parts that went. */
  readonly credits: readonly Credit[];
}

function fateOf(part: BodyPart, joined: JoinedEdits, bytes: Uint8Array): Fate {
  const edit = joined.get(bodyKey({ start: part.contentStart, end: part.contentEnd }));
  if (edit !== undefined) return gone(edit.credits);
  const rows = spanEdits(needlessRows(part), joined);
  if (part.parts.length === 0) return { part, rows, edits: lineEdits(part, joined, bytes), credits: [] };
  const fates = part.parts.map((inner) => fateOf(inner, joined, bytes));
  const credits = fates.flatMap((fate) => fate.credits);
  const kept = fates.filter((fate) => fate.part !== undefined);
  const [first] = kept;
  if (first === undefined) return gone(credits);
  if (kept.length === 1 && kept.length < fates.length && canStandAlone(first.part!, bytes)) {
    return { ...first, credits };
  }
  const beside = spanEdits(ownSpansAround(part, bytes), joined);
  const inside = fates.flatMap((fate, index) => editsInside(part, index, fate));
  return { part, rows, edits: [...beside, ...inside], credits: [] };
}

function gone(credits: readonly Credit[]): Fate {
  return { part: undefined, rows: [], edits: [], credits };
}

function spanEdits(spans: readonly Span[], joined: JoinedEdits): readonly ByteEdit[] {
  return spans.flatMap((span) => {
    const edit = joined.get(spanKey(span));
    return edit === undefined ? [] : [remove(span, edit.credits)];
  });
}

/** The edits of a part that stays in its multipart, or the cut that takes it out. */
function editsInside(multipart: BodyPart, index: number, fate: Fate): readonly ByteEdit[] {
  const inner = multipart.parts[index]!;
  if (fate.part === undefined) {
    const end = multipart.parts[index + 1]?.start ?? multipart.closeStart;
    return [remove({ start: inner.start, end }, fate.credits)];
  }
  if (fate.part === inner) return [...fate.rows, ...fate.edits];
  return [
    ...fate.rows,
    ...fate.edits,
    ...around(fate, { start: inner.headStart, end: inner.contentEnd }, fate.part.headStart),
  ];
}

/** Cuts away what stood around the one part that is left. */
function around(
  fate: Fate,
  outer: { readonly start: number; readonly end: number },
  start: number,
): readonly ByteEdit[] {
  const credits = [...fate.credits, consequence("body", "collapse", "RFC 2046 5.1")];
  return [
    remove({ start: outer.start, end: start }, credits),
    remove({ start: fate.part!.contentEnd, end: outer.end }, credits),
  ];
}

/** SIP bodies are binary; what was encoded for transfer stays in its multipart (RFC 3261 7.4). */
function canStandAlone({ rows }: BodyPart, bytes: Uint8Array): boolean {
  const encoding = rows.find(({ name }) => name === "content-transfer-encoding");
  return (
    encoding === undefined ||
    /^(7bit|8bit|binary)$/i.test(readText(bytes, encoding.valueStart, encoding.valueEnd))
  );
}

function lineEdits(part: BodyPart, joined: JoinedEdits, bytes: Uint8Array): readonly ByteEdit[] {
  const whole = joined.get(spanKey({ start: part.contentStart, end: part.contentEnd }));
  if (!isSdp(part)) {
    if (whole === undefined) return [];
    return [remove({ start: part.contentStart + whole.text.length, end: part.contentEnd }, whole.credits)];
  }
  const cursor = new SdpCursor();
  cursor.reset(bytes, part.contentStart, part.contentEnd);
  const edits: ByteEdit[] = [];
  while (cursor.next()) {
    const line = { start: cursor.start, end: cursor.end };
    const edit = joined.get(spanKey(line));
    if (edit !== undefined) edits.push(replace(line, edit.text, edit.credits));
  }
  return edits;
}

/** The fields that describe a body, as far as the message has them (RFC 3261 7.4.1, RFC 8262 3). */
function undescribe(tree: MessageTree): readonly NodeEdit[] {
  return tree.fields
    .filter(({ name }) => /^Content-(?!Length$)/i.test(name))
    .map(({ name }) => ({
      key: fieldKey(name),
      action: "remove",
      text: "",
      credit: follows(name, "remove"),
    }));
}

/** A part's own rows take the place of the message's. */
function describe(part: BodyPart, tree: MessageTree): readonly NodeEdit[] {
  const text = (start: number, end: number): string => readText(tree.bytes, start, end);
  const type = part.typeStart < 0 ? "text/plain" : text(part.typeStart, part.typeEnd);
  const others = ["Content-Disposition", "Content-Encoding", "Content-ID", "Content-Language"].flatMap(
    (name) => {
      const row = part.rows.find((one) => one.name === name.toLowerCase());
      return row === undefined ? [] : [setField(name, text(row.valueStart, row.valueEnd), tree)];
    },
  );
  return [setField("Content-Type", type, tree), ...others];
}

function setField(name: string, text: string, tree: MessageTree): NodeEdit {
  const credit = follows(name, "set");
  if (fieldOf(tree, name) === undefined) return newRow(`${name}: ${text}\r\n`, credit);
  return { key: fieldKey(name), action: "set", text, credit };
}

function follows(field: string, action: string): Credit {
  return consequence(field, action, "RFC 3261 7.4, 20.14, 20.15");
}

function consequence(field: string, action: string, because: string): Credit {
  return { field, action, rule: "(consequence)", because };
}
