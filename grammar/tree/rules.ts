/** Rules, treatments and assertions. */
import type { Phrase } from "../reading/sentence.ts";
import type {
  AssertionStatement,
  KeepClause,
  Name,
  Occasion,
  RuleStatement,
  Span,
  TreatmentStatement,
} from "../syntax.ts";
import { readAction } from "./actions.ts";
import { readCarried, readGuard } from "./conditions.ts";
import { type Findings, readName, readText, readWhos } from "./leaves.ts";
import { choiceOf, manyAt, maybeAt, phraseAt, spanOf, tokenAt } from "./phrase.ts";

const events = ["message", "request", "response", "handshake"] as const;

function readOccasion(occasion: Phrase): Occasion {
  const event = tokenAt(occasion, 1).text;
  const from = maybeAt(occasion, 2);
  const to = maybeAt(occasion, 3);
  return {
    event: events.find((one) => one === event) ?? "message",
    from: from && readWhos(phraseAt(from, 1)),
    to: to && readWhos(phraseAt(to, 1)),
    span: spanOf(occasion),
  };
}

export function readRule(rule: Phrase, span: Span, findings: Findings): RuleStatement {
  return {
    kind: "rule",
    name: readName(phraseAt(rule, 1)),
    on: readOccasion(phraseAt(rule, 2)),
    guards: manyAt(rule, 3).map((guard) => readGuard(guard, findings)),
    actions: manyAt(rule, 4).map((action) => readAction(action, findings)),
    because: readText(phraseAt(phraseAt(rule, 5), 1), findings),
    span,
  };
}

export function readTreatment(treatment: Phrase, span: Span, findings: Findings): TreatmentStatement {
  const heads = manyAt(treatment, 2).map(choiceOf);
  const of = (rule: string): readonly Phrase[] => heads.filter((head) => head.rule === rule);
  return {
    kind: "treatment",
    name: readName(phraseAt(treatment, 1)),
    fulfils: of("fulfils").map((clause): Name => readName(phraseAt(clause, 1))),
    keeps: of("keep").map(
      (clause): KeepClause => ({
        privValue: readName(phraseAt(clause, 2)),
        guard: readGuard(phraseAt(clause, 3), findings),
        span: spanOf(clause),
      }),
    ),
    guards: of("guard").map((guard) => readGuard(guard, findings)),
    actions: manyAt(treatment, 3).map((edit) => readAction(edit, findings)),
    span,
  };
}

export function readAssertion(assertion: Phrase, span: Span, findings: Findings): AssertionStatement {
  return {
    kind: assertion.rule === "never" ? "never" : "always",
    name: readText(phraseAt(assertion, 1), findings),
    on: readOccasion(phraseAt(assertion, 2)),
    guards: manyAt(assertion, 3).map((guard) => readGuard(guard, findings)),
    carries: readCarried(phraseAt(phraseAt(assertion, 4), 1), findings),
    span,
  };
}
