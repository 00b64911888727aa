import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { atomText } from "../../engine/index.ts";
import type { Atom, Condition } from "../../grammar/model.ts";
import { withNetworks } from "./checked.ts";

function atomsOf(condition: Condition): readonly Atom[] {
  if (condition.kind === "atom") return [condition.atom];
  return condition.kind === "not" ? atomsOf(condition.of) : condition.of.flatMap(atomsOf);
}

function atomsIn(kind: "message" | "handshake", condition: string): readonly Atom[] {
  const event = kind === "message" ? "message from anyone to anyone" : "handshake";
  const action = kind === "message" ? "mark seen" : 'reject "no"';
  const { rules } = withNetworks(`option opt = yes
option mode = a among a, b, c
rule r
  on ${event}
  when ${condition}
  ${action}
  because "test"`);
  return atomsOf(rules[0]!.condition);
}

/** Each is printed as it is written here, but for those with two texts. */
const ofMessages: readonly (string | readonly [written: string, printed: string])[] = [
  "request",
  "response",
  "method is INVITE",
  "method is one of BYE, INVITE",
  "status is 486",
  "status is 4xx",
  "status from 400 to 450",
  "emergency",
  "in dialog",
  "Subject is present",
  "Privacy is none",
  "Privacy is one of id, user",
  "Privacy has id",
  "Privacy has one of id, user",
  'Subject has "a \\"b\\" \\\\"',
  "count of Supported is 2",
  "count of Supported at least 2",
  "count of Supported at most 2",
  ["host of From is own", "any host of From is own"],
  'every host of Contact is under "home1.example"',
  'any user of From starts with "+1"',
  'any number of From starts with one of "+1", "+44"',
  "any value of Expires from 60 to 3600",
  "any parameter q of Contact is 1",
  "any uri-parameter lr of Route is present",
  "any uri-header Privacy of History-Info is history",
  'any host of Request-URI is "home1.example"',
  'every display-name of From is one of "A B", C',
  "body is present",
  "body is unreadable",
  "body has application/sdp",
  "from untrusted",
  "to one of away, partner",
  "secured by tls",
  "transport is one of tcp, udp",
  'listener is "inside"',
  "address within 192.0.2.0/24",
  "address within 192.0.2.0/24, 2001:db8::/32",
  "tls version is 1.3",
  "tls version at least 1.2",
  "resumed",
  "certificate is present",
  "certificate names partner",
  "certificate names carrier-c",
  'certificate issuer is "CN=x"',
  "certificate usage has sipDomain",
  "agreement in force",
  "option opt",
  "option mode is one of a, b",
  "date from 2026-01-01 to 2026-12-31",
  "date from 2026-01-01T06:00:00Z to 2026-12-31T06:00:00Z",
  "date before 2026-01-01",
  "date after 2026-01-01",
  "date after 2026-01-01T06:00:00Z",
];

const ofHandshakes: readonly string[] = [
  "role is server",
  'domain sought is "carrier-c.example"',
  'sni is "home1.example"',
];

describe("the text of a condition", () => {
  for (const [kind, texts] of [
    ["message", ofMessages],
    ["handshake", ofHandshakes],
  ] as const) {
    for (const one of texts) {
      const [written, printed] = typeof one === "string" ? [one, one] : one;
      it(written, () => {
        const atoms = atomsIn(kind, written);
        const text = atoms.map(atomText).join(" or ");
        assert.equal(text.toLowerCase(), printed.toLowerCase());
        assert.deepEqual(atomsIn(kind, text), atoms);
      });
    }
  }
});
