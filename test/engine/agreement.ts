/** Holds the compiled engine to the law: what both say of one event, down to the last byte. */
import assert from "node:assert/strict";
import type { CompiledEngine, DecisionPath } from "../../engine/compile/compile.ts";
import type { MessageDecision } from "../../engine/decision.ts";
import type { MessageEvent } from "../../engine/event.ts";
import type { Interpreter } from "../../engine/interpret.ts";

/** Everything in a decision that can be compared by value. */
export function factsOf(decision: MessageDecision): Record<string, unknown> {
  const { kind, verdict, status, reason, answeredBy, silent, closes, violation } = decision;
  const { from, to, rules, edits, marks, bytes } = decision;
  const text = bytes === undefined ? undefined : Buffer.from(bytes).toString("latin1");
  const answer = { kind, verdict, status, reason, answeredBy, silent, closes, violation };
  return { ...answer, from, to, rules, edits, marks, text };
}

/** Throws where the engines differ; answers which way the compiled one took. */
export function agree(law: Interpreter, compiled: CompiledEngine, event: MessageEvent): DecisionPath {
  const expected = law.decide(event);
  const actual = compiled.decide(event);
  const path = compiled.lastPath;
  assert.deepEqual(factsOf(actual), factsOf(expected));
  // In two steps, as the border takes them.
  const entered = compiled.enter(event);
  const lawEntered = law.enter(event);
  assert.equal(entered.refused === undefined, lawEntered.refused === undefined, "refused on entering");
  assert.deepEqual(
    Buffer.from(entered.scan.bytes.subarray(0, entered.scan.end)),
    Buffer.from(lawEntered.scan.bytes.subarray(0, lawEntered.scan.end)),
    "the message between the gates",
  );
  assert.deepEqual(factsOf(compiled.leave(entered, event.to)), factsOf(expected));
  return path;
}
