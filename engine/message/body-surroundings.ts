/** What a multipart holds beside its parts: nobody reads it, so anything can hide there. */
import type { BodyPart } from "../../wire/index.ts";
import { readText } from "../conditions/comparison-text.ts";
import { isSealed } from "./body-tree.ts";
import type { Span } from "./tree.ts";

/** All of them, in a body and in the multiparts inside it; none within a signature. */
export function spansAround(part: BodyPart, bytes: Uint8Array): readonly Span[] {
  if (part.unreadable || part.parts.length === 0 || isSealed(part)) return [];
  return [
    ...ownSpansAround(part, bytes),
    ...part.parts.flatMap((inner) => [...needlessRows(inner), ...spansAround(inner, bytes)]),
  ];
}

/** Preamble and epilogue (RFC 2046 5.1.1). Blank ones hide nothing. */
export function ownSpansAround(multipart: BodyPart, bytes: Uint8Array): readonly Span[] {
  const { contentStart, contentEnd, closeEnd, parts } = multipart;
  return [
    { start: contentStart, end: parts[0]!.start },
    { start: closeEnd, end: contentEnd },
  ].filter(({ start, end }) => readText(bytes, start, end).trim() !== "");
}

/** Header fields of a part that do not say how to read it have no meaning (RFC 2046 5.1). */
export function needlessRows({ rows }: BodyPart): readonly Span[] {
  return rows.filter(({ name }) => !readingRows.has(name)).map(({ start, end }) => ({ start, end }));
}

const readingRows: ReadonlySet<string> = new Set([
  "content-type",
  "content-disposition",
  "content-encoding",
  "content-id",
  "content-language",
  "content-length",
  "content-transfer-encoding",
]);
