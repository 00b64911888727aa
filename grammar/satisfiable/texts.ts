/**
 * Texts under tests: can one text (or its absence) meet all of these tests?
 *
 * `never` is claimed only where it is certain. `unknown` is the honest answer in between.
 */
import type { Part, PartTest } from "../model.ts";

export interface TextLiteral {
  readonly test: PartTest;
  readonly positive: boolean;
}

export type Solved<T> =
  | { readonly verdict: "holds"; readonly witness: T }
  | { readonly verdict: "never" }
  | { readonly verdict: "unknown" };

export const never: { readonly verdict: "never" } = { verdict: "never" };
export const unknown: { readonly verdict: "unknown" } = { verdict: "unknown" };

/** How texts of a part compare. `either`: the field decides, so both readings must agree. */
export type CaseRule = "without" | "with" | "either";

export function caseRuleOf(part: Part): CaseRule {
  switch (part.kind) {
    case "host":
    case "scheme":
    case "number":
      return "without";
    case "user":
    case "display-name":
    case "uri":
      return "with";
    // A parameter compares with case where it is quoted.
    case "value":
    case "parameter":
    case "uri-parameter":
    case "number-parameter":
    case "uri-header":
      return "either";
  }
}

/** Does the test hold for the text (undefined: absent)? undefined where case decides and is not known. */
export function testHolds(
  test: PartTest,
  text: string | undefined,
  rule: CaseRule,
  ownDomains: readonly string[],
): boolean | undefined {
  if (text === undefined) return false;
  if (rule === "either") {
    const [with_, without] = [
      testHolds(test, text, "with", ownDomains),
      testHolds(test, text, "without", ownDomains),
    ];
    return with_ === without ? with_ : undefined;
  }
  const fold = folding(rule);
  switch (test.kind) {
    case "present":
      return true;
    case "among":
      return test.texts.some((one) => fold(one) === fold(text));
    case "starts-with":
      return test.texts.some((one) => fold(text).startsWith(fold(one)));
    case "between":
      // The `+` of a telephone number does not count; elsewhere it makes the text no number.
      if (text.startsWith("+")) return undefined;
      return /^\d+$/.test(text) && Number(text) >= test.from && Number(text) <= test.to;
    case "under":
      return test.domains.some((domain) => isUnder(text, domain));
    case "own":
      return ownDomains.some((domain) => domain.toLowerCase() === text.toLowerCase());
  }
}

/** ASCII letters only: a token of SIP has no others (RFC 3261 7.3.1). */
function folding(rule: CaseRule): (text: string) => string {
  if (rule === "with") return (text) => text;
  return (text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function isUnder(host: string, domain: string): boolean {
  const [h, d] = [host.toLowerCase(), domain.toLowerCase()];
  return h === d || h.endsWith(`.${d}`);
}

export interface TextSetting {
  readonly part: Part;
  readonly ownDomains: readonly string[];
  /** Texts to try where nothing is asked of the text but to be there, best first. */
  readonly plain: readonly string[];
}

/** A parameter can stand twice in a value, and each test may find another one. */
export function solveText(
  literals: readonly TextLiteral[],
  setting: TextSetting,
): Solved<string | undefined> {
  const solved = solveOne(literals, setting);
  const positives = literals.filter(({ positive }) => positive);
  if (solved.verdict !== "never" || !("name" in setting.part) || positives.length < 2) return solved;
  const negatives = literals.filter(({ positive }) => !positive);
  return positives.some((one) => solveOne([one, ...negatives], setting).verdict === "never")
    ? never
    : unknown;
}

function solveOne(literals: readonly TextLiteral[], setting: TextSetting): Solved<string | undefined> {
  const { part, ownDomains, plain } = setting;
  const rule = caseRuleOf(part);
  const positives = literals.filter((one) => one.positive).map((one) => one.test);
  const negatives = literals.filter((one) => !one.positive).map((one) => one.test);
  if (positives.length === 0) return { verdict: "holds", witness: undefined };
  if (negatives.some((test) => test.kind === "present")) return never;
  const same = new Set(positives.map((test) => JSON.stringify(test)));
  if (negatives.some((test) => same.has(JSON.stringify(test)))) return never;

  let undecided = false;
  for (const text of candidates(positives, ownDomains, plain)) {
    let holds: boolean | undefined = true;
    for (const { test, positive } of literals) {
      const one = testHolds(test, text, rule, ownDomains);
      if (one === undefined) holds = holds === false ? false : undefined;
      else if (one !== positive) holds = false;
    }
    if (holds === true) return { verdict: "holds", witness: text };
    if (holds === undefined) undecided = true;
  }
  // A finite set has been tried whole; escapes and quotes may compare in ways not tried here.
  if (undecided || literals.some(({ test }) => isLoose(test, part))) return unknown;
  const finite = positives.some((test) => test.kind === "among" || test.kind === "own");
  return finite || excluded(positives, negatives, rule) ? never : unknown;
}

/** Texts that may be equal though they are not the same: escapes, quotes, separators of a number. */
function isLoose(test: PartTest, part: Part): boolean {
  const loose = part.kind === "number" ? /[%"\\().-]/ : /[%"\\]/;
  return (
    (test.kind === "among" || test.kind === "starts-with") && test.texts.some((text) => loose.test(text))
  );
}

function candidates(
  positives: readonly PartTest[],
  ownDomains: readonly string[],
  plain: readonly string[],
): string[] {
  const texts: string[] = [];
  for (const test of positives) {
    switch (test.kind) {
      case "among":
        texts.push(...test.texts);
        break;
      case "own":
        texts.push(...ownDomains);
        break;
      case "starts-with":
        texts.push(
          ...test.texts,
          ...test.texts.flatMap((text) => [`${text}1`, `${text}5550100`, `${text}x`]),
        );
        break;
      case "between":
        texts.push(...[test.from, test.to].filter((bound) => Number.isFinite(bound)).map(String));
        break;
      case "under":
        texts.push(...test.domains, ...test.domains.map((domain) => `edge.${domain}`));
        break;
      case "present":
        break;
    }
  }
  return [...texts, ...plain];
}

/** Two tests of an endless set contradict each other, for certain. */
function excluded(positives: readonly PartTest[], negatives: readonly PartTest[], rule: CaseRule): boolean {
  const fold = folding(rule);
  const begins = (longer: string, shorter: string): boolean => fold(longer).startsWith(fold(shorter));
  for (const [index, a] of positives.entries()) {
    for (const b of positives.slice(index + 1)) {
      if (a.kind === "starts-with" && b.kind === "starts-with") {
        if (!a.texts.some((x) => b.texts.some((y) => begins(x, y) || begins(y, x)))) return true;
      } else if (a.kind === "under" && b.kind === "under") {
        if (!a.domains.some((x) => b.domains.some((y) => isUnder(x, y) || isUnder(y, x)))) return true;
      } else if (a.kind === "between" && b.kind === "between") {
        if (a.from > b.to || b.from > a.to) return true;
      }
    }
    if (a.kind === "between" && a.from > a.to) return true;
    for (const b of negatives) {
      if (a.kind === "starts-with" && b.kind === "starts-with" && rule !== "either") {
        if (a.texts.every((x) => b.texts.some((y) => begins(x, y)))) return true;
      } else if (a.kind === "under" && b.kind === "under") {
        if (a.domains.every((x) => b.domains.some((y) => isUnder(x, y)))) return true;
      } else if (a.kind === "between" && b.kind === "between") {
        if (a.from >= b.from && a.to <= b.to) return true;
      }
    }
  }
  return false;
}
