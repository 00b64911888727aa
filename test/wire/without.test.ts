/** `Scan.without` and the memory of results. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { EditList, keptResults, ResultMemory, Scan } from "../../wire/index.ts";
import { bytes, message, table } from "./messages.ts";

const text = (result: Uint8Array): string => Buffer.from(result).toString("latin1");

/** A message of some rows `X: …`, and a body. */
function withRows(rows: number, body: number): Uint8Array {
  return message({
    rows: [
      ...Array.from({ length: rows }, (_, row) => `X-${row}: ${"v".repeat(row % 40)}`),
      `Content-Length: ${body}`,
    ],
    body: "b".repeat(body),
  });
}

describe("a message without some rows", () => {
  const scan = new Scan(table);
  const other = new Scan(table);

  it("is what an edit list makes of it, whatever its size, and whoever has read since", () => {
    const shape = fc.record({
      rows: fc.integer({ min: 0, max: 80 }),
      body: fc.oneof(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 2_500, max: 5_000 })),
      goes: fc.infiniteStream(fc.boolean()),
      isReadBetween: fc.boolean(),
    });
    fc.assert(
      fc.property(shape, ({ rows, body, goes, isReadBetween }) => {
        const whole = withRows(rows, body);
        assert.ok(scan.read(whole, "stream"));
        const edits = new EditList();
        const spans = new Int32Array(2 * scan.rowCount);
        let count = 0;
        for (let row = 0; row < scan.rowCount; row++) {
          const start = scan.rowStart[row]!;
          if (goes.next().value !== true) continue;
          edits.remove(start, scan.rowEnd[row]!);
          if (count > 0 && spans[2 * count - 1] === start) count--;
          else spans[2 * count] = start;
          spans[2 * count + 1] = scan.rowEnd[row]!;
          count++;
        }
        fc.pre(count > 0);
        if (isReadBetween) other.read(withRows(3, 10), "stream");
        assert.equal(text(scan.without(spans, count, keptResults)), text(edits.apply(whole, scan.end)));
      }),
    );
  });

  it("leaves what stands behind the end of a datagram's message", () => {
    const whole = Buffer.concat([
      message({ rows: ["X: 1", "Content-Length: 2"], body: "ok" }),
      bytes("more"),
    ]);
    assert.ok(scan.read(whole, "datagram"));
    const row = scan.rowCount - 2;
    const span = Int32Array.of(scan.rowStart[row]!, scan.rowEnd[row]!);
    assert.equal(
      text(scan.without(span, 1, keptResults)),
      text(whole).replace("X: 1\r\n", "").replace("more", ""),
    );
  });
});

describe("the memory of results", () => {
  const scan = new Scan(table);
  const cut = (rows: number, results: ResultMemory): Uint8Array => {
    assert.ok(scan.read(withRows(rows, 8), "stream"));
    return scan.without(Int32Array.of(scan.rowStart[0]!, scan.rowEnd[0]!), 1, results);
  };

  it("keeps each result, over many pieces", () => {
    const results = new ResultMemory();
    const kept = Array.from({ length: 400 }, (_, rows) => {
      const result = cut(rows % 50, results);
      return { result, text: text(result) };
    });
    for (const { result, text: before } of kept) assert.equal(text(result), before);
  });

  it("writes over results that were given up", () => {
    const results = new ResultMemory();
    const first = cut(1, results);
    const before = text(first);
    results.reuse();
    const second = cut(30, results);
    assert.equal(second.byteOffset, first.byteOffset);
    assert.equal(second.buffer, first.buffer);
    assert.notEqual(text(second), before);
  });
});
