import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkWith, findings, notation } from "./policy-notation.ts";

function setBy(name: string, on: string, lines: string): string {
  return `rule ${name}\n  on ${on}\n  ${lines}\n  because "RFC 3261 20"\n`;
}

describe("two rules that set one node", () => {
  it("to different values are a mistake where both can match, with the event that proves it", () => {
    const result = checkWith(
      setBy("one", "request to untrusted", 'when Privacy has id\n  set Organization to "Home"') +
        setBy("two", "message to open-d", 'when method is MESSAGE\n  set Organization to "Open"'),
    );
    assert.deepEqual(notation(result), ['P3002 "set Organization to "Open""']);
    const [diagnostic] = result.diagnostics;
    assert.equal(diagnostic?.related[0]?.message, "`one` sets it to `Home`");
    const { event } = diagnostic?.arguments ?? {};
    assert.match(String(event), /to open-d over udp/);
    assert.match(String(event), /MESSAGE sip:bob@host\.example SIP\/2\.0/);
    assert.match(String(event), /Privacy: id/);
    assert.match(diagnostic?.help ?? "", /both apply to this message from home/);
  });

  it("to the same value, at another gate, or another part of it are none", () => {
    const one = setBy("one", "message to untrusted", 'set Organization to "Home"');
    assert.deepEqual(findings(one + setBy("two", "message to open-d", 'set Organization to "Home"')), []);
    assert.deepEqual(findings(one + setBy("two", "message from open-d", 'set Organization to "Open"')), []);
    assert.deepEqual(
      findings(
        setBy("one", "message to untrusted", 'set user of From to "a"') +
          setBy("two", "message to untrusted", 'set host of From to "b.example"'),
      ),
      [],
    );
  });

  it("are none where they can't both match", () => {
    const pairs: readonly (readonly [string, string, string, string])[] = [
      ["request to untrusted", "", "response to untrusted", ""],
      ["message to home", "", "message to open-d", ""],
      ["message to trusted", "", "message to untrusted", ""],
      [
        "message to untrusted",
        "when method is INVITE\n  ",
        "message to untrusted",
        "unless method is INVITE\n  ",
      ],
      ["message to untrusted", "when Privacy is none\n  ", "message to untrusted", "when Privacy has id\n  "],
      [
        "message to untrusted",
        "when secured by tls\n  ",
        "message to untrusted",
        "when transport is one of udp, tcp\n  ",
      ],
      [
        "message to carrier-c",
        "when agreement in force\n  ",
        "message to carrier-c",
        "when date after 2027-12-31\n  ",
      ],
    ];
    for (const [on, guard, otherOn, otherGuard] of pairs) {
      const text =
        setBy("one", on, `${guard}set Organization to "A"`) +
        setBy("two", otherOn, `${otherGuard}set Organization to "B"`);
      assert.deepEqual(findings(text), [], `${on} ${guard} / ${otherOn} ${otherGuard}`);
    }
  });

  it("collide within one rule and by way of its actions' own conditions too", () => {
    assert.deepEqual(
      findings(setBy("one", "message to untrusted", 'set Organization to "A"\n  set Organization to "B"')),
      ['P3002 "set Organization to "B""'],
    );
    assert.deepEqual(
      findings(
        setBy(
          "one",
          "message to untrusted",
          'set Organization to "A" when request\n  set Organization to "B" when response',
        ),
      ),
      [],
    );
    assert.deepEqual(
      findings(
        setBy("one", "message to untrusted", 'set parameter reason of Diversion to "a"') +
          setBy("two", "request to anyone", 'set parameter reason of Diversion to "b"'),
      ),
      ['P3002 "set parameter reason of Diversion to "b""'],
    );
  });

  it("show the option, the date and the connection that it takes", () => {
    const result = checkWith(
      `option loud = no\n${setBy("one", "message to carrier-c", 'when option loud and agreement in force\n  set Organization to "A"')}${setBy(
        "two",
        "message to partner",
        'when secured by tls and Subject has hello\n  set Organization to "B"',
      )}`,
    );
    const event = String(result.diagnostics[0]?.arguments["event"]);
    assert.match(event, /to carrier-c over tls/);
    assert.match(event, /with option loud = yes/);
    assert.match(event, /at 2026-01-01T00:00:00\.000Z/);
    assert.match(event, /Subject: hello/);
  });
});
