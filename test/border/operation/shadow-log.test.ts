/** What is logged and counted of a shadow policy. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  BorderMetrics,
  type Comparison,
  type HandshakeDifference,
  type MessageDifference,
  ShadowMetrics,
} from "../../../border/index.ts";
import { bySide } from "../../../border/shadow/difference.ts";
import {
  bytesOf,
  handshakePassage,
  invite,
  type Line,
  marked,
  messageDecision,
  messagePassage,
  openLog,
  quoting,
  readLines,
  subscriberMark,
} from "./log-lines.ts";

const withheld = bytesOf(invite.filter((row) => !row.startsWith("Max-Forwards")));

function messageDifference(facts: Partial<MessageDifference> = {}): MessageDifference {
  return {
    result: "different",
    kind: "message",
    isTold: true,
    passage: messagePassage(),
    inForce: messageDecision({ rules: [], edits: [], marks: [] }),
    onTrial: messageDecision({
      verdict: "rewrite",
      edits: [{ field: "Max-Forwards", action: "remove", rule: "withhold", because: "" }],
    }),
    edited: { inForce: bytesOf(invite), onTrial: withheld },
    ...facts,
  };
}

function handshakeDifference(): HandshakeDifference {
  const passage = handshakePassage();
  return {
    result: "different",
    kind: "handshake",
    isTold: true,
    passage,
    inForce: passage.decision,
    onTrial: {
      ...passage.decision,
      verdict: "allow",
      partner: "carrier-c",
      reason: undefined,
      cause: undefined,
    },
  };
}

function logged(
  comparisons: readonly Comparison[],
  settings: Parameters<typeof openLog>[0] = {},
): readonly Line[] {
  const { log, text } = openLog(settings);
  for (const comparison of comparisons) log.compared(comparison);
  return readLines(text());
}

describe("a line of the log about a shadow policy", () => {
  it("tells which message, both verdicts, what decided, and the fields that are left otherwise", () => {
    const { callId, ...line } = logged([messageDifference()])[0]!;
    assert.match(String(callId), /^[0-9a-f]{12}$/u);
    const ends = {
      from: { network: "open-d", trusted: false },
      to: { network: "home", trusted: true },
    };
    assert.deepEqual(line, {
      level: "warn",
      time: "2026-01-02T03:04:05.678Z",
      kind: "shadow",
      method: "INVITE",
      from: { network: "open-d", transport: "udp", address: "192.0.2.7", port: 5060, trusted: false },
      to: { network: "home", transport: "tcp", address: "198.51.100.1", port: 5070, trusted: true },
      of: "message",
      result: "different",
      ...bySide<object>(
        { verdict: "allow", ...ends, rules: [] },
        {
          verdict: "rewrite",
          ...ends,
          rules: [{ name: "withhold", place: "p.privet:3" }],
          marks: ["seen"],
        },
      ),
      fields: ["Max-Forwards"],
    });
  });

  it("tells status, reason and rules of a refusal, and that the in gate was asked alone", () => {
    const onTrial = messageDecision({ verdict: "reject", status: 403, reason: "Not Welcome", marks: [] });
    const passage = messagePassage({ to: undefined, decision: undefined });
    const [line] = logged([messageDifference({ passage, inForce: undefined, onTrial, edited: undefined })]);
    assert.equal(line?.["gate"], "in");
    assert.deepEqual(line?.["now"], { verdict: "allow" });
    assert.deepEqual(line?.["then"], {
      verdict: "reject",
      status: 403,
      reason: "Not Welcome",
      from: { network: "open-d", trusted: false },
      rules: [{ name: "withhold", place: "p.privet:3" }],
    });
  });

  it("tells verdict and partner of a handshake", () => {
    const [line] = logged([handshakeDifference()]);
    assert.deepEqual([line?.["kind"], line?.["of"], line?.["role"]], ["shadow", "handshake", "server"]);
    assert.deepEqual(line?.["now"], {
      verdict: "reject",
      reason: "it has expired",
      cause: "it has expired",
      rules: [],
    });
    assert.deepEqual(line?.["then"], { verdict: "allow", partner: "carrier-c", rules: [] });
  });

  it("tells a fault of the trial by its place in the code", () => {
    const error = new Error("can't read alice");
    const passages = [messagePassage(), handshakePassage()];
    const lines = logged(passages.map((passage) => ({ result: "fault", passage, error, isTold: true })));
    assert.deepEqual(
      lines.map((line) => [line["kind"], line["of"], line["result"], line["cause"]]),
      [
        ["shadow", "message", "fault", "… (masked)"],
        ["shadow", "handshake", "fault", "… (masked)"],
      ],
    );
  });

  it("keeps the verdicts where the account can't be drawn up", () => {
    const inForce = {
      ...messageDecision(),
      get rules(): never {
        throw new Error("broken");
      },
    };
    const [line] = logged([messageDifference({ inForce })]);
    assert.deepEqual([line?.["now"], line?.["then"]], [{ verdict: "allow" }, { verdict: "rewrite" }]);
  });

  it("is written for a difference that is to be told, and not at the level quiet", () => {
    const comparisons = [
      { result: "same" } as const,
      messageDifference(),
      messageDifference({ isTold: false }),
    ];
    assert.equal(logged(comparisons).length, 1);
    assert.equal(logged(comparisons, { level: "rejections" }).length, 1);
    assert.equal(logged(comparisons, { level: "quiet" }).length, 0);
  });

  it("holds no identity of the message", () => {
    const cases = subscriberMark.chain((one) =>
      fc.record({
        one: fc.constant(one),
        cause: quoting(one),
        verdict: fc.constantFrom("allow" as const, "rewrite" as const, "reject" as const),
        isRouted: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(cases, ({ one, cause, verdict, isRouted }) => {
        const received = bytesOf(marked(one, "INVITE"));
        const decision = messageDecision({ verdict, status: 500, reason: cause, marks: [one] });
        const passage = messagePassage({ received, ...(isRouted ? {} : { to: undefined }) });
        const edited = { inForce: received, onTrial: withheld };
        const { log, text } = openLog();
        log.compared(messageDifference({ passage, onTrial: decision, edited }));
        log.compared(messageDifference({ passage, inForce: decision, edited }));
        log.compared({ result: "fault", passage, error: new Error(cause), isTold: true });
        assert.equal(text().split("\n").length, 4);
        assert.ok(!text().toLowerCase().includes(one.toLowerCase().replace("+", "")), text());
      }),
      { numRuns: 200 },
    );
  });
});

describe("metrics of a shadow policy", () => {
  it("count comparisons by what came of them, and differences by networks and verdicts", async () => {
    const { registry } = new BorderMetrics({
      connections: () => new Map(),
      queuedBytes: () => ({ opening: 0, open: 0 }),
      received: () => new Map(),
      returned: () => 0,
      refusals: () => new Map(),
    });
    const metrics = new ShadowMetrics(registry);
    const samples = async (name: string): Promise<readonly string[]> =>
      (await registry.getSingleMetricAsString(name)).split("\n").filter((line) => !line.startsWith("#"));
    assert.deepEqual(await samples("privet_shadow_total"), [
      'privet_shadow_total{result="same"} 0',
      'privet_shadow_total{result="different"} 0',
      'privet_shadow_total{result="fault"} 0',
    ]);
    const refused = messageDecision({ verdict: "reject", status: 403 });
    const toPartner = handshakeDifference();
    const event = { ...toPartner.passage.event, role: "client", partner: "carrier-c" } as const;
    for (const comparison of [
      { result: "same" },
      messageDifference(),
      messageDifference({ isTold: false, onTrial: refused }),
      messageDifference({ passage: messagePassage({ to: undefined }), inForce: undefined, onTrial: refused }),
      handshakeDifference(),
      { ...toPartner, passage: { ...toPartner.passage, event } },
      { result: "fault", passage: messagePassage(), error: "sip:alice@open-d.example", isTold: true },
    ] as const)
      metrics.compared(comparison);
    assert.deepEqual(await samples("privet_shadow_total"), [
      'privet_shadow_total{result="same"} 1',
      'privet_shadow_total{result="different"} 5',
      'privet_shadow_total{result="fault"} 1',
    ]);
    assert.deepEqual(await samples("privet_shadow_differences_total"), [
      'privet_shadow_differences_total{from="open-d",to="home",now="allow",then="rewrite"} 1',
      'privet_shadow_differences_total{from="open-d",to="home",now="allow",then="403"} 1',
      'privet_shadow_differences_total{from="open-d",to="",now="allow",then="403"} 1',
      'privet_shadow_differences_total{from="",to="",now="reject",then="allow"} 1',
      'privet_shadow_differences_total{from="",to="carrier-c",now="reject",then="allow"} 1',
    ]);
  });
});
