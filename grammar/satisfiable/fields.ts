/** The header fields of one message: how many values, and which. */
import type { FieldRow, FieldShape } from "../vocabulary.ts";
import type { Literal } from "./normal-form.ts";
import { never, type Solved, unknown } from "./texts.ts";
import { solveValue, type ValueKind, type ValueLiteral } from "./values.ts";

export interface FieldSetting {
  readonly fields: ReadonlyMap<string, FieldRow>;
  readonly ownDomains: readonly string[];
  readonly message: "request" | "response";
}

/** Values by canonical field name, of the fields that something was said of. No values: it is absent. */
export type FieldValues = ReadonlyMap<string, readonly string[]>;

/** Without these a message is refused before any rule sees it (RFC 3261 8.1.1, 8.1.1.7). */
const inEveryMessage: readonly string[] = ["From", "To", "Call-ID", "CSeq", "Via"];

/** Their values follow from the rest of the message: what is said of them is not made up here. */
const derived: readonly string[] = ["CSeq", "Content-Length", "Content-Type"];

export function solveFields(literals: readonly Literal[], setting: FieldSetting): Solved<FieldValues> {
  const values = new Map<string, readonly string[]>();
  let undecided = false;
  for (const field of new Set(literals.flatMap((one) => (one.is === "fact" ? [] : [one.field])))) {
    const solved = solveField(
      field,
      literals.filter((one) => one.is !== "fact" && one.field === field),
      setting,
    );
    if (solved.verdict === "never") return never;
    if (solved.verdict === "unknown") undecided = true;
    else values.set(field, solved.witness);
  }
  return undecided ? unknown : { verdict: "holds", witness: values };
}

function solveField(
  field: string,
  literals: readonly Literal[],
  setting: FieldSetting,
): Solved<readonly string[]> {
  let [from, to] = rangeOf(field, setting);
  const some: ValueLiteral[] = [];
  const every: ValueLiteral[] = [];
  for (const one of literals) {
    if (one.is === "count") [from, to] = [Math.max(from, one.from), Math.min(to, one.to)];
    else if (one.is === "some") some.push(one.value);
    else if (one.is === "every") every.push(one.value);
  }
  if (some.length > 0) from = Math.max(from, 1);
  const presence = literals.flatMap((one) => (one.is === "present" ? [one.positive] : []));
  if (presence.includes(false)) to = 0;
  if (from > to || (presence.includes(false) && presence.includes(true))) return never;
  if (presence.includes(true) && from === 0) {
    if (to === 0) return field === "Request-URI" ? never : unknown;
    from = 1;
  }
  if (from === 0) return { verdict: "holds", witness: [] };

  const kind = kindOf(field, setting);
  if (derived.includes(field) && some.length + every.length > 0) {
    const trial = solveValue([...(to === 1 ? some : []), ...every], kind);
    return trial.verdict === "never" ? never : unknown;
  }
  if (to === 1) {
    const one = solveValue([...some, ...every], kind);
    return one.verdict === "holds" ? { verdict: "holds", witness: [one.witness] } : one;
  }
  const values: string[] = [];
  let undecided = false;
  for (const literal of some) {
    const one = solveValue([literal, ...every], kind);
    if (one.verdict === "never") return never;
    if (one.verdict === "unknown") undecided = true;
    else if (!values.includes(one.witness)) values.push(one.witness);
  }
  if (undecided) return unknown;
  if (values.length > to) {
    const one = solveValue([...some, ...every], kind);
    if (one.verdict !== "holds") return unknown;
    values.splice(0, values.length, one.witness);
  }
  if (values.length < from) {
    const more = solveValue(every, kind);
    if (more.verdict !== "holds") return more;
    if (from > 200) return unknown;
    while (values.length < from) values.push(more.witness);
  }
  return { verdict: "holds", witness: values };
}

function rangeOf(field: string, { fields, message }: FieldSetting): [number, number] {
  if (field === "Request-URI") return message === "request" ? [1, 1] : [0, 0];
  return [inEveryMessage.includes(field) ? 1 : 0, fields.get(field)?.single === true ? 1 : Infinity];
}

function kindOf(field: string, { fields, ownDomains }: FieldSetting): ValueKind {
  if (field === "Request-URI") return { shape: "uri", plain: "sip:bob@host.example", ownDomains };
  const shape = fields.get(field)?.shape ?? "text";
  return { shape, plain: plainValue(field, shape), ownDomains };
}

/** A value that the field may well have. */
export function plainValue(field: string, shape: FieldShape): string {
  switch (field) {
    case "Via":
      return "SIP/2.0/UDP host.example;branch=z9hG4bK1";
    case "Call-ID":
      return "1@host.example";
    case "From":
      return "<sip:alice@host.example>;tag=1";
    case "Content-Type":
      return "application/sdp";
    case "Max-Forwards":
      return "70";
    case "Privacy":
      return "id";
    default:
      return shape === "address" || shape === "addresses" ? "<sip:alice@host.example>" : "x1";
  }
}
