/** A condition, taken apart into branches: lists of literals that must all hold together. */
import type { Atom, Condition, Part, PartTest, Who } from "../model.ts";
import type { ValueLiteral } from "./values.ts";

/** The end whose connection an atom speaks of. */
export type Side = "from" | "to";

export type Literal =
  | { readonly is: "count"; readonly field: string; readonly from: number; readonly to: number }
  /** A list can be there and have no value. */
  | { readonly is: "present"; readonly field: string; readonly positive: boolean }
  /** Some value, or every value, of the field is so. */
  | { readonly is: "some" | "every"; readonly field: string; readonly value: ValueLiteral }
  | { readonly is: "fact"; readonly atom: Fact; readonly positive: boolean; readonly side: Side };

/** Atoms that are not about header fields and not about ends. */
export type Fact = Exclude<
  Atom,
  { readonly on: "present" | "count" | "sole" | "part" | "end" | "in-dialog" }
>;

export type Formula =
  | { readonly kind: "and" | "or"; readonly of: readonly Formula[] }
  | { readonly kind: "literal"; readonly literal: Literal };

/** Says when an end is one of these; the answer depends on the networks that were chosen for the ends. */
export type EndReader = (side: Side, who: readonly Who[], positive: boolean) => Formula;

export const always: Formula = { kind: "and", of: [] };
export const neverHolds: Formula = { kind: "or", of: [] };

export function formulaOf(condition: Condition, positive: boolean, side: Side, ends: EndReader): Formula {
  switch (condition.kind) {
    case "not":
      return formulaOf(condition.of, !positive, side, ends);
    case "and":
    case "or": {
      const of = condition.of.map((one) => formulaOf(one, positive, side, ends));
      return { kind: (condition.kind === "and") === positive ? "and" : "or", of };
    }
    case "atom":
      return atomFormula(condition.atom, positive, side, ends);
  }
}

const literal = (one: Literal): Formula => ({ kind: "literal", literal: one });
const count = (field: string, from: number, to: number): Formula => literal({ is: "count", field, from, to });

function atomFormula(atom: Atom, positive: boolean, side: Side, ends: EndReader): Formula {
  switch (atom.on) {
    case "present":
      return literal({ is: "present", field: atom.field, positive });
    case "count":
      if (positive) return count(atom.field, atom.from, atom.to);
      return outside(atom.field, atom.from, atom.to);
    case "sole": {
      const test: PartTest = { kind: "among", texts: atom.among };
      const value: Part = { kind: "value" };
      return positive
        ? { kind: "and", of: [count(atom.field, 1, 1), someValue(atom.field, value, test, true)] }
        : { kind: "or", of: [outside(atom.field, 1, 1), everyValue(atom.field, value, test, false)] };
    }
    case "part":
      if (atom.quantifier === "any") {
        return positive
          ? someValue(atom.field, atom.part, atom.test, true)
          : everyValue(atom.field, atom.part, atom.test, false);
      }
      return positive
        ? {
            kind: "and",
            of: [count(atom.field, 1, Infinity), everyValue(atom.field, atom.part, atom.test, true)],
          }
        : { kind: "or", of: [count(atom.field, 0, 0), someValue(atom.field, atom.part, atom.test, false)] };
    case "in-dialog": {
      const [part, test]: [Part, PartTest] = [{ kind: "parameter", name: "tag" }, { kind: "present" }];
      return positive ? someValue("To", part, test, true) : everyValue("To", part, test, false);
    }
    case "end":
      return ends(atom.side, atom.who, positive);
    default:
      return literal({ is: "fact", atom, positive, side });
  }
}

function outside(field: string, from: number, to: number): Formula {
  const of: Formula[] = [];
  if (from > 0) of.push(count(field, 0, from - 1));
  if (to < Infinity) of.push(count(field, to + 1, Infinity));
  return { kind: "or", of };
}

function someValue(field: string, part: Part, test: PartTest, positive: boolean): Formula {
  return literal({ is: "some", field, value: { part, test, positive } });
}

function everyValue(field: string, part: Part, test: PartTest, positive: boolean): Formula {
  return literal({ is: "every", field, value: { part, test, positive } });
}

/**
 * The branches, one after the other. A consumer that stops early has seen only some:
 * it then may not say that none holds.
 */
export function* branches(formula: Formula): Generator<readonly Literal[]> {
  yield* walk([formula], []);
}

function* walk(pending: readonly Formula[], literals: readonly Literal[]): Generator<readonly Literal[]> {
  const [first, ...rest] = pending;
  if (first === undefined) {
    yield literals;
  } else if (first.kind === "literal") {
    yield* walk(rest, [...literals, first.literal]);
  } else if (first.kind === "and") {
    yield* walk([...first.of, ...rest], literals);
  } else {
    for (const one of first.of) yield* walk([one, ...rest], literals);
  }
}
