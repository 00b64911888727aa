/** The decision on a handshake, for people and as JSON. */
import type { HandshakeDecision } from "../engine/index.ts";
import { describeRules } from "./decision-text.ts";

export function handshakeDecisionToJson(decision: HandshakeDecision): Record<string, unknown> {
  const { verdict, partner, identities, rules } = decision;
  const reason = wholeReason(decision);
  return {
    verdict,
    ...(partner === undefined ? {} : { partner }),
    identities,
    ...(reason === undefined ? {} : { reason }),
    rules,
  };
}

/** The rule's words, then what stood behind them: the names that were found, the issuer that is missing. */
export function wholeReason({ reason, cause }: HandshakeDecision): string | undefined {
  if (reason === undefined || cause === undefined || reason === cause) return reason ?? cause;
  return `${reason}: ${cause}`;
}

export function describeHandshake(decision: HandshakeDecision): string {
  const { verdict, partner, identities, rules } = decision;
  const reason = wholeReason(decision);
  const isRejected = verdict === "reject";
  // An allowed handshake may still bind nobody; the cause then stands where the partner would.
  const nobody = isRejected || reason === undefined ? "none" : `none: ${reason}`;
  const lines = [
    isRejected && reason !== undefined ? `reject: ${reason}` : verdict,
    `  identities  ${identities.length === 0 ? "none" : identities.join(", ")}`,
    `  partner     ${partner ?? nobody}`,
    ...describeRules(rules),
  ];
  return `${lines.join("\n")}\n`;
}
