/** Turns joined edits of nodes into edits of bytes, from the top of the tree down. */
import type { AnonymousForm } from "../../grammar/index.ts";
import { textBytes } from "../conditions/comparison-text.ts";
import type { FieldNode, MessageTree, ParameterNode, RowNode, Span, ValueNode } from "../message/tree.ts";
import { anonymousHead } from "./anonymous-form.ts";
import {
  type Credit,
  fieldKey,
  type JoinedEdit,
  type JoinedEdits,
  joinEdits,
  messageKey,
  partKey,
  spanKey,
  valueKey,
} from "./node-edit.ts";
import { renderBody } from "./render-body.ts";

/** Bytes `start` to `end` give way to `bytes`. */
export interface ByteEdit extends Span {
  readonly bytes: Uint8Array;
  readonly credits: readonly Credit[];
}

/** Edits in the order of their places; those at one place in the order in which they are written. */
export function renderEdits(joined: JoinedEdits, tree: MessageTree): readonly ByteEdit[] {
  if (joined.edits.length === 0) return [];
  const body = renderBody(joined, tree);
  // What the body's edits mean for the fields that describe it is joined with what the rules ask of them.
  const all = body.fields.length === 0 ? joined : joinEdits([...joined.edits, ...body.fields]);
  const fields = tree.requestUri === undefined ? tree.fields : [tree.requestUri, ...tree.fields];
  const edits = [
    ...fields.flatMap((field) => renderField(field, all, tree)),
    ...renderNewRows(all, tree),
    ...body.edits,
  ];
  return edits.filter((edit) => changes(edit, tree.bytes)).toSorted((one, other) => one.start - other.start);
}

/** An edit that writes what stands there already is none. */
function changes({ start, end, bytes }: ByteEdit, message: Uint8Array): boolean {
  return end - start !== bytes.length || bytes.some((byte, index) => message[start + index] !== byte);
}

export function remove({ start, end }: Span, credits: readonly Credit[]): ByteEdit {
  return { start, end, bytes: textBytes(""), credits };
}

export function replace({ start, end }: Span, text: string, credits: readonly Credit[]): ByteEdit {
  return { start, end, bytes: textBytes(text), credits };
}

function insert(at: number, text: string, credits: readonly Credit[]): ByteEdit {
  return replace({ start: at, end: at }, text, credits);
}

function renderField(field: FieldNode, joined: JoinedEdits, tree: MessageTree): readonly ByteEdit[] {
  const whole = joined.get(fieldKey(field.name));
  if (whole?.action === "remove") return field.rows.map(({ row }) => remove(row, whole.credits));
  if (whole?.action === "set") {
    const [first, ...others] = field.rows;
    return [
      replace(first!.value, whole.text, whole.credits),
      ...others.map(({ row }) => remove(row, whole.credits)),
    ];
  }
  const isRemoved = (value: ValueNode): boolean => joined.get(valueKey(value))?.action === "remove";
  const creditsOf = (values: readonly ValueNode[]): readonly Credit[] =>
    values.flatMap((value) => joined.get(valueKey(value))?.credits ?? []);
  // Without its last value the field goes, with rows that never had one.
  if (field.values.length > 0 && field.values.every(isRemoved)) {
    return field.rows.map(({ row }) => remove(row, creditsOf(field.values)));
  }
  return field.rows.flatMap((row) =>
    row.values.length > 0 && row.values.every(isRemoved)
      ? [remove(row.row, creditsOf(row.values))]
      : renderRow(row, field, joined, tree),
  );
}

/** A value goes with the separator before it; the first ones of a row with the separator behind. */
function renderRow(
  row: RowNode,
  field: FieldNode,
  joined: JoinedEdits,
  tree: MessageTree,
): readonly ByteEdit[] {
  let kept = 0;
  return row.values.flatMap((value, index) => {
    const edit = joined.get(valueKey(value));
    if (edit?.action !== "remove") {
      kept++;
      return renderValue(value, field, edit, joined, tree);
    }
    const span =
      kept > 0
        ? { start: row.values[index - 1]!.end, end: value.end }
        : { start: value.start, end: row.values[index + 1]!.start };
    return [remove(span, edit.credits)];
  });
}

function renderValue(
  value: ValueNode,
  field: FieldNode,
  edit: JoinedEdit | undefined,
  joined: JoinedEdits,
  tree: MessageTree,
): readonly ByteEdit[] {
  const form = field.row?.anonymous;
  if (edit?.action === "anonymize" && form !== undefined)
    return renderAnonymous(value, form, edit, joined, tree);
  return [
    ...renderDisplayName(value, joined, tree),
    ...renderUri(value, joined),
    ...value.parameters.flatMap((parameter) => renderParameter(parameter, joined)),
    ...joined.additionsTo(valueKey(value)).map(({ text, credits }) => insert(value.end, text, credits)),
  ];
}

