import { isBlank } from "./blanks.ts";
import * as characters from "./characters.ts";

const SEMICOLON = 0x3b;
const SLASH = 0x2f;
const digit = characters.digit;
const token = characters.token;

/** So many digits are a small integer, whatever they are. */
const smallDigits = 9;

/** The value of `1*DIGIT`, up to 2^53 - 1; -1 where the span is anything else or larger. */
export function readNumber(b: Uint8Array, start: number, end: number): number {
  if (start >= end) return -1;
  if (end - start > smallDigits) return readLargeNumber(b, start, end);
  let value = 0;
  for (let i = start; i < end; i++) {
    const figure = b[i]! - 0x30;
    if (figure < 0 || figure > 9) return -1;
    value = (Math.imul(value, 10) + figure) | 0;
  }
  return value;
}

function readLargeNumber(b: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    if (digit[b[i]!]! === 0) return -1;
    value = value * 10 + b[i]! - 0x30;
    if (value > Number.MAX_SAFE_INTEGER) return -1;
  }
  return value;
}

/** `1*DIGIT` whatever its size. */
export function isNumber(b: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (digit[b[i]!]! === 0) return false;
  return start < end;
}

/** `type/subtype` and then parameters or nothing (RFC 3261 20.15, 25.1). */
export function isMediaType(b: Uint8Array, start: number, end: number): boolean {
  let i = start;
  while (i < end && token[b[i]!]! === 1) i++;
  if (i === start) return false;
  while (i < end && isBlank(b[i]!)) i++;
  if (i === end || b[i]! !== SLASH) return false;
  i++;
  while (i < end && isBlank(b[i]!)) i++;
  const subtype = i;
  while (i < end && token[b[i]!]! === 1) i++;
  if (i === subtype) return false;
  while (i < end && isBlank(b[i]!)) i++;
  return i === end || b[i]! === SEMICOLON;
}
