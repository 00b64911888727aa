/** How a behaviour is stated: what a policy makes of the rows of a message. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { Engine, EngineContext, MessageDecision, MessageEvent } from "../../../engine/index.ts";
import type { Action, Policy } from "../../../grammar/model.ts";
import { request, textOf } from "../messages.ts";
import { policy, rule } from "../policy-builder.ts";

export type MakeEngine = (policy: Policy, context?: EngineContext) => Engine;

/** An ordinary day inside every agreement of these tests. */
export const noon: number = Date.UTC(2026, 5, 1, 12);

/** From home to `away`, over UDP; `facts` say what is different. */
export function messageEvent(bytes: Uint8Array, facts: Partial<MessageEvent> = {}): MessageEvent {
  return {
    kind: "message",
    bytes,
    framing: "datagram",
    from: { network: "home", connection: { transport: "udp" } },
    to: { network: "away", connection: { transport: "udp" } },
    at: noon,
    ...facts,
  };
}

export interface EditCase {
  readonly name: string;
  readonly actions: readonly Action[];
  /** Rows behind the mandatory ones, as they come and as they leave. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** INVITE if nothing is said. */
  readonly method?: string;
  readonly policy?: Partial<Policy>;
}

/** One rule with these actions at the out gate; all else must leave as it came. */
export function runEdits(makeEngine: MakeEngine, cases: readonly EditCase[]): void {
  for (const { name, actions, before, after, method = "INVITE", policy: facts = {} } of cases) {
    it(name, () => {
      const engine = makeEngine(policy([rule("edit", actions)], facts));
      const decision = engine.decide(messageEvent(request(method, before)));
      assert.equal(textOf(decision.bytes), textOf(request(method, after)));
      assert.equal(decision.verdict, String(before) === String(after) ? "allow" : "rewrite");
    });
  }
}

/** What a decision says, in one line: `reject 403 "Forbidden"`. */
export function verdictOf({ verdict, status, reason, silent }: MessageDecision): string {
  const answer = status === undefined ? [] : [String(status), JSON.stringify(reason)];
  return [verdict, ...answer, ...(silent ? ["silent"] : [])].join(" ");
}

export function editsOf({ edits }: MessageDecision): readonly string[] {
  return edits.map(({ field, action, rule: name }) => `${field} ${action} ${name}`);
}
