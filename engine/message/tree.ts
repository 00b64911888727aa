/**
 * The immutable tree of one message: message > field > value > (display name, URI,
 * parameters). The interpreter decides on this tree and on nothing else. Every node holds
 * its span in the bytes, so that edits of nodes become edits of bytes.
 */
import type { FieldRow } from "../../grammar/index.ts";
import {
  AddressReader,
  type FieldTable,
  ParameterCursor,
  type Scan,
  UriReader,
  ValueCursor,
} from "../../wire/index.ts";
import { decodePercent, lowerCase, readText, unfold } from "../conditions/comparison-text.ts";
import { type BodyTree, readBodyTree } from "./body-tree.ts";

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface MessageTree {
  readonly bytes: Uint8Array;
  /** Where the head's closing CRLF stands. */
  readonly headEnd: number;
  readonly isRequest: boolean;
  /** Of the request, or of CSeq in a response. */
  readonly method: string;
  /** 0 in a request. */
  readonly status: number;
  /** In order of their first row. */
  readonly fields: readonly FieldNode[];
  /** As one field with one value; undefined in a response. */
  readonly requestUri: FieldNode | undefined;
  readonly body: BodyTree;
}

/** All rows of one header field. */
export interface FieldNode {
  /** Canonical where the vocabulary knows it, else as written, in lower case. */
  readonly name: string;
  readonly row: FieldRow | undefined;
  readonly rows: readonly RowNode[];
  readonly values: readonly ValueNode[];
}

export interface RowNode {
  /** The whole row with its last CRLF. */
  readonly row: Span;
  /** Without the blanks around it. */
  readonly value: Span;
  readonly values: readonly ValueNode[];
}

export interface ValueNode extends Span {
  /** The value without its parameters. */
  readonly head: Span;
  readonly text: string;
  readonly displayName: Span | undefined;
  /** In angle brackets. */
  readonly bracketed: boolean;
  readonly uri: UriNode | undefined;
  readonly parameters: readonly ParameterNode[];
}

export interface UriNode extends Span {
  readonly text: string;
  readonly scheme: string;
  readonly kind: "sip" | "sips" | "tel" | "urn" | "other";
  /** Without its password. */
  readonly user: Span | undefined;
  /** With its password. */
  readonly userinfo: Span | undefined;
  readonly host: Span | undefined;
  readonly parameters: readonly ParameterNode[];
  /** Parameters of a telephone number: of a tel URI, or inside the user of a sip URI. */
  readonly numberParameters: readonly ParameterNode[];
  readonly headers: readonly ParameterNode[];
}

