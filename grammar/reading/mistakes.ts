/** What went wrong where a statement could not be read: the typical mistakes, each by its own name. */
import type { Diagnostic, DiagnosticDetail } from "../diagnostic.ts";
import { nearName } from "../near-name.ts";
import { type Openings, openingsOf, wordsFor } from "./expected.ts";
import type { Token } from "./lexer.ts";
import { openBracket, type Place, type Recogniser, say, shown } from "./mistakes/place.ts";
import {
  behindTheEnd,
  emptyList,
  innerStatement,
  missingClause,
  missingOccasion,
  missingReason,
  openParenthesis,
  strayClose,
} from "./mistakes/structure.ts";
import { bareWord, equalsSign, quotedName, wrongToken } from "./mistakes/tokens.ts";
import { foreignWord, lowerCaseField, nearKeyword, surplusNoun, wrongJoint } from "./mistakes/wording.ts";
import { ownerOf, synonyms } from "./mistakes/words.ts";
import type { Halt } from "./sentence.ts";
import { isStatementKeyword, statementKeywords } from "./statements.ts";

/** The surest first. */
const recognisers: readonly Recogniser[] = [
  wrongToken,
  emptyList,
  equalsSign,
  bareWord,
  strayClose,
  openParenthesis,
  innerStatement,
  behindTheEnd,
  missingOccasion,
  lowerCaseField,
  wrongJoint,
  surplusNoun,
  foreignWord,
  nearKeyword,
  missingReason,
  quotedName,
  missingClause,
];

/** Why a statement could not be read to its end. */
export function explainHalt(file: string, tokens: readonly Token[], halt: Halt): Diagnostic {
  const expected = wordsFor(halt.wanted);
  const openings = openingsOf(halt.wanted);
  const statement = tokens[0]!.text;
  const token = tokens[halt.at];
  if (token === undefined) return explainEnd(file, tokens, statement, openings, expected);
  const place: Place = {
    file,
    tokens,
    at: halt.at,
    token,
    before: tokens[halt.at - 1],
    after: tokens[halt.at + 1],
    statement,
    openings,
    expected,
    complete: halt.complete,
  };
  for (const recognise of recognisers) {
    const diagnostic = recognise(place);
    if (diagnostic !== undefined) return diagnostic;
  }
  return say(place, "P1001", token, { found: shown(token) }, { expected });
}

/**
 * Why tokens that open with no statement's keyword are no statement.
 * @param behind the keyword of the whole statement that they stand behind, if any.
 */
export function explainOpening(file: string, tokens: readonly Token[], behind?: string): Diagnostic {
  const token = tokens[0]!;
  const place: Place = {
    file,
    tokens,
    at: 0,
    token,
    before: undefined,
    after: tokens[1],
    statement: "file",
    openings: { literals: new Set(statementKeywords), types: new Set() },
    expected: [],
    complete: false,
  };
  const lexical = wrongToken(place) ?? strayClose(place);
  if (lexical !== undefined) return lexical;
  const owner = ownerOf(token.text);
  if (owner !== undefined && behind !== undefined && token.column > 0)
    return say(place, "P1034", token, { found: token.text, statement: behind });
  if (owner !== undefined) {
    const article = owner === "assertion" ? "an" : "a";
    return say(place, "P1004", token, { found: token.text, owner, article });
  }
  const suggestion = synonyms.get(token.text) ?? nearName(token.text, statementKeywords);
  const known = suggestion !== undefined && isStatementKeyword(suggestion) ? suggestion : undefined;
  return say(place, "P1003", token, { found: shown(token) }, { suggestion: known });
}

function explainEnd(
  file: string,
  tokens: readonly Token[],
  statement: string,
  openings: Openings,
  expected: readonly string[],
): Diagnostic {
  const last = tokens.at(-1)!;
  const open = openBracket(tokens);
  if (open !== undefined) {
    const close = open.text === "{" ? "}" : ")";
    return say({ file }, "P1018", open, { open: open.text, close });
  }
  const behind = { start: last.end, end: last.end };
  if (openings.literals.has("because") && statement === "rule")
    return say({ file }, "P1007", behind, {}, { expected, related: related(file, tokens) });
  return say({ file }, "P1002", behind, { statement }, { expected });
}

/** The name of a rule, shown beside what the rule lacks at its end. */
function related(file: string, tokens: readonly Token[]): DiagnosticDetail["related"] {
  const name = tokens[1];
  if (name === undefined) return [];
  return [{ file, span: { start: name.start, end: name.end }, message: "of this rule" }];
}
