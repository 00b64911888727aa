/** Dates and names, read quickly where they are plain, mean what the slow way says. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import forge from "node-forge";
import { MalformedDer, time } from "../../../wire/certificate/der.ts";
import { readName } from "../../../wire/certificate/name.ts";

const { Class, Type, create } = forge.asn1;
const utcTime = (text: string) => create(Class.UNIVERSAL, Type.UTCTIME, false, text);
const generalizedTime = (text: string) => create(Class.UNIVERSAL, Type.GENERALIZEDTIME, false, text);

const read = (node: forge.asn1.Asn1): number | undefined => {
  try {
    return time(node, "it");
  } catch (error) {
    assert.ok(error instanceof MalformedDer);
    return undefined;
  }
};

/** By ECMAScript's own reading of ISO 8601, which refuses what is no date; it rolls 30 February over, so written again. */
function byIso(digits: string): number | undefined {
  if (!/^\d{14}Z$/.test(digits)) return undefined;
  const iso = digits.replace(/^(....)(..)(..)(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6.000Z");
  const at = Date.parse(iso);
  return !Number.isNaN(at) && new Date(at).toISOString() === iso ? at : undefined;
}

const digits = (length: number) =>
  fc.oneof(
    fc.stringMatching(new RegExp(`^[0-9]{${length}}$`)),
    fc
      .date({ min: new Date(-62_167_219_200_000), max: new Date(253_402_300_799_000), noInvalidDate: true })
      .map((one) =>
        one
          .toISOString()
          .replace(/[-:T]/g, "")
          .slice(14 - length, 14),
      ),
  );
const ending = fc.constantFrom("Z", "Z", "Z", "Z", "", "z", "+0000", "Z ", "1Z", "\0");

describe("a date in a certificate (RFC 5280 4.1.2.5)", () => {
  it("is what ISO 8601 says, of four digits for the year", () => {
    fc.assert(
      fc.property(digits(14), ending, (text, end) => {
        assert.equal(read(generalizedTime(text + end)), byIso(text + end));
      }),
      { numRuns: 3_000 },
    );
  });

  it("is of 1950 to 2049 where the year has two", () => {
    fc.assert(
      fc.property(digits(12), ending, (text, end) => {
        assert.equal(read(utcTime(text + end)), byIso((text < "50" ? "20" : "19") + text + end));
      }),
      { numRuns: 3_000 },
    );
  });

  it("is none on 29 February of a common year, at 24:00 or in the 60th second", () => {
    assert.equal(read(generalizedTime("20280229000000Z")), Date.UTC(2028, 1, 29));
    assert.equal(read(generalizedTime("00990301000000Z")), Date.parse("0099-03-01T00:00:00Z"));
    for (const text of [
      "20270229000000Z",
      "21000229000000Z",
      "20270101240000Z",
      "20270101000060Z",
      "20270001000000Z",
    ])
      assert.equal(read(generalizedTime(text)), undefined, text);
  });
});

describe("a name that is compared (RFC 5280 7.1)", () => {
  const keys = (value: string): readonly string[] => {
    const attribute = create(Class.UNIVERSAL, Type.SEQUENCE, true, [
      create(Class.UNIVERSAL, Type.OID, false, forge.asn1.oidToDer("2.5.4.10").getBytes()),
      create(Class.UNIVERSAL, Type.UTF8, false, Buffer.from(value, "utf8").toString("latin1")),
    ]);
    const part = create(Class.UNIVERSAL, Type.SET, true, [attribute]);
    return readName(create(Class.UNIVERSAL, Type.SEQUENCE, true, [part]), "name").keys;
  };

  it("has no case, and one blank for any number of them, whatever it is made of", () => {
    const plainText = fc.stringMatching(/^[ -~]{0,20}$/);
    fc.assert(
      fc.property(fc.oneof(plainText, fc.string({ unit: "grapheme" })), (value) => {
        const key = value.normalize("NFKC").toLowerCase().trim().replace(/\s+/g, " ");
        assert.deepEqual(keys(value), [`2.5.4.10=${key}`]);
      }),
      { numRuns: 3_000 },
    );
    assert.deepEqual(keys("  Carrier   C "), ["2.5.4.10=carrier c"]);
    assert.deepEqual(keys("Ｃarrier C"), ["2.5.4.10=carrier c"]);
  });
});
