import { isBlank, trimmedEnd } from "./blanks.ts";
import { BACKSLASH, EQUALS, GREATER, LESS, QUESTION, QUOTE, SEMICOLON } from "./characters.ts";

const AMPERSAND = 0x26;

/**
 * Walks over parameters (`;name=value`) or the header fields of a URI (`?name=value&…`).
 * Semicolons inside quoted strings and `<…>` separate nothing. Empty parameters are
 * passed over. An object is made once and reset again and again.
 */
export class ParameterCursor {
  bytes: Uint8Array = new Uint8Array(0);
  /** The separator, with the blanks and folds before it. */
  start = -1;
  nameStart = -1;
  nameEnd = -1;
  /** -1 where there is no `=`; a quoted string keeps its quotes. */
  valueStart = -1;
  valueEnd = -1;
  /** Behind the value or the name; blanks before the next separator are not part of it. */
  end = -1;
  #limit = 0;
  #at = 0;
  #separator = SEMICOLON;

  /** `bytes[start, end)` begins with blanks and a separator: `;` or `?`. */
  reset(bytes: Uint8Array, start: number, end: number, separator: ";" | "&"): void {
    this.bytes = bytes;
    this.#at = start;
    this.#limit = end;
    this.#separator = separator === ";" ? SEMICOLON : AMPERSAND;
    this.start = this.nameStart = this.nameEnd = this.valueStart = this.valueEnd = this.end = -1;
  }

  next(): boolean {
    const b = this.bytes;
    const limit = this.#limit;
    const separator = this.#separator;
    let i = this.#at;
    for (;;) {
      const start = i;
      while (i < limit && isBlank(b[i]!)) i++;
      if (i >= limit) return false;
      const c = b[i]!;
      if (c !== separator && !(separator === AMPERSAND && c === QUESTION)) return false;
      i++;
      while (i < limit && isBlank(b[i]!)) i++;
      const nameStart = i;
      let equals = -1;
      while (i < limit && b[i]! !== separator) {
        const at = b[i]!;
        if (at === EQUALS && equals < 0) equals = i;
        if (at === QUOTE && separator === SEMICOLON) i = behindQuoted(b, i, limit);
        else if (at === LESS && separator === SEMICOLON) i = behindBracket(b, i, limit);
        else i++;
      }
      this.#at = trimmedEnd(b, nameStart, i);
      if (this.#at === nameStart) {
        // Nothing between two separators: the next one begins where this one ended.
        this.#at = i;
        continue;
      }
      this.start = start;
      this.nameStart = nameStart;
      if (equals < 0) {
        this.nameEnd = this.#at;
        this.valueStart = this.valueEnd = -1;
      } else {
        this.nameEnd = trimmedEnd(b, nameStart, equals);
        let value = equals + 1;
        while (value < this.#at && isBlank(b[value]!)) value++;
        this.valueStart = value;
        this.valueEnd = this.#at;
      }
      this.end = this.#at;
      return true;
    }
  }
}

/** Behind the quoted string that begins at `at`; `limit` if it does not end. */
export function behindQuoted(b: Uint8Array, at: number, limit: number): number {
  let i = at + 1;
  while (i < limit) {
    const c = b[i]!;
    if (c === QUOTE) return i + 1;
    i += c === BACKSLASH ? 2 : 1;
  }
  return limit;
}

/** Behind the `>` that closes the bracket at `at`; `limit` if there is none. */
export function behindBracket(b: Uint8Array, at: number, limit: number): number {
  let i = at + 1;
  while (i < limit && b[i]! !== GREATER) i++;
  return Math.min(i + 1, limit);
}
