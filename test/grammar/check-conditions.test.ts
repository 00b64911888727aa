import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkWith, findings, ruleWith } from "./policy-notation.ts";

/** What one condition gives, in a rule at the out gate that removes Subject. */
const when = (condition: string, on?: string): string[] =>
  findings(ruleWith(`when ${condition}\n  remove Subject`, on));
const unless = (condition: string, on?: string): string[] =>
  findings(ruleWith(`unless ${condition}\n  remove Subject`, on));

describe("where a condition may stand", () => {
  it("asks nothing of a handshake in a rule on messages, nor the reverse", () => {
    assert.deepEqual(when("role is server"), ['P3008 "role is server"']);
    assert.deepEqual(when('sni is "a.example"'), ['P3008 "sni is "a.example""']);
    const handshake = (condition: string): string[] =>
      findings(ruleWith(`when ${condition}\n  reject "no"`, "handshake"));
    assert.deepEqual(handshake("method is INVITE"), ['P3008 "method is INVITE"']);
    assert.deepEqual(handshake("from home"), ['P3008 "from home"']);
    assert.deepEqual(handshake('role is client and domain sought is "carrier-c.example"'), []);
  });

  it("trusts by the connection, never by what a message says (RFC 3324 2.3)", () => {
    assert.deepEqual(findings("trust open-d when Privacy has id\n"), ['P3008 "Privacy has id"']);
    assert.deepEqual(findings("trust open-d when from home\n"), ['P3008 "from home"']);
    assert.deepEqual(findings("trust untrusted\n"), ['P3017 "untrusted"']);
    assert.deepEqual(findings("trust open-d when certificate names trusted\n"), ['P3017 "trusted"']);
    assert.deepEqual(findings("trust open-d when address within 203.0.113.0/24\n"), []);
  });

  it("knows no `to` at the in gate", () => {
    assert.deepEqual(when("to untrusted", "message from untrusted"), ['P3009 "to untrusted"']);
    assert.deepEqual(when("from untrusted", "message to untrusted"), []);
  });

  it("asks an assertion for a connection only where it names an end", () => {
    const never = (on: string, guard: string): string[] =>
      findings(`never "a"\n  on ${on}\n  when ${guard}\n  carries Subject\n`);
    assert.deepEqual(never("message", "secured by tls"), ['P3008 "secured by tls"']);
    assert.deepEqual(never("message to untrusted", "secured by tls"), []);
    assert.deepEqual(findings('never "a"\n  on handshake\n  carries Subject\n'), ['P3032 "on handshake"']);
  });

  it("has parts, transports and usages by name", () => {
    assert.deepEqual(when('host of Subject is "a.example"'), ['P3004 "host"']);
    assert.deepEqual(when("display-name of Request-URI is present"), ['P3004 "display-name"']);
    assert.deepEqual(when("parameter lr of Request-URI is present"), ['P3004 "parameter lr"']);
    assert.deepEqual(when("uri-parameter lr of Request-URI is present"), []);
    assert.deepEqual(when("user of From is own"), ['P3005 "is own"']);
    assert.deepEqual(when("transport is upd"), ['P2005 "upd"']);
    assert.deepEqual(when("certificate usage has sipDomian"), ['P2005 "sipDomian"']);
    assert.deepEqual(when('certificate usage has "1.3.6.1.5.5.7.3.20"'), []);
  });

  it("points at a method that is nearly one", () => {
    assert.deepEqual(when("method is INVTE"), ['P4005 "INVTE"']);
    assert.deepEqual(when("method is invite"), ['P4005 "invite"']);
    assert.deepEqual(when("method is PUBLICITY"), []);
  });
});

