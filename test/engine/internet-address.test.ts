import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isWithin, readAddress } from "../../engine/conditions/internet-address.ts";

const read: readonly [string, readonly number[] | undefined][] = [
  ["192.0.2.1", [192, 0, 2, 1]],
  ["255.255.255.255", [255, 255, 255, 255]],
  ["256.0.0.1", undefined],
  ["192.0.2", undefined],
  ["192.0.2.1.1", undefined],
  ["192.0.2.x", undefined],
  ["", undefined],
  ["::", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["::1", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
  ["2001:DB8::a:0:1", [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 1]],
  ["1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]],
  ["1:2:3:4:5:6:7::", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0]],
  ["1:2:3:4:5:6:7", undefined],
  ["1:2:3:4:5:6:7:8:9", undefined],
  ["1::2::3", undefined],
  ["1:2:3:4::5:6:7:8", undefined],
  ["12345::", undefined],
  ["g::", undefined],
  [":1", undefined],
  ["::ffff:192.0.2.1", [192, 0, 2, 1]],
  ["::FFFF:c000:0201", [192, 0, 2, 1]],
  ["64:ff9b::192.0.2.1", [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1]],
  ["::192.0.2.1:1", undefined],
];

describe("an IP address", () => {
  for (const [text, bytes] of read) {
    it(`${text || "(empty)"} is ${bytes === undefined ? "none" : bytes.join(".")}`, () => {
      assert.deepEqual(readAddress(text), bytes);
    });
  }

  it("is within every prefix of itself, and of no other by one bit", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.nat({ max: 31 }), (bytes, bit) => {
        const address = [...bytes];
        const other = address.map((byte, index) => (index === bit >> 3 ? byte ^ (128 >> (bit & 7)) : byte));
        const prefix = (length: number) => ({ address: "", bytes: address, length });
        assert.equal(isWithin(other, prefix(bit)), true);
        assert.equal(isWithin(other, prefix(bit + 1)), false);
        assert.equal(isWithin(address, prefix(32)), true);
      }),
    );
  });

  it("is not within a prefix of the other family", () => {
    assert.equal(
      isWithin([0, 0, 0, 0], { address: "::", bytes: Array.from({ length: 16 }, () => 0), length: 0 }),
      false,
    );
  });
});
