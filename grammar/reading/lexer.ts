/** Text → tokens. Never fails: what is no token of the language becomes one of a wrong kind. */
import moo from "moo";
import type { Span } from "../syntax.ts";

type TokenType =
  | "word"
  | "topic"
  | "state"
  | "reserved"
  | "number"
  | "version"
  | "date"
  | "time"
  | "address"
  | "media"
  | "suite"
  | "text"
  | "block"
  | "punctuation"
  // The kinds below are in no sentence of the grammar: each stands for a mistake.
  /** Words of no kind above: `carrier-c.example`, `sip:a@b`. */
  | "bare"
  | "open-text"
  | "open-block"
  /** A block whose text begins behind its opening quotes. */
  | "crammed-block"
  /** Text between typographic or single quotes. */
  | "misquoted"
  | "operator"
  | "invalid";

export interface Token extends Span {
  readonly type: TokenType;
  readonly text: string;
  /** `text` by the name that nearley asks for. */
  readonly value: string;
  /** First on its line. */
  readonly first: boolean;
  /** Counted from 0. */
  readonly column: number;
}

/** `// …`, without the line's end. */
export interface Comment extends Span {
  readonly text: string;
  readonly first: boolean;
}

export interface TokenList {
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
}

/** Words that hold a sentence together. In lower case they name nothing. */
export const reservedWords: readonly string[] = [
  "and",
  "because",
  "except",
  "from",
  "has",
  "is",
  "not",
  "of",
  "on",
  "or",
  "to",
  "unless",
  "when",
  "where",
];

/** Words that open a condition: in lower case they are not header fields. */
export const topicWords: readonly string[] = [
  "body",
  "certificate",
  "emergency",
  "listener",
  "method",
  "request",
  "response",
  "resumed",
  "role",
  "sni",
  "status",
  "transport",
];

const kindOfWord: ReadonlyMap<string, TokenType> = new Map([
  ...reservedWords.map((word) => [word, "reserved"] as const),
  ...topicWords.map((word) => [word, "topic"] as const),
  ...["absent", "own", "present"].map((word) => [word, "state"] as const),
]);

