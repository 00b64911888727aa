import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { brokenAssertions, compile, Interpreter } from "../../engine/index.ts";
import { Scan } from "../../wire/index.ts";
import { agree } from "../engine/agreement.ts";
import { Dice } from "../engine/dice.ts";
import { generateConnections, generateEvent } from "../engine/generate-event.ts";
import { usePolicy } from "./shipped-policies.ts";

const seeds = 300;

describe("generated messages between all networks", () => {
  const ends = generateConnections();
  for (const file of ["ims-border.privet", "strict-border.privet"]) {
    it(`${file}: no assertion breaks, what leaves can be read, both engines agree`, () => {
      const policy = usePolicy(file);
      const law = new Interpreter(policy);
      const compiled = compile(policy);
      const verdicts = new Set<string>();
      for (let seed = 1; seed <= seeds; seed++) {
        const event = generateEvent(new Dice(seed), ends);
        const decision = law.decide(event);
        verdicts.add(decision.verdict);
        agree(law, compiled, event);
        const broken = brokenAssertions(law, event, decision).map(({ name }) => name);
        assert.deepEqual(broken, [], `seed ${seed}`);
        if (decision.bytes !== undefined) {
          assert.ok(new Scan(law.fields).read(decision.bytes, event.framing), `seed ${seed}: unreadable`);
        }
      }
      assert.deepEqual([...verdicts].toSorted(), ["allow", "reject", "rewrite"]);
    });
  }
});
