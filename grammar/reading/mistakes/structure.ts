/** Statements and clauses that are open, missing, or in the wrong place. */
import type { Diagnostic } from "../../diagnostic.ts";
import { nearName } from "../../near-name.ts";
import { isStatementKeyword } from "../statements.ts";
import { openBracket, type Place, say, shown } from "./place.ts";
import { ownerOf } from "./words.ts";

export function strayClose(place: Place): Diagnostic | undefined {
  const { token, tokens, at } = place;
  if (token.type !== "punctuation" || (token.text !== "}" && token.text !== ")")) return undefined;
  const open = token.text === "}" ? "{" : "(";
  const before = tokens.slice(0, at).filter(({ type }) => type === "punctuation");
  const balance =
    before.filter(({ text }) => text === open).length -
    before.filter(({ text }) => text === token.text).length;
  if (balance > 0) return undefined;
  return say(place, "P1019", token, { close: token.text, open });
}

/** `when (request or response` and then a new line. */
export function openParenthesis(place: Place): Diagnostic | undefined {
  if (!place.openings.literals.has(")") || !place.token.first) return undefined;
  const open = openBracket(place.tokens.slice(0, place.at));
  if (open === undefined || nearName(place.token.text, place.openings.literals) !== undefined)
    return undefined;
  return say(place, "P1018", open, { open: open.text, close: ")" });
}

/** A statement's keyword inside another statement: that one is not finished. */
export function innerStatement(place: Place): Diagnostic | undefined {
  const { token, tokens, at, statement, openings, complete } = place;
  if (!isStatementKeyword(token.text) || openings.literals.has(token.text)) return undefined;
  // A word of conditions too.
  if (token.text === "tls" && place.after?.text !== "{") return undefined;
  if (token.text === "set" || token.text === "option" || token.text === "field" || token.text === "fields")
    return undefined;
  const open = openBracket(tokens.slice(0, at));
  if (open !== undefined && token.first) {
    const close = open.text === "{" ? "}" : ")";
    return say(
      place,
      "P1018",
      open,
      { open: open.text, close },
      { help: `write \`${close}\` above the next statement` },
    );
  }
  const help = complete
    ? undefined
    : `finish the \`${statement}\` first, and begin \`${token.text}\` on a line of its own`;
  return say(
    place,
    "P1005",
    token,
    { found: token.text, statement },
    { help, expected: complete ? [] : place.expected },
  );
}

/** `suites` and nothing, then the next line of `tls`, whose word looks like a name. */
export function emptyList(place: Place): Diagnostic | undefined {
  const { statement, before, tokens, at } = place;
  if (statement !== "tls" || before === undefined) return undefined;
  const opener = listWords.get(tokens[at - 2]?.text ?? "");
  if (opener === undefined || !listWords.has(before.text)) return undefined;
  return say(place, "P1001", before, { found: before.text }, { expected: [opener] });
}

const listWords: ReadonlyMap<string, string> = new Map([
  ["versions", "a version such as 1.3"],
  ["suites", "a suite such as `TLS_AES_256_GCM_SHA384`"],
  ["groups", "a group such as `x25519`"],
]);

export function behindTheEnd(place: Place): Diagnostic | undefined {
  const { token, complete, statement } = place;
  if (!complete || ownerOf(token.text) === undefined) return undefined;
  const suggestion = nearName(token.text, place.openings.literals);
  return say(place, "P1034", token, { found: token.text, statement }, { suggestion });
}

export function missingOccasion(place: Place): Diagnostic | undefined {
  if (!place.openings.literals.has("on") || place.openings.literals.size > 1) return undefined;
  return say(place, "P1006", place.token, { statement: place.statement }, { expected: place.expected });
}

export function missingReason(place: Place): Diagnostic | undefined {
  const { tokens, at, before } = place;
  const verb = before?.type === "number" ? tokens[at - 2] : before;
  if (verb?.text !== "reject" || !place.openings.types.has("text")) return undefined;
  const help = 'a rejection gives its reason: `reject 403 "Forbidden"`';
  return say(place, "P1001", place.token, { found: shown(place.token) }, { expected: place.expected, help });
}

export function missingClause(place: Place): Diagnostic | undefined {
  if (place.statement !== "rule" || !place.openings.literals.has("because") || !place.token.first)
    return undefined;
  const before = place.before!;
  if (place.token.type !== "text") return undefined;
  return say(place, "P1007", { start: before.end, end: before.end }, {}, { expected: place.expected });
}
