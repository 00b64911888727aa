import { CR, EQUALS, LF } from "./characters.ts";

/**
 * Walks over the lines of an SDP body (RFC 4566 5). Lines end in CRLF or LF; a CR that
 * stands alone ends one too, so that nothing can hide behind it, and sets `malformed`.
 */
export class SdpCursor {
  bytes: Uint8Array = new Uint8Array(0);
  start = -1;
  /** The type letter, or 0 where the line is not `letter=…`. */
  letter = 0;
  valueStart = -1;
  /** Without the line end. */
  valueEnd = -1;
  /** Behind the line end. */
  end = -1;
  /** A bare CR or a NUL has been met: readers may disagree about the lines. */
  malformed = false;
  #at = 0;
  #limit = 0;

  reset(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.#at = start;
    this.#limit = end;
    this.malformed = false;
    this.letter = 0;
    this.start = this.valueStart = this.valueEnd = this.end = -1;
  }

  next(): boolean {
    const b = this.bytes;
    const limit = this.#limit;
    const start = this.#at;
    if (start >= limit) return false;
    let i = start;
    while (i < limit && b[i]! !== CR && b[i]! !== LF) {
      if (b[i]! === 0) this.malformed = true;
      i++;
    }
    this.start = start;
    this.valueEnd = i;
    if (i < limit && b[i]! === CR) {
      i++;
      if (i < limit && b[i]! === LF) i++;
      else this.malformed = true;
    } else if (i < limit) {
      i++;
    }
    this.end = i;
    this.#at = i;
    const typed = this.valueEnd - start >= 2 && b[start + 1]! === EQUALS;
    this.letter = typed ? b[start]! : 0;
    this.valueStart = typed ? start + 2 : start;
    return true;
  }
}
