import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cseqMethod } from "../../../border/forwarding/method.ts";
import { Scan } from "../../../wire/index.ts";
import { fields, messageOf } from "../read-scan.ts";

function methodOf(cseq: string): string {
  const scan = new Scan(fields);
  scan.read(messageOf("SIP/2.0 200 OK", "Via: SIP/2.0/UDP h", `CSeq: ${cseq}`), "datagram");
  return cseqMethod(scan);
}

describe("the method in CSeq", () => {
  it("is its last word (RFC 3261 20.16)", () => {
    assert.equal(methodOf("4711 INVITE"), "INVITE");
    assert.equal(methodOf("1\r\n  X-NEW.2"), "X-NEW.2");
    assert.equal(methodOf("4711"), "");
    assert.equal(methodOf("4711 IN/VITE"), "");
  });

  it("is not looked for further than a method can reach: a sender decides how long the field is", () => {
    assert.equal(methodOf(`${"a".repeat(32_000)} ${"B".repeat(64)}`), "B".repeat(64));
    assert.equal(methodOf(`1 ${"B".repeat(65)}`), "");
  });
});
