/** Puts a message decision together from what the gates found. */
import type { Rule } from "../grammar/model.ts";
import type { Violation } from "../wire/index.ts";
import type { AppliedEdit, Assessment, MessageDecision } from "./decision.ts";
import { compareText } from "./edits/node-edit.ts";
import { appliedRules, type Rejection } from "./gate.ts";
import type { MessageTree } from "./message/tree.ts";

/** How a decision came about. */
export interface Account {
  readonly from: Assessment;
  readonly to: Assessment;
  readonly rules: readonly Rule[];
  readonly marks: readonly string[];
  readonly edits: readonly AppliedEdit[];
}

/** The to-end of a message that was refused before it was routed. */
export const unrouted: Assessment = { network: "stranger", trusted: false, because: "not routed" };

export function rewrite(bytes: Uint8Array, account: Account): MessageDecision {
  return {
    kind: "message",
    verdict: account.edits.length > 0 ? "rewrite" : "allow",
    status: undefined,
    reason: undefined,
    answeredBy: undefined,
    silent: false,
    closes: false,
    violation: undefined,
    ...told(account),
    bytes,
  };
}

/** No edit of a refused message counts. */
export function refuse(
  { status, reason, rule }: Rejection,
  tree: MessageTree,
  account: Account,
): MessageDecision {
  return {
    kind: "message",
    verdict: "reject",
    status,
    reason,
    answeredBy: rule,
    silent: !tree.isRequest || tree.method === "ACK",
    closes: false,
    violation: undefined,
    ...told({ ...account, edits: [] }),
    bytes: undefined,
  };
}

export function refuseSyntax(violation: Violation, account: Account): MessageDecision {
  const { rule, clause, at, status, drop, closes } = violation;
  return {
    kind: "message",
    verdict: "reject",
    status,
    reason: reasonPhrases.get(status) ?? "Bad Request",
    answeredBy: undefined,
    silent: drop,
    closes,
    violation: { rule, clause, at },
    ...told(account),
    bytes: undefined,
  };
}

function told({
  from,
  to,
  rules,
  marks,
  edits,
}: Account): Pick<MessageDecision, "from" | "to" | "rules" | "edits" | "marks"> {
  return {
    from,
    to,
    rules: appliedRules(rules),
    edits: edits.toSorted(
      (one, other) =>
        compareText(one.field, other.field) ||
        compareText(one.action, other.action) ||
        compareText(one.rule, other.rule) ||
        compareText(one.because, other.because),
    ),
    marks: [...new Set(marks)].toSorted(compareText),
  };
}

/** RFC 3261 21, for the statuses with which an unreadable message is answered. */
const reasonPhrases: ReadonlyMap<number, string> = new Map([
  [400, "Bad Request"],
  [413, "Request Entity Too Large"],
  [414, "Request-URI Too Long"],
  [416, "Unsupported URI Scheme"],
  [500, "Server Internal Error"],
  [501, "Not Implemented"],
  [505, "Version Not Supported"],
  [513, "Message Too Large"],
]);
