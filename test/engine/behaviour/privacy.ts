/** The border as a privacy service (RFC 3323 5), and what else follows from edits. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Action, Condition, Edit, Fulfilment, Policy } from "../../../grammar/model.ts";
import { request, response, rowsOf } from "../messages.ts";
import {
  always,
  atom,
  edit,
  everyValue,
  not,
  option,
  origin,
  policy,
  removeField,
  rule,
} from "../policy-builder.ts";
import { editsOf, type MakeEngine, messageEvent, verdictOf } from "./case.ts";

function asks(value: string): Condition {
  return atom({
    on: "part",
    field: "Privacy",
    quantifier: "any",
    part: { kind: "value" },
    test: { kind: "among", texts: [value] },
  });
}

const honour: Action = {
  kind: "honour-privacy",
  condition: always,
  because: "test",
  treatment: undefined,
  origin,
};

interface TreatmentFacts {
  readonly edits?: readonly Edit[];
  readonly needs?: string;
  readonly excepted?: readonly Edit[];
  readonly keeps?: boolean;
}

/** One treatment that carries out one priv-value, as the checker would expand it. */
function treatment(
  value: string,
  { edits = [], needs, excepted = [], keeps = false }: TreatmentFacts,
): { readonly actions: readonly Action[]; readonly fulfilment: Omit<Fulfilment, "actions"> } {
  const common = { condition: asks(value), because: "test", treatment: value, origin };
  return {
    actions: [
      ...edits.map((one): Action => ({ ...one, ...common })),
      ...excepted.map((one): Action => ({ kind: "excepted", edit: one, ...common })),
      ...(needs === undefined ? [] : [{ kind: "needs", capability: needs, ...common } as const]),
    ],
    fulfilment: {
      treatment: value,
      privValue: value,
      condition: asks(value),
      keepWhen: keeps ? always : { kind: "or", of: [] },
    },
  };
}

function service(
  treatments: readonly ReturnType<typeof treatment>[],
  facts: Partial<Policy> = {},
  more: readonly Action[] = [],
): Policy {
  const actions: Action[] = [];
  const fulfilments = treatments.map(({ actions: own, fulfilment }) => {
    const first = actions.length;
    actions.push(...own);
    return { ...fulfilment, actions: own.map((_, index) => first + index) };
  });
  return policy(
    [
      rule("honour", [...actions, ...more, honour], {
        fulfilments,
        condition: not(atom({ on: "sole", field: "Privacy", among: ["none"] })),
      }),
    ],
    facts,
  );
}

const user = treatment("user", {
  edits: [
    { kind: "anonymize", field: "From", where: everyValue },
    { kind: "remove-field", field: "Subject" },
  ],
});
const id = treatment("id", { edits: [{ kind: "remove-field", field: "P-Asserted-Identity" }], keeps: true });
const session = treatment("session", { needs: "media-relay" });
const header = treatment("header", { edits: [{ kind: "conceal", field: "Contact" }] });
const standard = service([user, id, session, header]);
const withOption = (name: string, value: string): Policy =>
  service([user, id, session, header], { options: new Map([option(name, value)]) });

const alice = 'From: "Alice" <sip:alice@home1.example>;tag=9fx';
const nobody = 'From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=9fx';

interface PrivacyCase {
  readonly name: string;
  readonly policy?: Policy;
  readonly method?: string;
  readonly rows: readonly string[];
  /** Rows as they leave, or the rejection. */
  readonly leaves: readonly string[] | string;
  readonly marks?: readonly string[];
}

