import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defaultTestClock, interpret, runPolicyTests } from "../../engine/index.ts";
import { withNetworks } from "./checked.ts";

const rules = `option withhold = yes
rule leave
  on message to untrusted
  when option withhold
  unless Privacy is none
  remove P-Asserted-Identity
  mark withheld
  because "RFC 3325 7"
rule stop
  on request to foreign
  when method is OPTIONS
  reject 405 "Method Not Allowed"
  because "test"
rule strangers
  on handshake
  when certificate names no partner
  reject "no partner"
  because "TS 33.203 6.5"
`;

const message = (method: string, ...rows: readonly string[]): string =>
  [
    '"""',
    `    ${method} sip:bob@away.example SIP/2.0`,
    "    Via: SIP/2.0/UDP edge.home1.example;branch=z9hG4bK1",
    "    Max-Forwards: 70",
    "    From: <sip:al@home1.example>;tag=a",
    "    To: <sip:bob@away.example>",
    "    Call-ID: 1",
    `    CSeq: 1 ${method}`,
    ...rows.map((row) => `    ${row}`),
    '    """',
  ].join("\n");

const identity = "P-Asserted-Identity: <sip:al@home1.example>";

function failuresOf(test: string): readonly string[] {
  const [result] = runPolicyTests(withNetworks(`${rules}${test}`), interpret).results;
  assert.equal(result!.passed, result!.failures.length === 0);
  return result!.failures.map(({ expected, found }) => `${expected}: ${found}`);
}

/** What a test does not say of a handshake is as the policy offers it. */
it("a handshake that is given is over a version that the policy offers", () => {
  const given =
    'given handshake as server certificate {\n uri "sip:carrier-c.example"\n signed by carrier-c\n}';
  const older = "tls { versions 1.2 }\n";
  const test = `test "t"\n ${given}\n expect allow\n expect tls version is`;
  assert.deepEqual(failuresOf(`${older}${test} 1.2\n`), []);
  assert.deepEqual(failuresOf(`${test} 1.3\n`), []);
});

/** A test of one message from home to `away`. */
function expecting(
  expectations: string,
  method = "INVITE",
  rows: readonly string[] = [identity],
  more = "",
): readonly string[] {
  return failuresOf(
    `test "t"\n${more}  given message from home to away ${message(method, ...rows)}\n${expectations}`,
  );
}

