/** Where a value of a JSON text stands: what is cut out there is the value that `JSON.parse` gives. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { placeOf } from "../../grammar/partners/json-places.ts";

type Step = string | number;

const text = fc.string({
  unit: fc.constantFrom("a", '"', "\\", "{", "]", ",", ":", "\n", "é"),
  maxLength: 5,
});
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.constantFrom(true, null, -1.5e3),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(text, tie("value"), { maxKeys: 3 }),
  ),
}));

/** Every value of `from` with its path. */
function* walk(from: unknown, path: readonly Step[] = []): Generator<readonly [readonly Step[], unknown]> {
  yield [path, from];
  if (Array.isArray(from)) for (const [index, one] of from.entries()) yield* walk(one, [...path, index]);
  else if (typeof from === "object" && from !== null)
    for (const [key, one] of Object.entries(from)) yield* walk(one, [...path, key]);
}

const cut = (json: string, path: readonly Step[]): unknown => {
  const { start, end } = placeOf(json, path);
  return JSON.parse(json.slice(start, end));
};

describe("places in JSON", () => {
  it("are those of the values, whatever stands in keys and texts", () => {
    fc.assert(
      fc.property(value, fc.constantFrom("", " ", "\t"), (whole, indent) => {
        const json = JSON.stringify(whole, undefined, indent);
        for (const [path, expected] of walk(JSON.parse(json))) assert.deepEqual(cut(json, path), expected);
      }),
      { numRuns: 500 },
    );
  });

  it("are those of the last of equal keys, as JSON.parse takes it", () => {
    assert.equal(cut('{"partners": 1, "other": 2, "partners": 3}', ["partners"]), 3);
    assert.equal(cut('{"partners": 1, "\\u0070artners": 2}', ["partners"]), 2);
    assert.equal(cut('{"partners": 1, "other": {"partners": 2}}', ["partners"]), 1);
  });

  it("end with the text where a string does not", () => {
    assert.deepEqual(placeOf('{"a": "b', ["a"]), { start: 6, end: 8 });
  });
});
