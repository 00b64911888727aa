/** Words, texts, numbers, dates, addresses. */

import { type Diagnostic, type DiagnosticDetail, diagnose } from "../diagnostic.ts";
import { readAddressPrefix } from "../reading/address-prefix.ts";
import { millisecondsOfDay, readDate, readInstant } from "../reading/calendar.ts";
import type { Token } from "../reading/lexer.ts";
import type { Phrase } from "../reading/sentence.ts";
import type { Address, Block, Count, MediaType, Moment, Name, Span, Text, Value, Who } from "../syntax.ts";
import { membersOf, type Node, phraseAt, tokenOf } from "./phrase.ts";

/** What the tree's builders find wrong on their way: the grammar is kept, a value is not. */
export class Findings {
  readonly file: string;
  readonly diagnostics: Diagnostic[] = [];

  constructor(file: string) {
    this.file = file;
  }

  report(
    code: string,
    span: Span,
    values: Readonly<Record<string, string | number>>,
    detail: DiagnosticDetail = {},
  ): void {
    this.diagnostics.push(diagnose(code, this.file, span, values, detail));
  }
}

function spanOfToken({ start, end }: Token): Span {
  return { start, end };
}

export function readName(node: Node): Name {
  const token = tokenOf(node);
  return { text: token.text, span: spanOfToken(token) };
}

export function readNames(list: Phrase): readonly Name[] {
  return membersOf(list).map(readName);
}

export function readText(node: Node, findings: Findings): Text {
  const token = tokenOf(node);
  return { text: unescape(token, findings), span: spanOfToken(token) };
}

function unescape(token: Token, findings: Findings): string {
  const inner = token.text.slice(1, -1);
  if (!inner.includes("\\")) return inner;
  return inner.replace(/\\(.)/gsu, (whole: string, character: string, offset: number) => {
    if (character !== '"' && character !== "\\") {
      const start = token.start + 1 + offset;
      findings.report("P1025", { start, end: start + whole.length }, { escape: whole });
    }
    return character;
  });
}

export function readValue(node: Node, findings: Findings): Value {
  const token = tokenOf(node);
  if (token.type !== "text") return { text: token.text, quoted: false, span: spanOfToken(token) };
  return { text: unescape(token, findings), quoted: true, span: spanOfToken(token) };
}

export function readValueList(list: Phrase, findings: Findings): readonly Value[] {
  return membersOf(list).map((member) => readValue(member, findings));
}

/** The members of `x | "one" "of" x_list`. */
export function oneOf(values: Phrase): readonly Phrase[] {
  return values.parts.length === 1 ? [phraseAt(values, 0)] : membersOf(phraseAt(values, 2));
}

export function readValues(values: Phrase, findings: Findings): readonly Value[] {
  return oneOf(values).map((member) => readValue(member, findings));
}

export function readTexts(texts: Phrase, findings: Findings): readonly Text[] {
  return oneOf(texts).map((member) => readText(member, findings));
}

/** `texts`, where the tree speaks of values. */
export function readTextValues(texts: Phrase, findings: Findings): readonly Value[] {
  return oneOf(texts).map((member) => readValue(member, findings));
}

export function readMediaType(node: Node): MediaType {
  return readName(node);
}

const largest = 999_999_999_999_999;

export function readCount(node: Node, findings: Findings, limit: number = largest): Count {
  const token = tokenOf(node);
  const value = Number(token.text);
  if (value > limit)
    findings.report("P1024", spanOfToken(token), { what: "number", limit: `at most ${limit}` });
  return { value, span: spanOfToken(token) };
}

export function readMoment(node: Node, findings: Findings): Moment {
  const token = tokenOf(node);
  const span = spanOfToken(token);
  const day = token.type === "date";
  const at = day ? readDate(token.text) : readInstant(token.text);
  if (at === undefined) {
    const what = day ? "date" : "time";
    findings.report("P1022", span, { what, text: token.text });
    return { at: 0, until: 0, span };
  }
  return { at, until: day ? at + millisecondsOfDay : at, span };
}

export function readAddress(node: Node, findings: Findings): Address {
  const token = tokenOf(node);
  const span = spanOfToken(token);
  const prefix = readAddressPrefix(token.text);
  if (prefix === undefined) {
    findings.report("P1023", span, { text: token.text });
    return { address: token.text, bytes: [], length: 0, span };
  }
  return { ...prefix, span };
}

export function readBlock(node: Node): Block {
  const token = tokenOf(node);
  const text = blockLines(token)
    .map((line) => `${line}\r\n`)
    .join("");
  return { text, span: spanOfToken(token) };
}

/** The lines between a block's quotes, without the closing quotes' indentation and without their ends. */
export function blockLines({ text }: Token): readonly string[] {
  const lines = text.slice(3, -3).split("\n").slice(1);
  const indentation = lines.pop() ?? "";
  return lines.map((line) => withoutIndentation(line.replace(/\r$/, ""), indentation));
}

function withoutIndentation(line: string, indentation: string): string {
  let at = 0;
  while (at < indentation.length && line[at] === indentation[at]) at++;
  return line.slice(at);
}

const kindsOfWho = ["anyone", "trusted", "untrusted", "partner", "own", "foreign"] as const;

function readWho(node: Node): Who {
  const { text, span } = readName(node);
  const kind = kindsOfWho.find((one) => one === text);
  return kind === undefined ? { kind: "network", name: text, span } : { kind, span };
}

export function readWhos(list: Phrase): readonly Who[] {
  return membersOf(list).map(readWho);
}

/** The members of `one_end`. */
export function readOneEnd(end: Phrase): readonly Who[] {
  return oneOf(end).map(readWho);
}
