/** Reads a part of a value (docs/language.md, *Conditions*) and tests it. */

import type { FieldShape } from "../../grammar/index.ts";
import type { Part, PartTest, ValueCondition } from "../../grammar/model.ts";
import {
  decodePercent,
  isQuoted,
  lowerCase,
  policyText,
  readText,
  unfold,
  unquote,
} from "../conditions/comparison-text.ts";
import type { ParameterNode, Span, UriNode, ValueNode } from "./tree.ts";

/** What a value is compared in: its bytes, its field's shape, the domains of our own networks. */
export interface Setting {
  readonly bytes: Uint8Array;
  readonly shape: FieldShape;
  readonly ownDomains: ReadonlySet<string>;
}

/** A part as it was read; `caseless` where case does not count. */
interface Reading {
  readonly text: string;
  readonly caseless: boolean;
}

export function holdsForValue(condition: ValueCondition, value: ValueNode, setting: Setting): boolean {
  switch (condition.kind) {
    case "and":
      return condition.of.every((one) => holdsForValue(one, value, setting));
    case "or":
      return condition.of.some((one) => holdsForValue(one, value, setting));
    case "not":
      return !holdsForValue(condition.of, value, setting);
    case "atom":
      return partPasses(value, condition.part, condition.test, setting);
  }
}

/** A part that stands twice passes if one of its readings does; an absent part never passes. */
export function partPasses(value: ValueNode, part: Part, test: PartTest, setting: Setting): boolean {
  return readPart(value, part, setting).some((reading) => passes(reading, part, test, setting));
}

function passes(
  { text, caseless: isCaseless }: Reading,
  part: Part,
  test: PartTest,
  setting: Setting,
): boolean {
  switch (test.kind) {
    case "present":
      return true;
    case "among":
      return comparable(test.texts, part, isCaseless).includes(text);
    case "starts-with":
      return comparable(test.texts, part, isCaseless).some((wanted) => text.startsWith(wanted));
    case "between": {
      const digits = part.kind === "number" ? text.replace(/^\+/, "") : text;
      return /^\d+$/.test(digits) && Number(digits) >= test.from && Number(digits) <= test.to;
    }
    case "under":
      return comparable(test.domains, part, true).some((domain) => isUnder(text, domain));
    case "own":
      return setting.ownDomains.has(text);
  }
}

/** Label-wise: a name is under itself and under what follows any of its dots. */
function isUnder(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

type Forms = Map<string, readonly string[]>;

const formsOf = new WeakMap<readonly string[], Forms>();

/** The policy's texts in the form of the reading: a list is brought to each form once. */
function comparable(texts: readonly string[], part: Part, withoutCase: boolean): readonly string[] {
  const form = `${part.kind} ${withoutCase}`;
  let forms = formsOf.get(texts);
  if (forms === undefined) {
    forms = new Map();
    formsOf.set(texts, forms);
  }
  let comparables = forms.get(form);
  if (comparables === undefined) {
    comparables = texts.map((text) => inForm(text, part, withoutCase));
    forms.set(form, comparables);
  }
  return comparables;
}

function inForm(text: string, part: Part, withoutCase: boolean): string {
  const plain = policyText(text);
  const decoded = isPartOfUri(part) ? decodePercent(plain) : plain;
  const bare = part.kind === "number" ? withoutSeparators(decoded) : decoded;
  return withoutCase ? lowerCase(bare) : bare;
}

function isPartOfUri(part: Part): boolean {
  return (
    part.kind === "uri" ||
    part.kind === "user" ||
    part.kind === "uri-parameter" ||
    part.kind === "number-parameter" ||
    part.kind === "uri-header"
  );
}

function readPart(value: ValueNode, part: Part, setting: Setting): readonly Reading[] {
  const { bytes, shape } = setting;
  const { uri } = value;
  switch (part.kind) {
    case "value":
      return [readHead(value.text, shape)];
    case "display-name":
      return value.displayName === undefined ? [] : [exact(displayNameText(bytes, value.displayName))];
    case "uri":
      return uri === undefined ? [] : [exact(decodePercent(uri.text))];
    case "scheme":
      return uri === undefined ? [] : [caseless(uri.scheme)];
    case "user":
      return uri?.user === undefined ? [] : [exact(decodePercent(read(bytes, uri.user)))];
    case "number": {
      const number = uri === undefined ? undefined : telephoneNumber(bytes, uri);
      return number === undefined ? [] : [caseless(number)];
    }
    case "host":
      return uri?.host === undefined ? [] : [caseless(hostText(bytes, uri.host))];
    case "parameter":
      return readParameters(bytes, value.parameters, part.name, false);
    case "uri-parameter":
      return readParameters(bytes, uri?.parameters ?? [], part.name, true);
    case "number-parameter":
      return readParameters(bytes, uri?.numberParameters ?? [], part.name, true);
    case "uri-header":
      return readParameters(bytes, uri?.headers ?? [], part.name, true);
  }
}

function exact(text: string): Reading {
  return { text, caseless: false };
}

function caseless(text: string): Reading {
  return { text: lowerCase(text), caseless: true };
}

function read(bytes: Uint8Array, span: Span): string {
  return readText(bytes, span.start, span.end);
}

/** Blanks around a slash do not count (SLASH, RFC 3261 25.1). */
function readHead(text: string, shape: FieldShape): Reading {
  const isWord = shape === "value" || shape === "values" || shape === "tokens" || shape === "priv-values";
  return isWord ? caseless(text.replace(/[ \t]*\/[ \t]*/g, "/")) : exact(text);
}

function displayNameText(bytes: Uint8Array, span: Span): string {
  return unquote(unfold(read(bytes, span)));
}

/** Without a port and without the root's dot. */
function hostText(bytes: Uint8Array, span: Span): string {
  return lowerCase(read(bytes, span)).replace(/\.$/, "");
}

function readParameters(
  bytes: Uint8Array,
  parameters: readonly ParameterNode[],
  name: string,
  escaped: boolean,
): readonly Reading[] {
  return parameters
    .filter((parameter) => parameter.name === name)
    .map(({ value }) => {
      const text = value === undefined ? "" : unfold(read(bytes, value));
      if (isQuoted(text)) return exact(unquote(text));
      return caseless(escaped ? decodePercent(text) : text);
    });
}

function withoutSeparators(text: string): string {
  return text.replace(/[-.()]/g, "");
}

/**
 * A telephone number without its visual separators (RFC 3966 3), with its `+` if it has one;
 * undefined where a sip user is no number.
 */
function telephoneNumber(bytes: Uint8Array, uri: UriNode): string | undefined {
  if (uri.kind !== "tel" && uri.kind !== "sip" && uri.kind !== "sips") return undefined;
  const whole =
    uri.kind === "tel" ? uri.text.slice(uri.scheme.length + 1) : uri.user && read(bytes, uri.user);
  if (whole === undefined) return undefined;
  const number = withoutSeparators(decodePercent(whole.split(";")[0]!));
  const digits = uri.kind === "tel" ? /^\+?[0-9A-Fa-f*#]+$/ : /^\+?[0-9*#]+$/;
  return digits.test(number) ? lowerCase(number) : undefined;
}
