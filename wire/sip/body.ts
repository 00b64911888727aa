/**
 * Bodies, down to their parts (RFC 3261 7.4, RFC 2046 5.1, RFC 5621). A body is looked
 * into only where a policy asks for it, so parts are plain objects.
 */
import { isBlank, trimmedEnd } from "./blanks.ts";
import { type Delimiter, DelimiterSearch } from "./boundary.ts";
import { COLON, CR, HTAB, LF, QUOTE, SEMICOLON, SLASH, SP, token } from "./characters.ts";
import { type BodyLimits, defaultBodyLimits } from "./limits.ts";
import { behindQuoted, ParameterCursor } from "./parameters.ts";
import type { Scan } from "./scan.ts";

/** A header row of a part. The value is without the blanks around it. */
export interface PartRow {
  /** In lower case, compact forms of Content fields written out. */
  readonly name: string;
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Behind the row's line end. */
  readonly end: number;
}

export interface BodyPart {
  /** `type/subtype` in lower case; empty where the Content-Type can't be read. */
  readonly type: string;
  /** The Content-Type's value; -1 where there is none (then text/plain, RFC 2046 5.2). */
  readonly typeStart: number;
  readonly typeEnd: number;
  /** Of the part's delimiter: from the line end before `--boundary`. -1 for the whole body. */
  readonly start: number;
  /** The part's own header rows. For the whole body they are the message's, and -1 here. */
  readonly headStart: number;
  readonly headEnd: number;
  readonly rows: readonly PartRow[];
  readonly contentStart: number;
  /** Before the line end that belongs to the next delimiter. */
  readonly contentEnd: number;
  /** Content-ID without its angle brackets; empty if there is none. */
  readonly contentId: string;
  /** Some Content-Encoding other than identity. */
  readonly encoded: boolean;
  /** Parts of a multipart, in order. */
  readonly parts: readonly BodyPart[];
  /** Of a multipart: the text between `--` and the line end. */
  readonly boundary: string;
  /** Of a multipart: from the line end before `--boundary--` to behind it; -1 otherwise. */
  readonly closeStart: number;
  readonly closeEnd: number;
  /** A multipart that can't be read in one way: no boundary, no end, or beyond a limit. */
  readonly unreadable: boolean;
}

/** The body of a scanned message; undefined where it has none. */
export function readBody(scan: Scan, limits: BodyLimits = defaultBodyLimits): BodyPart | undefined {
  if (scan.bodyStart >= scan.end) return undefined;
  const { contentType, contentEncoding, contentId } = scan.table.core;
  const row = scan.firstRow(contentType);
  let encoded = false;
  for (let at = scan.firstRow(contentEncoding); at >= 0; at = scan.nextRow(at)) {
    if (!isIdentity(scan.bytes, scan.valueStart[at]!, scan.valueEnd[at]!)) encoded = true;
  }
  const id = scan.firstRow(contentId);
  return readEntity(
    scan.bytes,
    scan.bodyStart,
    scan.end,
    {
      typeStart: row < 0 ? -1 : scan.valueStart[row]!,
      typeEnd: row < 0 ? -1 : scan.valueEnd[row]!,
      encoded,
      contentId: id < 0 ? "" : identifierOf(scan.bytes, scan.valueStart[id]!, scan.valueEnd[id]!),
    },
    limits,
  );
}

/** What the rows around an entity say of it. */
export interface EntityFacts {
  readonly typeStart: number;
  readonly typeEnd: number;
  readonly encoded: boolean;
  readonly contentId: string;
}

/** The entity `bytes[start, end)`, down to its parts. */
export function readEntity(
  bytes: Uint8Array,
  start: number,
  end: number,
  facts: EntityFacts,
  limits: BodyLimits = defaultBodyLimits,
): BodyPart {
  const head: PartHead = { start: -1, headStart: -1, headEnd: -1, contentStart: start, rows: [], ...facts };
  return entity(bytes, head, end, { limits, depth: 0, parts: 0 });
}

interface PartHead extends EntityFacts {
  readonly start: number;
  readonly headStart: number;
  readonly headEnd: number;
  readonly contentStart: number;
  readonly rows: readonly PartRow[];
}

