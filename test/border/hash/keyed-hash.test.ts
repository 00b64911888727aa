/** What goes into a keyed hash: a text as its bytes, each part with its length. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { hashKind, KeyedHash } from "../../../border/hash/keyed-hash.ts";

const key = new Uint8Array(16);

function wordsOf(fill: (hash: KeyedHash) => void): readonly number[] {
  const hash = new KeyedHash(key);
  hash.begin(hashKind.network);
  fill(hash);
  return [...hash.finish()];
}

describe("a keyed hash", () => {
  it("takes a text as its bytes in UTF-8", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "-", "\u007f", "\u0080", "é", "€", "😀"),
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const bytes = [one, other].map((each) => Buffer.from(each));
        assert.deepEqual(
          wordsOf((hash) => [one, other].forEach((each) => hash.text(each))),
          wordsOf((hash) => bytes.forEach((each) => hash.part(each, 0, each.length))),
        );
      }),
    );
  });

  it("takes a text that is longer than what it has room for", () => {
    const long = "x".repeat(5_000);
    const bytes = Buffer.from(long);
    assert.deepEqual(
      wordsOf((hash) => hash.text(long)),
      wordsOf((hash) => hash.part(bytes, 0, bytes.length)),
    );
  });

  it("tells two lists of parts from each other whose bytes are the same", () => {
    assert.notDeepEqual(
      wordsOf((hash) => ["ab", "c"].forEach((each) => hash.text(each))),
      wordsOf((hash) => ["a", "bc"].forEach((each) => hash.text(each))),
    );
  });
});
