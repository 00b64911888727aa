/**
 * Conditions before there is a connection to the next hop: what no connection can change is
 * known, the rest is not (the three truth values of Kleene's strong logic).
 */
import type { Condition } from "../../grammar/model.ts";
import { holds, type Scene } from "./conditions.ts";
import { readsConnection } from "./connection-atoms.ts";

/** undefined: it may hang on the connection. */
export type Known = boolean | undefined;

/** What the condition says of every scene that differs from this one in its connection alone. */
export function holdsUnconnected(condition: Condition, scene: Scene): Known {
  switch (condition.kind) {
    case "and":
      return allOf(condition.of.map((one) => holdsUnconnected(one, scene)));
    case "or":
      return not(allOf(condition.of.map((one) => not(holdsUnconnected(one, scene)))));
    case "not":
      return not(holdsUnconnected(condition.of, scene));
    case "atom":
      return readsConnection(condition.atom) ? undefined : holds(condition, scene);
  }
}

/** All of them hold. One that does not decides it, whatever is unknown beside it. */
export function allOf(of: readonly Known[]): Known {
  if (of.includes(false)) return false;
  return of.includes(undefined) ? undefined : true;
}

function not(known: Known): Known {
  return known === undefined ? undefined : !known;
}
