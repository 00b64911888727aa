import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Outcome } from "../../../border/index.ts";
import { hidden, maskOfMessage } from "../../../border/operation/masking.ts";
import {
  bytesOf,
  handshakePassage,
  invite,
  logged,
  marked,
  messageDecision,
  messagePassage,
  openLog,
  quoting,
  subscriberMark,
} from "./log-lines.ts";

function outcomeOf(
  kind: "answered" | "dropped" | "failed" | "forwarded",
  one: string,
  cause: string,
): Outcome {
  switch (kind) {
    case "answered":
      return { kind, status: 403, reason: cause, cause };
    case "dropped":
      return { kind, why: "flow", cause };
    case "failed":
      return {
        kind,
        cause,
        stack: `Error: ${cause}\n    at ${one} (/${one}:1:1)\n    at f (/border/x.js:1:2)`,
      };
    case "forwarded":
      return { kind };
  }
}

describe("a masked line", () => {
  it("holds no identity of the message, whatever quotes it", () => {
    const cases = subscriberMark.chain((one) =>
      fc.record({
        one: fc.constant(one),
        cause: quoting(one),
        kind: fc.constantFrom(
          "answered" as const,
          "dropped" as const,
          "failed" as const,
          "forwarded" as const,
        ),
        method: fc.constantFrom("INVITE", "ZQ"),
        accounts: fc.boolean(),
        verdict: fc.constantFrom("allow" as const, "rewrite" as const, "reject" as const),
      }),
    );
    fc.assert(
      fc.property(cases, ({ one, cause, kind, method, accounts, verdict }) => {
        const outcome = outcomeOf(kind, one, cause);
        const name = method === "ZQ" ? one : method;
        const passage = messagePassage({
          method: name,
          outcome,
          received: bytesOf(marked(one, name)),
          decision: messageDecision({
            verdict,
            status: 500,
            reason: cause,
            marks: [one],
            edits: [{ field: `X-${one}`, action: "remove", rule: "withhold", because: cause }],
            from: { network: "open-d", trusted: false, because: cause },
          }),
        });
        const text = linesOf(passage, accounts);
        assert.ok(!text.toLowerCase().includes(one.toLowerCase().replace("+", "")), text);
      }),
      { numRuns: 400 },
    );
  });

  it("holds neither the domain that was sought nor a user that a certificate names", () => {
    fc.assert(
      fc.property(
        subscriberMark.chain((one) => fc.tuple(fc.constant(one), quoting(one))),
        ([one, cause]) => {
          const passage = handshakePassage({ reason: cause, cause, identities: [`${one}.example`] });
          const { event } = passage;
          const text = linesOf(
            { ...passage, event: { ...event, role: "client", domain: `${one}.example` } },
            true,
          );
          assert.ok(!text.toLowerCase().includes(one.toLowerCase().replace("+", "")), text);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("keeps the words that nobody sent, the networks and the addresses of hosts", () => {
    const mask = maskOfMessage(bytesOf(invite), ["home", "open-d"]);
    const text = "no transit from open-d to home: ECONNREFUSED 203.0.113.250:5061";
    assert.equal(mask.hide(text), text);
    assert.equal(mask.hide("no user alice@open-d.example, +49 30 1234567"), `no user ${hidden}, ${hidden}`);
  });

  it("knows an identity in its escapes (RFC 3261 25.1)", () => {
    const rows = invite.with(2, 'From: "B\\ob" <sip:%63arol@open-d.example>;tag=1');
    assert.equal(maskOfMessage(bytesOf(rows), []).hide("Bob, carol"), `${hidden}, ${hidden}`);
  });

  it("is one line of JSON, whatever bytes a sender chose", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.uint8Array(), (cause, received) => {
        const { log, text } = openLog({ identities: "shown" });
        log.log(messagePassage({ received, outcome: { kind: "dropped", why: "flow", cause } }));
        assert.match(text(), /^[^\p{Cc}\u2028\u2029]*\n$/u);
        assert.equal(JSON.parse(text()).cause, cause);
      }),
    );
  });
});

function linesOf(passage: Parameters<typeof logged>[0][number], accounts: boolean): string {
  const { log, text } = openLog({ accounts });
  log.log(passage);
  assert.equal(text().split("\n").length, 2);
  return text();
}
