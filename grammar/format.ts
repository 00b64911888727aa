/**
 * Policy text in its canonical layout. What the text says stays the same: the result is
 * read again, and if it says anything else it is not given out.
 */
import { type Diagnostic, diagnose, hasErrors } from "./diagnostic.ts";
import { layoutOf } from "./format/layout.ts";
import { LineWriter } from "./format/lines.ts";
import { type ParseResult, parse } from "./parse.ts";
import type { Comment, Token } from "./reading/lexer.ts";
import { parseSentence } from "./reading/sentence.ts";
import { cutStatements } from "./reading/statements.ts";
import { Source } from "./source.ts";

export interface FormatResult {
  /** undefined where the text has mistakes, or where the formatter would change what it says. */
  readonly text: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Formats a file. Lines end in LF, whatever they ended in. */
export function format(source: Source): FormatResult {
  return formatWith(source, print);
}

/** As `format`, with another way of printing: a test proves that a false one is found out. */
export function formatWith(
  source: Source,
  printer: (text: string, read: ParseResult) => string,
): FormatResult {
  const before = parse(source);
  if (hasErrors(before.diagnostics)) return { text: undefined, diagnostics: before.diagnostics };
  const text = printer(source.text, before);
  const changed = firstChange(before, parse(new Source(source.file, text)));
  if (changed === undefined) return { text, diagnostics: before.diagnostics };
  const { start, end, statement } = changed;
  return { text: undefined, diagnostics: [diagnose("P1031", source.file, { start, end }, { statement })] };
}

/** The first statement that differs, or the end of the file where a comment is lost. */
function firstChange(
  before: ParseResult,
  after: ParseResult,
): { readonly start: number; readonly end: number; readonly statement: string } | undefined {
  for (const [index, statement] of before.syntax.statements.entries()) {
    if (meaningOf(statement) !== meaningOf(after.syntax.statements[index]))
      return { ...statement.span, statement: statement.kind };
  }
  const comments = (result: ParseResult): string => result.comments.map(({ text }) => text).join("\n");
  const same =
    before.syntax.statements.length === after.syntax.statements.length &&
    after.diagnostics.length === before.diagnostics.length &&
    comments(before) === comments(after);
  return same ? undefined : { start: 0, end: 0, statement: "file" };
}

/** A node without its places, as text that can be compared. */
export function meaningOf(node: unknown): string {
  const keep = (key: string, value: unknown): unknown => {
    if (key === "span") return undefined;
    return typeof value === "number" ? String(value) : value;
  };
  return JSON.stringify(node, keep) ?? "";
}

function print(text: string, { tokens, comments }: ParseResult): string {
  const writer = new LineWriter();
  const printer = new Printer(text, comments, writer);
  let longBefore = false;
  for (const [index, statement] of cutStatements(tokens).entries()) {
    const parsed = parseSentence(statement);
    if ("type" in parsed) throw new Error("a statement without mistakes has a parse");
    const layout = layoutOf(parsed[0]!);
    const long = layout.size > 1;
    printer.startStatement(statement[0]!, index > 0 && (long || longBefore), longBefore);
    for (const token of statement) printer.token(token, layout.get(token));
    longBefore = long;
  }
  printer.rest();
  return writer.toString();
}

/** Puts words and comments in the order of the text. */
class Printer {
  readonly #text: string;
  readonly #comments: readonly Comment[];
  readonly #writer: LineWriter;
  #nextComment = 0;
  /** The end of what was written last. */
  #end = 0;

  constructor(text: string, comments: readonly Comment[], writer: LineWriter) {
    this.#text = text;
    this.#comments = comments;
    this.#writer = writer;
  }

  /**
   * The comments above a statement. Indented ones, before any at the margin, stay with
   * the statement before, if that has an indented body.
   */
  startStatement(first: Token, apart: boolean, bodyBefore: boolean): void {
    let body = bodyBefore;
    let parted = !apart;
    for (const comment of this.#commentsBefore(first.start)) {
      if (!comment.first) {
        this.#trail(comment);
        continue;
      }
      body &&= !this.#isAtMargin(comment);
      if (!body && !parted) {
        this.#writer.blankLine();
        parted = true;
      }
      this.#own(comment, body ? 2 : 0);
    }
    if (!parted) this.#writer.blankLine();
  }

  token(token: Token, indent: number | undefined): void {
    for (const comment of this.#commentsBefore(token.start)) {
      if (!comment.first) this.#trail(comment);
      else if (token.text === "}" && indent !== undefined) this.#own(comment, indent + 2);
      else this.#own(comment, indent);
    }
    if (indent !== undefined) {
      if (token.text !== "}") this.#keepBlank(token.start);
      this.#writer.beginLine(indent);
    }
    this.#writer.word(token);
    this.#end = token.end;
  }

  /** The comments behind the last statement. */
  rest(): void {
    for (const comment of this.#commentsBefore(Number.POSITIVE_INFINITY)) {
      if (comment.first) this.#own(comment, this.#isAtMargin(comment) ? 0 : 2);
      else this.#trail(comment);
    }
  }

  *#commentsBefore(offset: number): Generator<Comment> {
    for (;;) {
      const comment = this.#comments[this.#nextComment];
      if (comment === undefined || comment.start >= offset) return;
      this.#nextComment++;
      yield comment;
    }
  }

  #trail(comment: Comment): void {
    this.#writer.trailingComment(comment);
    this.#end = comment.end;
  }

  #own(comment: Comment, indent: number | undefined): void {
    if (indent !== undefined) this.#keepBlank(comment.start);
    this.#writer.ownComment(comment, indent);
    this.#end = comment.end;
  }

  #keepBlank(start: number): void {
    if (/\n[^\S\n]*\n/.test(this.#text.slice(this.#end, start))) this.#writer.blankLine();
  }

  #isAtMargin(comment: Comment): boolean {
    const before = this.#text[comment.start - 1];
    return before === undefined || before === "\n" || before === "\uFEFF";
  }
}
