/** Parts of a value, what is said of them, and conditions on one value. */
import type { Phrase } from "../reading/sentence.ts";
import type { Part, PartTest, ValueCondition } from "../syntax.ts";
import { type Findings, readCount, readTexts, readValue, readValues } from "./leaves.ts";
import { choiceOf, maybeAt, membersOf, phraseAt, spanOf, tokenAt } from "./phrase.ts";

const plainParts = ["value", "display-name", "uri", "scheme", "user", "number", "host"] as const;
const namedParts = ["parameter", "uri-parameter", "number-parameter", "uri-header"] as const;

export function readPart(part: Phrase, findings: Findings): Part {
  const word = tokenAt(part, 0).text;
  const span = spanOf(part);
  const named = namedParts.find((kind) => kind === word);
  if (named !== undefined) return { kind: named, name: readValue(phraseAt(part, 1), findings), span };
  return { kind: plainParts.find((kind) => kind === word) ?? "value", span };
}

/** A test, and whether it is said with `not` (`is not …`, `is absent`). */
export function readTest(test: Phrase, findings: Findings): { test: PartTest; negative: boolean } {
  const inner = choiceOf(test);
  const span = spanOf(inner);
  switch (inner.rule) {
    case "said_presence": {
      const presence = phraseAt(inner, 0);
      const absent = tokenAt(presence, 1).text === "absent";
      return { test: { kind: "present", span }, negative: absent !== isNegative(presence) };
    }
    case "said_is":
      return {
        test: { kind: "among", values: readValues(phraseAt(inner, 1), findings), span },
        negative: isNegative(inner),
      };
    case "said_own":
      return { test: { kind: "own", span }, negative: isNegative(inner) };
    case "said_under":
      return {
        test: { kind: "under", domains: readTexts(phraseAt(inner, 2), findings), span },
        negative: isNegative(inner),
      };
    case "said_starts":
      return {
        test: { kind: "starts-with", texts: readTexts(phraseAt(inner, 2), findings), span },
        negative: false,
      };
    case "said_range": {
      const from = readCount(phraseAt(inner, 1), findings).value;
      const to = readCount(phraseAt(inner, 3), findings).value;
      return { test: { kind: "between", from, to, span }, negative: false };
    }
    default:
      throw new Error(`no reader for ${inner.rule}`);
  }
}

/** `is not`, as the first phrase within. */
function isNegative(phrase: Phrase): boolean {
  return phraseAt(phrase, 0).parts.length === 2;
}

/** `[where VALUE-CONDITION]` at the given place. */
export function readWhereAt(phrase: Phrase, index: number, findings: Findings): ValueCondition | undefined {
  const where = maybeAt(phrase, index);
  return where && readWhere(where, findings);
}

export function readWhere(where: Phrase, findings: Findings): ValueCondition {
  return readDisjunction(phraseAt(where, 1), findings);
}

function readDisjunction(disjunction: Phrase, findings: Findings): ValueCondition {
  const of = membersOf(disjunction).map((member) => readConjunction(member, findings));
  return of.length === 1 ? of[0]! : { kind: "or", of, span: spanOf(disjunction) };
}

function readConjunction(conjunction: Phrase, findings: Findings): ValueCondition {
  const of = membersOf(conjunction).map((member) => readNegation(member, findings));
  return of.length === 1 ? of[0]! : { kind: "and", of, span: spanOf(conjunction) };
}

function readNegation(negation: Phrase, findings: Findings): ValueCondition {
  if (negation.parts.length === 3) return readDisjunction(phraseAt(negation, 1), findings);
  const span = spanOf(negation);
  if (negation.parts.length === 2)
    return { kind: "not", of: readNegation(phraseAt(negation, 1), findings), span };
  const said = choiceOf(negation);
  const { test, negative } = readTest(phraseAt(said, 1), findings);
  const atom: ValueCondition = { kind: "test", part: readPart(phraseAt(said, 0), findings), test, span };
  return negative ? { kind: "not", of: atom, span } : atom;
}
