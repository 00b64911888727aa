/** Diagnostics as text for a terminal, and as JSON for a program. */
import { type Diagnostic, messageOf } from "./diagnostic.ts";
import type { Severity } from "./diagnostics.ts";
import { Source } from "./source.ts";
import type { Span } from "./syntax.ts";

export interface RenderOptions {
  /** With ANSI colours. */
  readonly colour?: boolean;
}

/** One JSON object a diagnostic; lines and columns count from 1, columns in UTF-16 units. */
export interface DiagnosticJson {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly expected: readonly string[];
  readonly suggestion?: string;
  readonly help: string;
  readonly related: readonly {
    readonly message: string;
    readonly file: string;
    readonly line: number;
    readonly column: number;
  }[];
}

export type Sources = ReadonlyMap<string, Source>;

interface Style {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly good: (text: string) => string;
}

const plain = (text: string): string => text;
const noStyle: Style = { error: plain, warning: plain, faint: plain, strong: plain, good: plain };

function ansi(code: string): (text: string) => string {
  return (text) => `\u001B[${code}m${text}\u001B[0m`;
}

const ansiStyle: Style = {
  error: ansi("1;31"),
  warning: ansi("1;33"),
  faint: ansi("2"),
  strong: ansi("1"),
  good: ansi("32"),
};

/**
 * A diagnostic with its source line:
 *
 *     error[P1001]: `remvoe` does not belong here
 *       --> border.privet:4:3
 *        |
 *      4 |   remvoe P-Asserted-Identity
 *        |   ^^^^^^ did you mean `remove`?
 *        = expected: a condition or an action such as `remove`
 *        = help: …
 */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  sources: Sources,
  options: RenderOptions = {},
): string {
  const style = options.colour === true ? ansiStyle : noStyle;
  const paint = style[diagnostic.severity];
  const source = sources.get(diagnostic.file) ?? new Source(diagnostic.file, "");
  const { line } = source.position(diagnostic.span.start);
  const others = diagnostic.related.map(
    ({ file, span }) => sources.get(file)?.position(span.start).line ?? 1,
  );
  const width = String(Math.max(line, ...others)).length;
  const gutter = `${" ".repeat(width + 2)}${style.faint("|")}`;

  const lines = [
    `${paint(`${diagnostic.severity}[${diagnostic.code}]`)}${style.strong(`: ${messageOf(diagnostic)}`)}`,
    ...excerpt(source, diagnostic.span, width, hint(diagnostic), paint, style),
  ];
  for (const { file, span, message } of diagnostic.related) {
    const other = sources.get(file);
    if (other !== undefined) lines.push(...excerpt(other, span, width, message, style.faint, style, "-"));
  }
  const notes: string[] = [];
  if (diagnostic.expected.length > 0) notes.push(`expected: ${listOf(diagnostic.expected)}`);
  if (diagnostic.help !== "") notes.push(`help: ${diagnostic.help}`);
  if (notes.length > 0) lines.push(gutter);
  for (const note of notes) lines.push(`${" ".repeat(width + 2)}${style.faint("=")} ${note}`);
  return `${lines.join("\n")}\n`;
}

function hint({ suggestion }: Diagnostic): string {
  return suggestion === undefined ? "" : `did you mean \`${suggestion}\`?`;
}

/** The first six, so that the line stays one. */
function listOf(expected: readonly string[]): string {
  const shown = expected.slice(0, 6);
  if (shown.length < expected.length) return `${shown.join(", ")}, …`;
  const last = shown.pop()!;
  return shown.length === 0 ? last : `${shown.join(", ")} or ${last}`;
}

/** What a terminal shows of a longer line. */
const shownColumns = 160;

function excerpt(
  source: Source,
  span: Span,
  width: number,
  message: string,
  paint: (text: string) => string,
  style: Style,
  mark = "^",
): readonly string[] {
  const { line, column } = source.position(span.start);
  const text = source.line(line);
  const from = column > shownColumns ? column - 40 : 0;
  const shown = text.slice(from, from + shownColumns);
  const before = shown.slice(0, column - 1 - from);
  const marked = text.slice(column - 1, Math.min(column - 1 + (span.end - span.start), from + shownColumns));
  const underline = mark.repeat(Math.max(1, widthOf(marked)));
  const pad = " ".repeat(width + 2);
  const bar = style.faint("|");
  const note = message === "" ? "" : ` ${message}`;
  return [
    `${" ".repeat(width + 1)}${style.faint("-->")} ${source.file}:${line}:${column}`,
    `${pad}${bar}`,
    ` ${style.faint(String(line).padStart(width))} ${bar} ${visible(shown)}`,
    `${pad}${bar} ${blank(before)}${paint(underline + note)}`,
  ];
}

/** Blanks as wide as the text; tabs stay tabs, so that both lines step alike. */
function blank(text: string): string {
  return text.replace(/[^\t]/gu, (character) => " ".repeat(widthOf(character)));
}

/** Columns on a terminal: East Asian wide characters take two, combining marks none. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}|\p{Me}|\uFEFF/u.test(character)) continue;
    width +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

/** Control characters would move the cursor or turn the text: they are shown as `·`. */
function visible(text: string): string {
  return text.replace(/[\u0000-\u0008\u000A-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, "·");
}

/** All of them, an empty line between two, and a last line that counts them. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: RenderOptions = {},
): string {
  if (diagnostics.length === 0) return "";
  const texts = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, sources, options));
  return `${texts.join("\n")}\n${countOf(diagnostics)}\n`;
}

function countOf(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const parts = [];
  if (errors > 0) parts.push(errors === 1 ? "1 error" : `${errors} errors`);
  if (warnings > 0) parts.push(warnings === 1 ? "1 warning" : `${warnings} warnings`);
  return parts.join(", ");
}

export function diagnosticToJson(diagnostic: Diagnostic, sources: Sources): DiagnosticJson {
  const source = sources.get(diagnostic.file) ?? new Source(diagnostic.file, "");
  const start = source.position(diagnostic.span.start);
  const end = source.position(diagnostic.span.end);
  return {
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: messageOf(diagnostic),
    file: diagnostic.file,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    expected: diagnostic.expected,
    ...(diagnostic.suggestion === undefined ? {} : { suggestion: diagnostic.suggestion }),
    help: diagnostic.help,
    related: diagnostic.related.map(({ message, file, span }) => ({
      message,
      file,
      ...(sources.get(file)?.position(span.start) ?? { line: 1, column: 1 }),
    })),
  };
}
