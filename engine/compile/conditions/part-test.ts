/**
 * Tests of one value's part, on the bytes where they stand. What the bytes alone can't
 * tell is `unsure`; then the law's reader looks at the tree of the field.
 */
import type { Part, PartTest } from "../../../grammar/model.ts";
import { decodePercent, lowerCase, policyText } from "../../conditions/comparison-text.ts";
import type { FieldShape } from "../binding/policy-reads.ts";
import type { MessageFacts } from "../message-facts.ts";
import {
  type Answer,
  bytesOf,
  equalsCaseless,
  equalsExactly,
  holdsByte,
  lowered,
  no,
  unsure,
  yes,
} from "./byte-text.ts";

const htab = 0x09;
const cr = 0x0d;
const space = 0x20;
const quote = 0x22;
const percent = 0x25;
const slash = 0x2f;
const dot = 0x2e;
const semicolon = 0x3b;

/** Of the value that stands in `bytes[start, end)`. */
export type ValueTest = (facts: MessageFacts, bytes: Uint8Array, start: number, end: number) => Answer;

/** Of a span that has been read to the end. */
type SpanTest = (bytes: Uint8Array, start: number, end: number) => boolean;

/** Undefined where no byte test is worth its while: the law's reader then looks at every value. */
export function partTestOf(
  part: Part,
  test: PartTest,
  shape: FieldShape | "uri",
  ownDomains: ReadonlySet<string>,
): ValueTest | undefined {
  const isBare = shape === "uri";
  const isAddress = isBare || shape === "address" || shape === "addresses";
  switch (part.kind) {
    case "value": {
      if (isAddress) return undefined;
      const isWord = shape !== "text";
      const span = spanTest(test, isWord, (text) => text, ownDomains);
      if (span === undefined) return undefined;
      if (!isWord)
        return (_, bytes, start, end) =>
          holdsByte(bytes, start, end, cr) ? unsure : answer(span(bytes, start, end));
      const hasParameters = shape === "value" || shape === "values";
      return (_, bytes, start, end) => wordTest(bytes, start, end, hasParameters, span);
    }
    case "scheme": {
      const span = spanTest(test, true, (text) => text, ownDomains);
      if (!isAddress || span === undefined) return undefined;
      return (facts, bytes, start, end) => {
        if (!readUri(facts, bytes, start, end, isBare)) return no;
        return answer(span(bytes, isBare ? start : facts.address.uriStart, facts.uri.schemeEnd));
      };
    }
    case "host": {
      const span = spanTest(test, true, (text) => text, ownDomains);
      if (!isAddress || span === undefined) return undefined;
      return (facts, bytes, start, end) => {
        if (!readUri(facts, bytes, start, end, isBare)) return no;
        const { uri } = facts;
        if (uri.hostStart < 0) return no;
        // The root's dot does not count.
        const last =
          uri.hostEnd > uri.hostStart && bytes[uri.hostEnd - 1] === dot ? uri.hostEnd - 1 : uri.hostEnd;
        return answer(span(bytes, uri.hostStart, last));
      };
    }
    case "user": {
      const span = spanTest(test, false, decodePercent, ownDomains);
      if (!isAddress || span === undefined) return undefined;
      return (facts, bytes, start, end) => {
        if (!readUri(facts, bytes, start, end, isBare)) return no;
        const { uri } = facts;
        if (uri.userStart < 0) return no;
        if (holdsByte(bytes, uri.userStart, uri.userEnd, percent)) return unsure;
        return answer(span(bytes, uri.userStart, uri.userEnd));
      };
    }
    case "parameter": {
      const span = spanTest(test, true, (text) => text, ownDomains);
      if (!isAddress || isBare || span === undefined) return undefined;
      const name = bytesOf(part.name);
      return (facts, bytes, start, end) => {
        const { address, parameters } = facts;
        if (!address.read(bytes, start, end)) return no;
        if (address.parametersStart < 0 || address.parametersStart >= end) return no;
        parameters.reset(bytes, address.parametersStart, end, ";");
        while (parameters.next()) {
          if (!equalsCaseless(bytes, parameters.nameStart, parameters.nameEnd, name)) continue;
          if (parameters.valueStart < 0) {
            if (span(bytes, 0, 0)) return yes;
            continue;
          }
          if (holdsByte(bytes, parameters.valueStart, parameters.valueEnd, quote, cr)) return unsure;
          if (span(bytes, parameters.valueStart, parameters.valueEnd)) return yes;
        }
        return no;
      };
    }
    case "display-name":
    case "uri":
    case "number":
    case "uri-parameter":
    case "number-parameter":
    case "uri-header":
      return undefined;
  }
}

