/**
 * What is decided where no engine could decide: there is none yet, or it broke on the event.
 * Nothing passes that was not decided (fail closed).
 */
import type { HandshakeDecision, MessageDecision } from "./decision.ts";
import type { MessageEvent } from "./event.ts";

export interface Failure {
  readonly status: number;
  /** The answer's reason phrase. */
  readonly phrase: string;
  /** In words, for the log. */
  readonly because: string;
}

export const noPolicyYet: Failure = {
  status: 503,
  phrase: "Service Unavailable",
  because: "there is no policy yet",
};

/** The engine threw: a mistake of the program, not of the message. */
export function engineFailure(error: unknown): Failure {
  const cause = error instanceof Error ? error.message : String(error);
  return { status: 500, phrase: "Server Internal Error", because: `the decision failed: ${cause}` };
}

export function failMessage(
  { bytes, from, to }: Pick<MessageEvent, "bytes" | "from" | "to">,
  failure: Failure,
): MessageDecision {
  const { because } = failure;
  return {
    kind: "message",
    verdict: "reject",
    status: failure.status,
    reason: failure.phrase,
    answeredBy: undefined,
    silent: mayNotBeAnswered(bytes),
    closes: false,
    violation: undefined,
    from: { network: from.network, trusted: false, because },
    to: { network: to.network, trusted: false, because },
    rules: [],
    edits: [],
    marks: [],
    bytes: undefined,
  };
}

export function failHandshake({ because }: Failure): HandshakeDecision {
  const cause = because;
  return {
    kind: "handshake",
    verdict: "reject",
    partner: undefined,
    identities: [],
    reason: because,
    cause,
    rules: [],
  };
}

/** A response or an ACK, by the first letters: nobody has read the message. */
function mayNotBeAnswered(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  return start === "ACK " || start.toUpperCase() === "SIP/";
}