describe("what can't hold", () => {
  it("is a contradiction within one condition", () => {
    assert.deepEqual(when("method is INVITE and method is BYE"), ['P3001 "method is BYE"']);
    assert.deepEqual(when("Subject is absent and Subject has x"), ['P3001 "Subject has x"']);
    assert.deepEqual(when("Privacy is none and Privacy has id"), ['P3001 "Privacy has id"']);
    assert.deepEqual(when('host of From is under "a.example" and host of From is "b.example"'), [
      'P3001 "host of From is "b.example""',
    ]);
    assert.deepEqual(when("status is 4xx and status is 200"), ['P3001 "status is 200"']);
    assert.deepEqual(when("transport is udp and secured by tls"), ['P3001 "secured by tls"']);
    assert.deepEqual(when("tls version is 1.3 and tls version is 1.2"), ['P3001 "tls version is 1.2"']);
    assert.deepEqual(when("body is absent and body has application/sdp"), [
      'P3001 "body has application/sdp"',
    ]);
    assert.deepEqual(when("count of Via at most 1 and count of Via at least 2"), [
      'P3001 "count of Via at least 2"',
    ]);
    assert.deepEqual(when("address within 192.0.2.0/24 and address within 198.51.100.0/24"), [
      'P3001 "address within 198.51.100.0/24"',
    ]);
    assert.deepEqual(when('number of To starts with "+44" and number of To starts with "+49"'), [
      'P3001 "number of To starts with "+49""',
    ]);
    assert.deepEqual(when("certificate is absent and certificate names partner"), [
      'P3001 "certificate names partner"',
    ]);
  });

  it("is a contradiction between two lines, and both are shown", () => {
    const { diagnostics } = checkWith(
      ruleWith("when method is INVITE\n  when method is BYE\n  remove Subject"),
    );
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ["P3001"],
    );
    assert.equal(diagnostics[0]?.related[0]?.message, "it contradicts this");
  });

  it("is a status in a request, an emergency in a response, a From that is absent", () => {
    assert.deepEqual(when("status is 486", "request to untrusted"), ['P3001 "status is 486"']);
    assert.deepEqual(when("emergency", "response to untrusted"), ['P3001 "emergency"']);
    assert.deepEqual(when('user of Request-URI is "a"', "response to untrusted"), [
      'P3001 "user of Request-URI is "a""',
    ]);
    assert.deepEqual(when("From is absent"), ['P3001 "From is absent"']);
    assert.deepEqual(when("count of From at least 2"), ['P3001 "count of From at least 2"']);
  });

  it("is an end that the rule's own end excludes", () => {
    assert.deepEqual(when("from trusted", "message from untrusted"), ['P3001 "from trusted"']);
    assert.deepEqual(when("to home", "message to foreign"), ['P3001 "to home"']);
    assert.deepEqual(when("from carrier-c", "message from open-d"), ['P3001 "from carrier-c"']);
    assert.deepEqual(when("agreement in force", "message to open-d"), ['P3001 "agreement in force"']);
    // A partner is trusted only over TLS, by an agreement in force.
    assert.deepEqual(when("transport is udp", "message from carrier-c or home"), []);
    assert.deepEqual(
      findings(
        ruleWith("when from trusted and transport is udp\n  remove Subject", "message from carrier-c"),
      ),
      ['P3001 "transport is udp"'],
    );
    assert.deepEqual(when("date after 2028-01-01", "message from carrier-c"), []);
    assert.deepEqual(
      findings(
        ruleWith("when from trusted and date after 2028-01-01\n  remove Subject", "message from carrier-c"),
      ),
      ['P3001 "date after 2028-01-01"'],
    );
  });

  it("is an end at which nobody can stand", () => {
    assert.deepEqual(findings(ruleWith("remove Subject", "message to untrusted or trusted")), []);
    assert.deepEqual(findings(ruleWith("remove Subject", "message from home to untrusted")), []);
    const text = 'network lone { domain "lone.example" }\ntrust lone\n';
    assert.deepEqual(findings(text + ruleWith("when to untrusted\n  remove Subject", "message to lone")), [
      'P3001 "to untrusted"',
    ]);
  });

  it("is an empty range of dates", () => {
    assert.deepEqual(when("date from 2026-02-01 to 2026-01-01"), [
      'P3011 "date from 2026-02-01 to 2026-01-01"',
    ]);
    assert.deepEqual(when("date from 2026-02-01 to 2026-02-01"), []);
  });

  it("is looked for behind `where`, in tests and in assertions too", () => {
    assert.deepEqual(
      findings(ruleWith('remove values of Diversion where host is "a.example" and host is "b.example"')),
      ['P3001 "remove values of Diversion where host is "a.example" and host is "b.example""'],
    );
    assert.deepEqual(
      findings('never "a"\n  on message to untrusted\n  carries Subject is absent and Subject has x\n'),
      ['P3001 "Subject is absent and Subject has x"'],
    );
  });
});

