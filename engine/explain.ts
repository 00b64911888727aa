/** For each rule whether it applied, and the condition that decided it. */
import type { Policy, Rule } from "../grammar/model.ts";
import { atomText, whoText } from "./conditions/condition-text.ts";
import { type AtomCondition, holds, type Witness } from "./conditions/conditions.ts";
import type { Explanation } from "./decision.ts";
import type { EngineContext } from "./engine.ts";
import type { HandshakeEvent } from "./event.ts";
import { type GateScene, ruleApplies, rulesEventIs } from "./gate.ts";
import { handshakeRules, handshakeScene } from "./trust/handshake.ts";

/**
 * Rules of the in gate, then of the out gate, in the order of the policy.
 * @param outScene undefined where the in gate refused the message: no rule of the out gate has seen it
 */
export function explainMessage(inScene: GateScene, outScene: GateScene | undefined): readonly Explanation[] {
  const { rules } = inScene.policy;
  const inside = rules.filter(({ gate }) => gate === "in").map((rule) => explainRule(rule, inScene));
  const out = rules
    .filter(({ gate }) => gate === "out")
    .map((rule) => (outScene === undefined ? unseen(rule) : explainRule(rule, outScene)));
  return [...inside, ...out];
}

export function explainHandshake(
  policy: Policy,
  context: EngineContext,
  event: HandshakeEvent,
): readonly Explanation[] {
  const scene = handshakeScene(policy, context, event);
  return handshakeRules(policy).map(({ rule }) => {
    let last: Asked | undefined;
    const applied = holds(rule.condition, scene, (condition, held) => {
      last = { condition, held };
    });
    return explanation(rule, applied, last);
  });
}

function explainRule(rule: Rule, scene: GateScene): Explanation {
  if (!rulesEventIs(rule, scene)) return explanation(rule, false, undefined);
  let last: Asked | undefined;
  const witness: Witness = (condition, held) => {
    last = { condition, held };
  };
  return explanation(rule, ruleApplies(rule, scene, witness), last);
}

/** A condition that was asked, and the answer. */
interface Asked {
  readonly condition: AtomCondition;
  readonly held: boolean;
}

/** Without a condition that was asked, the rule's first line decided. */
function explanation(rule: Rule, applied: boolean, decidedBy: Asked | undefined): Explanation {
  return {
    rule: rule.name,
    gate: rule.gate,
    applied,
    decidedBy:
      decidedBy === undefined
        ? { text: eventText(rule), holds: applied, origin: rule.origin }
        : {
            text: atomText(decidedBy.condition.atom),
            holds: decidedBy.held,
            origin: decidedBy.condition.origin,
          },
  };
}

function unseen(rule: Rule): Explanation {
  return {
    rule: rule.name,
    gate: rule.gate,
    applied: false,
    decidedBy: { text: "the message was refused at the in gate", holds: true, origin: rule.origin },
  };
}

function eventText({ gate, message, from, to }: Rule): string {
  if (gate === "handshake") return "on handshake";
  const event = message === "both" ? "message" : message;
  const ends = [
    from === undefined ? "" : ` from ${whoText(from)}`,
    to === undefined ? "" : ` to ${whoText(to)}`,
  ];
  return `on ${event}${ends.join("")}`;
}
