import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkWith, findings, ruleWith } from "./policy-notation.ts";

/** What one action gives, in a rule at the out gate. */
const action = (line: string, on?: string): string[] => findings(ruleWith(line, on));

describe("edits", () => {
  it("leave in the message what it can't do without (RFC 3261 8.1.1)", () => {
    for (const field of [
      "From",
      "To",
      "Call-ID",
      "CSeq",
      "Via",
      "Content-Length",
      "Max-Forwards",
      "Request-URI",
    ]) {
      assert.deepEqual(action(`remove ${field}`), [`P3003 "${field}"`], field);
    }
    assert.deepEqual(findings(`fields mine = Subject, From\n${ruleWith("remove mine")}`), ['P3003 "mine"']);
    assert.deepEqual(action('remove values of Via where parameter ttl is "1"'), ['P3003 "Via"']);
  });

  it("may take from a response what only requests need", () => {
    assert.deepEqual(action("remove Max-Forwards", "response to untrusted"), []);
    assert.deepEqual(action("remove Max-Forwards when response"), []);
    assert.deepEqual(action("remove Max-Forwards when request"), ['P3003 "Max-Forwards"']);
  });

  it("keep the mandatory fields where all others go", () => {
    assert.deepEqual(
      action("remove every field except Via, From, To, Call-ID, CSeq, Max-Forwards, Content-Length"),
      [],
    );
    assert.deepEqual(
      action(
        "remove every field except Via, From, To, Call-ID, CSeq, Content-Length",
        "response to untrusted",
      ),
      [],
    );
    const { diagnostics } = checkWith(
      ruleWith("remove every field except Via, From, To, CSeq, Content-Length"),
    );
    assert.equal(diagnostics[0]?.code, "P3013");
    assert.equal(diagnostics[0]?.arguments["fields"], "Call-ID, Max-Forwards");
  });

  it("keep what tells which call a message belongs to", () => {
    assert.deepEqual(action("remove parameter tag from From"), ['P3016 "tag"']);
    assert.deepEqual(action("remove parameter branch, received from Via"), ['P3016 "branch"']);
    assert.deepEqual(action("remove parameter received from Via"), []);
  });

  it("ask of a field only what its shape has", () => {
    assert.deepEqual(action("remove display-name from Subject"), ['P3004 "Subject"']);
    assert.deepEqual(action("remove uri-parameter iotl from Reason"), ['P3004 "Reason"']);
    assert.deepEqual(action("remove parameter text from Reason"), []);
    assert.deepEqual(action("remove parameter text from Supported"), ['P3004 "Supported"']);
    assert.deepEqual(action('remove values of Subject where host is "a.example"'), ['P3004 "host"']);
    assert.deepEqual(action("remove display-name from Request-URI"), ['P3004 "Request-URI"']);
    assert.deepEqual(action("remove priv-value id from Supported"), ['P3007 "Supported"']);
    assert.deepEqual(action("remove option-tag privacy from Privacy"), ['P3007 "Privacy"']);
    assert.deepEqual(action("remove priv-value x-own from Privacy"), []);
    assert.deepEqual(action("remove surplus values of Subject"), ['P3007 "Subject"']);
    assert.deepEqual(action("drop parts named by Subject"), ['P3007 "Subject"']);
    assert.deepEqual(action("remove values of Contact where user is own"), ['P3005 "is own"']);
  });

  it("anonymize and conceal only fields that can be", () => {
    assert.deepEqual(action("anonymize From, Subject"), ['P3014 "Subject"']);
    assert.equal(checkWith(ruleWith("anonymize Subject")).diagnostics[0]?.help, "write `remove Subject`");
    assert.match(checkWith(ruleWith("anonymize Contact")).diagnostics[0]?.help ?? "", /`conceal Contact`/);
    const sealed = 'treatment seal\n  conceal Contact, Subject because "RFC 3323 5.1"\n';
    assert.deepEqual(findings(sealed + ruleWith("apply seal")), ['P3015 "Subject"']);
  });

  it("warn of a concealment that nothing stands in for", () => {
    assert.deepEqual(action("conceal Contact"), ['P4010 "conceal Contact"']);
    const sealed = 'treatment seal\n  conceal Contact because "RFC 3323 5.1"\n';
    assert.deepEqual(findings(sealed + ruleWith("apply seal")), []);
  });

  it("write no text that would break the message open", () => {
    assert.ok(action('set Subject to "a\rVia: b"').every((one) => one.startsWith("P1")));
    assert.equal(checkWith(ruleWith('set Subject to "a\rVia: b"')).policy, undefined);
    assert.deepEqual(action('set host of From to "*.home1.example"'), ['P3025 ""*.home1.example""']);
    assert.deepEqual(action('set host of From to "[2001:db8::1]"'), []);
    assert.deepEqual(action('set user of From to "a@b"'), ['P3025 ""a@b""']);
    assert.deepEqual(action('set parameter reason of Diversion to "a;b"'), ['P3025 ""a;b""']);
    assert.deepEqual(action('set scheme of From to "tel"'), ['P3024 ""tel""']);
    assert.deepEqual(action('set Content-Length to "0"'), ['P3021 "Content-Length"']);
    assert.deepEqual(action('set Max-Forwards to "5"'), ['P3021 "Max-Forwards"']);
    assert.deepEqual(action('add From "<sip:a@b.example>"'), ['P3022 "From"']);
    assert.deepEqual(action('add Organization "Home"'), []);
  });

  it("know the lines of SDP that have a neutral form", () => {
    assert.deepEqual(action("redact sdp o, s, i, u, e, p"), []);
    assert.deepEqual(action("redact sdp o, c"), ['P2005 "c"']);
  });

  it("stand where they have a meaning", () => {
    assert.deepEqual(action("honour Privacy", "message from untrusted"), ['P3010 "honour Privacy"']);
    assert.deepEqual(action("honour Subject"), ['P3031 "Subject"']);
    assert.deepEqual(action("remove Subject", "handshake"), ['P3010 "remove Subject"']);
    assert.deepEqual(action("needs media-relay"), ['P3010 "needs media-relay"']);
    const nested = 'treatment hush\n  reject 403 "no" because "RFC 3323 5.3"\n';
    assert.deepEqual(findings(nested + ruleWith("apply hush")), ['P3010 "reject 403 "no""']);
  });

  it("reject messages with a status, handshakes with a cause", () => {
    assert.deepEqual(action('reject 403 "Forbidden"'), []);
    assert.deepEqual(action('reject 200 "OK"'), ['P3028 "200"']);
    assert.deepEqual(action('reject "Forbidden"'), ['P3028 "reject "Forbidden""']);
    assert.deepEqual(action('reject "no agreement"', "handshake"), []);
    assert.deepEqual(action('reject 403 "no agreement"', "handshake"), ['P3029 "403"']);
  });

  it("need an end to stand at, unless a handshake is meant", () => {
    assert.deepEqual(action("remove Subject", "message"), ['P3026 "on message"']);
    assert.deepEqual(action('reject "no"', "handshake from carrier-c"), [
      'P3027 "on handshake from carrier-c"',
    ]);
  });
});

