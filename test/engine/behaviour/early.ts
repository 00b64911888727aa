/** What the out gate refuses before there is a connection to the next hop. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MessageDecision } from "../../../engine/index.ts";
import type { Condition, Policy, Rule, Who } from "../../../grammar/model.ts";
import { request, response } from "../messages.ts";
import {
  all,
  any,
  atom,
  edit,
  entryRule,
  mark,
  network,
  not,
  option,
  policy,
  reject,
  removeField,
  rule,
  trust,
} from "../policy-builder.ts";
import { type MakeEngine, messageEvent, noon, verdictOf } from "./case.ts";

const agreement = { name: "IWA-2026-014", from: Date.UTC(2026, 0, 1), until: Date.UTC(2028, 0, 1) };
const afterIt = Date.UTC(2028, 0, 1);
const carrier = network("carrier-c", {
  kind: "partner",
  agreement,
  options: new Map([["texting", "no"]]),
});

const secured = atom({ on: "secured", by: "tls" });
const partner: readonly Who[] = [{ kind: "partner" }];
const named = atom({ on: "certificate-names", who: partner });
const overTls = trust("", { who: partner, condition: all(secured, named, atom({ on: "agreement" })) });

const to = (kind: "trusted" | "untrusted"): Partial<Rule> => ({ to: [{ kind }] });
const isMessage = atom({ on: "method", among: ["MESSAGE"] });
const hasSubject = atom({ on: "present", field: "Subject" });

/** home and away are as `policy` has them; carrier-c is trusted over TLS while its agreement is in force. */
function border(rules: readonly Rule[], facts: Partial<Policy> = {}): Policy {
  return policy(rules, { trust: [trust("home"), overTls], ...facts }, [carrier]);
}

interface EarlyCase {
  readonly name: string;
  readonly rules: readonly Rule[];
  /** Of the rule that answers; undefined: the connection is needed. */
  readonly refused: string | undefined;
  readonly toward?: string;
  readonly at?: number;
  readonly rows?: readonly string[];
  readonly policy?: Partial<Policy>;
}

