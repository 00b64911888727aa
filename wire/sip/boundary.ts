/**
 * The lines that part a multipart (RFC 2046 5.1.1): `--boundary`, or `--boundary--` behind
 * the last part, then blanks and the line end.
 */
import { CR, HTAB, LF, SP } from "./characters.ts";

const DASH = 0x2d;

export interface Delimiter {
  /** From the line end before the dashes. */
  readonly start: number;
  /** Behind the delimiter's own line end. */
  readonly end: number;
  readonly closes: boolean;
}

/** Finds the delimiters of one multipart, whose content is `bytes[first, end)`. */
export class DelimiterSearch {
  readonly #bytes: Buffer;
  readonly #first: number;
  readonly #end: number;
  readonly #dashed: Buffer;

  constructor(bytes: Uint8Array, first: number, end: number, boundary: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, end);
    this.#first = first;
    this.#end = end;
    this.#dashed = Buffer.from(`--${boundary}`, "latin1");
  }

  /**
   * The next delimiter from `from` on. "doubtful": a line begins like one and goes on, which
   * RFC 2046 5.1.2 lets a reader take for one, or a bare CR stands before it.
   */
  next(from: number): Delimiter | "none" | "doubtful" {
    const b = this.#bytes;
    for (let at = b.indexOf(this.#dashed, from); at >= 0; at = b.indexOf(this.#dashed, at + 1)) {
      const before = at === this.#first ? LF : b[at - 1]!;
      if (before === CR) return "doubtful";
      if (before === LF) return this.#read(at);
    }
    return "none";
  }

  #read(lineStart: number): Delimiter | "doubtful" {
    const b = this.#bytes;
    const end = this.#end;
    let i = lineStart + this.#dashed.length;
    const closes = i + 1 < end && b[i]! === DASH && b[i + 1]! === DASH;
    if (closes) i += 2;
    while (i < end && (b[i]! === SP || b[i]! === HTAB)) i++;
    if (i === end) return closes ? { start: this.#lineEndBefore(lineStart), end, closes } : "doubtful";
    if (b[i]! === CR && i + 1 < end && b[i + 1]! === LF) i++;
    if (b[i]! !== LF) return "doubtful";
    return { start: this.#lineEndBefore(lineStart), end: i + 1, closes };
  }

  #lineEndBefore(lineStart: number): number {
    if (lineStart === this.#first) return lineStart;
    const lf = lineStart - 1;
    return lf > this.#first && this.#bytes[lf - 1]! === CR ? lf - 1 : lf;
  }
}
