/**
 * What an edit of the language asks of the parts of a body. Nothing inside a signed or
 * encrypted multipart is ever changed: to drop a part of it is to drop it whole, and so is
 * to drop a part of a multipart that can't be read. Redaction does not reach in there.
 */
import type { Edit } from "../../grammar/model.ts";
import { type BodyPart, SdpCursor } from "../../wire/index.ts";
import { decodePercent, readText } from "../conditions/comparison-text.ts";
import { spansAround } from "../message/body-surroundings.ts";
import { isCiphertext, isOfType, isSdp, isSealed, partsWithin } from "../message/body-tree.ts";
import { fieldOf, type MessageTree, type Span } from "../message/tree.ts";
import type { Collected } from "./collect.ts";
import { bodyKey, type Credit, type NodeEdit, removal, setting, spanKey } from "./node-edit.ts";

export type BodyRequest = Extract<
  Edit,
  {
    readonly kind:
      | "drop-body"
      | "drop-parts"
      | "drop-named-parts"
      | "drop-other-parts"
      | "redact-sdp"
      | "redact-sipfrag";
  }
>;

type Asked = Pick<Credit, "rule" | "because">;

export function bodyEdits(edit: BodyRequest, tree: MessageTree, asked: Asked): Collected {
  const { root } = tree.body;
  if (root === undefined) return { edits: [], unable: false };
  const drop = (parts: readonly BodyPart[]): Collected => ({
    edits: parts.map((part) => dropPart(part, asked)),
    unable: false,
  });
  switch (edit.kind) {
    case "drop-body":
      return drop([root]);
    case "drop-parts":
      return drop(meantParts(root, (part) => isOfType(part, edit.type)));
    case "drop-named-parts": {
      const names = namedContents(edit.field, tree);
      return drop(names.length === 0 ? [] : meantParts(root, ({ contentId }) => names.includes(contentId)));
    }
    case "drop-other-parts": {
      const dropped = drop(unlistedParts(root, (part) => edit.except.some((type) => isOfType(part, type))));
      const around = spansAround(root, tree.bytes).map((span) => dropSpan(span, asked));
      return { edits: [...dropped.edits, ...around], unable: false };
    }
    case "redact-sdp":
      return redact(root, isSdp, (part) => sdpEdits(part, edit.lines, tree.bytes, asked));
    case "redact-sipfrag":
      return redact(
        root,
        ({ type }) => type === "message/sipfrag",
        (part) => sipfragEdits(part, tree.bytes, asked),
      );
  }
}

function dropPart({ contentStart, contentEnd }: BodyPart, asked: Asked): NodeEdit {
  const credit = { field: "body", action: "drop", ...asked };
  return { key: bodyKey({ start: contentStart, end: contentEnd }), action: "remove", text: "", credit };
}

function dropSpan(span: Span, asked: Asked): NodeEdit {
  const credit = { field: "body", action: "drop", ...asked };
  return { key: spanKey(span), action: "remove", text: "", credit };
}

function meantParts(part: BodyPart, isMeant: (part: BodyPart) => boolean): readonly BodyPart[] {
  if (isMeant(part) || (part.unreadable && part.type.startsWith("multipart/"))) return [part];
  if (isSealed(part)) return partsWithin(part).some(isMeant) ? [part] : [];
  return part.parts.flatMap((inner) => meantParts(inner, isMeant));
}

function unlistedParts(part: BodyPart, isListed: (part: BodyPart) => boolean): readonly BodyPart[] {
  if (part.unreadable) return [part];
  if (part.parts.length === 0) return isListed(part) ? [] : [part];
  const unlisted = part.parts.flatMap((inner) => unlistedParts(inner, isListed));
  if (!isSealed(part)) return unlisted;
  return unlisted.length === 0 || isListed(part) ? [] : [part];
}

/** RFC 2392: a `cid:` URI is a Content-ID in URL form. */
function namedContents(field: string, tree: MessageTree): readonly string[] {
  return (fieldOf(tree, field)?.values ?? []).flatMap(({ uri }) =>
    uri?.scheme === "cid" ? [decodePercent(uri.text.slice("cid:".length))] : [],
  );
}

/** Parts that can be reached are edited; of the others it is only known that something is left to do. */
function redact(
  root: BodyPart,
  isMeant: (part: BodyPart) => boolean,
  editsOf: (part: BodyPart) => readonly NodeEdit[],
): Collected {
  const visit = (part: BodyPart, sealed: boolean): Collected => {
    if (isCiphertext(part) || part.unreadable || part.type === "multipart/encrypted")
      return { edits: [], unable: true };
    if (isMeant(part)) {
      if (part.encoded) return { edits: [], unable: true };
      const edits = editsOf(part);
      return sealed ? { edits: [], unable: edits.length > 0 } : { edits, unable: false };
    }
    const inner = part.parts.map((one) => visit(one, sealed || isSealed(part)));
    return { edits: inner.flatMap(({ edits }) => edits), unable: inner.some(({ unable }) => unable) };
  };
  return visit(root, false);
}

/** The neutral forms of the vocabulary's `sdpLines` (RFC 5379 5.2, RFC 4566 5). */
function sdpEdits(
  part: BodyPart,
  letters: readonly string[],
  bytes: Uint8Array,
  asked: Asked,
): readonly NodeEdit[] {
  const cursor = new SdpCursor();
  cursor.reset(bytes, part.contentStart, part.contentEnd);
  const edits: NodeEdit[] = [];
  const credit = { field: "body", action: "redact", ...asked };
  while (cursor.next()) {
    const letter = String.fromCharCode(cursor.letter);
    if (cursor.letter === 0 || !letters.includes(letter)) continue;
    const line = readText(bytes, cursor.start, cursor.end);
    const text = neutralLine(letter, line);
    if (text === line) continue;
    const key = spanKey({ start: cursor.start, end: cursor.end });
    edits.push(text === "" ? removal(key, credit) : setting(key, text, credit));
  }
  return edits;
}

function neutralLine(letter: string, line: string): string {
  switch (letter) {
    case "o":
      return line.replace(/^o=[^ \r\n]*/, "o=-");
    case "s":
      return line.replace(/^s=[^\r\n]*/, "s=-");
    default:
      return "";
  }
}

/** RFC 3420 2: a fragment may be a start line alone. */
function sipfragEdits(part: BodyPart, bytes: Uint8Array, asked: Asked): readonly NodeEdit[] {
  const content = readText(bytes, part.contentStart, part.contentEnd);
  const [kept] = /^SIP\/\d+\.\d+ \d{3}(?: [^\r\n]*)?(?:\r\n|\n|$)/i.exec(content) ?? [""];
  if (kept === content) return [];
  const credit = { field: "body", action: "redact", ...asked };
  return [
    { key: spanKey({ start: part.contentStart, end: part.contentEnd }), action: "set", text: kept, credit },
  ];
}
