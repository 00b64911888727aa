import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { interpret, type PolicyEvent } from "../../engine/index.ts";
import { messageEvent } from "./behaviour/case.ts";
import { withNetworks } from "./checked.ts";
import { request } from "./messages.ts";

const policy = withNetworks(`option strict = no
rule enter
  on message from foreign
  remove P-Asserted-Identity
  because "RFC 3325 5"
rule leave
  on request to untrusted
  when Privacy has id and method is INVITE
  unless option strict or emergency
  remove P-Asserted-Identity
  because "RFC 3325 7"
rule strangers
  on handshake
  when certificate names no partner
  reject "no partner"
  because "TS 33.203 6.5"`);

/** Gate, rule, whether it applied, what decided it and in which line. */
function explained(event: PolicyEvent): readonly string[] {
  return interpret(policy)
    .explain(event)
    .map(({ rule, gate, applied, decidedBy: { text, holds, origin } }) =>
      [gate, rule, applied ? "applied" : "did not apply", `${text}: ${holds}`, `line ${origin.line}`].join(
        ", ",
      ),
    );
}

describe("explain", () => {
  it("names the condition that decided each rule, with its place", () => {
    assert.deepEqual(explained(messageEvent(request("INVITE", ["Privacy: user"]))), [
      "in, enter, did not apply, on message from foreign: false, line 13",
      "out, leave, did not apply, Privacy has id: false, line 19",
    ]);
  });

  it("names the last condition asked of a rule that applied", () => {
    assert.deepEqual(explained(messageEvent(request("INVITE", ["Privacy: id"]))), [
      "in, enter, did not apply, on message from foreign: false, line 13",
      "out, leave, applied, emergency: false, line 20",
    ]);
  });

  it("says of what the in gate refused that the out gate has not seen it", () => {
    const refusing = withNetworks(`rule stop
  on message from anyone
  reject 403 "No"
  because "test"
rule leave
  on message to anyone
  mark seen
  because "test"`);
    const texts = interpret(refusing)
      .explain(messageEvent(request("INVITE")))
      .map(({ decidedBy }) => decidedBy.text);
    assert.deepEqual(texts, ["on message from anyone", "the message was refused at the in gate"]);
  });

  it("has nothing to say of what can't be read", () => {
    assert.deepEqual(explained(messageEvent(new Uint8Array([1, 2, 3]))), []);
  });

  it("explains handshakes by their own rules", () => {
    const event = { kind: "handshake", role: "server", connection: { transport: "tls" }, at: 0 } as const;
    assert.deepEqual(explained(event), [
      "handshake, strangers, applied, certificate names partner: false, line 25",
    ]);
  });
});
