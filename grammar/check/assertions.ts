/** `never` and `always`. */
import type * as model from "../model.ts";
import type { Source } from "../source.ts";
import type { AssertionStatement } from "../syntax.ts";
import { type CheckedGuards, type ConditionChecker, plainWho } from "./conditions.ts";
import { originOf, type Report } from "./report.ts";
import type { Where } from "./stands.ts";

export interface CheckedAssertion {
  readonly assertion: model.Assertion;
  readonly source: Source;
  readonly guards: CheckedGuards;
}

export function checkAssertion(
  statement: AssertionStatement,
  source: Source,
  conditions: ConditionChecker,
  report: Report,
): CheckedAssertion | undefined {
  const { on } = statement;
  const before = report.errors;
  if (on.event === "handshake") report.add("P3032", { source, span: on.span });
  const ends = [...(on.from ?? []), ...(on.to ?? [])];
  const where: Where = ends.length === 0 ? "endless-assertion" : "assertion";
  const known = conditions.who(ends, { source, where }, undefined);
  const guards = conditions.guards(statement.guards, { source, where });
  // What may not be carried is said, not excepted: `carries Privacy has none` means what it says.
  const carries = conditions.condition(statement.carries, { source, where }, false);
  if (!known || report.errors > before || guards === undefined || carries === undefined) return undefined;
  return {
    assertion: {
      name: statement.name.text,
      kind: statement.kind,
      message: on.event === "request" || on.event === "response" ? on.event : "both",
      from: on.from && plainWho(on.from),
      to: on.to && plainWho(on.to),
      condition: guards.condition,
      carries,
      origin: originOf({ source, span: statement.name.span }),
    },
    source,
    guards,
  };
}
