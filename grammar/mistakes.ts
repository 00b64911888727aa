/** What went wrong where a statement could not be read: the typical mistakes, each by its own name. */
import { type Diagnostic, type DiagnosticDetail, diagnose } from "./diagnostic.ts";
import { type Openings, openingsOf, wordsFor } from "./expected.ts";
import type { Token } from "./lexer.ts";
import { nearName } from "./near-name.ts";
import { productions } from "./privet.generated.ts";
import type { Halt } from "./sentence.ts";
import { isStatementKeyword, statementKeywords } from "./statements.ts";
import type { Span } from "./syntax.ts";

/** Everything a recogniser looks at. */
interface Place {
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
type Recogniser = (place: Place) => Diagnostic | undefined;

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

function say(
  { file }: { readonly file: string },
  code: string,
  { start, end }: Span,
  values: Readonly<Record<string, string | number>> = {},
  detail: DiagnosticDetail = {},
): Diagnostic {
  return diagnose(code, file, { start, end }, values, detail);
}

/** A token as a message shows it: short, on one line. */
function shown({ text }: Token): string {
  const line = text.split(/\r?\n/, 1)[0]!;
  return line.length <= 40 ? line : `${line.slice(0, 39)}…`;
}

// ---- the end of a statement

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

function openBracket(tokens: readonly Token[]): Token | undefined {
  const open: Token[] = [];
  for (const token of tokens) {
    if (token.type !== "punctuation") continue;
    if (token.text === "{" || token.text === "(") open.push(token);
    else if (token.text === "}" || token.text === ")") open.pop();
  }
  return open.at(-1);
}

// ---- recognisers, the surest first

function wrongToken({ file, token }: Place): Diagnostic | undefined {
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
      const suggestion = words.get(token.text);
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

const words: ReadonlyMap<string, string> = new Map([
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

function equalsSign(place: Place): Diagnostic | undefined {
  if (place.token.text !== "=" || !place.openings.literals.has("is")) return undefined;
  return say(place, "P1010", place.token, { found: "=" }, { suggestion: "is" });
}

/** `carrier-c.example`, `sip:a@b`, `_x`. */
function bareWord(place: Place): Diagnostic | undefined {
  const { token, openings } = place;
  const found = shown(token);
  if (token.type === "bare") {
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
  const end = tokens.findIndex(({ type, first, text }, index) => index > 0 && (first || type === "text" || type === "punctuation" || text === "because"));
  return tokens.slice(0, end === -1 ? tokens.length : end);
}

function quotedName(place: Place): Diagnostic | undefined {
  const { token, openings } = place;
  if (token.type !== "text" || !openings.types.has("word") || openings.types.has("text")) return undefined;
  const inner = token.text.slice(1, -1);
  return say(place, "P1032", token, {}, { suggestion: /^[A-Za-z0-9-]+$/.test(inner) ? inner : undefined, expected: place.expected });
}

function strayClose(place: Place): Diagnostic | undefined {
  const { token, tokens, at } = place;
  if (token.type !== "punctuation" || (token.text !== "}" && token.text !== ")")) return undefined;
  const open = token.text === "}" ? "{" : "(";
  const before = tokens.slice(0, at).filter(({ type }) => type === "punctuation");
  const balance = before.filter(({ text }) => text === open).length - before.filter(({ text }) => text === token.text).length;
  if (balance > 0) return undefined;
  return say(place, "P1019", token, { close: token.text, open });
}

/** `when (request or response` and then a new line. */
function openParenthesis(place: Place): Diagnostic | undefined {
  if (!place.openings.literals.has(")") || !place.token.first) return undefined;
  const open = openBracket(place.tokens.slice(0, place.at));
  if (open === undefined || nearName(place.token.text, place.openings.literals) !== undefined) return undefined;
  return say(place, "P1018", open, { open: open.text, close: ")" });
}

/** A statement's keyword inside another statement: that one is not finished. */
function innerStatement(place: Place): Diagnostic | undefined {
  const { token, tokens, at, statement, openings, complete } = place;
  if (!isStatementKeyword(token.text) || openings.literals.has(token.text)) return undefined;
  if (token.text === "set" || token.text === "option" || token.text === "field" || token.text === "fields") return undefined;
  const open = openBracket(tokens.slice(0, at));
  if (open !== undefined && token.first) {
    const close = open.text === "{" ? "}" : ")";
    return say(place, "P1018", open, { open: open.text, close }, { help: `write \`${close}\` above the next statement` });
  }
  const help = complete ? undefined : `finish the \`${statement}\` first, and begin \`${token.text}\` on a line of its own`;
  return say(place, "P1005", token, { found: token.text, statement }, { help, expected: complete ? [] : place.expected });
}

function behindTheEnd(place: Place): Diagnostic | undefined {
  const { token, complete, statement } = place;
  if (!complete || ownerOf(token.text) === undefined) return undefined;
  const suggestion = nearName(token.text, place.openings.literals);
  return say(place, "P1034", token, { found: token.text, statement }, { suggestion });
}

function missingOccasion(place: Place): Diagnostic | undefined {
  if (!place.openings.literals.has("on") || place.openings.literals.size > 1) return undefined;
  return say(place, "P1006", place.token, { statement: place.statement }, { expected: place.expected });
}

/** `from is present`: the field is `From`. */
function lowerCaseField(place: Place): Diagnostic | undefined {
  const { token, before, after, openings } = place;
  if (before !== undefined && (before.text === "from" || before.text === "to")) {
    if (token.text === "is" || token.text === "has")
      return say(place, "P1017", before, { found: before.text }, { suggestion: capital(before.text) });
  }
  if (token.type !== "reserved" || !openings.types.has("word")) return undefined;
  const isField = token.text === "from" || token.text === "to";
  const listed = after === undefined || after.first || after.text === "," || after.text === "has" || after.text === "is";
  if (isField && listed) return say(place, "P1017", token, { found: token.text }, { suggestion: capital(token.text) });
  if (openings.literals.size > 0 || openings.types.has("text")) return undefined;
  return say(place, "P1017", token, { found: token.text }, { expected: place.expected });
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}

function wrongJoint(place: Place): Diagnostic | undefined {
  const { token, openings, before, tokens, at } = place;
  if (token.text === "," && openings.literals.has("or"))
    return inWhos(tokens, at)
      ? say(place, "P1011", token, {}, { suggestion: "or" })
      : say(place, "P1001", token, { found: "," }, { expected: place.expected, help: "conditions are joined by `and` and `or`" });
  if ((token.text === "and" || token.text === "or" || token.text === "&") && openings.literals.has(","))
    return say(place, "P1012", token, { found: token.text }, { suggestion: "," });
  // `Privacy is id or header`, `method is one of INVITE or BYE`
  const joint = tokens[at - 2];
  if (before === undefined || joint === undefined || !openings.literals.has("is") || !openings.literals.has("has")) return undefined;
  if (joint.text !== "or" && joint.text !== "and") return undefined;
  return say(place, "P1035", before, { found: shown(before) }, { expected: place.expected });
}

/** The comma stands behind the networks of `from`, `to` or `trust`. */
function inWhos(tokens: readonly Token[], at: number): boolean {
  for (let index = at - 1; index >= 0; index -= 2) {
    const opener = tokens[index - 1]?.text;
    if (opener === "from" || opener === "to" || opener === "trust") return true;
    if (opener !== "or") return false;
  }
  return false;
}

function nearKeyword(place: Place): Diagnostic | undefined {
  const { token, openings, expected } = place;
  if (token.type !== "word" && token.type !== "topic") return undefined;
  const synonym = synonyms.get(token.text.toLowerCase());
  const suggestion =
    token.text === "body" && place.before?.text === "remove"
      ? "drop body"
      : synonym !== undefined && openings.literals.has(synonym)
        ? synonym
        : nearName(token.text, openings.literals);
  if (suggestion === undefined) return undefined;
  const span = suggestion === "drop body" ? { start: place.before!.start, end: token.end } : token;
  return say(place, "P1001", span, { found: shown(token) }, { suggestion, expected, help: "" });
}

function missingReason(place: Place): Diagnostic | undefined {
  const { tokens, at, before } = place;
  const verb = before?.type === "number" ? tokens[at - 2] : before;
  if (verb?.text !== "reject" || !place.openings.types.has("text")) return undefined;
  const help = 'a rejection gives its reason: `reject 403 "Forbidden"`';
  return say(place, "P1001", place.token, { found: shown(place.token) }, { expected: place.expected, help });
}

function missingClause(place: Place): Diagnostic | undefined {
  if (place.statement !== "rule" || !place.openings.literals.has("because") || !place.token.first) return undefined;
  const before = place.before!;
  if (place.token.type !== "text") return undefined;
  return say(place, "P1007", { start: before.end, end: before.end }, {}, { expected: place.expected });
}

const recognisers: readonly Recogniser[] = [
  wrongToken,
  equalsSign,
  bareWord,
  strayClose,
  openParenthesis,
  innerStatement,
  behindTheEnd,
  missingOccasion,
  lowerCaseField,
  wrongJoint,
  nearKeyword,
  missingReason,
  quotedName,
  missingClause,
];

// ---- words

/** Words of other languages, and what they are here. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ["if", "when"],
  ["where", "when"],
  ["delete", "remove"],
  ["strip", "remove"],
  ["hide", "conceal"],
  ["deny", "reject"],
  ["block", "reject"],
  ["refuse", "reject"],
  ["replace", "set"],
  ["append", "add"],
  ["contains", "has"],
  ["includes", "has"],
  ["equals", "is"],
  ["are", "is"],
  ["in", "is"],
  ["exists", "is"],
  ["honor", "honour"],
  ["anonymise", "anonymize"],
  ["include", "import"],
  ["zone", "network"],
  ["peer", "partner"],
]);

const ruleWords = ["on", "when", "unless", "because"];
const testWords = ["given", "expect", "at", "with"];
const networkWords = ["domain", "listener", "address", "agreement", "authority", "extended-key-usage", "shares-host"];
const treatmentWords = ["fulfils", "keep"];
const verbs: ReadonlySet<string> = new Set(
  productions
    .filter(({ name }) => productions.some((edit) => edit.name === "edit" && edit.symbols[0] === name))
    .flatMap(({ symbols: [verb] }) => (typeof verb === "object" && "literal" in verb ? [verb.literal] : [])),
);

/** What a clause belongs to, for a clause that stands alone. */
function ownerOf(word: string): string | undefined {
  if (ruleWords.includes(word) || verbs.has(word)) return "rule";
  if (testWords.includes(word)) return "test";
  if (networkWords.includes(word)) return "network";
  if (treatmentWords.includes(word)) return "treatment";
  return word === "carries" ? "assertion" : undefined;
}
