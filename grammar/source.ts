import type { Origin } from "./model.ts";
import type { Span } from "./syntax.ts";

/** A line and a column, both counted from 1; columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One file of policy text. `file` is the name by which diagnostics call it. */
export class Source {
  readonly file: string;
  readonly text: string;
  /** Offset of each line's first character. */
  readonly #lines: readonly number[];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    const lines = [0];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines.push(at + 1);
    this.#lines = lines;
  }

  get lineCount(): number {
    return this.#lines.length;
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lines[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#lines[low]! + 1 };
  }

  /** A line's text, counted from 1, without its end. */
  line(number: number): string {
    const start = this.#lines[number - 1];
    if (start === undefined) return "";
    const text = this.text.slice(start, this.#lines[number] ?? this.text.length);
    return text.replace(/\r?\n$/, "");
  }

  /** Offset of a line's first character, the line counted from 1. */
  lineStart(number: number): number {
    return this.#lines[number - 1] ?? this.text.length;
  }

  origin(span: Span): Origin {
    return { file: this.file, ...this.position(span.start), length: span.end - span.start };
  }
}
