/** Conditions that can't hold, or always do. Only what is certain is said. */
import type * as model from "../model.ts";
import { solveWhere } from "../satisfiable/values.ts";
import type { Scene, Solver } from "../satisfiable.ts";
import type { Source } from "../source.ts";
import type { Span } from "../syntax.ts";
import type { FieldRow } from "../vocabulary.ts";
import type { CheckedAssertion } from "./assertions.ts";
import type { CheckedGuards, Conjunct } from "./conditions.ts";
import { shapeOf } from "./parts.ts";
import { type Place, type Report, relatedTo } from "./report.ts";
import type { CheckedRule } from "./rules.ts";
import type { CheckedTreatment } from "./treatments.ts";
import type { CheckedTrust } from "./trust.ts";

/** Any message, anywhere: what a treatment may meet. */
const anyScene: Scene = { gate: "out", message: "both", from: undefined, to: undefined };

export class HoldsChecker {
  readonly #solver: Solver;
  readonly #report: Report;

  constructor(solver: Solver, report: Report) {
    this.#solver = solver;
    this.#report = report;
  }

  rule({ rule, source, statement, guards, actionGuards }: CheckedRule): void {
    const { on } = statement;
    if (this.#solver.solve(rule, []).verdict === "never") {
      this.#report.add("P3040", { source, span: on.span });
      return;
    }
    if (!this.#guards(rule, [], guards, source)) return;
    for (const action of actionGuards) this.#guards(rule, guards.conjuncts, action, source);
  }

  treatment({ guards, actionGuards }: CheckedTreatment, source: Source): void {
    if (!this.#guards(anyScene, [], guards, source)) return;
    for (const action of actionGuards) this.#guards(anyScene, guards.conjuncts, action, source);
  }

  trust({ trust, guards, source }: CheckedTrust): void {
    this.#guards({ gate: "in", message: "both", from: trust.who, to: undefined }, [], guards, source);
  }

  assertion({ assertion, source, guards, carries }: CheckedAssertion & { readonly carries: Span }): void {
    const scene = sceneOfAssertion(assertion);
    if (!this.#guards(scene, [], guards, source)) return;
    const place = { source, span: carries };
    // What is sent is another message than what was received: `when` and `carries` are not read together.
    if (this.#never(scene, [assertion.carries])) this.#report.add("P3001", place);
    else if (this.#never(scene, [{ kind: "not", of: assertion.carries }])) this.#report.add("P4001", place);
  }

  expectation(condition: model.Condition, given: "message" | "handshake", place: Place): void {
    const scene: Scene = given === "message" ? anyScene : { ...anyScene, gate: "handshake" };
    if (this.#never(scene, [condition])) this.#report.add("P3001", place);
  }

  /** `where` behind an edit. */
  where(where: model.ValueCondition, row: FieldRow, ownDomains: readonly string[], place: Place): void {
    const kind = { shape: shapeOf(row), plain: "x1", ownDomains };
    if (solveWhere(where, true, kind) === "never") this.#report.add("P3001", place);
    else if (where.kind !== "and" || where.of.length > 0) {
      if (solveWhere(where, false, kind) === "never") this.#report.add("P4001", place);
    }
  }

  /** False where the guards can't hold; `outer` are known to hold, together. */
  #guards(scene: Scene, outer: readonly Conjunct[], guards: CheckedGuards, source: Source): boolean {
    const all = [...outer, ...guards.conjuncts];
    if (this.#never(scene, conditionsOf(all))) {
      this.#reportNever(scene, all, outer.length, source);
      return false;
    }
    for (const conjunct of guards.conjuncts) this.#reportAlways(scene, all, conjunct, source);
    return true;
  }

  /** Finds the first that can't hold beside those before it, and the one that it contradicts. */
  #reportNever(scene: Scene, all: readonly Conjunct[], from: number, source: Source): void {
    for (let index = from; index < all.length; index++) {
      const last = all[index]!;
      if (!this.#never(scene, conditionsOf(all.slice(0, index + 1)))) continue;
      const alone = this.#never(scene, [last.condition]);
      const other = alone
        ? undefined
        : all.slice(0, index).find((one) => this.#never(scene, [one.condition, last.condition]));
      const related =
        other === undefined ? [] : [relatedTo({ source, span: other.span }, "it contradicts this")];
      this.#report.add(last.exception ? "P3039" : "P3001", { source, span: last.span }, {}, { related });
      return;
    }
  }

  #reportAlways(scene: Scene, all: readonly Conjunct[], conjunct: Conjunct, source: Source): void {
    const place = { source, span: conjunct.span };
    const denial: model.Condition = { kind: "not", of: conjunct.condition };
    // A `when` is judged alone: that another condition implies it is often said for the reader's sake.
    const others = conjunct.exception
      ? conditionsOf(all.filter((one) => one !== conjunct && !one.exception))
      : [];
    if (this.#never(scene, [...others, denial])) {
      this.#report.add(conjunct.exception ? "P4002" : "P4001", place);
      return;
    }
    for (const { condition, span } of conjunct.alternatives) {
      if (this.#never(scene, [condition])) this.#report.add("P4003", { source, span });
    }
  }

  #never(scene: Scene, conditions: readonly model.Condition[]): boolean {
    return this.#solver.solve(scene, conditions).verdict === "never";
  }
}

function conditionsOf(conjuncts: readonly Conjunct[]): readonly model.Condition[] {
  return conjuncts.map(({ condition }) => condition);
}

function sceneOfAssertion({ message, from, to }: model.Assertion): Scene {
  return { gate: to === undefined && from !== undefined ? "in" : "out", message, from, to };
}
