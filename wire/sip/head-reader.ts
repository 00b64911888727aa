/**
 * Finds the end of a message head and its Content-Length while the bytes still arrive.
 * Bytes already looked at are not looked at again. Only what decides the framing is
 * checked here; the scan checks the rest.
 */
import { BACKSLASH, COLON, CR, digit, HTAB, LF, lowerCase, SP, text } from "./characters.ts";
import type { RuleName } from "./violations.ts";

const longName = Uint8Array.from("content-length", (character) => character.charCodeAt(0));

export class HeadReader {
  /** Behind the empty line, once `complete`. */
  end = 0;
  contentLength = -1;
  /** Set where the answer is "broken". */
  found: RuleName | undefined;
  foundAt = 0;
  /** Some byte of the head has been looked at. */
  begun = false;
  complete = false;
  #at = 0;
  /** Where the current row begins; the start line is the first. */
  #rowStart = 0;
  #rows = 0;

  reset(): void {
    this.begun = this.complete = false;
    this.contentLength = -1;
    this.found = undefined;
    this.#rows = 0;
  }

  /** The bytes have been moved by `distance`. */
  shift(distance: number): void {
    this.end += distance;
    this.#at += distance;
    this.#rowStart += distance;
  }

  /**
   * Reads on in `b[start, end)`, whose first byte is that of the message. "more": the end
   * of the head has not come. "broken": `found` says why.
   */
  read(b: Uint8Array, start: number, end: number): "more" | "done" | "broken" {
    if (this.complete) return "done";
    if (!this.begun) {
      this.begun = true;
      this.#at = this.#rowStart = start;
    }
    let i = this.#at;
    for (;;) {
      while (i < end && text[b[i]!]! === 1) i++;
      if (i >= end) break;
      const c = b[i]!;
      if (c === CR) {
        // A row's end shows only by the byte behind it: a blank there is a fold.
        if (i + 2 >= end && !(i + 1 < end && i === this.#rowStart)) {
          if (i + 1 < end && b[i + 1]! !== LF) return this.#breaks("bare-cr", i);
          break;
        }
        if (b[i + 1]! !== LF) return this.#breaks("bare-cr", i);
        if (i === this.#rowStart) {
          if (this.contentLength < 0) return this.#breaks("content-length-missing", i);
          this.end = i + 2;
          this.complete = true;
          return "done";
        }
        const next = b[i + 2]!;
        if (next === SP || next === HTAB) {
          i += 3;
          continue;
        }
        if (!this.#readRow(b, this.#rowStart, i)) return "broken";
        i += 2;
        this.#rowStart = i;
      } else if (c === HTAB) {
        i++;
      } else if (c === LF) {
        return this.#breaks("bare-lf", i);
      } else if (b[i - 1] === BACKSLASH && i > start) {
        // Perhaps escaped in a quoted string: the scan knows.
        i++;
      } else {
        return this.#breaks("control-character", i);
      }
    }
    this.#at = i;
    return "more";
  }

  /** Looks at one row, whose CR stands at `cr`; false where a rule is broken. */
  #readRow(b: Uint8Array, start: number, cr: number): boolean {
    if (this.#rows++ === 0) return true;
    const first = b[start]! | 0x20;
    if (first !== 0x63 && first !== 0x6c) return true;
    let i = start + 1;
    if (first === 0x63) {
      let letter = 1;
      while (letter < longName.length && lowerCase[b[i]!]! === longName[letter]!) {
        i++;
        letter++;
      }
      if (letter < longName.length) return true;
    }
    while (b[i]! === SP || b[i]! === HTAB) i++;
    if (b[i]! !== COLON) return true;
    i++;
    if (this.contentLength >= 0) return this.#breaks("content-length-repeated", start) !== "broken";
    while (i < cr && isLws(b[i]!)) i++;
    let stop = cr;
    while (stop > i && isLws(b[stop - 1]!)) stop--;
    let value = 0;
    if (i === stop) return this.#breaks("content-length", start) !== "broken";
    for (; i < stop; i++) {
      if (digit[b[i]!]! === 0) return this.#breaks("content-length", start) !== "broken";
      value = Math.min(value * 10 + b[i]! - 0x30, Number.MAX_SAFE_INTEGER);
    }
    this.contentLength = value;
    return true;
  }

  #breaks(rule: RuleName, at: number): "broken" {
    this.found = rule;
    this.foundAt = at;
    return "broken";
  }
}

function isLws(c: number): boolean {
  return c === SP || c === HTAB || c === CR || c === LF;
}
