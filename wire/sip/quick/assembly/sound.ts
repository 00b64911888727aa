/** What `completeness.ts` asks of single values, as far as they are written plainly. */
import { headAt } from "../layout";
import { byte, pastMembers, pastSpaces, token } from "./bytes";

/** So many digits stay below 2^31, whatever they are. */
const safeDigits: usize = 9;

function pastDigits(at: usize): usize {
  let i = at;
  while (byte(i) - 0x30 < 10) i++;
  return i;
}

export function isNumber(start: usize, end: usize): bool {
  return pastDigits(start) == end && end > start && end - start <= safeDigits;
}

/** 0 to 255, in at most three digits. */
export function isSmallNumber(start: usize, end: usize): bool {
  const digits = end - start;
  if (pastDigits(start) != end || digits == 0 || digits > 3) return false;
  if (digits < 3) return true;
  return (byte(start) - 0x30) * 100 + (byte(start + 1) - 0x30) * 10 + byte(start + 2) - 0x30 <= 255;
}

/**
 * A number, blanks, and the method of the request, which ends at `methodEnd` of the head;
 * in a response (0) any method without small letters, which might be another's in disguise.
 */
export function isSequenceOf(start: usize, end: usize, methodEnd: u32): bool {
  const number = pastDigits(start);
  const method = pastSpaces(number);
  if (number == start || number - start > safeDigits || method == number || method == end) return false;
  if (pastMembers(method, token) != end) return false;
  if (methodEnd != 0 && end - method != methodEnd) return false;
  for (let i = method; i < end; i++) {
    const c = byte(i);
    if (c >= 0x61 || (methodEnd != 0 && c != byte(headAt + (i - method)))) return false;
  }
  return true;
}

/** `type/subtype`, and then nothing or parameters (RFC 3261 20.15). */
export function isMediaType(start: usize, end: usize): bool {
  const slash = pastMembers(start, token);
  if (slash == start || byte(slash) != 0x2f) return false;
  const subtype = slash + 1;
  const behind = pastMembers(subtype, token);
  if (behind == subtype) return false;
  const next = pastSpaces(behind);
  return next >= end || byte(next) == 0x3b;
}