describe("treatments", () => {
  const hush =
    'treatment hush\n  fulfils user\n  keep priv-value user when option keep-user\n  when Privacy has user\n  remove Subject, Organization because "RFC 3323 5.3"\n  needs media-relay because "RFC 3323 5.2"\n  mark hushed\n';
  const keep = "option keep-user = no\n";

  it("are expanded into the rules that apply them", () => {
    const { policy } = checkWith(keep + hush + ruleWith("apply hush when request"));
    const rule = policy?.rules[0];
    assert.deepEqual(
      rule?.actions.map(({ kind }) => kind),
      ["remove-field", "remove-field", "needs", "mark"],
    );
    assert.deepEqual(
      rule?.actions.map(({ because }) => because),
      ["RFC 3323 5.3", "RFC 3323 5.3", "RFC 3323 5.2", "RFC 3325 7"],
    );
    assert.ok(rule?.actions.every(({ treatment }) => treatment === "hush"));
    const [fulfilment] = rule?.fulfilments ?? [];
    assert.deepEqual([fulfilment?.privValue, fulfilment?.actions], ["user", [0, 1, 2]]);
    assert.equal(rule?.actions[0]?.condition.kind, "and");
  });

  it("leave out what the rule excepts, and still count it", () => {
    const { policy, diagnostics } = checkWith(keep + hush + ruleWith("apply hush except Subject"));
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(policy?.rules[0]?.actions[0]?.kind, "excepted");
    assert.deepEqual(policy?.rules[0]?.fulfilments[0]?.actions, [0, 1, 2]);
    assert.deepEqual(findings(keep + hush + ruleWith("apply hush except Server")), ['P4011 "Server"']);
  });

  it("that are excepted as a whole leave a rule without effect", () => {
    const small = 'treatment small\n  remove Subject because "RFC 3323 5.3"\n';
    assert.deepEqual(findings(small + ruleWith("apply small except Subject")), ['P4019 "a-rule"']);
  });

  it("keep only what they fulfil", () => {
    const wrong =
      'treatment hush\n  fulfils user\n  keep priv-value id when request\n  remove Subject because "RFC 3323 5.3"\n';
    assert.deepEqual(findings(wrong + ruleWith("apply hush")), ['P3030 "id"']);
  });

  it("that ask for the way out can't be applied at the way in", () => {
    const out = 'treatment out\n  when to untrusted\n  remove Subject because "RFC 3323 5.3"\n';
    assert.deepEqual(findings(out + ruleWith("apply out", "message from foreign")), ['P3009 "out"']);
    assert.deepEqual(findings(out + ruleWith("apply out", "message to foreign")), []);
  });
});
