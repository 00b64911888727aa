/** Policy text → syntax. Never throws: what can't be read becomes a diagnostic. */
import { type Diagnostic, diagnose } from "./diagnostic.ts";
import { type Token, type TokenList, tokenize } from "./reading/lexer.ts";
import { explainHalt, explainOpening } from "./reading/mistakes.ts";
import { parseSentence } from "./reading/sentence.ts";
import { cutStatements, isStatementKeyword } from "./reading/statements.ts";
import type { Source } from "./source.ts";
import type { BrokenStatement, Span, Statement, SyntaxFile } from "./syntax.ts";
import { Findings } from "./tree/leaves.ts";
import { readStatement } from "./tree/statement.ts";

/** Limits on what is read; each has its diagnostic (P1030). */
export interface ParseLimits {
  /** Of a file, in UTF-16 units. */
  readonly fileLength: number;
  /** Words and signs of one statement. */
  readonly statementTokens: number;
  /** Of parentheses and `not`. */
  readonly nesting: number;
  /** Mistakes in one file; what stands behind is not read. */
  readonly diagnostics: number;
}

export const parseLimits: ParseLimits = {
  fileLength: 16_777_216,
  statementTokens: 20_000,
  nesting: 64,
  diagnostics: 200,
};

export interface ParseResult extends TokenList {
  readonly syntax: SyntaxFile;
  readonly diagnostics: readonly Diagnostic[];
}

export function parse(source: Source, limits: ParseLimits = parseLimits): ParseResult {
  const { file, text } = source;
  if (text.length > limits.fileLength) {
    const diagnostic = beyond(file, { start: 0, end: 0 }, "the length of this file", limits.fileLength);
    return { syntax: { statements: [], broken: [] }, diagnostics: [diagnostic], tokens: [], comments: [] };
  }
  const list = tokenize(text, isStatementKeyword);
  const reader = new FileReader(file, limits);
  for (const tokens of cutStatements(list.tokens)) {
    if (reader.diagnostics.length >= limits.diagnostics) break;
    reader.read(tokens);
  }
  if (reader.diagnostics.length >= limits.diagnostics) {
    const last = reader.diagnostics.at(-1)!.span;
    reader.diagnostics.push(beyond(file, last, "the number of mistakes", limits.diagnostics));
  } else {
    reader.diagnostics.push(
      ...hiddenCharacters(source, list, reader.diagnostics),
      ...checkLanguage(file, reader),
    );
  }
  const { statements, broken, diagnostics } = reader;
  diagnostics.sort((a, b) => a.span.start - b.span.start);
  return { syntax: { statements, broken }, diagnostics, ...list };
}

class FileReader {
  readonly file: string;
  readonly limits: ParseLimits;
  readonly statements: Statement[] = [];
  readonly broken: BrokenStatement[] = [];
  readonly diagnostics: Diagnostic[] = [];

  constructor(file: string, limits: ParseLimits) {
    this.file = file;
    this.limits = limits;
  }

  read(tokens: readonly Token[]): void {
    const opener = tokens[0]!;
    if (!isStatementKeyword(opener.text)) return this.refuse(tokens, explainOpening(this.file, tokens));
    const limit = limitOf(this.file, tokens, this.limits);
    if (limit !== undefined) return this.refuse(tokens, limit);

    const parsed = parseSentence(tokens);
    if (!("type" in parsed)) {
      const findings = new Findings(this.file);
      const statement = readStatement(parsed[0]!, findings);
      if (findings.diagnostics.length === 0) this.statements.push(statement);
      else this.refuse(tokens, ...findings.diagnostics);
      return;
    }
    const stop = tokens[parsed.at];
    // The statement was whole: what stands on the lines behind it belongs to nothing.
    if (parsed.complete && stop?.first === true) {
      this.read(tokens.slice(0, parsed.at));
      const rest = tokens.slice(parsed.at);
      return this.refuse(rest, explainOpening(this.file, rest, opener.text));
    }
    this.refuse(tokens, explainHalt(this.file, tokens, parsed));
  }

