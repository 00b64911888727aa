/** How the value of each field's row is read in a scan. */
import type { FieldTable } from "./field-table.ts";
import { list, passAddresses, passCallId, passText, passValues, passWords, star, unique } from "./rows.ts";
import { passVias, type ViaCount } from "./via.ts";
import type { Finding } from "./violations.ts";

// One number by field id.
export const asText = 0;
const asValues = 1;
const asWords = 2;
const asAddresses = 3;
const asAddress = 4;
const asContact = 5;
/** From and To. */
const asParty = 6;
const asVia = 7;
const asCallId = 8;
/** Added where the field may stand once. */
export const asSingle = 16;
/** Added for each field that a message must have, one bit each: Via, From, To, Call-ID, CSeq (RFC 3261 8.1.1). */
export const mandatory = 0x3e0;
const firstMandatory = 0x20;

/** What a scan knows when it comes to a row's value. */
export interface RowContext extends Finding, ViaCount {
  readonly isRequest: boolean;
}

/** Passes over a value as the functions of `rows.ts` do. */
export function passValue(at: number, kind: number, context: RowContext): number {
  switch (kind & (asSingle - 1)) {
    case asText:
      return passText(at, context);
    case asValues:
      return passValues(at, context);
    case asWords:
      return passWords(at, context);
    case asAddresses:
      return passAddresses(at, context, list);
    case asAddress:
      return passAddresses(at, context, 0);
    case asContact:
      return passAddresses(at, context, list | star);
    case asParty:
      return passAddresses(at, context, unique);
    case asVia:
      return passVias(at, context, context.isRequest);
    default:
      return passCallId(at, context);
  }
}

/** The kind of each field by its id, 0 being an unknown one. */
export function kindsOf(table: FieldTable): Uint16Array {
  const { via, from, to, callId, cseq } = table.core;
  const kinds = Uint16Array.from(
    { length: table.size + 1 },
    (_, id) => kindOf(table, id) + (table.single(id) ? asSingle : 0),
  );
  [via, from, to, callId, cseq].forEach((id, index) => {
    kinds[id]! += firstMandatory << index;
  });
  return kinds;
}

function kindOf(table: FieldTable, id: number): number {
  const { via, from, to, contact, callId, inReplyTo } = table.core;
  if (id === via) return asVia;
  if (id === from || id === to) return asParty;
  if (id === contact) return asContact;
  if (id === callId) return asCallId;
  // Its words may hold quotes (RFC 3261 25.1: callid).
  if (id === inReplyTo) return asText;
  switch (table.shape(id)) {
    case "value":
    case "values":
      return asValues;
    case "tokens":
    case "priv-values":
      return asWords;
    case "address":
      return asAddress;
    case "addresses":
      return asAddresses;
    case "text":
      return asText;
  }
}
