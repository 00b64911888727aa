/** Words and comments → lines of text: where a blank stands, where a long line is broken. */
import type { Comment, Token } from "../lexer.ts";
import { blockLines } from "../tree/leaves.ts";

/** A line longer than this is broken where it can be. */
const widest = 100;
/** What follows a break is indented by this much more than its line. */
const hanging = 2;
/** What a block's lines are indented by. */
const blockIndent = 4;

/** A long line may break before these. */
const breaksBefore: ReadonlySet<string> = new Set(["and", "or", "when", "unless", "because", "where", "except"]);

export class LineWriter {
  readonly #lines: string[] = [];
  #words: string[] = [];
  #indent = 0;
  /** The line begun goes on one that a comment ended. */
  #continued = false;
  /** The last word was an opening brace. */
  #opened = false;

  /** Ends the line begun, if any, and begins one. */
  beginLine(indent: number): void {
    this.endLine();
    this.#indent = indent;
    this.#continued = false;
  }

  endLine(): void {
    if (this.#words.length > 0) this.#lines.push(...fold(this.#words, this.#indent, this.#continued));
    this.#words = [];
  }

  /** One empty line, unless it would be the first, or follow another, or an opening brace. */
  blankLine(): void {
    if (this.#opened) return;
    this.endLine();
    const last = this.#lines.at(-1);
    if (last !== undefined && last !== "") this.#lines.push("");
  }

  word(token: Token): void {
    this.#words.push(token.type === "block" ? movedBlock(token) : token.text);
    this.#opened = token.type === "punctuation" && token.text === "{";
  }

  /** Behind the words of the line begun; what follows must go on below. */
  trailingComment({ text }: Comment): void {
    const folded = fold(this.#words, this.#indent, this.#continued);
    const last = folded.pop();
    this.#lines.push(...folded, last === undefined ? text : `${last} ${text}`);
    this.#words = [];
    this.#continued = true;
  }

  /** On a line of its own; in the middle of a sentence it hangs like the rest of it. */
  ownComment({ text }: Comment, indent: number | undefined): void {
    this.endLine();
    this.#opened = false;
    if (indent === undefined) this.#continued = true;
    this.#lines.push(`${" ".repeat(indent ?? this.#indent + hanging)}${text}`);
  }

  toString(): string {
    this.endLine();
    while (this.#lines.at(-1) === "") this.#lines.pop();
    return this.#lines.length === 0 ? "" : `${this.#lines.join("\n")}\n`;
  }
}

/** Words with blanks between them, on as few lines as are needed. */
function fold(words: readonly string[], indent: number, continued: boolean): string[] {
  const lines: string[] = [];
  const hang = " ".repeat(indent + hanging);
  let line = continued ? hang : " ".repeat(indent);
  /** No word stands on the line yet. */
  let empty = true;
  for (let index = 0; index < words.length; ) {
    const length = chunkLength(words, index);
    let text = "";
    for (const [at, word] of words.slice(index, index + length).entries())
      text += at > 0 && blankBetween(words[index + at - 1]!, word) ? ` ${word}` : word;
    const space = !empty && blankBetween(words[index - 1]!, text) ? " " : "";
    const firstLine = text.split("\n", 1)[0]!;
    if (!empty && line.length + space.length + firstLine.length > widest) {
      lines.push(line);
      line = hang + text;
    } else {
      line += space + text;
    }
    empty = false;
    index += length;
  }
  lines.push(line);
  return lines;
}

/** Words from `index` on between which no line breaks. */
function chunkLength(words: readonly string[], index: number): number {
  let length = 1;
  while (index + length < words.length) {
    const before = words[index + length - 1]!;
    if (before === "," || breaksBefore.has(words[index + length]!)) break;
    length++;
  }
  return length;
}

function blankBetween(before: string, after: string): boolean {
  return after !== "," && after !== ")" && before !== "(";
}

/** A block's lines, moved to the formatter's indentation as a whole; what they say stays the same. */
function movedBlock(token: Token): string {
  const pad = " ".repeat(blockIndent);
  const moved = blockLines(token).map((line) => (line === "" ? "" : pad + line));
  return ['"""', ...moved, `${pad}"""`].join("\n");
}
