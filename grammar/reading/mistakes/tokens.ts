/** Tokens that stand in no sentence: missing, wrong or forgotten quotes, signs for words. */
import type { Diagnostic } from "../../diagnostic.ts";
import { nearName } from "../../near-name.ts";
import type { Token } from "../lexer.ts";
import { isStatementKeyword } from "../statements.ts";
import { type Place, say, shown } from "./place.ts";

export function wrongToken({ file, token }: Place): Diagnostic | undefined {
  const at = { file };
  const opening = { start: token.start, end: token.start + (token.type === "open-text" ? 1 : 3) };
  switch (token.type) {
    case "open-text":
      return say(at, "P1014", opening);
    case "open-block":
      return say(at, "P1015", opening);
    case "crammed-block":
      return say(at, "P1016", opening);
    case "misquoted": {
      const inner = token.text.replace(/^.|[\u201C-\u201F\u00AB\u00BB\u2018-\u201B'"]$/g, "");
      return say(at, "P1013", token, {}, { suggestion: `"${inner}"` });
    }
    case "operator": {
      const suggestion = wordOfSign.get(token.text);
      return say(at, "P1010", token, { found: token.text }, { suggestion });
    }
    case "invalid": {
      const help = invalidHelp.get(token.text);
      return say(at, "P1026", token, { found: visible(token.text) }, { help });
    }
    default:
      return undefined;
  }
}

const wordOfSign: ReadonlyMap<string, string> = new Map([
  ["==", "is"],
  ["=", "is"],
  ["!=", "is not"],
  ["&&", "and"],
  ["&", "and"],
  ["||", "or"],
  ["|", "or"],
  ["!", "not"],
  [">=", "at least"],
  ["<=", "at most"],
]);

const invalidHelp: ReadonlyMap<string, string> = new Map([
  [";", "take it out: a statement ends where the next one begins"],
  ["[", "take it out: lists have no brackets, an IPv6 address has none either"],
  ["]", "take it out: lists have no brackets, an IPv6 address has none either"],
]);

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const shows = code > 0x20 && (code < 0x7f || code > 0xa0) && !(code >= 0xd800 && code <= 0xdfff);
  return shows ? character : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

export function equalsSign(place: Place): Diagnostic | undefined {
  if (place.token.text !== "=" || !place.openings.literals.has("is")) return undefined;
  return say(place, "P1010", place.token, { found: "=" }, { suggestion: "is" });
}

/** `carrier-c.example`, `sip:a@b`, `_x`. */
export function bareWord(place: Place): Diagnostic | undefined {
  const { token, openings } = place;
  const found = shown(token);
  if (token.type === "bare" || (token.type === "suite" && place.statement !== "tls")) {
    const trimmed = token.text.replace(/[.:]+$/, "");
    if (trimmed !== token.text && /^[A-Za-z0-9-]+$/.test(trimmed) && !openings.types.has("text"))
      return say(place, "P1009", token, { found }, { suggestion: trimmed });
    if (openings.types.has("text") || /[.:/@+%*]/.test(token.text))
      return say(place, "P1008", token, { found }, { suggestion: `"${token.text}"` });
    const suggestion = token.text.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
    return say(place, "P1009", token, { found }, { suggestion: suggestion === "" ? undefined : suggestion });
  }
  const wordTypes = ["word", "topic", "state", "number", "version", "address", "media"];
  const isWord = wordTypes.includes(token.type) && !isStatementKeyword(token.text);
  const wantsText = openings.types.has("text") && !openings.types.has("word");
  if (!isWord || !wantsText || nearName(token.text, openings.literals) !== undefined) return undefined;
  if (openings.literals.size > 1) return undefined;
  const phrase = wordsOnLine(place.tokens.slice(place.at));
  const span = { start: token.start, end: phrase.at(-1)!.end };
  const text = phrase.map((one) => one.text).join(" ");
  return say(place, "P1008", span, { found: text }, { suggestion: `"${text}"`, expected: place.expected });
}

/** The first token and the words that follow it on its line: a title without quotes. */
function wordsOnLine(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex(
    ({ type, first, text }, index) =>
      index > 0 && (first || type === "text" || type === "punctuation" || text === "because"),
  );
  return tokens.slice(0, end === -1 ? tokens.length : end);
}

export function quotedName(place: Place): Diagnostic | undefined {
  const { token, openings } = place;
  if (token.type !== "text" || !openings.types.has("word") || openings.types.has("text")) return undefined;
  const inner = token.text.slice(1, -1);
  return say(
    place,
    "P1032",
    token,
    {},
    { suggestion: /^[A-Za-z0-9-]+$/.test(inner) ? inner : undefined, expected: place.expected },
  );
}