export interface ParameterNode extends Span {
  /** Lower case; in a URI with its escapes decoded. `start` is that of the `;` with the blanks before it. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Span | undefined;
}

export const requestUriField = "Request-URI";

/** The vocabulary's rows by name. */
export type FieldRows = ReadonlyMap<string, FieldRow>;

/** Reads the tree of a message that `scan` has read without a violation. */
export function readTree(scan: Scan, table: FieldTable, fieldRows: FieldRows): MessageTree {
  const { bytes } = scan;
  const indices = new Map<string, number[]>();
  for (let index = 0; index < scan.rowCount; index++) {
    const name = rowName(scan, table, index);
    const same = indices.get(name);
    if (same === undefined) indices.set(name, [index]);
    else same.push(index);
  }
  const fields = [...indices].map(([name, ofName]) => fieldNode(scan, fieldRows, name, ofName));
  return {
    bytes,
    headEnd: scan.headEnd,
    isRequest: scan.isRequest,
    method: scan.isRequest ? readText(bytes, scan.methodStart, scan.methodEnd) : methodOfCseq(fields),
    status: scan.isRequest ? 0 : scan.status,
    fields,
    requestUri: readRequestUri(scan),
    body: readBodyTree(scan),
  };
}

/** All rows of the field of that name (as `FieldNode.name` says it); undefined where there is none. */
export function readField(
  scan: Scan,
  table: FieldTable,
  fieldRows: FieldRows,
  name: string,
): FieldNode | undefined {
  const indices: number[] = [];
  const id = table.id(name);
  if (id !== 0) {
    for (let index = scan.firstRow(id); index >= 0; index = scan.nextRow(index)) indices.push(index);
  } else {
    for (let index = 0; index < scan.rowCount; index++) {
      if (scan.rowField[index] === 0 && rowName(scan, table, index) === name) indices.push(index);
    }
  }
  return indices.length === 0 ? undefined : fieldNode(scan, fieldRows, name, indices);
}

function fieldNode(scan: Scan, fieldRows: FieldRows, name: string, indices: readonly number[]): FieldNode {
  const row = fieldRows.get(name);
  const rows = indices.map((index): RowNode => {
    const value = { start: scan.valueStart[index]!, end: scan.valueEnd[index]! };
    return {
      row: { start: scan.rowStart[index]!, end: scan.rowEnd[index]! },
      value,
      values: readValues(scan.bytes, value, row?.shape ?? "text"),
    };
  });
  return { name, row, rows, values: rows.flatMap(({ values }) => values) };
}

function rowName(scan: Scan, table: FieldTable, index: number): string {
  const id = scan.rowField[index]!;
  return id === 0
    ? lowerCase(readText(scan.bytes, scan.rowStart[index]!, scan.nameEnd[index]!))
    : table.name(id);
}

export function fieldOf(tree: MessageTree, name: string): FieldNode | undefined {
  return name === requestUriField ? tree.requestUri : tree.fields.find((field) => field.name === name);
}

/** RFC 3261 20.16: number, blanks, method. */
function methodOfCseq(fields: readonly FieldNode[]): string {
  const value = fields.find(({ name }) => name === "CSeq")?.values[0]?.text ?? "";
  return value.split(/[ \t]+/)[1] ?? "";
}

export function readRequestUri(scan: Scan): FieldNode | undefined {
  if (!scan.isRequest) return undefined;
  const span = { start: scan.uriStart, end: scan.uriEnd };
  const value: ValueNode = {
    start: span.start,
    end: span.end,
    head: span,
    text: readText(scan.bytes, span.start, span.end),
    displayName: undefined,
    bracketed: false,
    uri: readUri(scan.bytes, span),
    parameters: [],
  };
  return {
    name: requestUriField,
    row: undefined,
    rows: [{ row: span, value: span, values: [value] }],
    values: [value],
  };
}

// The wire's readers, made once. No call of a function below is made while its reader is in use.
const valueCursor = new ValueCursor();
const addressReader = new AddressReader();
const uriReader = new UriReader();
const parameterCursor = new ParameterCursor();

function readValues(bytes: Uint8Array, span: Span, shape: FieldRow["shape"]): ValueNode[] {
  valueCursor.reset(bytes, span.start, span.end, shape);
  const values: ValueNode[] = [];
  while (valueCursor.next()) {
    values.push(readValue(bytes, { start: valueCursor.start, end: valueCursor.end }, shape));
  }
  return values;
}

function readValue(bytes: Uint8Array, span: Span, shape: FieldRow["shape"]): ValueNode {
  if (shape === "address" || shape === "addresses") return readAddressValue(bytes, span);
  if (shape !== "value" && shape !== "values") return plainValue(bytes, span, span, []);
  const headEnd = firstSemicolon(bytes, span);
  const parameters = readParameters(bytes, { start: headEnd, end: span.end }, ";");
  return plainValue(
    bytes,
    span,
    { start: span.start, end: trimmedEnd(bytes, span.start, headEnd) },
    parameters,
  );
}

function plainValue(
  bytes: Uint8Array,
  span: Span,
  head: Span,
  parameters: readonly ParameterNode[],
): ValueNode {
  const text = unfold(readText(bytes, head.start, head.end));
  return {
    start: span.start,
    end: span.end,
    head,
    text,
    displayName: undefined,
    bracketed: false,
    uri: undefined,
    parameters,
  };
}

function readAddressValue(bytes: Uint8Array, span: Span): ValueNode {
  const reader = addressReader;
  if (!reader.read(bytes, span.start, span.end)) return plainValue(bytes, span, span, []);
  const head = { start: span.start, end: reader.addressEnd };
  return {
    start: span.start,
    end: span.end,
    head,
    text: unfold(readText(bytes, head.start, head.end)),
    displayName: reader.nameStart < 0 ? undefined : { start: reader.nameStart, end: reader.nameEnd },
    bracketed: reader.bracketed,
    uri: readUri(bytes, { start: reader.uriStart, end: reader.uriEnd }),
    parameters: readParameters(bytes, { start: reader.parametersStart, end: span.end }, ";"),
  };
}

function readUri(bytes: Uint8Array, span: Span): UriNode | undefined {
  const reader = uriReader;
  if (!reader.read(bytes, span.start, span.end)) return undefined;
  const user = reader.userStart < 0 ? undefined : { start: reader.userStart, end: reader.userEnd };
  const parameters = readParameters(
    bytes,
    { start: reader.parametersStart, end: reader.parametersEnd },
    ";",
    decodePercent,
  );
  const isSip = reader.kind === "sip" || reader.kind === "sips";
  return {
    start: span.start,
    end: span.end,
    text: readText(bytes, span.start, span.end),
    scheme: lowerCase(readText(bytes, span.start, reader.schemeEnd)),
    kind: reader.kind,
    user,
    userinfo: user === undefined ? undefined : { start: user.start, end: reader.userinfoEnd },
    host: reader.hostStart < 0 ? undefined : { start: reader.hostStart, end: reader.hostEnd },
    parameters,
    numberParameters: isSip ? userParameters(bytes, user) : reader.kind === "tel" ? parameters : [],
    headers: readParameters(
      bytes,
      { start: reader.headersStart, end: reader.headersEnd },
      "&",
      decodePercent,
    ),
  };
}

/** RFC 3261 19.1.6: a sip user may hold a telephone number with its parameters (RFC 4475 3.1.1.9). */
function userParameters(bytes: Uint8Array, user: Span | undefined): readonly ParameterNode[] {
  if (user === undefined) return [];
  const start = firstSemicolon(bytes, user);
  return readParameters(bytes, { start, end: user.end }, ";", decodePercent);
}

function readParameters(
  bytes: Uint8Array,
  span: Span,
  separator: ";" | "&",
  decode?: (name: string) => string,
): ParameterNode[] {
  if (span.start < 0 || span.start >= span.end) return [];
  const cursor = parameterCursor;
  cursor.reset(bytes, span.start, span.end, separator);
  const parameters: ParameterNode[] = [];
  while (cursor.next()) {
    const name = readText(bytes, cursor.nameStart, cursor.nameEnd);
    parameters.push({
      start: cursor.start,
      end: cursor.end,
      name: lowerCase(decode === undefined ? name : decode(name)),
      nameSpan: { start: cursor.nameStart, end: cursor.nameEnd },
      value: cursor.valueStart < 0 ? undefined : { start: cursor.valueStart, end: cursor.valueEnd },
    });
  }
  return parameters;
}

/** Offset of the first `;` outside quotes, or the span's end. */
function firstSemicolon(bytes: Uint8Array, { start, end }: Span): number {
  let quoted = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (quoted && byte === 0x5c) at++;
    else if (byte === 0x22) quoted = !quoted;
    else if (byte === 0x3b && !quoted) return at;
  }
  return end;
}

function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (
    at > start &&
    (bytes[at - 1] === 0x20 || bytes[at - 1] === 0x09 || bytes[at - 1] === 0x0d || bytes[at - 1] === 0x0a)
  )
    at--;
  return at;
}
