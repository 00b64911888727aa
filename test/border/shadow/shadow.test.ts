import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Comparison, Shadow } from "../../../border/index.ts";
import type { Engine } from "../../../engine/index.ts";
import { at, brokenEngine, engineOf, invite, passageOf, rule } from "./trial-policies.ts";

const inForce = engineOf("");
const withholding = engineOf(rule("withhold", "message to untrusted", "remove P-Asserted-Identity"));
const secret = Buffer.alloc(16, 7);

function watched(shadow: Engine | undefined, share = 1): { shadow: Shadow; comparisons: Comparison[] } {
  const watching = new Shadow();
  const comparisons: Comparison[] = [];
  watching.comparisons$.subscribe((one) => comparisons.push(one));
  if (shadow !== undefined) watching.try({ inForce, shadow, share, secret });
  return { shadow: watching, comparisons };
}

const results = (comparisons: readonly Comparison[]): readonly string[] =>
  comparisons.map(({ result }) => result);

describe("a policy on trial", () => {
  const passage = passageOf(inForce, invite());

  it("tells of each message whether it decides the same", () => {
    const { shadow, comparisons } = watched(withholding);
    shadow.see(passage);
    shadow.try({ inForce, shadow: inForce, share: 1, secret });
    shadow.see(passage);
    assert.deepEqual(results(comparisons), ["different", "same"]);
  });

  it("is asked nothing before there is one, nor once it is taken away", () => {
    const { shadow, comparisons } = watched(undefined);
    shadow.see(passage);
    shadow.try({ inForce, shadow: withholding, share: 1, secret });
    shadow.try(undefined);
    shadow.see(passage);
    assert.deepEqual(comparisons, []);
  });

  it("is asked about its share of the calls alone", () => {
    const { shadow, comparisons } = watched(withholding, 0.1);
    for (let call = 0; call < 500; call++)
      shadow.see(passageOf(inForce, invite().replace("c1@alice", `${call}@alice`)));
    assert.ok(comparisons.length > 10 && comparisons.length < 100, `${comparisons.length} of 500`);
    const { length } = comparisons;
    for (let again = 0; again < 20; again++) shadow.see(passage);
    assert.ok([length, length + 20].includes(comparisons.length), "a call is in, or out");
  });

  it("that throws is a fault of the trial, told with what was thrown", () => {
    const error = new Error("the shadow is broken");
    const { shadow, comparisons } = watched(brokenEngine(error));
    shadow.see(passage);
    assert.deepEqual(comparisons, [{ result: "fault", passage, error, isTold: true }]);
  });

  it("has a hundred differences a second told one by one, and counts the others", () => {
    const { shadow, comparisons } = watched(withholding);
    const told = (): number => comparisons.filter((one) => one.result !== "same" && one.isTold).length;
    for (let number = 0; number < 250; number++) shadow.see(passage);
    assert.deepEqual([comparisons.length, told()], [250, 100]);
    for (let number = 0; number < 3; number++) shadow.see({ ...passage, at: at + 1_000 });
    assert.deepEqual([comparisons.length, told()], [253, 103]);
    // One that waited for its connection is of the second in which it is told.
    for (let number = 0; number < 100; number++) {
      shadow.see(passage);
      shadow.see({ ...passage, at: at + 1_000 });
    }
    assert.deepEqual([comparisons.length, told()], [453, 200]);
    // The clock was set back.
    shadow.see({ ...passage, at: at - 3_600_000 });
    assert.equal(told(), 201);
  });
});
