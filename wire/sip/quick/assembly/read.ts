/**
 * The quick reading of a message's head: what nearly every message looks like, with all
 * the checks of the careful one (`scan.ts`), sixteen bytes at a time. It says 0 to all
 * else, and finds no faults: whatever it doesn't read is read with care.
 */

import {
  asAddress,
  asAddresses,
  asContact,
  asParty,
  asText,
  asValues,
  asVia,
  asWords,
  isCallId,
  isContentLength,
  isContentType,
  isMaxForwards,
  isSequence,
  mandatory,
  manner,
} from "../../kinds";
import {
  atHeadEnd,
  atLongest,
  atMethodEnd,
  atPresent,
  atRowCount,
  atRows,
  atStatus,
  atUriEnd,
  atUriInitials,
  atUriStart,
  atVias,
  callIdAtMost,
  columnField,
  columnInitials,
  columnNameEnd,
  columnRowEnd,
  columnStart,
  columnValueEnd,
  columnValueStart,
  entryField,
  entryKind,
  headAt,
  methodAtMost,
  resultAt,
  rowsAtMost,
  unknownNameAtMost,
  uriAtMost,
} from "../layout";
import { byte, pastMembers, token, untilControl } from "./bytes";
import { forget, seen } from "./initials";
import { expect, findName, following, holdsAllNames, isNamed } from "./names";
import { isMediaType, isNumber, isSequenceOf, isSmallNumber } from "./sound";
import { pastUri } from "./uri";
import {
  forgetVias,
  pastAddresses,
  pastCallId,
  pastTextRow,
  pastValues,
  pastVias,
  pastWords,
  vias,
} from "./values";

function tell(index: u32, value: u32): void {
  store<u32>(resultAt + (index << 2), value);
}

function offset(at: usize): u32 {
  return <u32>(at - headAt);
}

function enter(column: u32, row: u32, value: u32): void {
  store<u32>(resultAt + ((atRows + column * rowsAtMost + row) << 2), value);
}

/**
 * Reads the `length` bytes of the head, with the names of the region at `names`, of which
 * `unknown` is the entry of any name that it lacks. True where all is read and told.
 */
export function read(length: u32, names: usize, unknown: usize): bool {
  forget();
  forgetVias();
  const isResponse = load<u64>(headAt) == 0x20302e322f504953; // "SIP/2.0 "
  let at = isResponse ? pastStatusLine() : pastRequestLine();
  if (at == 0) return false;
  let entry = unknown;
  let row: u32 = 0;
  let present: u32 = 0;
  let longest: u32 = 0;
  while (true) {
    const previous = entry;
    entry = following(previous);
    let nameEnd: usize;
    if (entry != 0 && isNamed(at, entry)) {
      nameEnd = at + load<u32>(entry, 8);
    } else {
      nameEnd = pastMembers(at, token);
      if (byte(nameEnd) != 0x3a || nameEnd == at) {
        if (load<u16>(at) != 0x0a0d || offset(at) + 2 > length) return false;
        if ((present & mandatory) != mandatory || vias == 0) return false;
        tell(atRowCount, row);
        tell(atHeadEnd, offset(at));
        tell(atVias, vias);
        tell(atPresent, present);
        tell(atLongest, longest);
        return true;
      }
      entry = findName(names, at, nameEnd);
      if (entry == 0) {
        if (!holdsAllNames(names) || nameEnd - at > <usize>unknownNameAtMost) return false;
        entry = unknown;
      } else {
        expect(previous, entry);
      }
    }
    if (row == rowsAtMost) return false;
    forget();
    const kind = load<u32>(entry, entryKind);
    const value = nameEnd + 1;
    const cr = pastValue(value, kind, !isResponse);
    if (cr == 0) return false;
    const size = <u32>(cr - value);
    longest = max(longest, size);
    enter(columnField, row, load<u32>(entry, entryField));
    enter(columnInitials, row, seen);
    enter(columnStart, row, offset(at));
    enter(columnNameEnd, row, offset(nameEnd));
    let start = value;
    while (byte(start) == 0x20) start++;
    let end = cr;
    while (byte(end - 1) == 0x20 && end > start) end--;
    enter(columnValueStart, row, offset(start));
    enter(columnValueEnd, row, offset(end));
    if (end > start) present |= kind;
    if ((kind & looked) != 0 && !isSound(kind, start, end)) return false;
    at = cr + 2;
    enter(columnRowEnd, row, offset(at));
    row++;
  }
}

function pastValue(at: usize, kind: u32, isRequest: bool): usize {
  switch (kind & manner) {
    case asText:
      return pastTextRow(at);
    case asValues:
      return pastValues(at);
    case asWords:
      return pastWords(at);
    case asAddresses:
      return pastAddresses(at, true, false, false);
    case asAddress:
      return pastAddresses(at, false, false, false);
    case asContact:
      return pastAddresses(at, true, true, false);
    case asParty:
      return pastAddresses(at, false, false, true);
    case asVia:
      return pastVias(at, isRequest);
    default:
      return pastCallId(at);
  }
}

/** Fields whose value is looked at before the message is accepted, as `completeness.ts` does. */
const looked: u32 = isCallId | isSequence | isMaxForwards | isContentType | isContentLength;

function isSound(kind: u32, start: usize, end: usize): bool {
  if ((kind & isSequence) != 0) return isSequenceOf(start, end, load<u32>(resultAt + (atMethodEnd << 2)));
  if ((kind & isContentLength) != 0) return isNumber(start, end);
  if ((kind & isMaxForwards) != 0) return isSmallNumber(start, end);
  if ((kind & isContentType) != 0) return isMediaType(start, end);
  return end - start <= <usize>callIdAtMost;
}

function pastRequestLine(): usize {
  const methodEnd = pastMembers(headAt, token);
  const uri = methodEnd + 1;
  if (byte(methodEnd) != 0x20 || methodEnd == headAt || methodEnd - headAt > <usize>methodAtMost) return 0;
  const uriEnd = pastUri(uri, false);
  if (uriEnd == 0 || uriEnd - uri > <usize>uriAtMost) return 0;
  // " SIP/2.0" and the line's end.
  if (load<u64>(uriEnd) != 0x302e322f50495320 || load<u16>(uriEnd, 8) != 0x0a0d) return 0;
  tell(atMethodEnd, offset(methodEnd));
  tell(atUriStart, offset(uri));
  tell(atUriEnd, offset(uriEnd));
  tell(atUriInitials, seen);
  tell(atStatus, 0);
  return uriEnd + 10;
}

function pastStatusLine(): usize {
  const hundreds = byte(headAt + 8) - 0x30;
  const tens = byte(headAt + 9) - 0x30;
  const ones = byte(headAt + 10) - 0x30;
  if (hundreds < 1 || hundreds > 6 || tens > 9 || ones > 9 || byte(headAt + 11) != 0x20) return 0;
  const cr = untilControl(headAt + 11);
  if (load<u16>(cr) != 0x0a0d) return 0;
  tell(atMethodEnd, 0);
  tell(atUriStart, 0);
  tell(atUriEnd, 0);
  tell(atUriInitials, 0);
  tell(atStatus, hundreds * 100 + tens * 10 + ones);
  return cr + 2;
}