const cases: readonly EarlyCase[] = [
  {
    name: "what a rule refuses whatever the connection is",
    rules: [rule("no-texts", [reject(405, "No")], { condition: isMessage })],
    refused: "no-texts",
  },
  {
    name: "nothing that no rule refuses",
    rules: [rule("no-subjects", [reject(403, "No")], { condition: hasSubject })],
    refused: undefined,
  },
  {
    name: "nothing that a rule's action does not mean",
    rules: [rule("no-subjects", [{ ...reject(403, "No"), condition: hasSubject }])],
    refused: undefined,
  },
  {
    name: "what the network's option forbids",
    rules: [
      rule("no-texts", [reject(403, "No")], {
        condition: atom({ on: "option", name: "texting", among: ["no"] }),
      }),
    ],
    policy: { options: new Map([option("texting", "yes")]) },
    refused: "no-texts",
  },
  {
    name: "what the clock forbids",
    rules: [
      rule("summer", [reject(403, "No")], { condition: atom({ on: "date", from: noon, until: noon + 1 }) }),
    ],
    refused: "summer",
  },
  {
    name: "nothing where trust rests on the connection",
    rules: [rule("untrusted", [reject(403, "No")], to("untrusted"))],
    refused: undefined,
  },
  {
    name: "nothing where a condition asks for trust that rests on the connection",
    rules: [
      rule("untrusted", [reject(403, "No")], {
        condition: not(atom({ on: "end", side: "to", who: [{ kind: "trusted" }] })),
      }),
    ],
    refused: undefined,
  },
  {
    name: "what is for an end that no statement trusts",
    rules: [rule("untrusted", [reject(403, "No")], to("untrusted"))],
    toward: "away",
    refused: "untrusted",
  },
  {
    name: "what is for a partner whose agreement has ended, who is untrusted over any connection",
    rules: [rule("untrusted", [reject(403, "No")], to("untrusted"))],
    at: afterIt,
    refused: "untrusted",
  },
  {
    name: "what is for an end that is trusted over any connection",
    rules: [rule("trusted", [reject(403, "No")], to("trusted"))],
    policy: { trust: [trust("home"), overTls, trust("carrier-c")] },
    refused: "trusted",
  },
  {
    name: "nothing more of an end that is trusted for single fields",
    rules: [rule("trusted", [reject(403, "No")], to("trusted"))],
    policy: { trust: [trust("home"), trust("carrier-c", { fields: ["Subject"] })] },
    refused: undefined,
  },
  {
    name: "nothing on the word of trust in what comes from there",
    rules: [rule("trusted", [reject(403, "No")], to("trusted"))],
    policy: { trust: [trust("home"), trust("carrier-c", { outgoing: false })] },
    refused: undefined,
  },
  {
    name: "what one rule refuses whether the end is trusted or not",
    rules: [rule("either", [reject(403, "No")], { to: [{ kind: "trusted" }, { kind: "untrusted" }] })],
    refused: "either",
  },
  {
    name: "nothing where another rule answers if the end is trusted",
    rules: [
      rule("untrusted", [reject(403, "No")], to("untrusted")),
      rule("trusted", [reject(403, "No")], to("trusted")),
    ],
    refused: undefined,
  },
  ...(
    [
      ["secured by tls", secured],
      ["transport", atom({ on: "transport", among: ["tls"] })],
      ["listener", atom({ on: "listener", among: ["inside"] })],
      [
        "address",
        atom({ on: "address", within: [{ address: "192.0.2.0", bytes: [192, 0, 2, 0], length: 24 }] }),
      ],
      ["tls version", atom({ on: "tls-version", from: 12, to: 13 })],
      ["resumed", atom({ on: "resumed" })],
      ["certificate", atom({ on: "certificate", is: "present" })],
      ["certificate names", named],
      ["a part of the certificate", atom({ on: "certificate-part", part: "issuer", among: ["CN=ca"] })],
    ] as const satisfies readonly (readonly [string, Condition])[]
  ).flatMap(([name, condition]): readonly EarlyCase[] => [
    {
      name: `nothing where a condition asks for it: ${name}`,
      rules: [rule("r", [reject(403, "No")], { condition })],
      refused: undefined,
    },
    {
      name: `nothing where a condition asks for its opposite: ${name}`,
      rules: [rule("r", [reject(403, "No")], { condition: not(condition) })],
      refused: undefined,
    },
  ]),
  {
    name: "what another half of an `or` decides",
    rules: [rule("r", [reject(403, "No")], { condition: any(secured, isMessage) })],
    refused: "r",
  },
  {
    name: "nothing where the other half of an `and` decides against it",
    rules: [rule("r", [reject(403, "No")], { condition: not(all(secured, isMessage)) })],
    refused: undefined,
  },
  {
    name: "what the other half of an `and` decides, under a `not`",
    rules: [rule("r", [reject(403, "No")], { condition: not(all(secured, hasSubject)) })],
    refused: "r",
  },
  {
    name: "nothing where a lower status may answer",
    rules: [rule("a", [reject(480, "No")]), rule("b", [reject(403, "No")], { condition: secured })],
    refused: undefined,
  },
  {
    name: "what a lower status answers than any that may",
    rules: [rule("a", [reject(480, "No")], { condition: secured }), rule("b", [reject(403, "No")])],
    refused: "b",
  },
  {
    name: "nothing where an earlier rule may answer with the same status",
    rules: [rule("a", [reject(403, "One")], { condition: secured }), rule("b", [reject(403, "Two")])],
    refused: undefined,
  },
  {
    name: "what the first rule answers, though a later one may with the same status",
    rules: [rule("b", [reject(403, "Two")], { condition: secured }), rule("a", [reject(403, "One")])],
    refused: "a",
  },
  {
    name: "nothing on the word of a rule for another network",
    rules: [rule("r", [reject(403, "No")], { to: [{ kind: "network", name: "away" }] })],
    refused: undefined,
  },
  {
    name: "what a rule refuses to strangers, where the policy lacks the network",
    rules: [rule("r", [reject(403, "No")], { to: [{ kind: "network", name: "stranger" }] })],
    toward: "nowhere",
    refused: "r",
  },
  {
    name: "what the in gate has left to be refused",
    rules: [
      entryRule("enter", [edit({ kind: "add-field", field: "Subject", text: "x" })]),
      rule("r", [reject(403, "No")], { condition: hasSubject }),
    ],
    refused: "r",
  },
  {
    name: "nothing for what the in gate has taken away",
    rules: [
      entryRule("enter", [removeField("Subject")]),
      rule("r", [reject(403, "No")], { condition: hasSubject }),
    ],
    rows: ["Subject: a"],
    refused: undefined,
  },
];