interface Progress {
  readonly limits: BodyLimits;
  depth: number;
  parts: number;
}

function entity(b: Uint8Array, head: PartHead, contentEnd: number, progress: Progress): BodyPart {
  const type = mediaType(b, head.typeStart, head.typeEnd);
  const plain: BodyPart = {
    ...head,
    type,
    contentEnd,
    parts: [],
    boundary: "",
    closeStart: -1,
    closeEnd: -1,
    unreadable: type === "",
  };
  if (!type.startsWith("multipart/")) return plain;
  const boundary = boundaryOf(b, head.typeStart, head.typeEnd);
  if (boundary === undefined || head.encoded || progress.depth >= progress.limits.depth) {
    return { ...plain, unreadable: true };
  }
  progress.depth++;
  const multipart = readParts(b, head.contentStart, contentEnd, boundary, progress);
  progress.depth--;
  return { ...plain, boundary, ...multipart };
}

function readParts(
  b: Uint8Array,
  start: number,
  end: number,
  boundary: string,
  progress: Progress,
): Pick<BodyPart, "parts" | "closeStart" | "closeEnd" | "unreadable"> {
  const unreadable = { parts: [], closeStart: -1, closeEnd: -1, unreadable: true };
  const search = new DelimiterSearch(b, start, end, boundary);
  const parts: BodyPart[] = [];
  let broken = false;
  let delimiter = search.next(start);
  while (typeof delimiter === "object" && !delimiter.closes) {
    // One line end can't belong to two delimiters: between them stands a part, if an empty one.
    const next = search.next(delimiter.end);
    if (typeof next === "string" || next.start < delimiter.end) return unreadable;
    if (++progress.parts > progress.limits.parts) return unreadable;
    const head = readPartHead(b, delimiter, next.start, progress.limits);
    if (head === undefined) return unreadable;
    const part = entity(b, head, next.start, progress);
    if (part.unreadable) broken = true;
    parts.push(part);
    delimiter = next;
  }
  if (typeof delimiter === "string" || parts.length === 0) return unreadable;
  // What stands behind the close is no part (RFC 2046 5.1.1), and must not look like one.
  if (search.next(delimiter.end) !== "none") return unreadable;
  return { parts, closeStart: delimiter.start, closeEnd: delimiter.end, unreadable: broken };
}

const longNames: ReadonlyMap<string, string> = new Map([
  ["c", "content-type"],
  ["e", "content-encoding"],
  ["l", "content-length"],
]);

/** The header rows of a part (RFC 2046 5.1: none, or some and an empty line). Undefined where they can't be read. */
function readPartHead(
  b: Uint8Array,
  delimiter: Delimiter,
  end: number,
  limits: BodyLimits,
): PartHead | undefined {
  const rows: PartRow[] = [];
  let typeStart = -1;
  let typeEnd = -1;
  let contentId = "";
  let encoded = false;
  let at = delimiter.end;
  while (at < end) {
    if (at - delimiter.end > limits.partHeadBytes) return undefined;
    const lineEnd = endOfRow(b, at, end);
    if (lineEnd.stop === at) {
      at = lineEnd.behind;
      return {
        start: delimiter.start,
        headStart: delimiter.end,
        headEnd: at,
        contentStart: at,
        rows,
        typeStart,
        typeEnd,
        contentId,
        encoded,
      };
    }
    if (isDamaged(b, at, lineEnd.stop)) return undefined;
    let i = at;
    while (i < lineEnd.stop && token[b[i]!]! === 1) i++;
    const nameEnd = i;
    while (i < lineEnd.stop && (b[i]! === SP || b[i]! === HTAB)) i++;
    if (nameEnd === at || i >= lineEnd.stop || b[i]! !== COLON || rows.length >= limits.partRows)
      return undefined;
    i++;
    while (i < lineEnd.stop && isBlank(b[i]!)) i++;
    const written = latin1(b, at, nameEnd).toLowerCase();
    const name = longNames.get(written) ?? written;
    const valueEnd = trimmedEnd(b, i, lineEnd.stop);
    rows.push({ name, start: at, valueStart: i, valueEnd, end: lineEnd.behind });
    if (name === "content-type") {
      if (typeStart >= 0) return undefined;
      typeStart = i;
      typeEnd = valueEnd;
    } else if (name === "content-id") {
      if (contentId !== "") return undefined;
      contentId = identifierOf(b, i, valueEnd);
    } else if (name === "content-encoding") {
      if (!isIdentity(b, i, valueEnd)) encoded = true;
    }
    at = lineEnd.behind;
  }
  // Rows to the end of the part and no empty line: the part has no content.
  return {
    start: delimiter.start,
    headStart: delimiter.end,
    headEnd: end,
    contentStart: end,
    rows,
    typeStart,
    typeEnd,
    contentId,
    encoded,
  };
}

