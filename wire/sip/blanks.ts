import { CR, HTAB, LF, SP } from "./characters.ts";

/** A byte of LWS (RFC 3261 25.1): blanks, and the line ends of folds. */
export function isBlank(c: number): boolean {
  return c === SP || c === HTAB || c === CR || c === LF;
}

/** The end of `b[start, end)` without the blanks and folds behind it. */
export function trimmedEnd(b: Uint8Array, start: number, end: number): number {
  let i = end;
  while (i > start && isBlank(b[i - 1]!)) i--;
  return i;
}
