/** Where the values of a JSON text stand, and its first mistake: `JSON.parse` does not say. */
import type { Span } from "../syntax.ts";

/** The span of the value under these keys and indices, or of the innermost one that is there. */
export function placeOf(text: string, path: readonly (string | number)[]): Span {
  const start = startOf(text, path);
  return { start, end: skipValue(text, start) };
}

/** Where it begins. */
export function startOf(text: string, path: readonly (string | number)[]): number {
  let at = skipBlanks(text, 0);
  for (const step of path) {
    const inner = enter(text, at, step);
    if (inner === undefined) break;
    at = inner;
  }
  return at;
}

/** Where each element of the array at `start` begins. */
export function elementsOf(text: string, start: number): readonly number[] {
  const elements: number[] = [];
  if (text[start] !== "[") return elements;
  let at = skipBlanks(text, start + 1);
  while (at < text.length && text[at] !== "]") {
    elements.push(at);
    at = skipBlanks(text, skipValue(text, at));
    if (text[at] === ",") at = skipBlanks(text, at + 1);
  }
  return elements;
}

function enter(text: string, at: number, step: string | number): number | undefined {
  if (typeof step === "number") {
    return text[at] === "[" ? elementsOf(text, at)[step] : undefined;
  }
  if (text[at] !== "{") return undefined;
  let key = skipBlanks(text, at + 1);
  // Of two equal keys JSON.parse takes the last one.
  let found: number | undefined;
  while (text[key] === '"') {
    const end = skipValue(text, key);
    const value = skipBlanks(text, skipBlanks(text, end) + 1);
    if (JSON.parse(text.slice(key, end)) === step) {
      found = value;
      if (!standsAgain(text, step, value)) break;
    }
    key = skipBlanks(text, skipValue(text, value));
    if (text[key] === ",") key = skipBlanks(text, key + 1);
  }
  return found;
}

/** Whether the key may stand behind `from` once more: as it is, or with an escape. */
const standsAgain = (text: string, key: string, from: number): boolean =>
  text.includes("\\", from) || text.includes(JSON.stringify(key), from);

/** Blank, tab, CR, LF: what may stand between values (RFC 8259 2). */
const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Behind the value at `from`; a comma or bracket where no value stands stays where it is. */
function skipValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) at = skipString(text, at);
    else if (code === openBrace || code === openBracket) {
      depth++;
      at++;
    } else if (code === closeBrace || code === closeBracket) {
      if (depth === 0) return at;
      depth--;
      at++;
    } else if (depth === 0 && (code === comma || code === colon)) {
      return at;
    } else {
      at++;
      if (depth > 0 || !endsWord(text, at)) continue;
    }
    if (depth === 0) return at;
  }
  return at;
}

/** Behind the string at `from`. */
function skipString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = at;
    while (text.charCodeAt(escapes - 1) === backslash) escapes--;
    if ((at - escapes) % 2 === 0) return at + 1;
  }
  return text.length;
}

/** A number or a literal ends here. */
function endsWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (
    at >= text.length ||
    isBlank(code) ||
    code === comma ||
    code === colon ||
    code === closeBracket ||
    code === closeBrace
  );
}

/** Offset of the first character that makes the text no JSON (RFC 8259). */
export function mistakeIn(text: string): number {
  const token =
    /[ \t\r\n]*(?:("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:]))/y;
  // What may come next: a value, a key, or what stands behind one of them.
  let next: "value" | "first-value" | "key" | "first-key" | "colon" | "behind" = "value";
  const open: string[] = [];
  for (;;) {
    const at = skipBlanks(text, token.lastIndex);
    const [, string, word, sign] = token.exec(text) ?? [];
    const isValue = string !== undefined || word !== undefined;
    if ((next === "value" || next === "first-value") && isValue) next = "behind";
    else if ((next === "key" || next === "first-key") && string !== undefined) next = "colon";
    else if (next === "colon" && sign === ":") next = "value";
    else if (next === "behind" && sign === "," && open.length > 0)
      next = open.at(-1) === "{" ? "key" : "value";
    else if ((next === "value" || next === "first-value") && (sign === "{" || sign === "[")) {
      open.push(sign);
      next = sign === "{" ? "first-key" : "first-value";
    } else if (
      (sign === "}" && open.at(-1) === "{" && (next === "behind" || next === "first-key")) ||
      (sign === "]" && open.at(-1) === "[" && (next === "behind" || next === "first-value"))
    ) {
      open.pop();
      next = "behind";
    } else return at;
  }
}