/** A NUL or a bare CR in a row: readers may disagree where it ends. */
function isDamaged(b: Uint8Array, start: number, stop: number): boolean {
  for (let i = start; i < stop; i++) if (b[i]! === 0 || (b[i]! === CR && b[i + 1]! !== LF)) return true;
  return false;
}

/** Where a row's text stops and what stands behind its line end, folds passed over. */
function endOfRow(b: Uint8Array, at: number, end: number): { stop: number; behind: number } {
  let i = at;
  for (;;) {
    while (i < end && b[i]! !== LF) i++;
    if (i >= end) return { stop: end, behind: end };
    const stop = i > at && b[i - 1]! === CR ? i - 1 : i;
    const next = i + 1 < end ? b[i + 1]! : 0;
    if (stop === at || (next !== SP && next !== HTAB)) return { stop, behind: i + 1 };
    i++;
  }
}

/** `type/subtype` in lower case, text/plain where none is said, empty where it can't be read. */
function mediaType(b: Uint8Array, start: number, end: number): string {
  if (start < 0) return "text/plain";
  let i = start;
  while (i < end && token[b[i]!]! === 1) i++;
  const type = latin1(b, start, i);
  while (i < end && isBlank(b[i]!)) i++;
  if (i >= end || b[i]! !== SLASH || type === "") return "";
  i++;
  while (i < end && isBlank(b[i]!)) i++;
  const from = i;
  while (i < end && token[b[i]!]! === 1) i++;
  const subtype = latin1(b, from, i);
  while (i < end && isBlank(b[i]!)) i++;
  if (subtype === "" || (i < end && b[i]! !== SEMICOLON)) return "";
  return `${type}/${subtype}`.toLowerCase();
}

const parameters = new ParameterCursor();

/** The boundary parameter without quotes and escapes; undefined where it is missing, doubled or no boundary. */
function boundaryOf(b: Uint8Array, start: number, end: number): string | undefined {
  let i = start;
  while (i < end && b[i]! !== SEMICOLON) i++;
  parameters.reset(b, i, end, ";");
  let boundary: string | undefined;
  while (parameters.next()) {
    if (latin1(b, parameters.nameStart, parameters.nameEnd).toLowerCase() !== "boundary") continue;
    if (boundary !== undefined || parameters.valueStart < 0) return undefined;
    boundary = unquoted(b, parameters.valueStart, parameters.valueEnd);
  }
  if (boundary === undefined || !/^[\x20-\x7e]{1,70}$/.test(boundary) || boundary.endsWith(" "))
    return undefined;
  return boundary;
}

function unquoted(b: Uint8Array, start: number, end: number): string {
  if (b[start]! !== QUOTE) return latin1(b, start, end);
  if (behindQuoted(b, start, end) !== end || b[end - 1]! !== QUOTE) return "";
  return latin1(b, start + 1, end - 1).replaceAll(/\\(.)/gs, "$1");
}

/** What stands in angle brackets: blanks and comments around them say nothing (RFC 2045 7, RFC 5322 3.6.4). */
function identifierOf(b: Uint8Array, start: number, end: number): string {
  const text = latin1(b, start, end);
  return (/<([^<>]*)>/.exec(text)?.[1] ?? text).trim();
}

function isIdentity(b: Uint8Array, start: number, end: number): boolean {
  return start === end || latin1(b, start, end).toLowerCase() === "identity";
}

function latin1(b: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...b.subarray(start, end));
}