  private refuse(tokens: readonly Token[], ...diagnostics: readonly Diagnostic[]): void {
    this.diagnostics.push(...diagnostics);
    const [opener, second, third] = tokens;
    const named =
      second?.text === "fields" || second?.text === "option" || second?.text === "clock" ? third : second;
    const name = named?.type === "text" ? named.text.slice(1, -1) : named?.text;
    this.broken.push({
      keyword: opener!.text,
      name: named?.type === "punctuation" ? undefined : name,
      span: { start: opener!.start, end: tokens.at(-1)!.end },
    });
  }
}

function beyond(file: string, span: Span, what: string, limit: number): Diagnostic {
  return diagnose("P1030", file, span, { what, limit });
}

function limitOf(file: string, tokens: readonly Token[], limits: ParseLimits): Diagnostic | undefined {
  const opener = tokens[0]!;
  if (tokens.length > limits.statementTokens)
    return beyond(file, opener, "the number of words of this statement", limits.statementTokens);
  let depth = 0;
  let negations = 0;
  /** How much each open parenthesis added. */
  const opened: number[] = [];
  for (const token of tokens) {
    if (token.text === "not") negations++;
    else if (token.text === "(") {
      opened.push(negations + 1);
      depth += negations + 1;
      negations = 0;
    } else {
      if (token.text === ")") depth -= opened.pop() ?? 0;
      negations = 0;
    }
    if (depth + negations > limits.nesting)
      return beyond(file, token, "the depth of this condition", limits.nesting);
  }
  return undefined;
}

function checkLanguage(file: string, { statements, broken }: FileReader): readonly Diagnostic[] {
  const first = statements[0];
  const brokenFirst =
    broken[0] !== undefined && broken[0].span.start < (first?.span.start ?? Number.POSITIVE_INFINITY);
  if (brokenFirst && broken[0]!.keyword === "language") return [];
  const diagnostics: Diagnostic[] = [];
  const languages = statements.filter((statement) => statement.kind === "language");
  if (first?.kind !== "language" || brokenFirst) {
    const span = languages[0]?.span ?? { start: 0, end: 0 };
    diagnostics.push(
      diagnose("P1028", file, span, {}, { suggestion: languages.length === 0 ? "language 1" : undefined }),
    );
  }
  for (const second of languages.slice(1))
    diagnostics.push(diagnose("P1033", file, second.span, { what: "`language`" }));
  for (const { version } of languages) {
    if (version.value !== 1)
      diagnostics.push(
        diagnose("P1029", file, version.span, { version: version.value }, { suggestion: "1" }),
      );
  }
  return diagnostics;
}

/**
 * Characters that make a reader see other text than is there: controls, line ends that
 * are none to us, those that turn the direction of writing, and what stands for bytes that
 * could not be read. A message in a block may hold controls, that is its matter.
 */
function hiddenCharacters(
  { file, text }: Source,
  { tokens }: TokenList,
  told: readonly Diagnostic[],
): readonly Diagnostic[] {
  const known = new Set(told.map(({ span }) => span.start));
  const diagnostics: Diagnostic[] = [];
  const blocks = tokens.filter(({ type }) => type === "block");
  let block = 0;
  const hidden =
    /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069\uFFFD]|\r(?!\n)/g;
  for (let found = hidden.exec(text); found !== null; found = hidden.exec(text)) {
    const at = found.index;
    while (block < blocks.length && blocks[block]!.end <= at) block++;
    const code = text.charCodeAt(at);
    const inBlock = block < blocks.length && blocks[block]!.start <= at;
    if (inBlock && code < 0xa0) continue;
    if (known.has(at)) continue;
    const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    // What a reader of bytes puts in the place of those that are no UTF-8.
    const help = code === 0xfffd ? "save the file in UTF-8: these bytes are none" : undefined;
    diagnostics.push(diagnose("P1027", file, { start: at, end: at + 1 }, { name }, { help }));
    if (diagnostics.length >= 20) break;
  }
  return diagnostics;
}
