import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MessageDecision } from "../../../engine/index.ts";
import {
  bytesOf,
  handshakePassage,
  invite,
  logged,
  messageDecision,
  messagePassage,
  openLog,
  readLines,
} from "./log-lines.ts";

const dropped = { kind: "dropped", why: "share", cause: "the source sends more than its share" } as const;
const failed = { kind: "failed", cause: "out of range", stack: "RangeError: out of range" } as const;
const rejected = {
  outcome: { kind: "answered", status: 403, reason: "Forbidden", cause: "Not Welcome" },
  decision: messageDecision({
    verdict: "reject",
    status: 403,
    reason: "Not Welcome",
    answeredBy: "no-strangers",
    edits: [],
  }),
} as const;

describe("a line of the log", () => {
  it("tells who, whom, verdict and outcome of a message that passed, and no account", () => {
    const { callId, ...line } = logged([messagePassage()])[0]!;
    assert.match(String(callId), /^[0-9a-f]{12}$/u);
    assert.deepEqual(line, {
      level: "info",
      time: "2026-01-02T03:04:05.678Z",
      kind: "message",
      method: "INVITE",
      from: { network: "open-d", transport: "udp", address: "192.0.2.7", port: 5060, trusted: false },
      to: { network: "home", transport: "tcp", address: "198.51.100.1", port: 5070, trusted: true },
      verdict: "allow",
      outcome: "forwarded",
    });
  });

  it("tells status, reason and rule of a message that was rejected", () => {
    const [line] = logged([messagePassage(rejected)]);
    assert.equal(line?.["level"], "warn");
    assert.equal(line?.["verdict"], "reject");
    assert.deepEqual(line?.["rejection"], { status: 403, reason: "Not Welcome", rule: "no-strangers" });
    assert.deepEqual(line?.["answer"], { status: 403, reason: "Forbidden" });
    const [whole] = logged([messagePassage(rejected)], { accounts: true });
    assert.deepEqual(whole?.["rules"], [{ name: "withhold", place: "p.privet:3" }]);
    assert.deepEqual(whole?.["marks"], ["seen"]);
  });

  it("reads the account of what passed or was rejected only where accounts are asked for", () => {
    let reads = 0;
    const counting = (facts: MessageDecision) => ({
      ...facts,
      get rules() {
        reads++;
        return [];
      },
    });
    const passages = [
      messagePassage({ decision: counting(messageDecision()) }),
      messagePassage({ ...rejected, decision: counting(rejected.decision) }),
    ];
    logged(passages);
    assert.equal(reads, 0);
    const [line] = logged(passages, { accounts: true });
    assert.equal(reads, 2);
    assert.deepEqual(line?.["edits"], [{ field: "P-Asserted-Identity", action: "remove", rule: "withhold" }]);
  });

  it("has a response's status and the method of its CSeq", () => {
    const [line] = logged([messagePassage({ status: 180 })]);
    assert.deepEqual([line?.["status"], line?.["method"]], [180, "INVITE"]);
  });

  it("joins the lines of one call by a pseudonym that another process does not repeat", () => {
    const other = messagePassage({ received: bytesOf(invite.with(4, "Call-ID: 78@host-of-alice")) });
    const [first, second, third] = logged([messagePassage(), messagePassage({ status: 200 }), other]);
    assert.equal(first?.["callId"], second?.["callId"]);
    assert.notEqual(first?.["callId"], third?.["callId"]);
    assert.notEqual(first?.["callId"], logged([messagePassage()])[0]?.["callId"]);
  });

  it("shows the Call-ID where identities are shown", () => {
    assert.equal(logged([messagePassage()], { identities: "shown" })[0]?.["callId"], "77@host-of-alice");
  });
});

describe("a line of what was dropped", () => {
  it("tells why in one word too, which no message has a say in", () => {
    const [line] = logged([messagePassage({ outcome: dropped, decision: undefined })]);
    assert.deepEqual([line?.["outcome"], line?.["why"]], ["dropped", "share"]);
    const own = messagePassage({
      received: bytesOf(invite.with(0, "INVITE sip:ack@home1.example SIP/2.0")),
      outcome: { kind: "dropped", why: "ack", cause: "" },
    });
    assert.equal(logged([own])[0]?.["why"], "ack");
  });
});

describe("a cause that names a network whose word stands in the message too", () => {
  const passage = messagePassage({
    to: undefined,
    received: bytesOf(invite.with(0, "INVITE sip:b@north.example SIP/2.0")),
    outcome: { kind: "dropped", why: "ack", cause: "no transit from open-d to north" },
    decision: undefined,
  });

  it("is told whole only where the log knows the networks", () => {
    assert.equal(logged([passage])[0]?.["cause"], "no transit from open-d to …");
    const [line] = logged([passage], { isNetworkWord: (word) => word === "north" });
    assert.equal(line?.["cause"], "no transit from open-d to north");
  });
});

describe("the level of the log", () => {
  const passages = [
    messagePassage(),
    messagePassage(rejected),
    messagePassage({ outcome: dropped, decision: undefined }),
    messagePassage({ outcome: failed, decision: undefined }),
    messagePassage({
      outcome: { kind: "answered", status: 200, reason: "OK", cause: "" },
      decision: undefined,
    }),
    handshakePassage(),
    handshakePassage({ verdict: "allow", reason: undefined }),
  ];

  for (const [level, expected] of [
    ["decisions", ["info", "warn", "warn", "error", "info", "warn", "info"]],
    ["rejections", ["warn", "warn", "error", "warn"]],
    ["quiet", ["error"]],
  ] as const) {
    it(`${level} has ${expected.join(", ")}`, () => {
      assert.deepEqual(
        logged(passages, { level }).map((line) => line["level"]),
        expected,
      );
    });
  }

  it("keeps start, reload and stop from quiet, but not a reload that failed", () => {
    const kinds = (["rejections", "quiet"] as const).map((level) => {
      const { log, text } = openLog({ level });
      log.started([{ name: "outside", transport: "tls", address: "192.0.2.1", port: 5061 }]);
      log.reloaded(true, "policy small");
      log.reloaded(false, "border.json: no such file");
      log.stopping();
      return readLines(text()).map(({ kind, ok }) => [kind, ok]);
    });
    assert.deepEqual(kinds, [
      [
        ["started", undefined],
        ["reloaded", true],
        ["reloaded", false],
        ["stopping", undefined],
      ],
      [["reloaded", false]],
    ]);
  });
});

describe("faults of the log", () => {
  it("are lines of their own, and the next passage is told", () => {
    const lines = logged([messagePassage({ at: Number.NaN }), messagePassage()]);
    assert.deepEqual(
      lines.map(({ level, kind }) => [level, kind]),
      [
        ["error", "fault"],
        ["info", "message"],
      ],
    );
  });

  it("leave the decision in the line where only its account can't be drawn up", () => {
    const decision = {
      ...rejected.decision,
      get marks(): readonly string[] {
        throw new Error("sip:alice@open-d.example");
      },
    };
    const [line] = logged([messagePassage({ ...rejected, decision })], { accounts: true });
    assert.equal(line?.["verdict"], "reject");
    assert.doesNotMatch(JSON.stringify(line), /alice|open-d\.example/u);
    assert.match(JSON.stringify(line?.["fault"]), /"kind":"fault"/u);
  });

  it("of the destination stay there", () => {
    const { log } = openLog({
      destination: {
        write: () => {
          throw new Error("ENOSPC");
        },
      },
    });
    assert.doesNotThrow(() => log.log(messagePassage()));
    assert.doesNotThrow(() => log.stopping());
  });
});
