/** The place where a statement could not be read, and how a recogniser speaks of it. */
import { type Diagnostic, type DiagnosticDetail, diagnose } from "../../diagnostic.ts";
import type { Span } from "../../syntax.ts";
import type { Openings } from "../expected.ts";
import type { Token } from "../lexer.ts";

/** Everything a recogniser looks at. */
export interface Place {
  readonly file: string;
  readonly tokens: readonly Token[];
  readonly at: number;
  readonly token: Token;
  readonly before: Token | undefined;
  readonly after: Token | undefined;
  /** The word that opens the statement. */
  readonly statement: string;
  readonly openings: Openings;
  readonly expected: readonly string[];
  readonly complete: boolean;
}

/** A diagnostic, or undefined where it is another mistake. */
export type Recogniser = (place: Place) => Diagnostic | undefined;

export function say(
  { file }: { readonly file: string },
  code: string,
  { start, end }: Span,
  values: Readonly<Record<string, string | number>> = {},
  detail: DiagnosticDetail = {},
): Diagnostic {
  return diagnose(code, file, { start, end }, values, detail);
}

/** A token as a message shows it: short, on one line. */
export function shown({ text }: Token): string {
  const line = text.split(/\r?\n/, 1)[0]!;
  return line.length <= 40 ? line : `${line.slice(0, 39)}…`;
}

/** The last brace or parenthesis that is open behind these tokens. */
export function openBracket(tokens: readonly Token[]): Token | undefined {
  const open: Token[] = [];
  for (const token of tokens) {
    if (token.type !== "punctuation") continue;
    if (token.text === "{" || token.text === "(") open.push(token);
    else if (token.text === "}" || token.text === ")") open.pop();
  }
  return open.at(-1);
}