const word = /^(?=[0-9-]*[A-Za-z])[A-Za-z0-9][A-Za-z0-9-]*$/;
/** Wide on purpose: a date that does not exist gets a better message than a strange word. */
const date = /^\d{1,4}-\d{1,2}-\d{1,2}$/;
const time = /^\d{1,4}-\d{1,2}-\d{1,2}T[0-9:.]*(?:Z|[+-][0-9:]+)?$/;
const ipv4 = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\/\d+)?$/;
const ipv6 = /^(?=[^:]*:[^:]*:)[0-9A-Fa-f:]*(?::\d+\.\d+\.\d+\.\d+)?(?:\/\d+)?$/;
/** Type and subtype by RFC 6838 4.2. */
const media = /^[A-Za-z][A-Za-z0-9.+_#$^-]*\/(?:\*|[A-Za-z0-9][A-Za-z0-9.+_#$^-]*)$/;

/** `TLS_AES_128_GCM_SHA256`: words in capitals, joined as no name of a policy is. */
const suite = /^(?:[A-Z][A-Z0-9]*|tls)(?:_[A-Za-z0-9]+)+$/;

function classify(text: string): TokenType {
  const known = kindOfWord.get(text);
  if (known !== undefined) return known;
  if (word.test(text)) return "word";
  if (/^\d+$/.test(text)) return "number";
  if (/^\d+\.\d+$/.test(text)) return "version";
  if (date.test(text)) return "date";
  if (time.test(text)) return "time";
  if (ipv4.test(text) || ipv6.test(text)) return "address";
  if (media.test(text)) return "media";
  if (suite.test(text)) return "suite";
  return "bare";
}

const moolexer = moo.compile({
  // A lone CR is no space: editors show a new line where we would still read a comment.
  space: { match: /(?:[ \t\n\uFEFF]|\r\n)+/, lineBreaks: true },
  comment: /\/\/[^\n\r]*/,
  quotes: '"""',
  text: /"[^"\\\n\r]*(?:\\[^\n\r][^"\\\n\r]*)*"/,
  openText: /"[^\n\r]*/,
  run: /(?:[A-Za-z0-9_:*+.%@~$^#?-]|\/(?!\/))+/,
  operator: /[=!<>]=|&&?|\|\|?|[!<>]/,
  punctuation: /[(){},=]/,
  misquoted:
    /[\u201C-\u201F\u00AB\u00BB\u2018-\u201B][^\u201C-\u201F\u00AB\u00BB\u2018-\u201B"\n\r]*[\u201C-\u201F\u00AB\u00BB\u2018-\u201B"]?|'[^'"\n\r]*'?/,
  invalid: { match: /[\uD800-\uDBFF][\uDC00-\uDFFF]|[^]/, lineBreaks: true },
});

const plainKinds: Readonly<Record<string, TokenType>> = {
  text: "text",
  openText: "open-text",
  operator: "operator",
  punctuation: "punctuation",
  misquoted: "misquoted",
  invalid: "invalid",
};

/**
 * Cuts text into tokens.
 * @param opensStatement tells whether a word may open a statement: after a block that is
 * never closed, reading goes on at the next line that begins with one.
 */
export function tokenize(text: string, opensStatement: (word: string) => boolean): TokenList {
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  let lineStart = 0;
  let first = true;
  /** Where the text that moo holds begins. */
  let base = 0;
  moolexer.reset(text);
  for (let next = moolexer.next(); next !== undefined; next = moolexer.next()) {
    const start = base + next.offset;
    let end = start + next.text.length;
    if (next.type === "space") {
      const lineBreak = next.text.lastIndexOf("\n");
      if (lineBreak === -1) continue;
      lineStart = start + lineBreak + 1;
      first = true;
      continue;
    }
    if (next.type === "comment") {
      const trimmed = next.text.trimEnd();
      comments.push({ text: trimmed, start, end: start + trimmed.length, first });
      continue;
    }
    let type = next.type === "run" ? classify(next.text) : (plainKinds[next.type ?? ""] ?? "invalid");
    if (next.type === "quotes") {
      [type, end] = readBlock(text, end, opensStatement);
      base = end;
      moolexer.reset(text.slice(end));
    }
    const value = next.type === "quotes" ? text.slice(start, end) : next.text;
    tokens.push({ type, text: value, value, start, end, first, column: columnOf(text, lineStart, start) });
    first = false;
    if (next.type === "quotes") {
      const lineBreak = value.lastIndexOf("\n");
      if (lineBreak !== -1) lineStart = start + lineBreak + 1;
      first = type === "open-block";
    }
  }
  return { tokens, comments };
}

/** A byte order mark is no column. */
function columnOf(text: string, lineStart: number, start: number): number {
  return start - lineStart - (lineStart === 0 && text.charCodeAt(0) === 0xfeff ? 1 : 0);
}

/**
 * The end of a block whose opening quotes end at `from`. The quotes that close it are the
 * first thing on their line; other quotes inside tell that the closing ones were forgotten.
 */
function readBlock(
  text: string,
  from: number,
  opensStatement: (word: string) => boolean,
): [TokenType, number] {
  restOfLine.lastIndex = from;
  if (!restOfLine.test(text)) {
    const close = text.indexOf('"""', from);
    return ["crammed-block", close === -1 ? endOfLine(text, from) : close + 3];
  }
  const quotes = text.indexOf('"""', from);
  let resume: number | undefined;
  for (let at = endOfLine(text, from) + 1; at < text.length; ) {
    if (quotes === -1 && resume !== undefined) break;
    const end = endOfLine(text, at);
    const opener = /^[a-z-]+(?=[ \t])/.exec(text.slice(at, Math.min(end, at + 40)))?.[0];
    if (opener !== undefined && opensStatement(opener)) resume ??= at;
    if (quotes !== -1 && quotes < end) {
      if (text.slice(at, quotes).trim() === "") return ["block", quotes + 3];
      break;
    }
    at = end + 1;
  }
  return ["open-block", resume ?? text.length];
}

/** Nothing but blanks. */
const restOfLine = /[ \t]*(?:\r?\n|$)/y;

function endOfLine(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at === -1 ? text.length : at;
}
