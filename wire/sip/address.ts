import { isBlank, trimmedEnd } from "./blanks.ts";
import { GREATER, LESS, QUOTE, SEMICOLON } from "./characters.ts";
import { behindQuoted } from "./parameters.ts";

/**
 * The parts of one address value: name-addr or addr-spec, then parameters (RFC 3261 20,
 * 25.1). Without angle brackets everything from the first `;` on belongs to the header
 * field, not to the URI. An object is made once and read again and again.
 */
export class AddressReader {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  /** Display name, with its quotes; -1 if there is none. */
  nameStart = -1;
  nameEnd = -1;
  /** Without angle brackets. The `*` of a Contact is a span of one byte, and no URI. */
  uriStart = -1;
  uriEnd = -1;
  bracketed = false;
  /** Behind the `>`, or behind the URI. */
  addressEnd = -1;
  /** Where the parameters begin, with the blanks before the first `;`: equal to `addressEnd`. */
  parametersStart = -1;
  end = 0;

  /** False where `bytes[start, end)`, one value without blanks around it, is no address. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.nameStart = this.nameEnd = this.uriStart = this.uriEnd = -1;
    this.addressEnd = this.parametersStart = -1;
    this.bracketed = false;
    if (start >= end) return false;

    let i = start;
    if (bytes[i]! === QUOTE) {
      i = behindQuoted(bytes, i, end);
      this.nameStart = start;
      this.nameEnd = i;
      while (i < end && isBlank(bytes[i]!)) i++;
      if (i >= end || bytes[i]! !== LESS) return false;
    } else {
      while (i < end && bytes[i]! !== LESS && bytes[i]! !== SEMICOLON && bytes[i]! !== QUOTE) i++;
      if (i < end && bytes[i]! === QUOTE) return false;
      if (i < end && bytes[i]! === LESS && i > start) {
        this.nameStart = start;
        this.nameEnd = trimmedEnd(bytes, start, i);
      }
    }
    if (i < end && bytes[i]! === LESS) {
      this.bracketed = true;
      this.uriStart = i + 1;
      while (i < end && bytes[i]! !== GREATER) i++;
      if (i >= end) return false;
      this.uriEnd = i;
      this.addressEnd = i + 1;
    } else {
      this.uriStart = start;
      this.uriEnd = this.addressEnd = trimmedEnd(bytes, start, i);
    }
    this.parametersStart = this.addressEnd;
    return this.uriEnd > this.uriStart;
  }
}
