import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { KeyedHash } from "../../../border/hash/keyed-hash.ts";
import { NetworkNumbers } from "../../../border/routing/network-number.ts";
import { FlowSeal, flowLetters } from "../../../border/via/flow.ts";
import type { ReturnPath } from "../../../border/via/return-path.ts";
import { networksNamed } from "../small-policy.ts";

const key = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
const branch = Buffer.from("z9hG4bK0123456789abcdef0123456789abcdef");
const path: ReturnPath = { transport: "udp", host: "192.0.2.10", numeric: true, port: 5060 };
const at = Date.UTC(2026, 10, 24, 10);
const flow = {
  instance: 77,
  listener: 2,
  connection: 4711,
  from: 0xfedcba987654,
  to: 0x123456789abc,
  target: 0xabcdef,
  loop: 0x13579b,
};

function write(seal: FlowSeal, when = at): Uint8Array {
  const out = new Uint8Array(flowLetters);
  assert.equal(seal.write(flow, branch, path, when, out, 0), flowLetters);
  return out;
}

function read(seal: FlowSeal, letters: Uint8Array, { when = at, of = branch, back = path } = {}): unknown {
  const bytes = Buffer.concat([of, letters]);
  return seal.read(bytes, of.length, bytes.length, 0, of.length, back, when);
}

describe("the flow parameter", () => {
  it("brings back what was written, as letters that a token may hold (RFC 3261 25.1)", () => {
    const seal = new FlowSeal(new KeyedHash(key), 77);
    const letters = write(seal);
    assert.match(Buffer.from(letters).toString(), /^[A-Za-z0-9_-]{48}$/);
    assert.deepEqual(read(seal, letters), flow);
  });

  it("says in another process whose the connection is", () => {
    const letters = write(new FlowSeal(new KeyedHash(key), 77));
    assert.deepEqual(read(new FlowSeal(new KeyedHash(key), 78), letters), flow);
  });

  it("holds for an hour, and not for longer", () => {
    const seal = new FlowSeal(new KeyedHash(key), 77);
    const letters = write(seal);
    assert.deepEqual(read(seal, letters, { when: at + 3_590_000 }), flow);
    assert.equal(read(seal, letters, { when: at + 3_700_000 }), undefined);
    assert.equal(read(seal, letters, { when: at - 100_000 }), undefined);
  });

  it("holds for its branch, its return path and its secret alone", () => {
    const seal = new FlowSeal(new KeyedHash(key), 77);
    const letters = write(seal);
    assert.equal(
      read(seal, letters, { of: Buffer.from("z9hG4bK1123456789abcdef0123456789abcdef") }),
      undefined,
    );
    assert.equal(read(seal, letters, { back: { ...path, host: "198.51.100.1" } }), undefined);
    assert.equal(read(seal, letters, { back: { ...path, port: 5061 } }), undefined);
    assert.equal(
      read(new FlowSeal(new KeyedHash(Uint8Array.from(key).toReversed()), 77), letters),
      undefined,
    );
  });

  it("does not survive the change of any letter", () => {
    const seal = new FlowSeal(new KeyedHash(key), 77);
    const letters = write(seal);
    fc.assert(
      fc.property(fc.nat(flowLetters - 1), fc.integer({ min: 0, max: 255 }), (index, byte) => {
        const changed = Uint8Array.from(letters);
        changed[index] = byte;
        return byte === letters[index] || read(seal, changed) === undefined;
      }),
    );
  });

  it("shows no network twice in the same form", () => {
    const seal = new FlowSeal(new KeyedHash(key), 77);
    const other = new Uint8Array(flowLetters);
    seal.write(flow, Buffer.from("z9hG4bK1123456789abcdef0123456789abcdef"), path, at, other, 0);
    // Letters 8 to 28 hold the connection and both networks.
    const middle = (letters: Uint8Array) => Buffer.from(letters).toString().slice(8, 28);
    assert.notEqual(middle(write(seal)), middle(other));
  });
});

describe("the numbers of networks", () => {
  it("lead back to the names, do not depend on order, and differ by secret", () => {
    const names = ["home", "ims-b", "carrier-c", "open-d", "stranger"];
    const numbers = new NetworkNumbers(new KeyedHash(key), networksNamed(names));
    const again = new NetworkNumbers(new KeyedHash(key), networksNamed(names.toReversed()));
    const foreign = new NetworkNumbers(
      new KeyedHash(Uint8Array.from(key).toReversed()),
      networksNamed(names),
    );
    for (const name of names) {
      assert.equal(numbers.nameOf(numbers.numberOf(name)), name);
      assert.equal(again.numberOf(name), numbers.numberOf(name));
      assert.notEqual(foreign.numberOf(name), numbers.numberOf(name));
    }
    assert.throws(() => numbers.numberOf("nobody"), RangeError);
  });
});
