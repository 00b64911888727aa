/** Plain CSV is read without the library: the same records, whatever stands between the commas. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { plainRecords } from "../../grammar/partners/csv-list.ts";

const cell = fc.string({
  unit: fc.constantFrom("a", "Z", "7", "-", ".", "/", " ", "\t", "ä", "€", "\u00a0", "\f", "\ufeff", ";"),
  maxLength: 4,
});
const line = fc.array(cell, { minLength: 1, maxLength: 4 }).map((cells) => cells.join(","));

describe("a CSV text without quotes", () => {
  for (const end of ["\n", "\r\n"]) {
    it(`is what csv-parse reads from it, with lines that end in ${JSON.stringify(end)}`, () => {
      fc.assert(
        fc.property(fc.array(line, { maxLength: 6 }), fc.boolean(), fc.boolean(), (lines, mark, last) => {
          // A second mark of the byte order is one that stands in a cell.
          const body = lines.join(end) + (last ? end : "");
          fc.pre(!body.startsWith("\ufeff"));
          const text = (mark ? "\ufeff" : "") + body;
          const options = { bom: true, relax_column_count: true, skip_empty_lines: true, trim: true };
          assert.deepEqual(
            [...plainRecords(text)].map(({ record }) => record),
            parse(text, { ...options, record_delimiter: end }),
          );
        }),
        { numRuns: 500 },
      );
    });
  }

  it("counts its lines, also the empty ones", () => {
    assert.deepEqual(
      [...plainRecords("name\n\n  \nx\n")].map(({ record, line: number }) => [record, number]),
      [
        [["name"], 1],
        [["x"], 4],
      ],
    );
  });
});
