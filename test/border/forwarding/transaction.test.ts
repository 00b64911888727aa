/** The branch rules of RFC 3261 16.11, and the cases of a border that restarts between INVITE and CANCEL. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Transaction } from "../../../border/forwarding/transaction.ts";
import { KeyedHash } from "../../../border/hash/keyed-hash.ts";
import { ViaStack } from "../../../border/via/via-stack.ts";
import { fields, messageOf, scanOf } from "../read-scan.ts";

const key = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");

interface Wanted {
  readonly method: string;
  readonly via?: string;
  readonly toTag?: string;
  readonly fromTag?: string;
  readonly cseq?: number;
  readonly callId?: string;
  readonly uri?: string;
  readonly route?: string;
}

const via = "SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKx35";
const oldVia = "SIP/2.0/UDP 192.0.2.10:5060;branch=17";

/** A fresh object each time: what a restarted border with the same secret computes. */
function branchOf({
  method,
  toTag,
  fromTag = "f",
  cseq = 1,
  callId = "c35",
  uri = "sip:b@carrier-c.example",
  route,
  ...rest
}: Wanted): string {
  const scan = scanOf(
    messageOf(
      `${method} ${uri} SIP/2.0`,
      `Via: ${rest.via ?? via}`,
      ...(route === undefined ? [] : [`Route: ${route}`]),
      `From: <sip:a@home1.example>;tag=${fromTag}`,
      `To: <sip:b@carrier-c.example>${toTag === undefined ? "" : `;tag=${toTag}`}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      "Content-Length: 0",
    ),
  );
  const stack = new ViaStack(fields);
  assert.ok(stack.read(scan));
  const transaction = new Transaction(new KeyedHash(key), fields);
  transaction.read(scan, stack.top);
  return Buffer.from(transaction.branch).toString();
}

describe("our branch", () => {
  const invite = branchOf({ method: "INVITE" });

  it("begins with the magic cookie (RFC 3261 8.1.1.7)", () => {
    assert.match(invite, /^z9hG4bK[0-9a-f]{32}$/);
  });

  it("is that of the INVITE in its CANCEL, in the ACK of a refusal, and after a restart", () => {
    assert.equal(branchOf({ method: "CANCEL" }), invite);
    assert.equal(branchOf({ method: "ACK", toTag: "t487" }), invite);
    assert.equal(branchOf({ method: "INVITE" }), invite);
  });

  it("is another where the received branch or sent-by is another", () => {
    for (const other of [
      "SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKx36",
      "SIP/2.0/UDP 192.0.2.11:5060;branch=z9hG4bKx35",
      "SIP/2.0/UDP 192.0.2.10:5061;branch=z9hG4bKx35",
    ]) {
      assert.notEqual(branchOf({ method: "INVITE", via: other }), invite);
    }
  });

  it("does not read whatever else the request says: received, rport, Route, Request-URI", () => {
    assert.equal(branchOf({ method: "INVITE", via: `${via};received=192.0.2.99;rport=9` }), invite);
    assert.equal(
      branchOf({ method: "INVITE", route: "<sip:192.0.2.7;lr>", uri: "sip:c@open-d.example" }),
      invite,
    );
  });

  it("without a magic cookie is made of Via, From tag, Call-ID, CSeq number and Request-URI (RFC 3261 17.2.3)", () => {
    const old = branchOf({ method: "INVITE", via: oldVia });
    assert.equal(branchOf({ method: "CANCEL", via: oldVia }), old);
    assert.equal(branchOf({ method: "ACK", via: oldVia, toTag: "t" }), old);
    for (const other of [
      { fromTag: "g" },
      { cseq: 2 },
      { callId: "c36" },
      { uri: "sip:d@carrier-c.example" },
      { via: `${oldVia}8` },
    ]) {
      assert.notEqual(branchOf({ method: "INVITE", via: oldVia, ...other }), old);
    }
  });

  it("of a magic cookie with nothing behind it is made as without (RFC 4475 3.2.1)", () => {
    const bare = { via: "SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK" };
    const first = branchOf({ method: "INVITE", ...bare });
    assert.equal(branchOf({ method: "CANCEL", ...bare }), first);
    assert.notEqual(branchOf({ method: "INVITE", callId: "c36", ...bare }), first);
    assert.notEqual(branchOf({ method: "INVITE", cseq: 2, ...bare }), first);
  });
});
