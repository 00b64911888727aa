import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { EditList } from "../../wire/index.ts";
import { bytes, textOf } from "./messages.ts";

const text = "0123456789";
function applied(edit: (list: EditList) => void, end = 10): string {
  const list = new EditList();
  edit(list);
  return textOf(list.apply(bytes(text), end));
}

describe("an edit list", () => {
  it("without edits copies", () =>
    assert.equal(
      applied(() => {}),
      text,
    ));
  it("removes, replaces and inserts", () => {
    assert.equal(
      applied((list) => {
        list.replace(7, 9, bytes("seven-eight"));
        list.remove(0, 2);
        list.insert(5, bytes("<>"));
      }),
      "234<>56seven-eight9",
    );
  });
  it("takes adjacent edits", () => {
    assert.equal(
      applied((list) => {
        list.remove(2, 4);
        list.remove(4, 6);
        list.replace(6, 7, bytes("x"));
      }),
      "01x789",
    );
  });
  it("keeps insertions at one place in the order in which they came, before what begins there", () => {
    assert.equal(
      applied((list) => {
        list.remove(3, 5);
        list.insert(3, bytes("a"));
        list.insert(5, bytes("c"));
        list.insert(3, bytes("b"));
      }),
      "012abc56789",
    );
  });
  it("inserts at both ends, and copies no byte beyond the end", () => {
    assert.equal(
      applied((list) => {
        list.insert(0, bytes("<"));
        list.insert(6, bytes(">"));
      }, 6),
      "<012345>",
    );
  });
  it("can be used again", () => {
    const list = new EditList();
    list.remove(0, 5);
    assert.equal(list.size, 1);
    list.clear();
    assert.equal(list.size, 0);
    list.remove(5, 10);
    assert.equal(textOf(list.apply(bytes(text), 10)), "01234");
  });
  it("leaves its earlier results alone", () => {
    const list = new EditList();
    const results = Array.from({ length: 200 }, (_, index) => {
      list.clear();
      list.insert(3, bytes(`<${index}>`));
      if (index % 2 === 0) list.remove(4, 9);
      return list.apply(bytes(text.repeat(1 + (index % 90))), 10 * (1 + (index % 90)));
    });
    results.forEach((result, index) => {
      const whole = text.repeat(1 + (index % 90));
      assert.equal(textOf(result), `012<${index}>3${index % 2 === 0 ? whole.slice(9) : whole.slice(4)}`);
    });
  });
  it("edits what is larger than a piece of its memory", () => {
    const list = new EditList();
    list.insert(1, bytes("x"));
    list.remove(5, 100_000);
    const result = textOf(list.apply(bytes("ab".repeat(60_000)), 120_000));
    assert.equal(result, `axbaba${"ab".repeat(10_000)}`);
  });
  it("throws where edits overlap", () => {
    const overlaps = (edit: (list: EditList) => void): void => assert.throws(() => applied(edit), RangeError);
    overlaps((list) => {
      list.remove(2, 5);
      list.remove(4, 6);
    });
    overlaps((list) => {
      list.remove(2, 5);
      list.insert(3, bytes("x"));
    });
    overlaps((list) => {
      list.remove(2, 5);
      list.replace(2, 5, bytes("x"));
    });
  });
  it("throws where an edit is no span of the message", () => {
    assert.throws(() => applied((list) => list.remove(5, 4)), RangeError);
    assert.throws(() => applied((list) => list.remove(-1, 4)), RangeError);
    assert.throws(() => applied((list) => list.remove(8, 11)), RangeError);
  });

  it("does what a naive splice does", () => {
    const cut = fc.record({ length: fc.nat(9), gap: fc.nat(9), added: fc.string({ maxLength: 60 }) });
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 90 }), fc.nat(), (cuts, seed) => {
        const source = Array.from({ length: 2000 }, (_, index) =>
          String.fromCharCode(33 + (index % 90)),
        ).join("");
        let at = 0;
        const edits = cuts.map(({ length, gap, added }) => {
          const start = at + gap;
          at = start + length;
          return { start, end: at, added };
        });
        let expected = "";
        let behind = 0;
        for (const { start, end, added } of edits) {
          expected += source.slice(behind, start) + textOf(bytes(added));
          behind = end;
        }
        expected += source.slice(behind);
        const list = new EditList();
        // In another order, but those at one place as they came.
        const turned = edits.map((edit, index) => ({
          edit,
          key: edits.findIndex(({ start }) => start === edit.start) * 7919 + seed,
          index,
        }));
        turned.sort((a, b) => (a.key % 97) - (b.key % 97) || a.index - b.index);
        for (const { edit } of turned) list.replace(edit.start, edit.end, bytes(edit.added));
        assert.equal(textOf(list.apply(bytes(source), source.length)), expected);
      }),
    );
  });
});
