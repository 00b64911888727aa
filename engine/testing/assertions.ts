/** Whether a decision keeps what the policy asserts. */
import type { Assertion } from "../../grammar/model.ts";
import { holds, isAmong } from "../conditions/conditions.ts";
import type { MessageDecision } from "../decision.ts";
import type { MessageEvent } from "../event.ts";
import type { GateScene } from "../gate.ts";
import type { Interpreter } from "../interpret.ts";

/**
 * The assertions that the decision breaks. `when` reads the message as it was received,
 * `carries` as it is sent: a message that is not sent breaks none.
 */
export function brokenAssertions(
  interpreter: Interpreter,
  event: MessageEvent,
  decision: MessageDecision,
): readonly Assertion[] {
  if (decision.bytes === undefined) return [];
  const received = interpreter.sceneOf(event);
  const sent = interpreter.sceneOf({ ...event, bytes: decision.bytes });
  if (received === undefined || sent === undefined) return [];
  return interpreter.policy.assertions.filter(
    (assertion) =>
      speaksOf(assertion, received) && holds(assertion.carries, sent) === (assertion.kind === "never"),
  );
}

function speaksOf({ message, from, to, condition }: Assertion, scene: GateScene): boolean {
  if (message !== "both" && (message === "request") !== scene.tree.isRequest) return false;
  if (from !== undefined && !isAmong(from, scene.from)) return false;
  if (to !== undefined && !isAmong(to, scene.to!)) return false;
  return holds(condition, scene);
}
