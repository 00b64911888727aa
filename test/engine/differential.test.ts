/**
 * The compiled engine against the law, on generated policies and events. What finds a
 * difference becomes a behaviour in `compile.test.ts`.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DecisionPath } from "../../engine/compile/compile.ts";
import { compile, interpret } from "../../engine/index.ts";
import { agree } from "./agreement.ts";
import { Dice } from "./dice.ts";
import { generateConnections, generateEvent } from "./generate-event.ts";
import { generatePolicy } from "./generate-policy.ts";

const eventsEach = 10;

/** Counts the ways that the compiled engine took. */
function compare(seed: number, ways: Record<DecisionPath, number>): void {
  const policy = generatePolicy(new Dice(seed));
  const law = interpret(policy);
  const engine = compile(policy);
  const ends = generateConnections();
  for (let event = 0; event < eventsEach; event++) {
    const generated = generateEvent(new Dice(seed * 1000 + event), ends);
    try {
      ways[agree(law, engine, generated)]++;
    } catch (error) {
      const message = Buffer.from(generated.bytes).toString("latin1");
      throw new Error(
        `policy ${seed}, event ${event}, ${generated.from.network} to ${generated.to.network}:\n${message}`,
        { cause: error },
      );
    }
  }
}

describe("compiled and interpreted", () => {
  it("agree on generated policies and events, mostly without the law's help", () => {
    const ways: Record<DecisionPath, number> = { none: 0, rows: 0, fields: 0, law: 0 };
    for (let seed = 10_000; seed < 10_250; seed++) compare(seed, ways);
    assert.ok(ways.rows > 1_500, `only ${ways.rows} decisions on rows`);
    assert.ok(ways.fields > 150, `only ${ways.fields} decisions on fields`);
    assert.ok(ways.law > 40, `only ${ways.law} decisions by the law: the generator misses what is rare`);
  });
});
