/** Where the values of a JSON text stand. The text has been read by `JSON.parse` before. */
import type { Span } from "../syntax.ts";

/** The span of the value under these keys and indices, or of the innermost one that is there. */
export function placeOf(text: string, path: readonly (string | number)[]): Span {
  let at = skipBlanks(text, 0);
  for (const step of path) {
    const inner = enter(text, at, step);
    if (inner === undefined) break;
    at = inner;
  }
  return { start: at, end: skipValue(text, at) };
}

/** Where each element of the array at `start` begins. */
export function elementsOf(text: string, start: number): readonly number[] {
  const elements: number[] = [];
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
    if (JSON.parse(text.slice(key, end)) === step) found = value;
    key = skipBlanks(text, skipValue(text, value));
    if (text[key] === ",") key = skipBlanks(text, key + 1);
  }
  return found;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n".includes(text[at]!)) at++;
  return at;
}

/** Behind the value at `from`; a comma or bracket where no value stands stays where it is. */
function skipValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '"') {
      at++;
      while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
      at++;
    } else if (character === "{" || character === "[") {
      depth++;
      at++;
    } else if (character === "}" || character === "]") {
      if (depth === 0) return at;
      depth--;
      at++;
    } else if (depth === 0 && (character === "," || character === ":")) {
      return at;
    } else {
      at++;
      if (depth > 0 || !" \t\r\n,:]}".includes(text[at] ?? ",")) continue;
    }
    if (depth === 0) return at;
  }
  return at;
}