/** The new head absorbs what stood there; kept parameters are still open to their own edits. */
function renderAnonymous(
  value: ValueNode,
  form: AnonymousForm,
  { credits }: JoinedEdit,
  joined: JoinedEdits,
  tree: MessageTree,
): readonly ByteEdit[] {
  const keptHeaders = (value.uri?.headers ?? []).filter(
    (header) =>
      form.keepsUriHeaders?.includes(header.name) === true &&
      joined.get(spanKey(header.nameSpan)) === undefined,
  );
  const head = anonymousHead(value, form, keptHeaders, tree.bytes);
  const parameters = value.parameters.flatMap((parameter) =>
    form.keeps.includes(parameter.name) ? renderParameter(parameter, joined) : [remove(parameter, credits)],
  );
  return head === undefined ? parameters : [replace(head.span, head.text, credits), ...parameters];
}

function renderParameter(parameter: ParameterNode, joined: JoinedEdits): readonly ByteEdit[] {
  const edit = joined.get(spanKey(parameter.nameSpan));
  if (edit === undefined) return [];
  if (edit.action === "remove") return [remove(parameter, edit.credits)];
  return parameter.value === undefined
    ? [insert(parameter.end, `=${edit.text}`, edit.credits)]
    : [replace(parameter.value, edit.text, edit.credits)];
}

function renderDisplayName(value: ValueNode, joined: JoinedEdits, tree: MessageTree): readonly ByteEdit[] {
  const edit = joined.get(partKey(value, "display-name"));
  const { displayName, uri } = value;
  if (edit === undefined || uri === undefined) return [];
  if (edit.action === "remove") {
    const end = openingBracket(tree.bytes, uri.start);
    return displayName === undefined ? [] : [remove({ start: displayName.start, end }, edit.credits)];
  }
  if (displayName !== undefined) return [replace(displayName, edit.text, edit.credits)];
  if (value.bracketed) return [insert(openingBracket(tree.bytes, uri.start), `${edit.text} `, edit.credits)];
  return [insert(uri.start, `${edit.text} <`, edit.credits), insert(uri.end, ">", edit.credits)];
}

function openingBracket(bytes: Uint8Array, uriStart: number): number {
  return bytes.lastIndexOf(0x3c, uriStart);
}

function renderUri(value: ValueNode, joined: JoinedEdits): readonly ByteEdit[] {
  const { uri } = value;
  if (uri === undefined) return [];
  const user = joined.get(partKey(value, "user"));
  const host = joined.get(partKey(value, "host"));
  const isTel = uri.parameters === uri.numberParameters;
  const ofUser =
    user === undefined || uri.host === undefined
      ? removedSpans(uri.numberParameters, joined)
      : uri.user === undefined
        ? [insert(uri.host.start, `${user.text}@`, user.credits)]
        : // A password is the user's own.
          [replace(uri.userinfo ?? uri.user, user.text, user.credits)];
  return [
    ...ofUser,
    ...(host === undefined || uri.host === undefined ? [] : [replace(uri.host, host.text, host.credits)]),
    ...(isTel ? [] : removedSpans(uri.parameters, joined)),
    ...renderUriHeaders(uri.headers, joined),
  ];
}

function removedSpans(parameters: readonly ParameterNode[], joined: JoinedEdits): readonly ByteEdit[] {
  return parameters.flatMap((parameter) => {
    const edit = joined.get(spanKey(parameter.nameSpan));
    return edit === undefined ? [] : [remove(parameter, edit.credits)];
  });
}

/** The first header field that stays stands behind the `?`, the others behind a `&`; without any the `?` goes. */
function renderUriHeaders(headers: readonly ParameterNode[], joined: JoinedEdits): readonly ByteEdit[] {
  const fates = headers.map(({ nameSpan }) => joined.get(spanKey(nameSpan)));
  const firstKept = fates.indexOf(undefined);
  return headers.flatMap((header, index) => {
    const edit = fates[index];
    if (edit === undefined) return [];
    const span =
      index < firstKept
        ? { start: header.nameSpan.start, end: headers[index + 1]!.nameSpan.start }
        : { start: headers[index - 1]?.end ?? header.nameSpan.start - 1, end: header.end };
    return [remove(span, edit.credits)];
  });
}

/** Behind the last header field, by name and then by text. */
function renderNewRows(joined: JoinedEdits, tree: MessageTree): readonly ByteEdit[] {
  return joined.additionsTo(messageKey).map(({ text, credits }) => insert(tree.headEnd, text, credits));
}
