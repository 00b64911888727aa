/** What people read of a policy on trial. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Border, type Comparison, defaultQueue } from "../../border/index.ts";
import { startLog } from "../../cli/border-log.ts";
import { differenceLine } from "../../cli/difference-text.ts";
import { compile } from "../../engine/index.ts";
import { handshakePassage, messageDecision, messagePassage } from "../border/operation/log-lines.ts";
import { smallPolicy } from "../border/small-policy.ts";
import { memoryIo } from "./memory-io.ts";

const passage = messagePassage();
const edited = {
  inForce: Buffer.from("INVITE sip:b@a.example SIP/2.0\r\nSubject: hi\r\n\r\n"),
  onTrial: Buffer.from("INVITE sip:b@a.example SIP/2.0\r\n\r\n"),
};
const difference = {
  result: "different",
  kind: "message",
  passage,
  inForce: messageDecision({ rules: [], edits: [], marks: [] }),
  onTrial: messageDecision({ verdict: "rewrite" }),
  edited,
  isTold: true,
} as const;
const refused = messageDecision({ verdict: "reject", status: 403, marks: [] });
const handshake = handshakePassage();

describe("the line about a difference", () => {
  const lineOf = (comparison: Parameters<typeof differenceLine>[0]): string =>
    differenceLine(comparison, (_, text) => text);

  it("has both verdicts, what decided them, and the fields that are left otherwise", () => {
    assert.equal(
      lineOf(difference),
      "shadow  INVITE      open-d (udp) → home (tcp): allow; on trial: rewrite (withhold p.privet:3), mark seen; otherwise: Subject",
    );
    assert.equal(
      lineOf({ ...difference, onTrial: refused, edited: undefined }),
      "shadow  INVITE      open-d (udp) → home (tcp): allow; on trial: reject 403 (withhold p.privet:3)",
    );
  });

  it("has the partners of a handshake", () => {
    const { decision } = handshake;
    const onTrial = { ...decision, verdict: "allow", partner: "carrier-c" } as const;
    assert.equal(
      lineOf({
        result: "different",
        kind: "handshake",
        passage: handshake,
        inForce: decision,
        onTrial,
        isTold: true,
      }),
      "shadow  TLS from 192.0.2.9 to listener outside: reject; on trial: allow carrier-c",
    );
  });

  it("has what the trial broke on", () => {
    assert.equal(
      lineOf({ result: "fault", passage, error: new Error("out of range"), isTold: true }),
      "shadow  INVITE      open-d (udp) → home (tcp): a fault of the trial: out of range",
    );
  });
});

describe("a border that speaks to people", () => {
  const border = new Border(compile(smallPolicy()), {
    secret: new Uint8Array(16),
    listeners: [],
    networks: new Map(),
    queue: defaultQueue,
  });

  function said(level: "decisions" | "quiet", ...comparisons: readonly Comparison[]): string {
    const io = memoryIo();
    const log = startLog(border, { format: "text", level }, io);
    for (const comparison of comparisons) log.compared(comparison);
    return io.said().toString();
  }

  it("tells differences as it tells decisions, and what is only counted not at all", () => {
    const comparisons: readonly Comparison[] = [
      { result: "same" },
      difference,
      { ...difference, isTold: false },
    ];
    assert.match(
      said("decisions", ...comparisons),
      /^03:04:05\.678 shadow {2}INVITE .*; otherwise: Subject\n$/,
    );
    assert.equal(said("quiet", ...comparisons), "");
  });
});
