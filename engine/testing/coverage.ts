/** Which rules tests have made apply, and which conditions they have seen hold and fail. */
import type { Condition, Origin, Policy, Rule } from "../../grammar/model.ts";
import { atomText } from "../conditions/condition-text.ts";
import { type AtomCondition, holds, type Scene, type Witness } from "../conditions/conditions.ts";
import type { EngineContext } from "../engine.ts";
import type { PolicyEvent } from "../event.ts";
import { type GateScene, ruleApplies } from "../gate.ts";
import type { Interpreter } from "../interpret.ts";
import { handshakeScene } from "../trust/handshake.ts";

export interface RuleCoverage {
  readonly rule: string;
  readonly origin: Origin;
  /** Number of events for which it applied. */
  readonly applied: number;
  readonly conditions: readonly ConditionCoverage[];
}

export interface ConditionCoverage {
  readonly text: string;
  readonly origin: Origin;
  /** Number of events for which it held, and for which it did not, where it was asked at all. */
  readonly held: number;
  readonly failed: number;
}

interface Count {
  held: number;
  failed: number;
}

/** Counts over many events. Conditions of one rule in one place of the text are one condition. */
export class Coverage {
  readonly #rules: readonly Rule[];
  readonly #applied = new Map<Rule, number>();
  readonly #atoms = new Map<string, Count>();

  constructor(policy: Policy) {
    this.#rules = policy.rules;
  }

  add(interpreter: Interpreter, context: EngineContext, event: PolicyEvent): void {
    const seen = new Map<string, Count>();
    const views = viewsOf(interpreter, context, event);
    for (const rule of this.#rules) {
      const view = views[rule.gate];
      if (view !== undefined) this.#watch(rule, view, seen);
    }
    for (const [key, { held, failed }] of seen) {
      const count = this.#atoms.get(key) ?? { held: 0, failed: 0 };
      this.#atoms.set(key, {
        held: count.held + Math.min(held, 1),
        failed: count.failed + Math.min(failed, 1),
      });
    }
  }

  #watch(rule: Rule, { applies, scene }: View, seen: Map<string, Count>): void {
    const witness: Witness = (condition, held) => {
      const key = keyOf(rule, condition);
      const count = seen.get(key) ?? { held: 0, failed: 0 };
      seen.set(key, { held: count.held + Number(held), failed: count.failed + Number(!held) });
    };
    if (!applies(rule, witness)) return;
    this.#applied.set(rule, (this.#applied.get(rule) ?? 0) + 1);
    for (const condition of conditionsWithin(rule)) holds(condition, scene, witness);
  }

  report(): readonly RuleCoverage[] {
    return this.#rules.map((rule) => {
      const atoms = [rule.condition, ...conditionsWithin(rule)].flatMap(atomsOf);
      const byKey = new Map(atoms.map((atom) => [keyOf(rule, atom), atom]));
      return {
        rule: rule.name,
        origin: rule.origin,
        applied: this.#applied.get(rule) ?? 0,
        conditions: [...byKey].map(([key, { atom, origin }]) => ({
          text: atomText(atom),
          origin,
          ...(this.#atoms.get(key) ?? { held: 0, failed: 0 }),
        })),
      };
    });
  }
}

/** What the rules of one gate read of an event. */
interface View {
  readonly scene: Scene;
  readonly applies: (rule: Rule, witness: Witness) => boolean;
}

/** By gate; undefined where the event is none of that gate's. */
function viewsOf(
  interpreter: Interpreter,
  context: EngineContext,
  event: PolicyEvent,
): Readonly<Partial<Record<Rule["gate"], View | undefined>>> {
  if (event.kind === "handshake") {
    const scene = handshakeScene(interpreter.policy, context, event);
    return { handshake: { scene, applies: (rule, witness) => holds(rule.condition, scene, witness) } };
  }
  const scenes = interpreter.scenes(event);
  return { in: gateView(scenes?.in), out: gateView(scenes?.out) };
}

function gateView(scene: GateScene | undefined): View | undefined {
  return scene && { scene, applies: (rule, witness) => ruleApplies(rule, scene, witness) };
}

/** Those of its actions and fulfilments: asked only where the rule applies. */
function conditionsWithin({ actions, fulfilments }: Rule): readonly Condition[] {
  return [
    ...actions.map(({ condition }) => condition),
    ...fulfilments.flatMap(({ condition, keepWhen }) => [condition, keepWhen]),
  ];
}

function atomsOf(condition: Condition): readonly AtomCondition[] {
  switch (condition.kind) {
    case "atom":
      return [condition];
    case "not":
      return atomsOf(condition.of);
    case "and":
    case "or":
      return condition.of.flatMap(atomsOf);
  }
}

function keyOf(rule: Rule, { atom, origin: { file, line, column } }: AtomCondition): string {
  return [rule.name, file, line, column, atomText(atom)].join("\n");
}
