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
  #lines: readonly number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** Counted when they are first asked for: of a partner list with a million nobody may ever want one. */
  get #lineStarts(): readonly number[] {
    if (this.#lines === undefined) {
      const lines = [0];
      for (let at = this.text.indexOf("\n"); at !== -1; at = this.text.indexOf("\n", at + 1))
        lines.push(at + 1);
      this.#lines = lines;
    }
    return this.#lines;
  }

  get lineCount(): number {
    return this.#lineStarts.length;
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#lineStarts[low]! + 1 };
  }

  /** A line's text, counted from 1, without its end. */
  line(number: number): string {
    const start = this.#lineStarts[number - 1];
    if (start === undefined) return "";
    const text = this.text.slice(start, this.#lineStarts[number] ?? this.text.length);
    return text.replace(/\r?\n$/, "");
  }

  /** Offset of a line's first character, the line counted from 1. */
  lineStart(number: number): number {
    return this.#lineStarts[number - 1] ?? this.text.length;
  }

  origin(span: Span): Origin {
    return { file: this.file, ...this.position(span.start), length: span.end - span.start };
  }
}