describe("tests of a policy", () => {
  it("pass where all that they expect is so", () => {
    const met = `  expect rewrite
  expect no P-Asserted-Identity, Remote-Party-ID
  expect not (Privacy is present)
  expect line "Call-ID: 1"
  expect text "sip:bob@away.example" expect no text "al@home2"
  expect mark withheld expect rule leave`;
    assert.deepEqual(expecting(met), []);
  });

  const unmet: readonly [string, string, readonly string[], string?][] = [
    ["another verdict", "  expect allow", ["allow: rewrite"]],
    [
      "another status",
      '  expect reject 403 "Forbidden"',
      ['reject 403 "Forbidden": reject 405 "Method Not Allowed"'],
      "OPTIONS",
    ],
    ["a field that is there", "  expect no Via, Subject", ["no Via, Subject: Via in what is sent"]],
    ["a condition that fails", "  expect Privacy has id", ["the condition to hold: it does not hold"]],
    [
      "a condition on what is not sent",
      "  expect request",
      ["the condition to hold: nothing is sent"],
      "OPTIONS",
    ],
    ["a row with another value", '  expect line "Call-ID: 2"', ["the row `Call-ID: 2`: `Call-ID: 1`"]],
    ["a row that is not there", '  expect line "Subject: a"', ["the row `Subject: a`: no row of Subject"]],
    ["text that is not there", '  expect text "abc"', ["text `abc`: it is not in what is sent"]],
    ["text that is there", '  expect no text "bob"', ["no text `bob`: it is in what is sent"]],
    ["a mark that is not set", "  expect mark partial", ["mark partial: mark withheld"]],
    ["a rule that did not apply", "  expect rule stop", ["rule stop: rule leave"]],
  ];
  for (const [name, expectation, failures, method] of unmet) {
    it(`fail for ${name}`, () => assert.deepEqual(expecting(expectation, method), failures));
  }

  it("have their own values of options", () => {
    assert.deepEqual(expecting("  expect allow", "INVITE", [identity], "  with option withhold = no\n"), []);
  });

  it("have their own clock, else the policy's, else a fixed one", () => {
    const agreed =
      'rule dated on message to anyone when date before 2026-01-01T00:00:01Z mark early because "t"\n';
    const test = (at: string) =>
      `test "t"\n${at}  given message from home to away ${message("INVITE")}\n  expect mark early`;
    const passes = (more: string, at = "") =>
      runPolicyTests(withNetworks(`${agreed}${more}${test(at)}`), interpret).results[0]!.passed;
    assert.equal(defaultTestClock, Date.UTC(2026, 0, 1));
    assert.equal(passes(""), true);
    assert.equal(passes("test clock 2027-01-01T00:00:00Z\n"), false);
    assert.equal(passes("test clock 2027-01-01T00:00:00Z\n", "  at 2025-01-01T00:00:00Z\n"), true);
  });

  it("take for granted what the policy declares of a partner, but for what they say themselves", () => {
    const test = (over: string, expected: string) =>
      failuresOf(
        `test "t"\n  given message from carrier-c to home${over} ${message("INVITE", identity)}\n  expect ${expected}`,
      );
    const trusted = 'rule note on message from trusted mark trusted because "t"\n';
    const marks = (over: string) =>
      runPolicyTests(
        withNetworks(
          `${trusted}test "t"\n  given message from carrier-c to home${over} ${message("INVITE")}\n  expect mark trusted`,
        ),
        interpret,
      ).results[0]!.passed;
    assert.deepEqual(test("", "allow"), []);
    assert.deepEqual([marks(""), marks(" over udp")], [true, false]);
  });

  it("know handshakes", () => {
    const given = (names: string) => `test "t"
  given handshake as server from 203.0.113.7 certificate {
    ${names}
    usage sipDomain
    signed by carrier-c
  }
`;
    assert.deepEqual(
      failuresOf(
        `${given('uri "sip:carrier-c.example"')}  expect allow\n  expect certificate names carrier-c`,
      ),
      [],
    );
    assert.deepEqual(
      failuresOf(
        `${given('dns "*.carrier-c.example"')}  expect reject "no partner"\n  expect certificate names no partner`,
      ),
      [],
    );
    assert.deepEqual(failuresOf(`${given('dns "*.carrier-c.example"')}  expect allow`), [
      'allow: reject "no partner"',
    ]);
  });

  it("hold every event against the policy's assertions", () => {
    const never = (when: string) => `never "it leaks"
  on message to untrusted
  ${when}
  carries P-Asserted-Identity
`;
    const test = `test "t"\n  given message from home to away ${message("INVITE", identity, "Privacy: none")}\n  expect allow`;
    const failures = (when: string) =>
      runPolicyTests(withNetworks(`${rules}${never(when)}${test}`), interpret).results[0]!.failures;
    assert.deepEqual(failures("when Privacy has id"), []);
    const [broken] = failures("when Privacy is none");
    assert.equal(broken?.expected, 'never "it leaks"');
    assert.equal(broken?.origin.line, 30);
  });
});

describe("coverage of a policy by its tests", () => {
  it("counts where rules applied, and where their conditions held and failed", () => {
    const test = (name: string, rows: readonly string[]) =>
      `test "${name}"\n  given message from home to away ${message("INVITE", ...rows)}\n  expect not (Subject is present)\n`;
    const policy = withNetworks(
      `${rules}${test("a", [])}${test("b", ["Privacy: none"])}${test("c", ["Privacy: id"])}`,
    );
    const { coverage } = runPolicyTests(policy, interpret);
    assert.deepEqual(
      coverage.map(({ rule, applied, conditions }) => [
        `${rule} ${applied}`,
        ...conditions.map(({ text, held, failed }) => `${text}: ${held}, ${failed}`),
      ]),
      [
        ["leave 2", "option withhold: 3, 0", "Privacy is none: 1, 2"],
        ["stop 0", "method is OPTIONS: 0, 3"],
        ["strangers 0", "certificate names partner: 0, 0"],
      ],
    );
  });
});
