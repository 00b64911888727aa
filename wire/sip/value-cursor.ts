import { isBlank } from "./blanks.ts";
import { COMMA, LESS, QUOTE, SEMICOLON } from "./characters.ts";
import type { ValueShape } from "./field-table.ts";
import { behindBracket, behindQuoted } from "./parameters.ts";

/**
 * Splits the value of one row by its field's shape (RFC 3261 7.3.1): lists at commas that
 * stand outside quoted strings and `<…>`, tokens at every comma, priv-values at semicolons
 * and commas (RFC 3323 4.2; a comma there is malformed, and read as what was meant). Empty
 * elements are passed over. An object is made once and reset again and again.
 */
export class ValueCursor {
  bytes: Uint8Array = new Uint8Array(0);
  /** Without blanks and folds around it. */
  start = -1;
  end = -1;
  #at = 0;
  #limit = 0;
  #shape: ValueShape = "text";

  reset(bytes: Uint8Array, start: number, end: number, shape: ValueShape): void {
    this.bytes = bytes;
    this.#at = start;
    this.#limit = end;
    this.#shape = shape;
    this.start = this.end = -1;
  }

  next(): boolean {
    const b = this.bytes;
    const limit = this.#limit;
    let i = this.#at;
    while (i < limit) {
      const from = i;
      i = this.#elementEnd(b, i, limit);
      let start = from;
      let end = i;
      while (start < end && isBlank(b[start]!)) start++;
      while (end > start && isBlank(b[end - 1]!)) end--;
      i++;
      if (start < end) {
        this.start = start;
        this.end = end;
        this.#at = i;
        return true;
      }
    }
    this.#at = limit;
    return false;
  }

  #elementEnd(b: Uint8Array, at: number, limit: number): number {
    let i = at;
    switch (this.#shape) {
      case "text":
      case "value":
      case "address":
        return limit;
      case "tokens":
        while (i < limit && b[i]! !== COMMA) i++;
        return i;
      case "priv-values":
        while (i < limit && b[i]! !== SEMICOLON && b[i]! !== COMMA) i++;
        return i;
      case "values":
      case "addresses":
        while (i < limit) {
          const c = b[i]!;
          if (c === COMMA) return i;
          if (c === QUOTE) i = behindQuoted(b, i, limit);
          else if (c === LESS) i = behindBracket(b, i, limit);
          else i++;
        }
        return limit;
    }
  }
}
