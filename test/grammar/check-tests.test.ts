import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withOptions } from "../../grammar/index.ts";
import { checkWith, findings } from "./policy-notation.ts";

const message = `"""
    INVITE sip:bob@open-d.example SIP/2.0
    To: <sip:bob@open-d.example>
    """`;

const testOf = (given: string, ...expectations: readonly string[]): string =>
  `test "a test"\n  ${given}\n${expectations.map((one) => `  expect ${one}\n`).join("")}`;

describe("tests in a policy", () => {
  it("are resolved: the message has its lines, the clock its milliseconds", () => {
    const { policy, diagnostics } = checkWith(
      `test "a test"\n  at 2026-06-01T12:00:00Z\n  with option broken-signature = refuse\n  given message from home to open-d over udp ${message}\n  expect rewrite\n  expect no subject, Organization\n  expect Privacy is id\n`,
    );
    assert.deepEqual(diagnostics, []);
    const [test] = policy?.tests ?? [];
    assert.equal(test?.at, Date.UTC(2026, 5, 1, 12));
    assert.deepEqual([...(test?.options ?? [])], [["broken-signature", "refuse"]]);
    assert.deepEqual(test?.given, {
      kind: "message",
      from: "home",
      to: "open-d",
      transport: "udp",
      text: "INVITE sip:bob@open-d.example SIP/2.0\r\nTo: <sip:bob@open-d.example>\r\n\r\n",
    });
    assert.deepEqual(
      test?.expectations.map((one) => ("fields" in one ? one.fields : one.kind)),
      ["verdict", ["Subject", "Organization"], "condition"],
    );
  });

  it("name networks, options, rules, marks and transports that there are", () => {
    assert.deepEqual(findings(testOf(`given message from hoem to open-d ${message}`, "allow")), [
      'P2002 "hoem"',
    ]);
    assert.deepEqual(findings(testOf(`given message from stranger to open-d ${message}`, "allow")), []);
    assert.deepEqual(findings(testOf(`given message from home to open-d over upd ${message}`, "allow")), [
      'P2005 "upd"',
    ]);
    assert.deepEqual(
      findings(testOf(`with option keep-id = no\n  given message from home to open-d ${message}`, "allow")),
      ['P2003 "keep-id"'],
    );
    assert.deepEqual(findings(testOf(`given message from home to open-d ${message}`, "rule withold")), [
      'P2015 "withold"',
    ]);
    assert.deepEqual(findings(testOf(`given message from home to open-d ${message}`, "mark partail")), [
      'P4012 "partail"',
    ]);
    assert.deepEqual(findings(testOf(`given message from home to open-d ${message}`, "mark partial")), []);
    assert.deepEqual(findings(testOf(`given message from home to open-d ${message}`, "Privcy is none")), [
      'P2001 "Privcy"',
    ]);
    assert.deepEqual(findings(testOf(`given message from home to open-d ${message}`, 'sni is "a.example"')), [
      'P3008 "sni is "a.example""',
    ]);
  });

  it("give handshakes with the certificate that they say", () => {
    const given = `given handshake as server from 203.0.113.7 certificate {
      uri "sip:carrier-c.example"
      common-name "x"
      usage sipDomain
      signed by carrier-c
      expires 2027-01-01
    }`;
    const { policy, diagnostics } = checkWith(testOf(given, "reject", "certificate names no partner"));
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(policy?.tests[0]?.given, {
      kind: "handshake",
      role: "server",
      remoteAddress: "203.0.113.7",
      domain: undefined,
      certificate: {
        uris: ["sip:carrier-c.example"],
        dns: [],
        emails: [],
        commonName: "x",
        usages: ["sipDomain"],
        signedBy: "carrier-c",
        notAfter: Date.UTC(2027, 0, 2) - 1,
      },
    });
  });

  it("expect of a handshake what a handshake has", () => {
    const given = "given handshake as server without certificate";
    assert.deepEqual(findings(testOf(given, "rewrite")), ['P3035 "expect rewrite"']);
    assert.deepEqual(findings(testOf(given, "reject 403")), ['P3029 "403"']);
    assert.deepEqual(findings(testOf(given, "no Subject")), ['P3036 "expect no Subject"']);
    assert.deepEqual(findings(testOf(given, "Privacy is none")), ['P3008 "Privacy is none"']);
    assert.deepEqual(findings(testOf("given handshake as client without certificate", "reject")), [
      'P3033 "given handshake as client without certificate"',
    ]);
    assert.deepEqual(
      findings(testOf('given handshake as server for "a.example" without certificate', "reject")),
      ['P3034 ""a.example""'],
    );
    assert.deepEqual(
      findings(testOf('given handshake as client for "a.example" certificate { usage webServer }', "reject")),
      ['P2005 "webServer"'],
    );
  });
});

describe("publications", () => {
  it("hold records that DNS can hold", () => {
    const publish = (lines: string): string[] => findings(`publish "home1.example" {\n  ${lines}\n}\n`);
    assert.deepEqual(
      publish(
        'ttl 300\n  host "edge1.home1.example" address 192.0.2.1\n  tls "edge1.home1.example" port 5061 priority 10 weight 50',
      ),
      [],
    );
    assert.deepEqual(publish('tls "edge1.home1.example" port 0 priority 10 weight 50'), ['P3038 "0"']);
    assert.deepEqual(publish('host "edge1.home1.example" address 192.0.2.0/24'), ['P3037 "192.0.2.0/24"']);
    assert.deepEqual(publish('host "*.home1.example" address 192.0.2.1'), ['P3018 ""*.home1.example""']);
  });
});

describe("withOptions", () => {
  const { policy } = checkWith("option keep-id = yes\nset option broken-signature = refuse\n");

  it("gives the same policy with other values, and leaves the first one alone", () => {
    const result = withOptions(policy!, [["keep-id", "no"]]);
    assert.equal(result.policy?.options.get("keep-id")?.value, "no");
    assert.equal(result.policy?.options.get("broken-signature")?.value, "refuse");
    assert.equal(policy?.options.get("keep-id")?.value, "yes");
    assert.equal(result.policy?.rules, policy?.rules);
  });

  it("knows no other options and values", () => {
    const unknown = withOptions(policy!, [["kepe-id", "no"]]);
    assert.equal(unknown.policy, undefined);
    assert.deepEqual(
      unknown.diagnostics.map(({ code, suggestion }) => [code, suggestion]),
      [["P2003", "keep-id"]],
    );
    assert.deepEqual(
      withOptions(policy!, [["keep-id", "maybe"]]).diagnostics.map(({ code }) => code),
      ["P2014"],
    );
  });
});
