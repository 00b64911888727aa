/** How the value of each field's row is read in a scan. */
import type { FieldTable } from "./field-table.ts";
import * as kinds from "./kinds.ts";
import { list, passAddresses, passCallId, passText, passValues, passWords, star, unique } from "./rows.ts";
import { passVias, type ViaCount } from "./via.ts";
import type { Finding } from "./violations.ts";

/** What a scan knows when it comes to a row's value. */
export interface RowContext extends Finding, ViaCount {
  readonly isRequest: boolean;
}

const { asText, asValues, asWords, asAddresses, asAddress, asContact, asParty, asVia, asCallId, manner } =
  kinds;

/** Passes over a value as the functions of `rows.ts` do. */
export function passValue(at: number, kind: number, context: RowContext): number {
  switch (kind & manner) {
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
  const { via, from, to, callId, cseq, maxForwards, contentType, contentLength } = table.core;
  const all = Uint16Array.from(
    { length: table.size + 1 },
    (_, id) => kindOf(table, id) + (table.single(id) ? kinds.asSingle : 0),
  );
  [via, from, to].forEach((id, index) => {
    all[id]! += kinds.firstMandatory << index;
  });
  all[callId]! += kinds.isCallId;
  all[cseq]! += kinds.isSequence;
  all[maxForwards]! += kinds.isMaxForwards;
  all[contentType]! += kinds.isContentType;
  all[contentLength]! += kinds.isContentLength;
  return all;
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
