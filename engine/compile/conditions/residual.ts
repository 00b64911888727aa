/**
 * Partial evaluation: a condition with some of its atoms already known becomes a shorter
 * one. What only the connection, the ends, the options and the clock decide is gone
 * before the first message is read.
 */
import type { Atom, Condition } from "../../../grammar/model.ts";

/** True or false where the atom is known, undefined where only a message can tell. */
export type Known = (atom: Atom) => boolean | undefined;

export type Residual = boolean | Condition;

export function residualOf(condition: Condition, known: Known): Residual {
  switch (condition.kind) {
    case "atom": {
      const value = known(condition.atom);
      return value === undefined ? condition : value;
    }
    case "not": {
      const inner = residualOf(condition.of, known);
      if (typeof inner === "boolean") return !inner;
      return inner.kind === "not" ? inner.of : { kind: "not", of: inner };
    }
    case "and":
      return junction("and", condition.of, known, false);
    case "or":
      return junction("or", condition.of, known, true);
  }
}

/** `decides` is the value that one member alone settles the whole with. */
function junction(kind: "and" | "or", of: readonly Condition[], known: Known, decides: boolean): Residual {
  const left: Condition[] = [];
  for (const member of of) {
    const residual = residualOf(member, known);
    if (residual === decides) return decides;
    if (typeof residual === "boolean") continue;
    if (residual.kind === kind) left.push(...residual.of);
    else left.push(residual);
  }
  if (left.length === 0) return !decides;
  return left.length === 1 ? left[0]! : { kind, of: left };
}

export function both(a: Residual, b: Residual): Residual {
  if (a === false || b === false) return false;
  if (a === true) return b;
  if (b === true) return a;
  return { kind: "and", of: [...membersOf(a), ...membersOf(b)] };
}

/** The members of a conjunction; anything else is one member. */
export function membersOf(condition: Condition): readonly Condition[] {
  return condition.kind === "and" ? condition.of : [condition];
}

/** Visits every atom of a condition. */
export function eachAtom(condition: Condition, visit: (atom: Atom) => void): void {
  if (condition.kind === "atom") visit(condition.atom);
  else if (condition.kind === "not") eachAtom(condition.of, visit);
  else for (const member of condition.of) eachAtom(member, visit);
}