/** `isBare`: the span is a URI and nothing else, as Request-URI is. */
function readUri(
  facts: MessageFacts,
  bytes: Uint8Array,
  start: number,
  end: number,
  isBare: boolean,
): boolean {
  if (isBare) return facts.uri.read(bytes, start, end);
  const { address } = facts;
  return address.read(bytes, start, end) && facts.uri.read(bytes, address.uriStart, address.uriEnd);
}

function answer(held: boolean): Answer {
  return held ? yes : no;
}

/** A word, or the head of a value with parameters. Blanks in it may be folds, or stand around a slash. */
function wordTest(
  bytes: Uint8Array,
  start: number,
  end: number,
  hasParameters: boolean,
  span: SpanTest,
): Answer {
  let last = end;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === quote || byte === slash) return unsure;
    if (hasParameters && byte === semicolon) {
      last = at;
      break;
    }
    if (byte === cr || byte === space || byte === htab) {
      // Blanks before the first parameter belong to neither.
      if (!hasParameters || !onlyBlanksUntilSemicolon(bytes, at, end)) return unsure;
      last = at;
      break;
    }
  }
  return answer(span(bytes, start, last));
}

function onlyBlanksUntilSemicolon(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === space || bytes[at] === htab)) at++;
  return at < end && bytes[at] === semicolon;
}

/** `form` brings the policy's text to the form in which the part is compared. */
function spanTest(
  test: PartTest,
  caseless: boolean,
  form: (text: string) => string,
  ownDomains: ReadonlySet<string>,
): SpanTest | undefined {
  const wanted = (texts: Iterable<string>): Uint8Array[] =>
    [...texts].map((text) => bytesOf(form(caseless ? lowerCase(policyText(text)) : policyText(text))));
  const equals = caseless ? equalsCaseless : equalsExactly;
  switch (test.kind) {
    case "present":
      return () => true;
    case "among": {
      const texts = wanted(test.texts);
      if (texts.length > longList) return amongMany(texts, caseless);
      if (texts.length === 1) {
        const only = texts[0]!;
        return (bytes, start, end) => equals(bytes, start, end, only);
      }
      return (bytes, start, end) => isAmong(bytes, start, end, texts, equals);
    }
    case "starts-with": {
      const texts = wanted(test.texts);
      return (bytes, start, end) =>
        texts.some((text) => end - start >= text.length && equals(bytes, start, start + text.length, text));
    }
    case "under": {
      const domains = wanted(test.domains);
      return (bytes, start, end) => domains.some((domain) => isUnder(bytes, start, end, domain));
    }
    case "own": {
      const domains = [...ownDomains].map(bytesOf);
      return domains.length > longList
        ? amongMany(domains, true)
        : (bytes, start, end) => isAmong(bytes, start, end, domains, equalsCaseless);
    }
    case "between":
      return undefined;
  }
}

/** Above this, a set of strings beats looking at one text after the other. */
const longList = 8;

function isAmong(
  bytes: Uint8Array,
  start: number,
  end: number,
  texts: readonly Uint8Array[],
  equals: typeof equalsExactly,
): boolean {
  for (const text of texts) if (equals(bytes, start, end, text)) return true;
  return false;
}

function amongMany(texts: readonly Uint8Array[], caseless: boolean): SpanTest {
  const set = new Set(texts.map((text) => String.fromCharCode(...text)));
  return (bytes, start, end) => {
    let text = "";
    for (let at = start; at < end; at++)
      text += String.fromCharCode(caseless ? lowered[bytes[at]!]! : bytes[at]!);
    return set.has(text);
  };
}

/** Label-wise; a domain is under itself. */
function isUnder(bytes: Uint8Array, start: number, end: number, domain: Uint8Array): boolean {
  const from = end - domain.length;
  if (from < start || !equalsCaseless(bytes, from, end, domain)) return false;
  return from === start || bytes[from - 1] === dot;
}
