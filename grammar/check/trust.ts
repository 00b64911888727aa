/** `trust` and `transit` statements. */
import type * as model from "../model.ts";
import type { Source } from "../source.ts";
import type { TransitStatement, TrustStatement } from "../syntax.ts";
import { type CheckedGuards, type ConditionChecker, plainWho } from "./conditions.ts";
import { originOf } from "./report.ts";
import type { Scope } from "./scope.ts";

export interface CheckedTrust {
  readonly trust: model.Trust;
  readonly guards: CheckedGuards;
  readonly source: Source;
}

export function checkTrust(
  statement: TrustStatement,
  source: Source,
  scope: Scope,
  conditions: ConditionChecker,
): CheckedTrust | undefined {
  const stand = { source, where: "trust" } as const;
  const known = conditions.who(statement.who, stand, "trust");
  const guards = conditions.guards(statement.guards, stand);
  const fields = statement.fields && scope.listFields(statement.fields, source).map(({ row }) => row.name);
  if (!known || guards === undefined) return undefined;
  return {
    trust: {
      who: plainWho(statement.who),
      incoming: statement.direction !== "outgoing",
      outgoing: statement.direction !== "incoming",
      fields,
      condition: guards.condition,
      origin: originOf({ source, span: statement.span }),
    },
    guards,
    source,
  };
}

export function checkTransit(
  statement: TransitStatement,
  source: Source,
  conditions: ConditionChecker,
): model.Transit | undefined {
  const stand = { source, where: "transit" } as const;
  const from = conditions.who(statement.from, stand, undefined);
  const to = conditions.who(statement.to, stand, undefined);
  const guards = conditions.guards(statement.guards, stand);
  if (!from || !to || guards === undefined) return undefined;
  return {
    from: plainWho(statement.from),
    to: plainWho(statement.to),
    condition: guards.condition,
    origin: originOf({ source, span: statement.span }),
  };
}
