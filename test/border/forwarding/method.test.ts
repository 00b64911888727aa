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

  it("costs nothing where a sender makes the field long", () => {
    const value = `${"a".repeat(32_000)} b`;
    const before = process.cpuUsage();
    for (let i = 0; i < 20; i++) methodOf(value);
    // One reading of it from every letter on took a second.
    assert.ok(process.cpuUsage(before).user < 2_000_000);
  });
});
