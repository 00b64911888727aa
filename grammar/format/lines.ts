/** Words and comments → lines of text: where a blank stands, where a long line is broken. */
import type { Comment, Token } from "../reading/lexer.ts";
import { blockLines } from "../tree/leaves.ts";

/** A line longer than this is broken where it can be. */
const widest = 100;
/** What follows a break is indented by this much more than its line. */
const hanging = 2;
/** What a block's lines are indented by. */
const blockIndent = 4;

/** A long line breaks before the first of these kinds of words that helps, at last behind a comma. */
const breaks: readonly ReadonlySet<string>[] = [
  new Set(["when", "unless", "because"]),
  new Set(["and", "or", "where", "except"]),
];

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
  const hang = " ".repeat(indent + hanging);
  const lines = [continued ? hang : " ".repeat(indent)];
  let before: string | undefined;

  const append = (text: string, first: string): void => {
    lines[lines.length - 1] += before !== undefined && blankBetween(before, first) ? ` ${text}` : text;
  };
  const fill = (part: readonly string[], tier: number): void => {
    for (const segment of segmentsOf(part, tier)) {
      const text = joined(segment);
      const length = text.split("\n", 1)[0]!.length;
      const fits = lines.at(-1)!.length + 1 + length <= widest;
      const fitsBelow = hang.length + length <= widest;
      if (!fits && !fitsBelow && tier < breaks.length) {
        fill(segment, tier + 1);
        continue;
      }
      if (fits || before === undefined) append(text, segment[0]!);
      else lines.push(hang + text);
      before = segment.at(-1);
    }
  };
  fill(words, 0);
  return lines;
}

/** Words between which no line breaks at this tier. */
function segmentsOf(words: readonly string[], tier: number): readonly (readonly string[])[] {
  const segments: string[][] = [];
  for (const [index, word] of words.entries()) {
    const opens = tier < breaks.length ? breaks[tier]!.has(word) : words[index - 1] === ",";
    if (index === 0 || opens) segments.push([]);
    segments.at(-1)!.push(word);
  }
  return segments;
}

function joined(words: readonly string[]): string {
  return words.map((word, at) => (at > 0 && blankBetween(words[at - 1]!, word) ? ` ${word}` : word)).join("");
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