const cases: readonly PrivacyCase[] = [
  {
    name: "a value that was carried out leaves, and the field with the last (RFC 3323 5)",
    rows: ["Subject: a", "Privacy: user", "Proxy-Require: privacy, foo-tag"],
    leaves: ["Proxy-Require: foo-tag"],
  },
  {
    name: "critical alone does not keep the field",
    rows: ["Privacy: user;critical", "Proxy-Require: privacy", "X: 1"],
    leaves: ["X: 1"],
  },
  {
    name: "a kept value stays though it was carried out (RFC 3325 10.2)",
    rows: ["P-Asserted-Identity: <sip:a@x>", "Privacy: user;id", "Proxy-Require: privacy"],
    leaves: ["Privacy: id", "Proxy-Require: privacy"],
  },
  {
    name: "none alone is left alone",
    rows: ["P-Asserted-Identity: <sip:a@x>", "Privacy: none"],
    leaves: ["P-Asserted-Identity: <sip:a@x>", "Privacy: none"],
  },
  {
    name: "what can't be done stays in Privacy and is marked",
    rows: ["Privacy: user;session"],
    leaves: ["Privacy: session"],
    marks: ["partial"],
  },
  {
    name: "with critical the request fails and names what can't be done",
    rows: ["Privacy: session;header;user;critical", "Contact: <sip:a@x>"],
    leaves: 'reject 500 "Privacy Failure: session, header"',
  },
  {
    name: "critical fails no ACK and no CANCEL",
    method: "CANCEL",
    rows: ["Privacy: session;critical"],
    leaves: ["Privacy: session;critical"],
    marks: ["partial"],
  },
  {
    name: "an unknown value can't be carried out",
    rows: ["P-Asserted-Identity: <sip:a@x>", "Privacy: foo;id"],
    leaves: ["Privacy: foo;id"],
    marks: ["partial"],
  },
  {
    name: "an unknown value with critical",
    rows: ["Privacy: foo;critical"],
    leaves: 'reject 500 "Privacy Failure: foo"',
  },
  {
    name: "concealment without a key is not in force",
    rows: ["Contact: <sip:a@x>", "Privacy: header"],
    leaves: ["Contact: <sip:a@x>", "Privacy: header"],
    marks: ["partial"],
  },
  {
    name: "what there is nothing of needs no concealment",
    rows: ["Privacy: header", "X: 1"],
    leaves: ["X: 1"],
  },
  {
    name: "RFC 5379 4.3: failing without critical, by option",
    policy: withOption("unfulfilled-privacy", "refuse"),
    rows: ["Privacy: session"],
    leaves: 'reject 500 "Privacy Failure: session"',
  },
  {
    name: "an exception counts where there was something to do",
    policy: service([
      treatment("user", {
        edits: [{ kind: "remove-field", field: "Subject" }],
        excepted: [{ kind: "remove-field", field: "Reply-To" }],
      }),
    ]),
    rows: ["Subject: a", "Reply-To: <sip:a@x>", "Privacy: user"],
    leaves: ["Reply-To: <sip:a@x>", "Privacy: user"],
    marks: ["partial"],
  },
  {
    name: "an exception costs nothing where there was nothing to do",
    policy: service([
      treatment("user", {
        edits: [{ kind: "remove-field", field: "Subject" }],
        excepted: [{ kind: "remove-field", field: "Reply-To" }],
      }),
    ]),
    rows: ["Subject: a", "Privacy: user", "X: 1"],
    leaves: ["X: 1"],
  },
  {
    name: "or where another action did it",
    policy: service([treatment("user", { excepted: [{ kind: "remove-field", field: "Reply-To" }] })], {}, [
      removeField("Reply-To"),
    ]),
    rows: ["Reply-To: <sip:a@x>", "Privacy: user", "X: 1"],
    leaves: ["X: 1"],
  },
  {
    name: "a set that hides an anonymized value is no fulfilment",
    policy: service(
      [treatment("user", { edits: [{ kind: "remove-display-name", field: "Reply-To", where: everyValue }] })],
      {},
      [edit({ kind: "set-field", field: "Reply-To", text: '"Alice" <sip:a@x>' })],
    ),
    rows: ['Reply-To: "Bo" <sip:a@x>', "Privacy: user"],
    leaves: ['Reply-To: "Alice" <sip:a@x>', "Privacy: user"],
    marks: ["partial"],
  },
  {
    name: "none beside others means nothing, and leaves with the first value that was carried out",
    rows: ["P-Asserted-Identity: <sip:a@x>", "Privacy: none;id;session"],
    leaves: ["Privacy: id;session"],
    marks: ["partial", "privacy-malformed"],
  },
  {
    name: "none beside one that was carried out",
    rows: ["Privacy: none;user", "X: 1"],
    leaves: ["X: 1"],
    marks: ["privacy-malformed"],
  },
  {
    name: "a comma between values is read as what was meant",
    rows: ["Privacy: id, user"],
    leaves: ["Privacy: id"],
    marks: ["privacy-malformed"],
  },
  {
    name: "a value twice",
    rows: ["Privacy: id;id"],
    leaves: ["Privacy: id;id"],
    marks: ["privacy-malformed"],
  },
  {
    name: "a malformed Privacy, refused by option",
    policy: withOption("malformed-privacy", "refuse"),
    rows: ["Privacy: none;user"],
    leaves: 'reject 400 "Malformed Privacy"',
    marks: ["privacy-malformed"],
  },
];

