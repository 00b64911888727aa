/**
 * The first letters of the parameters that have been passed over in a row, gathered on the
 * way: who looks for a parameter need not read a row that has none with its letter.
 */

/** Bits 1 to 26 stand for a letter in either case, bit 31 for header fields of a URI (`?`). */
export const initials: { seen: number } = { seen: 0 };

/** What can't be told: an escape, a fold, parameters inside a user part. */
export const anyInitial = -1;
export const uriHeadersInitial: number = 1 << 31;

/** The bit of the byte behind a semicolon. */
export function initialOf(byte: number): number {
  // Blanks and line ends may stand before the name; `%` may stand for a letter (RFC 3261 19.1.4).
  return byte <= 0x20 || byte === 0x25 ? anyInitial : 1 << (byte & 31);
}
