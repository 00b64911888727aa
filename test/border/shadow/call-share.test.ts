import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CallShare } from "../../../border/shadow/call-share.ts";
import { fieldRows } from "../../../grammar/index.ts";
import { FieldTable } from "../../../wire/index.ts";
import { invite } from "./trial-policies.ts";

const fields = new FieldTable(fieldRows);
const secret = Buffer.alloc(16, 7);
const message = (text: string) => ({ bytes: Buffer.from(text), framing: "datagram" }) as const;
const call = (number: number): string => invite().replace("c1@alice", `${number}@alice`);

function chosen(share: number, key: Uint8Array = secret): ReadonlySet<number> {
  const calls = new CallShare(share, key, fields);
  return new Set(
    Array.from({ length: 2_000 }, (_, at) => at).filter((at) => calls.includes(message(call(at)))),
  );
}

describe("a share of the calls", () => {
  it("is about as large as asked", () => {
    // Four standard deviations of a binomial distribution of 2,000 draws at 0.1: 54.
    const { size } = chosen(0.1);
    assert.ok(size > 146 && size < 254, `${size} of 2000`);
    assert.equal(chosen(1).size, 2_000);
  });

  it("is the same in every border with that secret, part of a larger share, and another with another secret", () => {
    const small = chosen(0.1);
    assert.deepEqual(chosen(0.1), small);
    const large = chosen(0.5);
    assert.ok([...small].every((at) => large.has(at)));
    assert.notDeepEqual(chosen(0.1, Buffer.alloc(16, 8)), small);
  });

  it("has every message of a call, or none", () => {
    const calls = new CallShare(0.5, secret, fields);
    for (let at = 0; at < 100; at++) {
      const first = calls.includes(message(call(at)));
      const response = call(at).replace("INVITE sip:bob@open-d.example SIP/2.0", "SIP/2.0 200 OK");
      const compact = call(at).replace("Call-ID: ", "i:").replaceAll("INVITE", "BYE");
      assert.deepEqual([calls.includes(message(response)), calls.includes(message(compact))], [first, first]);
    }
  });

  it("has what is of no call", () => {
    const none = new CallShare(0.000_001, secret, fields);
    assert.equal(none.includes(message("x\r\n\r\n")), true);
    assert.equal(none.includes(message(call(1))), false);
  });
});
