/**
 * Finds the end of a message head and its Content-Length while the bytes still arrive.
 * Line ends that have been looked for are not looked for again. Only what decides the
 * framing is checked here: the scan checks the rest, and closes the stream as well.
 */
import { CR, digit, HTAB, LF, lowerCase, SP } from "./characters.ts";
import type { RuleName } from "./violations.ts";

const longName = Uint8Array.from("content-length", (character) => character.charCodeAt(0));
const COLON = 0x3a;
/** Letters with which the names begin, long and compact, in lower case. */
const C = 0x63;
const L = 0x6c;

export class HeadReader {
  /** Behind the empty line, once `complete`. */
  end = 0;
  contentLength = -1;
  /** Set where the answer is "broken". */
  found: RuleName | undefined;
  foundAt = 0;
  /** The first byte of a message has come. */
  begun = false;
  complete = false;
  /** From here on the next line end is looked for. */
  #from = 0;
  /** Where the current row begins; the start line is the first. */
  #rowStart = 0;
  #isStartLine = true;

  reset(): void {
    this.begun = this.complete = false;
    this.contentLength = -1;
    this.found = undefined;
    this.#isStartLine = true;
  }

  /** The bytes have been moved by `distance`. */
  shift(distance: number): void {
    this.end += distance;
    this.#from += distance;
    this.#rowStart += distance;
  }

  /**
   * Reads on in `b[start, end)`, whose first byte is that of the message. "more": the end
   * of the head has not come. "broken": `found` says why.
   */
  read(b: Buffer, start: number, end: number): "more" | "done" | "broken" {
    if (this.complete) return "done";
    if (!this.begun) {
      this.begun = true;
      this.#from = this.#rowStart = start;
    }
    for (;;) {
      const lf = b.indexOf(LF, this.#from);
      if (lf < 0 || lf >= end) {
        this.#from = end;
        return "more";
      }
      const rowStart = this.#rowStart;
      if (lf === rowStart || b[lf - 1]! !== CR) return this.#breaks("bare-lf", lf);
      if (lf === rowStart + 1) {
        if (this.contentLength < 0) return this.#breaks("content-length-missing", rowStart);
        this.end = lf + 1;
        this.complete = true;
        return "done";
      }
      // A row's end shows only by the byte behind it: a blank there is a fold.
      if (lf + 1 >= end) {
        this.#from = lf;
        return "more";
      }
      const next = b[lf + 1]!;
      this.#from = lf + 1;
      if (next === SP || next === HTAB) continue;
      if (this.#isStartLine) {
        this.#isStartLine = false;
      } else {
        const initial = b[rowStart]! | 0x20;
        if ((initial === C || initial === L) && !this.#readRow(b, rowStart, lf - 1)) return "broken";
      }
      this.#rowStart = lf + 1;
    }
  }

  /** Looks at a row that may be Content-Length, and whose CR stands at `cr`; false where a rule is broken. */
  #readRow(b: Buffer, start: number, cr: number): boolean {
    let i = start + 1;
    if ((b[start]! | 0x20) === C) {
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
    if (i === stop) return this.#breaks("content-length", start) !== "broken";
    let value = 0;
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
