import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fieldRows } from "../../grammar/vocabulary.ts";
import { FieldTable, Scan } from "../../wire/index.ts";
import { bytes, message, table } from "./messages.ts";

const recognised = (name: string): number => table.recognise(bytes(`:${name}:`), 1, name.length + 1);

describe("the field table", () => {
  it("recognises each name of the vocabulary in any case, and its compact form", () => {
    for (const { name, compact } of fieldRows) {
      const id = table.id(name);
      assert.ok(id >= 1 && id <= table.size);
      assert.equal(table.name(id), name);
      for (const written of [
        name,
        name.toUpperCase(),
        name.toLowerCase(),
        ...(compact ? [compact, compact.toUpperCase()] : []),
      ]) {
        assert.equal(recognised(written), id, written);
      }
    }
  });

  it("knows the compact forms of the standards (RFC 3261 7.3.3, 3841 12, 3892 8, 8224 4)", () => {
    const forms = {
      a: "Accept-Contact",
      b: "Referred-By",
      c: "Content-Type",
      d: "Request-Disposition",
      e: "Content-Encoding",
      f: "From",
      i: "Call-ID",
      j: "Reject-Contact",
      k: "Supported",
      l: "Content-Length",
      m: "Contact",
      o: "Event",
      r: "Refer-To",
      s: "Subject",
      t: "To",
      u: "Allow-Events",
      v: "Via",
      x: "Session-Expires",
      y: "Identity",
    };
    for (const [compact, name] of Object.entries(forms))
      assert.equal(recognised(compact), table.id(name), name);
    for (const other of "ghpqwz") assert.equal(recognised(other), 0, other);
  });

  it("recognises nothing that differs in one bit", () => {
    for (const { name } of fieldRows) {
      for (let index = 0; index < name.length; index++) {
        for (let bit = 0; bit < 8; bit++) {
          const changed = bytes(name);
          changed[index]! ^= 1 << bit;
          const other = String.fromCharCode(...changed);
          if (other.toLowerCase() === name.toLowerCase()) continue;
          assert.equal(table.recognise(changed, 0, changed.length), table.id(other), JSON.stringify(other));
        }
      }
    }
  });

  it("recognises the same names in a scan as by themselves", () => {
    const scan = new Scan(table);
    const character = fc.constantFrom(
      ..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~".split(""),
    );
    const near = fc
      .tuple(fc.constantFrom(...fieldRows.map(({ name }) => name)), fc.nat(40), character)
      .map(([name, at, c]) => name.slice(0, at) + c + name.slice(at + 1));
    const name = fc
      .oneof(fc.string({ unit: character, minLength: 1, maxLength: 40 }), near)
      .filter(
        (one) =>
          !["via", "from", "to", "call-id", "cseq", "max-forwards", "v", "f", "t", "i", "l"].includes(
            one.toLowerCase(),
          ),
      );
    fc.assert(
      fc.property(name, (one) => {
        scan.read(message({ rows: [`${one}: `] }), "datagram");
        assert.equal(scan.rowField[6], recognised(one));
      }),
    );
  });

  it("adds core fields that are not given, and holds to what the standards say of them", () => {
    const small = new FieldTable([
      { name: "X-Corp", shape: "tokens" },
      { name: "from", shape: "text" },
    ]);
    assert.equal(small.id("X-Corp"), 1);
    assert.equal(small.shape(small.id("From")), "address");
    assert.equal(small.compact(small.id("FROM")), "f");
    assert.ok(small.id("Via") > 2);
    assert.equal(new Scan(small).read(message(), "datagram"), true);
  });

  it("tells names apart whose characters differ in the case bit alone", () => {
    const odd = new FieldTable([
      { name: "a_b", shape: "text" },
      { name: "c`d", shape: "text" },
      { name: "e~f", shape: "text" },
    ]);
    const scan = new Scan(odd);
    assert.ok(scan.read(message({ rows: ["A_B: x", "c`d: x", "e~f: x"] }), "datagram"));
    assert.deepEqual([...scan.rowField.subarray(6, 9)], [1, 2, 3]);
    assert.equal(odd.recognise(bytes("a\x7fb"), 0, 3), 0);
    assert.equal(odd.recognise(bytes("c@d"), 0, 3), 0);
  });

  it("throws where two rows share a name", () => {
    assert.throws(
      () =>
        new FieldTable([
          { name: "A", shape: "text" },
          { name: "a", shape: "text" },
        ]),
      RangeError,
    );
    assert.throws(() => new FieldTable([{ name: "Foo", shape: "text", compact: "v" }]), RangeError);
    assert.throws(() => table.name(0), RangeError);
    assert.throws(() => table.name(table.size + 1), RangeError);
  });

  it("takes an unknown field for text", () => assert.equal(table.shape(0), "text"));
});
