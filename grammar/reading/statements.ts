/**
 * Cuts a file's tokens into statements, before any of them is parsed: a mistake in one
 * leaves the others alone.
 *
 * A statement's keyword that is first on its line opens a statement where it stands at
 * the line's very start, or where no brace is open and the word before it could end one.
 */
import type { Token } from "./lexer.ts";

export const statementKeywords: readonly string[] = [
  "language",
  "policy",
  "import",
  "field",
  "fields",
  "extend",
  "option",
  "set",
  "network",
  "partner",
  "trust",
  "transit",
  "rule",
  "treatment",
  "never",
  "always",
  "test",
  "publish",
  "tls",
];

const keywords: ReadonlySet<string> = new Set(statementKeywords);

/** Words after which a sentence goes on, beside the reserved ones. */
const openWords: ReadonlySet<string> = new Set([
  "any",
  "by",
  "every",
  "expect",
  "extend",
  "for",
  "names",
  "no",
  "over",
  "remove",
  "set",
  "trust",
  "with",
]);

export function isStatementKeyword(word: string): boolean {
  return keywords.has(word);
}

export function cutStatements(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const statements: Token[][] = [];
  let current: Token[] = [];
  let braces = 0;
  let parentheses = 0;
  for (const [index, token] of tokens.entries()) {
    if (current.length > 0 && opens(tokens, index, braces, parentheses)) {
      statements.push(current);
      current = [];
      braces = 0;
      parentheses = 0;
    }
    current.push(token);
    if (token.type !== "punctuation") continue;
    if (token.text === "{") braces++;
    else if (token.text === "}") braces = Math.max(0, braces - 1);
    else if (token.text === "(") parentheses++;
    else if (token.text === ")") parentheses = Math.max(0, parentheses - 1);
  }
  if (current.length > 0) statements.push(current);
  return statements;
}

function opens(tokens: readonly Token[], index: number, braces: number, parentheses: number): boolean {
  const token = tokens[index]!;
  if (!token.first || !keywords.has(token.text)) return false;
  // `set` is an action too, and `option` a line of a network.
  if (token.text === "set" && !(tokens[index + 1]?.text === "option" && tokens[index + 3]?.text === "="))
    return false;
  if (token.text === "option" && braces > 0) return false;
  // `tls` is a line of a partner and of `publish`, and the start of a condition: only a brace makes it a statement.
  if (token.text === "tls" && tokens[index + 1]?.text !== "{")
    return braces === 0 && parentheses === 0 && !isOpen(tokens[index - 1]!) && token.column === 0;
  if (token.column === 0) return true;
  return braces === 0 && parentheses === 0 && !isOpen(tokens[index - 1]!);
}

function isOpen(token: Token): boolean {
  if (token.type === "reserved" || openWords.has(token.text)) return true;
  return token.type === "punctuation" && token.text !== ")" && token.text !== "}";
}