export function runEarly(makeEngine: MakeEngine): void {
  const ask = (
    one: Policy,
    bytes: Uint8Array,
    toward = "carrier-c",
    at = noon,
  ): MessageDecision | undefined => {
    const engine = makeEngine(one);
    const { to: _, ...message } = messageEvent(bytes, { at });
    return engine.refuses(engine.enter(message), toward);
  };
  const namesOf = (decision: MessageDecision | undefined) => decision?.rules.map(({ name }) => name);

  describe("before there is a connection, the out gate refuses", () => {
    for (const { name, rules, refused, toward, at, rows, policy: facts } of cases) {
      it(name, () => {
        const decision = ask(border(rules, facts), request("MESSAGE", rows), toward, at);
        assert.equal(decision?.answeredBy, refused);
        assert.equal(decision?.verdict, refused === undefined ? undefined : "reject");
      });
    }

    it("no CANCEL, no ACK and no response whose rule does not say so", () => {
      const rules = [rule("r", [reject(403, "No")])];
      for (const bytes of [request("ACK"), request("CANCEL"), response(200, "OK")])
        assert.equal(ask(border(rules), bytes), undefined);
    });

    it("an ACK that a rule names, in silence", () => {
      const acks = { condition: atom({ on: "method", among: ["ACK"] }), namesMethod: true };
      const decision = ask(border([rule("r", [reject(403, "No")], acks)]), request("ACK"));
      assert.equal(decision && verdictOf(decision), 'reject 403 "No" silent');
    });

    it("nothing for what would follow from Privacy", () => {
      const honour = {
        kind: "honour-privacy",
        condition: all(),
        because: "",
        treatment: undefined,
        origin: carrier.origin,
      } as const;
      const one = border([rule("honour", [honour])]);
      const bytes = request("MESSAGE", ["Privacy: session;critical"]);
      const engine = makeEngine(one);
      const { to: _, ...message } = messageEvent(bytes);
      const entered = engine.enter(message);
      assert.equal(engine.refuses(entered, "carrier-c"), undefined);
      const end = { network: "carrier-c", connection: { transport: "tls" } as const };
      assert.equal(verdictOf(engine.leave(entered, end)), 'reject 500 "Privacy Failure: session"');
    });
  });

  describe("a message that was refused before there was a connection", () => {
    const rules = [
      entryRule("enter", [mark("entered")]),
      rule("always", [reject(403, "No"), mark("refused")]),
      rule("perhaps", [mark("secured")], { condition: secured }),
      rule("if-untrusted", [mark("untrusted")], to("untrusted")),
    ];

    it("tells status, reason, rules and marks that are certain, and sends nothing", () => {
      const decision = ask(border(rules), request("INVITE"))!;
      assert.equal(verdictOf(decision), 'reject 403 "No"');
      assert.deepEqual(namesOf(decision), ["always", "enter"]);
      assert.deepEqual(decision.marks, ["entered", "refused"]);
      assert.deepEqual([decision.edits, decision.bytes], [[], undefined]);
      assert.equal(decision.from.trusted, true);
    });

    it("is for an end that is trusted only where any connection would be", () => {
      const assessed = (facts: Partial<Policy>) => ask(border(rules, facts), request("INVITE"))?.to;
      const because = "no connection was opened";
      assert.deepEqual(assessed({}), { network: "carrier-c", trusted: false, because });
      assert.deepEqual(assessed({ trust: [trust("carrier-c")] }), {
        network: "carrier-c",
        trusted: true,
        because,
      });
    });

    it("was refused before, where the in gate or a rule of syntax did", () => {
      const entering = [entryRule("enter", [reject(404, "No")])];
      const decision = ask(border([...entering, ...rules.slice(1)]), request("INVITE"));
      assert.equal(decision?.answeredBy, "enter");
      assert.deepEqual(namesOf(decision), ["enter"]);
      assert.equal(decision?.to.network, "carrier-c");
      const broken = ask(border(rules), request("INVITE", ["Call-ID: twice"]));
      assert.equal(broken?.violation?.rule, "repeated-field");
    });

    it("must have entered the engine that is asked", () => {
      const { to: _, ...message } = messageEvent(request("INVITE"));
      const entered = makeEngine(border(rules)).enter(message);
      assert.throws(() => makeEngine(border(rules)).refuses(entered, "carrier-c"), RangeError);
    });
  });
}
