/** Two gates, the join inside each, and what a rejection means for which message. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Action, Rule } from "../../../grammar/model.ts";
import { factsOf } from "../agreement.ts";
import { messageOf, request, response, rowsOf, textOf } from "../messages.ts";
import {
  all,
  atom,
  edit,
  entryRule,
  mark,
  not,
  policy,
  reject,
  removeField,
  rule,
} from "../policy-builder.ts";
import { editsOf, type MakeEngine, messageEvent, verdictOf } from "./case.ts";

const carriesIdentity = atom({ on: "present", field: "P-Asserted-Identity" });
const privacyNone = atom({ on: "sole", field: "Privacy", among: ["none"] });
const identity = "P-Asserted-Identity: <sip:ceo@home1.example>";

export function runGates(makeEngine: MakeEngine): void {
  const decide = (rules: readonly Rule[], bytes: Uint8Array) =>
    makeEngine(policy(rules)).decide(messageEvent(bytes));

  describe("two gates", () => {
    it("lets the out gate read the message as the in gate leaves it", () => {
      const rules = [
        entryRule("enter", [
          removeField("P-Asserted-Identity"),
          edit({ kind: "add-field", field: "X-In", text: "1" }),
        ]),
        rule("leave", [mark("identity-seen")], { condition: carriesIdentity }),
        rule("note", [mark("addition-seen")], {
          condition: atom({
            on: "part",
            field: "Subject",
            quantifier: "any",
            part: { kind: "value" },
            test: { kind: "present" },
          }),
        }),
      ];
      const decision = decide(rules, request("INVITE", [identity, "Subject: a"]));
      assert.deepEqual(rowsOf(decision.bytes), ["Subject: a", "X-In: 1"]);
      assert.deepEqual(decision.marks, ["addition-seen"]);
      assert.deepEqual(
        decision.rules.map(({ name }) => name),
        ["enter", "note"],
      );
    });

    it("gives a forged Privacy: none nothing to protect (RFC 3325 5)", () => {
      const rules = [
        entryRule("enter", [removeField("P-Asserted-Identity")]),
        rule("withhold", [removeField("P-Asserted-Identity")], { condition: not(privacyNone) }),
      ];
      const decision = decide(rules, request("INVITE", [identity, "Privacy: none"]));
      assert.deepEqual(rowsOf(decision.bytes), ["Privacy: none"]);
      assert.deepEqual(editsOf(decision), ["P-Asserted-Identity remove enter"]);
    });

    it("asks no rule of the out gate about what the in gate refused", () => {
      const rules = [entryRule("enter", [reject(403, "No")]), rule("leave", [reject(400, "No")])];
      const decision = decide(rules, request("INVITE"));
      assert.equal(verdictOf(decision), 'reject 403 "No"');
      assert.deepEqual(
        decision.rules.map(({ name }) => name),
        ["enter"],
      );
      assert.equal(decision.bytes, undefined);
    });

    it("asks no rule at all about what can't be read in one way", () => {
      const rules = [entryRule("enter", [reject(403, "No")])];
      const bytes = messageOf([
        "INVITE sip:bob@home1.example?X=1 SIP/2.0",
        ...textOf(request("INVITE")).split("\r\n").slice(1, -2),
      ]);
      const decision = decide(rules, bytes);
      assert.equal(verdictOf(decision), 'reject 400 "Bad Request"');
      assert.equal(decision.violation?.rule, "request-uri");
      assert.equal(decision.answeredBy, undefined);
      assert.deepEqual(decision.rules, []);
    });

    it("lets entering and leaving be asked apart, with edits of the caller's own", () => {
      const engine = makeEngine(
        policy([entryRule("enter", [removeField("Subject")]), rule("leave", [removeField("Organization")])]),
      );
      const { to, ...message } = messageEvent(request("INVITE", ["Subject: a", "Organization: b", "X: 1"]));
      const entered = engine.enter(message);
      assert.equal(entered.refused, undefined);
      const decision = engine.leave(entered, to, (scan, edits) => {
        edits.insert(scan.headEnd, new TextEncoder().encode("X-Own: 1\r\n"));
      });
      assert.deepEqual(rowsOf(decision.bytes), ["X: 1", "X-Own: 1"]);
    });
  });

  describe("a message between the gates", () => {
    const { to, ...message } = messageEvent(request("INVITE"));

    it("that was refused on entering stays so, whatever it was to leave for", () => {
      const engine = makeEngine(policy([entryRule("enter", [reject(403, "No")])]));
      const entered = engine.enter(message);
      assert.equal(entered.refused?.verdict, "reject");
      assert.deepEqual(entered.refused?.to, { network: "stranger", trusted: false, because: "not routed" });
      const decision = engine.leave(entered, to);
      assert.equal(verdictOf(decision), 'reject 403 "No"');
      assert.equal(decision.to.network, "away");
    });

    it("must have entered the engine that it leaves", () => {
      const entered = makeEngine(policy([])).enter(message);
      assert.throws(() => makeEngine(policy([])).leave(entered, to), RangeError);
    });
  });

  describe("the join", () => {
    it("is the same for any order of the rules", () => {
      const rules = [
        rule("b", [removeField("Subject"), mark("two")]),
        rule("a", [edit({ kind: "set-field", field: "Organization", text: "x" }), mark("one"), mark("two")]),
        rule("c", [reject(480, "Late")], {
          condition: atom({ on: "method", among: ["BYE"] }),
          namesMethod: true,
        }),
      ];
      const bytes = request("INVITE", ["Subject: a", "Organization: b"]);
      const decision = decide(rules, bytes);
      assert.deepEqual(factsOf(decision), factsOf(decide(rules.toReversed(), bytes)));
      assert.deepEqual(rowsOf(decision.bytes), ["Organization: x"]);
      assert.deepEqual(decision.marks, ["one", "two"]);
      assert.deepEqual(
        decision.rules.map(({ name }) => name),
        ["a", "b"],
      );
    });

    it("names every rule that asked for an edit, and only those", () => {
      const rules = [
        rule("b", [removeField("Subject")]),
        rule("a", [removeField("Subject")]),
        rule("c", [edit({ kind: "set-field", field: "Subject", text: "x" }), removeField("Organization")]),
      ];
      assert.deepEqual(editsOf(decide(rules, request("INVITE", ["Subject: a"]))), [
        "Subject remove a",
        "Subject remove b",
      ]);
    });

    it("lets the lowest status answer, then the first rule by name", () => {
      const rules = [
        rule("a", [reject(480, "a")]),
        rule("d", [reject(403, "d")]),
        rule("c", [reject(403, "c"), removeField("Subject")]),
      ];
      const decision = decide(rules, request("INVITE", ["Subject: a"]));
      assert.equal(verdictOf(decision), 'reject 403 "c"');
      assert.equal(decision.answeredBy, "c");
      assert.deepEqual(
        decision.rules.map(({ name }) => name),
        ["a", "c", "d"],
      );
      assert.deepEqual(decision.edits, []);
    });

    it("names the rule that answers, also where the in gate does, and none where no rule rejects", () => {
      const entering = [entryRule("b", [reject(403, "No")]), entryRule("a", [reject(404, "No")])];
      assert.equal(decide(entering, request("INVITE")).answeredBy, "b");
      const leaving = rule("leave", [removeField("Subject")]);
      assert.equal(decide([leaving], request("INVITE", ["Subject: a"])).answeredBy, undefined);
    });

    it("takes an action's own condition beside the rule's", () => {
      const actions: readonly Action[] = [
        edit({ kind: "remove-field", field: "Subject" }, atom({ on: "message", is: "request" })),
        edit({ kind: "remove-field", field: "Server" }, atom({ on: "message", is: "response" })),
      ];
      const decision = decide([rule("a", actions)], request("INVITE", ["Subject: a", "Server: b"]));
      assert.deepEqual(rowsOf(decision.bytes), ["Server: b"]);
    });
  });

  describe("whom a rejection meets", () => {
    const named = {
      condition: atom({ on: "method", among: ["ACK", "CANCEL", "INVITE"] }),
      namesMethod: true,
    };
    const cases: readonly [string, Rule, Uint8Array, string][] = [
      ["a request", rule("r", [reject(403, "No")]), request("INVITE"), 'reject 403 "No"'],
      ["not an ACK, which nobody can answer", rule("r", [reject(403, "No")]), request("ACK"), "allow"],
      ["not a CANCEL, which must stop a phone", rule("r", [reject(403, "No")]), request("CANCEL"), "allow"],
      ["not a response", rule("r", [reject(403, "No")]), response(200, "OK"), "allow"],
      [
        "an ACK that the rule names, in silence",
        rule("r", [reject(403, "No")], named),
        request("ACK"),
        'reject 403 "No" silent',
      ],
      [
        "a CANCEL that the rule names",
        rule("r", [reject(403, "No")], named),
        request("CANCEL"),
        'reject 403 "No"',
      ],
      [
        "a response to a method that the rule names, in silence",
        rule("r", [reject(403, "No")], named),
        response(200, "OK"),
        'reject 403 "No" silent',
      ],
      [
        "a response where the rule speaks of responses",
        rule("r", [reject(403, "No")], { message: "response" }),
        response(200, "OK"),
        'reject 403 "No" silent',
      ],
      [
        "no request there",
        rule("r", [reject(403, "No")], { message: "response" }),
        request("INVITE"),
        "allow",
      ],
    ];
    for (const [name, one, bytes, verdict] of cases) {
      it(name, () => assert.equal(verdictOf(decide([one], bytes)), verdict));
    }

    it("edits an ACK and a CANCEL that it can't reject", () => {
      const rules = [rule("r", [reject(403, "No"), removeField("Subject")])];
      for (const method of ["ACK", "CANCEL"]) {
        assert.deepEqual(rowsOf(decide(rules, request(method, ["Subject: a", "X: 1"])).bytes), ["X: 1"]);
      }
    });
  });

  describe("whom a rule meets", () => {
    const own = [{ kind: "own" }] as const;
    const foreign = [{ kind: "foreign" }] as const;
    const cases: readonly [string, Partial<Rule>, boolean][] = [
      ["anyone", {}, true],
      ["from our own to a foreign network", { from: own, to: foreign }, true],
      ["the other way round", { from: foreign, to: own }, false],
      ["a named network", { to: [{ kind: "network", name: "away" }] }, true],
      ["another named network", { to: [{ kind: "network", name: "stranger" }] }, false],
      ["one of several", { to: [{ kind: "network", name: "stranger" }, { kind: "untrusted" }] }, true],
      ["a trusted end", { from: [{ kind: "trusted" }] }, true],
      ["no trusted end", { to: [{ kind: "trusted" }] }, false],
      ["requests", { message: "request" }, true],
      ["responses", { message: "response" }, false],
      [
        "ends in its condition",
        {
          condition: all(
            atom({ on: "end", side: "from", who: own }),
            atom({ on: "end", side: "to", who: foreign }),
          ),
        },
        true,
      ],
    ];
    for (const [name, facts, applies] of cases) {
      it(name, () => {
        const decision = decide([rule("r", [mark("met")], facts)], request("INVITE"));
        assert.deepEqual(decision.marks, applies ? ["met"] : []);
      });
    }
  });
}
