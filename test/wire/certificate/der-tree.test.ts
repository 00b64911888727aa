/** The reader of DER takes what node-forge takes and writes back as it stood, and nothing else. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readTree } from "../../../wire/certificate/der-tree.ts";
import { issueCertificate } from "../../../wire/index.ts";
import { forgeReading, plain } from "./forge-reading.ts";

const at = Date.UTC(2026, 10, 24);
const request = { notBefore: at, notAfter: at + 86_400_000 };
const root = issueCertificate({ commonName: "root", authority: true, pathLength: 1, ...request });
const certificates = [
  root,
  issueCertificate({ commonName: "Zoë", uris: ["sip:a.example"], ...request }, root),
  issueCertificate({ commonName: "a", dns: ["a.example"], key: "rsa-2048", ...request }),
].map(({ der }) => Buffer.from(der).toString("latin1"));

function agrees(binary: string): boolean {
  const tree = readTree(binary);
  assert.deepEqual(tree === undefined ? undefined : plain(tree), forgeReading(binary));
  return tree !== undefined;
}

const text = (...bytes: readonly number[]): string => String.fromCharCode(...bytes);
const tlv = (tag: number, content: string): string => {
  const { length } = content;
  const octets =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return text(tag, ...octets) + content;
};

describe("reading DER", () => {
  it("gives the certificates that forge gives", () => {
    for (const one of certificates) assert.ok(agrees(one));
  });

  // X.690: the clause that each breaks, or keeps.
  const cases: readonly (readonly [what: string, binary: string, taken: boolean])[] = [
    ["nothing at all", "", false],
    ["a tag alone (8.1.1.1)", text(0x30), false],
    ["an empty SEQUENCE", text(0x30, 0), true],
    ["a byte behind the value", text(0x05, 0, 0), false],
    ["a value longer than what is there", text(0x04, 2, 0x61), false],
    ["a member longer than its SEQUENCE", text(0x30, 2, 0x04, 1, 0x61), false],
    ["an indefinite length (10.1)", text(0x30, 0x80, 0, 0), false],
    ["a short length in long form (10.1)", text(0x04, 0x81, 1, 0x61), false],
    ["a length with a zero in front (10.1)", text(0x04, 0x82, 0, 0x80) + "a".repeat(128), false],
    ["a length of 128 in one byte", tlv(0x04, "a".repeat(128)), true],
    ["a length of 256 in two bytes", tlv(0x04, "a".repeat(256)), true],
    ["a length in five bytes", text(0x04, 0x85, 1, 0, 0, 0, 0), false],
    ["a length in four bytes whose first bit is set", text(0x04, 0x84, 0xff, 0xff, 0xff, 0xff), false],
    ["a reserved length (8.1.3.5 c)", text(0x04, 0xff), false],
    ["an INTEGER with a needless zero (8.3.2)", text(0x02, 2, 0, 0x7f), false],
    ["an INTEGER with a needless 0xff (8.3.2)", text(0x02, 2, 0xff, 0x80), false],
    ["an INTEGER that needs its zero", text(0x02, 2, 0, 0x80), true],
    ["a BMPString of half a character", tlv(0x30, text(0x1e, 1, 0x61)), false],
    ["a BMPString", text(0x1e, 2, 0x20, 0xac), true],
    ["a BIT STRING that holds DER, as keys of RSA do", tlv(0x03, text(0, 0x30, 3, 0x02, 1, 5)), true],
    ["a BIT STRING that holds BER: it is not looked into", tlv(0x03, text(0, 0x04, 0x81, 1, 5)), true],
    ["values 256 deep", nested(255), true],
    ["values deeper than 256", nested(256), false],
  ];
  for (const [what, binary, taken] of cases)
    it(`${taken ? "takes" : "refuses"} ${what}`, () => assert.equal(agrees(binary), taken));

  it("agrees with forge about every certificate of which something was changed", () => {
    const change = fc.record({
      at: fc.nat(4_000),
      kind: fc.constantFrom("set", "flip", "insert", "delete", "double"),
      byte: fc.integer({ min: 0, max: 255 }),
    });
    const changed = fc.tuple(
      fc.constantFrom(...certificates),
      fc.array(change, { minLength: 1, maxLength: 4 }),
    );
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(changed, ([certificate, changes]) => {
        let binary = certificate;
        for (const { at: place, kind, byte } of changes) {
          const here = place % binary.length;
          const [before, after] = [binary.slice(0, here), binary.slice(here)];
          const one = binary.charCodeAt(here);
          if (kind === "set") binary = before + text(byte) + after.slice(1);
          else if (kind === "flip") binary = before + text(one ^ (1 << (byte & 7))) + after.slice(1);
          else if (kind === "insert") binary = before + text(byte) + after;
          else if (kind === "delete") binary = before + after.slice(1 + (byte & 7));
          else binary = before + after.slice(0, byte) + after;
        }
        if (agrees(binary)) taken++;
        else refused++;
      }),
      { numRuns: 4_000 },
    );
    // Both ways were gone.
    assert.ok(taken > 100 && refused > 100, `${taken} taken, ${refused} refused`);
  });

  it("agrees with forge about values nested at random, some with a wrong length", () => {
    const { value } = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc
          .tuple(
            fc.integer({ min: 0, max: 255 }),
            fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 6 }),
          )
          .map(([tag, bytes]) => tlv(tag, text(...bytes))),
        fc
          .tuple(fc.constantFrom(0x30, 0x31, 0xa0, 0x24, 0x23), fc.array(tie("value"), { maxLength: 4 }))
          .map(([tag, members]) => tlv(tag, members.join(""))),
        fc.tuple(tie("value"), fc.integer({ min: -2, max: 2 })).map(([inner, off]) => {
          const length = (inner.charCodeAt(1) + off) & 0xff;
          return inner.slice(0, 1) + text(length) + inner.slice(2);
        }),
      ),
    }));
    fc.assert(
      fc.property(value, (binary) => void agrees(binary)),
      { numRuns: 4_000 },
    );
  });
});

/** NULL, inside of so many SEQUENCEs. */
function nested(depth: number): string {
  let value = text(0x05, 0);
  for (let level = 0; level < depth; level++) value = tlv(0x30, value);
  return value;
}
