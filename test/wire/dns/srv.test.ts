/** The order of SRV records: RFC 2782 "Usage rules", RFC 3263 4.4. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { orderServers } from "../../../wire/dns/srv.ts";
import type { SrvRecord } from "../../../wire/index.ts";
import { Random } from "../../fuzz/random.ts";

const record = (target: string, priority: number, weight: number, port = 5060): SrvRecord => ({
  type: "SRV",
  priority,
  weight,
  port,
  target,
});
const targets = (records: readonly SrvRecord[]): string => records.map(({ target }) => target).join(" ");
const lowest = (): number => 0;

describe("the order of SRV records (RFC 2782)", () => {
  it("is by priority first, whatever the weight", () => {
    const records = [record("c", 30, 9), record("a", 10, 0), record("b", 20, 65_535)];
    assert.equal(targets(orderServers(records, lowest)), "a b c");
  });

  it("takes the first whose running sum is the number drawn or more, each number from 0 to the sum", () => {
    const records = [record("a", 0, 0), record("b", 0, 1), record("c", 0, 3)];
    const firsts = [0, 1, 2, 3, 4].map(
      (drawn) => orderServers(records, (step) => (step === 0 ? drawn : 0))[0]!.target,
    );
    assert.deepEqual(firsts, ["a", "b", "c", "c", "c"]);
  });

  it("draws anew from the sum of those that are left, and not for the last", () => {
    const asked: (readonly [number, number])[] = [];
    const records = [record("a", 0, 10), record("b", 0, 20), record("c", 0, 30), record("d", 1, 5)];
    const order = orderServers(records, (step, highest) => {
      asked.push([step, highest]);
      return highest;
    });
    assert.equal(targets(order), "c b a d");
    assert.deepEqual(asked, [
      [0, 60],
      [1, 30],
    ]);
  });

  it("is the same for the same records and draw, in whatever order and letter case they come", () => {
    const records = [
      record("a", 0, 5),
      record("b", 0, 5),
      record("c", 0, 0),
      record("d", 1, 5),
      record("d", 1, 5, 5062),
    ];
    const draw = (step: number, highest: number): number => (step * 7 + 3) % (highest + 1);
    const expected = targets(orderServers(records, draw));
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: 5 }), fc.boolean(), (shuffled, upper) => {
        const given = shuffled.map((one) => (upper ? { ...one, target: one.target.toUpperCase() } : one));
        assert.equal(targets(orderServers(given, draw)).toLowerCase(), expected);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it("has every server once (RFC 2181 5), none for the target . or port 0", () => {
    const records = [record("a", 0, 1), record("a", 0, 1), record(".", 0, 1), record("z", 0, 1, 0)];
    assert.equal(targets(orderServers(records, lowest)), "a");
    assert.deepEqual(orderServers([record(".", 0, 0, 0)], lowest), []);
  });

  it("survives a draw out of its range", () => {
    const records = [record("a", 0, 1), record("b", 0, 1)];
    for (const drawn of [-1, 99, Number.NaN]) assert.equal(orderServers(records, () => drawn).length, 2);
  });
});

/**
 * By the algorithm's own numbers: of the integers 0 to 60 the first, weight 10, takes 0 to 10, the
 * second, weight 20, 11 to 30, the third, weight 30, 31 to 60.
 */
describe("the weights of RFC 2782 over many transactions", () => {
  const records = [record("a", 0, 10), record("b", 0, 20), record("c", 0, 30)];
  const shares = new Map([
    ["a b c", (11 / 61) * (21 / 51)],
    ["a c b", (11 / 61) * (30 / 51)],
    ["b a c", (20 / 61) * (11 / 41)],
    ["b c a", (20 / 61) * (30 / 41)],
    ["c a b", (30 / 61) * (11 / 31)],
    ["c b a", (30 / 61) * (20 / 31)],
  ]);
  /** Chi-square of five degrees of freedom, which chance exceeds once in a thousand times. */
  const critical = 20.515;
  const rounds = 60_000;

  it("give each order its share (chi-square, fixed seeds)", () => {
    for (const seed of [1, 2, 3]) {
      const random = new Random(seed);
      const counts = new Map<string, number>();
      for (let i = 0; i < rounds; i++) {
        const order = targets(orderServers(records, (_step, highest) => random.below(highest + 1)));
        counts.set(order, (counts.get(order) ?? 0) + 1);
      }
      let chiSquare = 0;
      for (const [order, share] of shares) {
        const expected = share * rounds;
        chiSquare += ((counts.get(order) ?? 0) - expected) ** 2 / expected;
      }
      assert.ok(chiSquare < critical, `chi-square ${chiSquare} with seed ${seed}`);
    }
  });
});
