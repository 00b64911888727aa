/** What holds for every policy and every message. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { interpret, type MessageDecision, type MessageEvent } from "../../engine/index.ts";
import type { Policy } from "../../grammar/model.ts";
import { FieldTable, Scan } from "../../wire/index.ts";
import { Dice } from "./dice.ts";
import { generateConnections, generateEvent } from "./generate-event.ts";
import { generatePolicy } from "./generate-policy.ts";
import { textOf } from "./messages.ts";

const ends = generateConnections();

/** A policy with several events for it. */
function forEach(
  runs: number,
  check: (policy: Policy, event: MessageEvent, decision: MessageDecision) => void,
): void {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
      const dice = new Dice(seed);
      const policy = generatePolicy(dice);
      const engine = interpret(policy);
      for (let events = 0; events < 5; events++) {
        const event = generateEvent(dice, ends);
        check(policy, event, engine.decide(event));
      }
    }),
    { numRuns: runs },
  );
}

interface Row {
  readonly field: string;
  readonly text: string;
}

/** Canonical name and bytes of each row; undefined where the message can't be read. */
function rowsIn(
  policy: Policy,
  bytes: Uint8Array,
  framing: MessageEvent["framing"],
): readonly Row[] | undefined {
  const table = new FieldTable(policy.fields);
  const scan = new Scan(table);
  if (!scan.read(bytes, framing)) return undefined;
  return Array.from({ length: scan.rowCount }, (_, index) => {
    const id = scan.rowField[index]!;
    const text = textOf(bytes.subarray(scan.rowStart[index], scan.rowEnd[index]));
    return { field: id === 0 ? text.split(":")[0]!.trim().toLowerCase() : table.name(id), text };
  });
}

describe("every decision", () => {
  it("lets out only what can be read in one way", () => {
    forEach(30, (policy, { framing }, { bytes }) => {
      if (bytes !== undefined) assert.notEqual(rowsIn(policy, bytes, framing), undefined, textOf(bytes));
    });
  });

  it("lets an allowed message out byte for byte", () => {
    forEach(20, (_, event, { verdict, bytes, edits }) => {
      if (verdict === "allow") assert.equal(bytes, event.bytes);
      if (verdict === "rewrite") assert.notEqual(textOf(bytes), textOf(event.bytes));
      assert.equal(edits.length > 0, verdict === "rewrite");
    });
  });

  it("leaves every row alone whose field it names no edit of", () => {
    forEach(30, (policy, event, { bytes, edits }) => {
      if (bytes === undefined) return;
      const edited = new Set(edits.map(({ field }) => field));
      const untouched = (of: Uint8Array): readonly string[] =>
        rowsIn(policy, of, event.framing)!
          .filter(({ field }) => !edited.has(field))
          .map(({ text }) => text);
      assert.deepEqual(untouched(bytes), untouched(event.bytes));
    });
  });

  it("does not hang on the order of the rules", () => {
    forEach(12, (policy, event, decision) => {
      const turned: Policy = {
        ...policy,
        rules: policy.rules.toReversed(),
        trust: policy.trust.toReversed(),
      };
      assert.deepEqual(interpret(turned).decide(event), decision);
    });
  });

  it("is the same again", () => {
    forEach(10, (policy, event, decision) => {
      const engine = interpret(policy);
      engine.decide(event);
      assert.deepEqual(engine.decide(event), decision);
    });
  });

  it("rejects with a status, and then sends nothing", () => {
    forEach(12, (_, __, { verdict, status, bytes, edits }) => {
      assert.equal(verdict === "reject", status !== undefined);
      assert.equal(verdict === "reject", bytes === undefined);
      if (verdict === "reject") assert.deepEqual(edits, []);
    });
  });
});
