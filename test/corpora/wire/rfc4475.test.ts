/** RFC 4475: every torture message, with the outcome that the RFC gives it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Scan, StreamFramer } from "../../../wire/index.ts";
import { table, textOf } from "../../wire/messages.ts";
import { checkBody, checkReading, checkSpans, checkValues } from "../../wire/witness.ts";
import { listShared, readShared } from "./shared-folder.ts";

/** The message passes. Some are refused later, for what they mean. */
const accepted: Readonly<Record<string, string>> = {
  wsinv: "3.1.1.1",
  intmeth: "3.1.1.2",
  esc01: "3.1.1.3",
  escnull: "3.1.1.4",
  esc02: "3.1.1.5",
  lwsdisp: "3.1.1.6",
  longreq: "3.1.1.7",
  dblreq: "3.1.1.8",
  semiuri: "3.1.1.9",
  transports: "3.1.1.10",
  mpart01: "3.1.1.11",
  unreason: "3.1.1.12",
  noreason: "3.1.1.13",
  baddate: "3.1.2.12: an element may ignore the fault",
  badbranch: "3.2.1: may be refused; the branch is hashed, whatever it holds",
  unkscm: "3.3.2: 416 is the router's to say",
  novelsc: "3.3.3: 416 is the router's to say",
  unksm2: "3.3.4: forwarded",
  bext01: "3.3.5: 420 is the server's to say",
  invut: "3.3.6: forwarded",
  regaut01: "3.3.7: forwarded",
  zeromf: "3.3.11: 483 is the router's to say",
  cparam01: "3.3.12",
  cparam02: "3.3.13",
  regescrt: "3.3.14",
  sdp01: "3.3.15",
  inv2543: "3.4.1",
};

const refused: Readonly<Record<string, readonly [rule: string, status: number, drop?: "drop"]>> = {
  badinv01: ["via", 400],
  clerr: ["short-body", 400],
  ncl: ["content-length", 400],
  scalar02: ["cseq-range", 400],
  scalarlg: ["cseq-range", 400, "drop"],
  quotbal: ["unterminated-quote", 400],
  ltgtruri: ["request-uri", 400],
  lwsruri: ["request-uri", 400],
  lwsstart: ["request-uri", 400],
  trws: ["request-line", 400],
  escruri: ["request-uri", 400],
  regbadct: ["addr-spec-headers", 400],
  badaspec: ["address-uri", 400],
  baddn: ["address", 400],
  badvers: ["version", 505],
  mismatch01: ["cseq-method", 400],
  mismatch02: ["cseq-unknown-method", 501],
  bigcode: ["status-code", 400, "drop"],
  insuf: ["missing-field", 400],
  multi01: ["repeated-field", 400],
  mcl01: ["content-length-repeated", 400],
  bcast: ["via-broadcast", 400, "drop"],
  // In the archive, and in no section: its request line has no Request-URI of any kind.
  test: ["not-sip", 400, "drop"],
};

describe("RFC 4475", () => {
  const names = listShared(".dat", "corpora", "rfc4475").map((file) => file.slice(0, -4));
  const scan = new Scan(table);

  it("is all here", () =>
    assert.deepEqual(names, [...Object.keys(accepted), ...Object.keys(refused)].toSorted()));

  for (const [name, section] of Object.entries(accepted)) {
    it(`${name} passes (${section})`, () => {
      assert.equal(
        scan.read(readShared("corpora", "rfc4475", `${name}.dat`), "datagram"),
        true,
        scan.violation?.rule,
      );
      checkSpans(scan, true);
      checkReading(scan);
      checkValues(scan);
      checkBody(scan);
    });
  }

  for (const [name, [rule, status, drop]] of Object.entries(refused)) {
    it(`${name} is ${drop ? "dropped" : `refused with ${status}`}: ${rule}`, () => {
      assert.equal(scan.read(readShared("corpora", "rfc4475", `${name}.dat`), "datagram"), false);
      assert.deepEqual(
        [scan.violation?.rule, scan.violation?.status, scan.violation?.drop],
        [rule, status, drop !== undefined],
      );
    });
  }

  it("dblreq: what follows the body is no part of the message (RFC 3261 18.3)", () => {
    assert.ok(scan.read(readShared("corpora", "rfc4475", "dblreq.dat"), "datagram"));
    assert.equal(scan.end, scan.bodyStart);
    assert.ok(textOf(scan.bytes, scan.end).includes("INVITE sip:joe@example.com SIP/2.0"));
  });

  for (const name of ["ncl", "mcl01"]) {
    it(`${name} closes a stream`, () => {
      const framer = new StreamFramer();
      framer.push(readShared("corpora", "rfc4475", `${name}.dat`));
      assert.equal(framer.next(), undefined);
      assert.deepEqual([framer.error?.status, framer.error?.closes], [400, true]);
    });
  }
});
