import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { editDistance, nearName } from "../../grammar/near-name.ts";

describe("the distance of two names", () => {
  const cases: readonly (readonly [a: string, b: string, distance: number])[] = [
    ["remove", "remove", 0],
    ["remvoe", "remove", 1],
    ["remov", "remove", 1],
    ["rremove", "remove", 1],
    ["remofe", "remove", 1],
    ["kitten", "sitting", 3],
    ["", "abc", 3],
  ];
  for (const [a, b, distance] of cases)
    it(`${a} to ${b} is ${distance}`, () => assert.equal(editDistance(a, b, 9), distance));

  it("stops counting above the limit", () => assert.equal(editDistance("kitten", "sitting", 2), 3));

  it("is the same both ways", () => {
    const name = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(name, name, (a, b) => assert.equal(editDistance(a, b, 20), editDistance(b, a, 20))),
    );
  });
});

describe("the near name", () => {
  const names = ["remove", "redact", "reject", "Privacy", "P-Asserted-Identity", "on"];
  const cases: readonly (readonly [name: string, near: string | undefined])[] = [
    ["remvoe", "remove"],
    ["privacy", "Privacy"],
    ["P-Aserted-Identity", "P-Asserted-Identity"],
    ["p-asserted-identty", "P-Asserted-Identity"],
    ["ON", "on"],
    ["an", undefined],
    ["banana", undefined],
    ["remove", undefined],
  ];
  for (const [name, near] of cases)
    it(`of ${name} is ${near}`, () => assert.equal(nearName(name, names), near));
});
