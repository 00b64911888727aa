import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { standardReason, writeAnswer } from "../../../border/forwarding/answer.ts";
import { Scan } from "../../../wire/index.ts";
import { fields } from "../read-scan.ts";

const answer = { status: 403, reason: "Forbidden", toTag: "0123abcd", withLength: true, rows: [] };

/** Lines with CRLF between them; the scan may have found a violation. */
function answered(...lines: readonly string[]): string | undefined {
  return answeredWith(answer.reason, ...lines);
}

function answeredWith(reason: string, ...lines: readonly string[]): string | undefined {
  const bytes = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  const scan = new Scan(fields);
  scan.read(bytes, "datagram");
  const written = writeAnswer(scan, fields, { ...answer, reason }, [], false);
  return written === undefined ? undefined : Buffer.from(written).toString("latin1");
}

describe("an answer of the border", () => {
  it("repeats Via, From, To, Call-ID and CSeq as they came, and gives To a tag (RFC 3261 8.2.6.2)", () => {
    assert.equal(
      answered(
        "INVITE sip:b@home1.example SIP/2.0",
        "v: SIP/2.0/UDP a;branch=z9hG4bK1,\r\n\tSIP/2.0/TCP b;branch=z9hG4bK2",
        "Subject: not repeated",
        "f: <sip:a@open-d.example>;tag=1",
        "Via: SIP/2.0/UDP c;branch=z9hG4bK3",
        "t : B <sip:b@home1.example> ;x=y",
        "i: 1@a",
        "CSeq: 7\r\n INVITE",
        "P-Asserted-Identity: <sip:a@open-d.example>",
      ),
      [
        "SIP/2.0 403 Forbidden",
        "v: SIP/2.0/UDP a;branch=z9hG4bK1,\r\n\tSIP/2.0/TCP b;branch=z9hG4bK2",
        "Via: SIP/2.0/UDP c;branch=z9hG4bK3",
        "f: <sip:a@open-d.example>;tag=1",
        "t : B <sip:b@home1.example> ;x=y;tag=0123abcd",
        "i: 1@a",
        "CSeq: 7\r\n INVITE",
        "Content-Length: 0",
        "",
        "",
      ].join("\r\n"),
    );
  });

  it("is not made where something that it must repeat is missing", () => {
    assert.equal(
      answered(
        "INVITE sip:b@home1.example SIP/2.0",
        "Via: SIP/2.0/UDP a",
        "From: <sip:a@b>;tag=1",
        "To: <sip:b@a>",
        "CSeq: 1 INVITE",
      ),
      undefined,
    );
  });

  it("never repeats a row with a control character", () => {
    const made = answered(
      "INVITE sip:b@home1.example SIP/2.0",
      "Via: SIP/2.0/UDP a;branch=1",
      "From: <sip:a@b>;tag=1",
      "To: <sip:b@a>",
      "Call-ID: 1\u00012",
      "CSeq: 1 INVITE",
    );
    assert.equal(made, undefined);
  });

  it("keeps a reason on its line, whatever it says", () => {
    const request = [
      "Via: SIP/2.0/UDP a;branch=1",
      "From: <sip:a@b>;tag=1",
      "To: <sip:b@a>",
      "Call-ID: 1",
      "CSeq: 1 INVITE",
    ];
    const made = answeredWith("nein\r\nX-Evil: 1 \u010d\u010a", "INVITE sip:b@a SIP/2.0", ...request);
    assert.equal(
      made?.split("\r\n")[0],
      `SIP/2.0 403 nein  X-Evil: 1 ${Buffer.from("\u010d\u010a").toString("latin1")}`,
    );
  });

  it("has the standard's phrase, or that of the class (RFC 3261 21)", () => {
    assert.equal(standardReason(503), "Service Unavailable");
    assert.equal(standardReason(499), "Bad Request");
    assert.equal(standardReason(699), "Busy Everywhere");
  });
});
