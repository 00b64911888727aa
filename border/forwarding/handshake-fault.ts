import type { HandshakeDecision } from "../../engine/index.ts";

/** A handshake that could not be judged: nobody is let in by a fault of ours. */
export function refusedByFault(error: unknown): HandshakeDecision {
  const cause = error instanceof Error ? error.message : String(error);
  return {
    kind: "handshake",
    verdict: "reject",
    partner: undefined,
    identities: [],
    reason: `a fault of the border: ${cause}`,
    cause: undefined,
    rules: [],
  };
}