export function runPrivacy(makeEngine: MakeEngine): void {
  describe("the privacy service", () => {
    for (const { name, policy: one = standard, method = "INVITE", rows, leaves, marks = [] } of cases) {
      it(name, () => {
        const decision = makeEngine(one).decide(messageEvent(request(method, rows)));
        if (typeof leaves === "string") {
          assert.equal(verdictOf(decision), leaves);
          assert.equal(decision.answeredBy, undefined, "no rule has rejected");
        } else assert.deepEqual(rowsOf(decision.bytes), leaves);
        assert.deepEqual(decision.marks, marks);
      });
    }

    it("carries out user, and says which edits were a consequence", () => {
      const decision = makeEngine(standard).decide(messageEvent(request("INVITE", [alice, "Privacy: user"])));
      assert.deepEqual(rowsOf(decision.bytes), [nobody]);
      assert.deepEqual(editsOf(decision), ["From anonymize honour", "Privacy remove (consequence)"]);
    });

    it("gives critical no effect on a response (RFC 3323 4.2)", () => {
      const decision = makeEngine(standard).decide(
        messageEvent(response(200, "OK", ["Privacy: session;critical"])),
      );
      assert.equal(decision.verdict, "allow");
      assert.deepEqual(decision.marks, ["partial"]);
    });

    it("leaves Privacy alone where no rule honours it", () => {
      const decision = makeEngine(policy([rule("withhold", user.actions)])).decide(
        messageEvent(request("INVITE", [alice, "Privacy: user;critical"])),
      );
      assert.deepEqual(rowsOf(decision.bytes), [nobody, "Privacy: user;critical"]);
    });
  });

  describe("signatures (RFC 5379 5.3.1, RFC 8224)", () => {
    const signed = [
      "Identity: abc;info=<https://c/x>",
      "Identity-Info: <https://c/y>",
      "Date: Sat, 13 Nov 2010 23:29:00 GMT",
    ];
    const decide = (
      actions: readonly Action[],
      rows: readonly string[],
      facts: Partial<Policy> = {},
      method = "INVITE",
    ) => makeEngine(policy([rule("r", actions)], facts)).decide(messageEvent(request(method, rows)));
    const refuse = { options: new Map([option("broken-signature", "refuse")]) };
    const anonymous = [edit({ kind: "anonymize", field: "From", where: everyValue })];

    it("goes where an edit broke it", () => {
      const decision = decide(anonymous, [alice, ...signed]);
      assert.deepEqual(rowsOf(decision.bytes), [nobody, signed[2]]);
      assert.deepEqual(editsOf(decision), [
        "From anonymize r",
        "Identity remove (consequence)",
        "Identity-Info remove (consequence)",
      ]);
    });

    it("stays where no edit touched what it covers", () => {
      assert.deepEqual(rowsOf(decide([removeField("Subject")], [alice, "Subject: a", ...signed]).bytes), [
        alice,
        ...signed,
      ]);
    });

    it("stays where the From was anonymous already", () => {
      const from = "From: <sip:anonymous@anonymous.invalid>;tag=9fx";
      assert.deepEqual(rowsOf(decide(anonymous, [from, ...signed]).bytes), [from, ...signed]);
    });

    it("refuses the request, by option", () => {
      assert.equal(
        verdictOf(decide(anonymous, [alice, ...signed], refuse)),
        'reject 500 "Broken Signature: Identity"',
      );
    });

    it("goes from an ACK all the same", () => {
      assert.deepEqual(rowsOf(decide(anonymous, [alice, ...signed], refuse, "ACK").bytes), [
        nobody,
        signed[2],
      ]);
    });

    it("covers the session description, and no other part of the body", () => {
      const body = "v=0\r\ns=a\r\n";
      const rows = [...signed, "Content-Type: application/sdp", `Content-Length: ${body.length}`];
      const run = (lines: readonly string[]) => {
        const engine = makeEngine(policy([rule("r", [edit({ kind: "redact-sdp", lines })])]));
        return rowsOf(engine.decide(messageEvent(request("INVITE", rows, body))).bytes);
      };
      assert.deepEqual(run(["s"]), [signed[2], "Content-Type: application/sdp", "Content-Length: 10"]);
      assert.deepEqual(run(["i"]), rows);
    });
  });

  describe("Geolocation-Routing (RFC 6442 4.2)", () => {
    const decide = (actions: readonly Action[], rows: readonly string[]) =>
      rowsOf(makeEngine(policy([rule("r", actions)])).decide(messageEvent(request("INVITE", rows))).bytes);

    it("goes with the last Geolocation", () => {
      const rows = ["Geolocation: <cid:a@x>", "Geolocation-Routing: no", "X: 1"];
      assert.deepEqual(decide([removeField("Geolocation")], rows), ["X: 1"]);
    });

    it("stays where no edit took the Geolocation away", () => {
      assert.deepEqual(decide([removeField("Subject")], ["Geolocation-Routing: no", "Subject: a"]), [
        "Geolocation-Routing: no",
      ]);
    });
  });
}
