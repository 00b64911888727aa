/** Names of fields in the quick reading, which keeps those of a few tables. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fieldRows } from "../../grammar/vocabulary.ts";
import { FieldTable, Scan } from "../../wire/index.ts";
import { carefulScan, isReadQuickly, readAlike } from "./careful-scan.ts";
import { message, table } from "./messages.ts";

describe("names of fields in the quick reading", () => {
  it("are known whatever their length and case", () => {
    const names = Array.from(
      { length: 80 },
      (_, index) => `${"Abcdefghijklm-n.".repeat(5).slice(0, index)}Z`,
    );
    const own = new FieldTable([...fieldRows, ...names.map((name) => ({ name, shape: "text" as const }))]);
    const quick = new Scan(own);
    const slow = carefulScan(own);
    for (const name of names) {
      for (const written of [name, name.toLowerCase(), name.toUpperCase()]) {
        // Twice, since the second reading expects what the first one found.
        const input = message({ rows: [`${written}: x`, `${written}: y`, "Subject: z"] });
        for (const _ of [1, 2]) assert.equal(readAlike(quick, slow, input, "datagram"), true);
        assert.equal(isReadQuickly(input, own), true);
        assert.deepEqual([quick.firstRow(own.id(name)), quick.nextRow(6), quick.nextRow(7)], [6, 7, -1]);
      }
      for (let at = 0; at < name.length; at++) {
        const other = `${name.slice(0, at)}~${name.slice(at + 1)}`;
        readAlike(quick, slow, message({ rows: [`${other}: x`, "Subject: z"] }), "datagram");
        assert.deepEqual([...quick.rowField.subarray(6, 8)], [0, own.id("Subject")]);
      }
    }
  });

  const tables = Array.from(
    { length: 6 },
    (_, number) => new FieldTable([{ name: `X-Corp-${number}`, shape: "tokens" }, ...fieldRows]),
  );

  it("keeps the names of more tables apart than it has room for", () => {
    const input = message({ rows: Array.from({ length: 6 }, (_, number) => `X-Corp-${number}: a`) });
    const scans = tables.map((one) => ({ quick: new Scan(one), slow: carefulScan(one) }));
    for (let round = 0; round < 30; round++) {
      const which = (round * 5) % 6;
      const { quick, slow } = scans[which]!;
      readAlike(quick, slow, input, "datagram");
      assert.equal(quick.firstRow(1), 6 + which);
    }
  });

  it("leaves unknown names to the careful reading where a table has more names than there is room for", () => {
    const many = new FieldTable([
      ...fieldRows,
      ...Array.from({ length: 2_000 }, (_, number) => ({ name: `X-Many-${number}`, shape: "text" as const })),
    ]);
    const quick = new Scan(many);
    const slow = carefulScan(many);
    for (const name of ["X-Many-0", "X-Many-1999", "X-None", "Subject"]) {
      readAlike(quick, slow, message({ rows: [`${name}: x`] }), "datagram");
      assert.equal(quick.rowField[6], many.id(name));
    }
    assert.equal(isReadQuickly(message({ rows: ["Subject: x"] }), many), true);
    assert.equal(isReadQuickly(message({ rows: ["X-None: x"] }), many), false);
  });

  it("expects no name that is not there", () => {
    // The order of rows teaches what to expect; then one letter, or the length, differs.
    const same = (input: Uint8Array): boolean =>
      readAlike(new Scan(table), carefulScan(table), input, "datagram");
    const rows = ["Supported: a", "Subject: b", "Allow: INVITE"];
    for (let round = 0; round < 3; round++) assert.ok(same(message({ rows })));
    for (const other of ["Subjecs", "Subject-", "Subjec", "Subject1", "SUBJECT", "Subject\x1a", "s"]) {
      same(message({ rows: ["Supported: a", `${other}: b`, "Allow: INVITE"] }));
    }
  });
});