describe("what always holds", () => {
  it("is pointed out", () => {
    assert.deepEqual(when("request", "request to untrusted"), ['P4001 "request"']);
    assert.deepEqual(when("From is present"), ['P4001 "From is present"']);
    assert.deepEqual(when("request or response"), ['P4001 "request or response"']);
    assert.deepEqual(when("to foreign", "message to carrier-c"), ['P4001 "to foreign"']);
  });

  it("never lets a rule apply where it is an exception", () => {
    assert.deepEqual(unless("to foreign", "message to carrier-c"), ['P3039 "to foreign"']);
  });
});

describe("what is never reached", () => {
  it("is an exception that can't hold, or an alternative", () => {
    assert.deepEqual(unless("status is 486", "request to untrusted"), ['P4002 "status is 486"']);
    assert.deepEqual(findings(ruleWith("when method is INVITE\n  unless method is BYE\n  remove Subject")), [
      'P4002 "method is BYE"',
    ]);
    assert.deepEqual(when("method is INVITE or status is 4xx", "request to untrusted"), [
      'P4003 "status is 4xx"',
    ]);
  });
});

describe("what may hold is left alone", () => {
  for (const condition of [
    "Privacy has id and Privacy has header",
    'Contact has one of "<sip:a@a.example>", "<sip:b@b.example>" and count of Contact is 2',
    "not every host of Contact is own and any host of Contact is own",
    'user of From starts with "+44" and not user of From starts with "+4420"',
    'value of Subject is "a" or value of Subject is "A"',
    'listener is "outside" and secured by tls and tls version at least 1.2',
    "P-Asserted-Identity is present and not scheme of P-Asserted-Identity is tel",
    "emergency and method is INVITE",
    "in dialog and parameter tag of To is present",
    "body is nested and body has message/sipfrag",
    'Subject is "%41" and Subject is "%41"',
  ]) {
    it(condition, () => assert.deepEqual(when(condition), []));
  }
});

describe("exceptions for none", () => {
  it("ask for `is none`, since `has none` holds beside other values (RFC 3323 4.2)", () => {
    assert.deepEqual(unless("Privacy has none"), ['P4009 "Privacy has none"']);
    assert.deepEqual(when("not Privacy has none"), ['P4009 "Privacy has none"']);
    assert.deepEqual(unless("Privacy is none"), []);
    assert.deepEqual(when("Privacy has none"), []);
    assert.equal(
      checkWith(ruleWith("unless Privacy has none\n  remove Subject")).diagnostics[0]?.suggestion,
      "Privacy is none",
    );
  });
});

describe("a partner among many", () => {
  it("is known apart where trust names it in a certificate", () => {
    const partners = ["a", "b", "c"].map((name) => `partner ${name} { domain "${name}.example" }\n`).join("");
    const trust = "trust open-d when certificate names c\n";
    const to = (who: string): string[] =>
      findings(partners + trust + ruleWith("remove Subject", `message to ${who}`));
    assert.deepEqual(to("trusted"), []);
    assert.deepEqual(
      findings(`${partners}${trust}${ruleWith("when to trusted\n  remove Subject", "message to open-d")}`),
      [],
    );
  });
});
