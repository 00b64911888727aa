/** What a shadow policy says beside the one in force. Types and prose only. */
import type { HandshakeDecision, MessageDecision } from "../../engine/index.ts";
import type { HandshakePassage, MessagePassage, Passage } from "../forwarding/passage.ts";

export type Comparison = { readonly result: "same" } | Difference | ShadowFault;

export type Difference = MessageDifference | HandshakeDifference;

export interface MessageDifference extends Told {
  readonly result: "different";
  readonly kind: "message";
  readonly passage: MessagePassage;
  /** By the policy in force, and by the shadow; undefined: the in gate let it on, and nobody asked further. */
  readonly inForce: MessageDecision | undefined;
  readonly onTrial: MessageDecision | undefined;
  /** What each makes of the message where neither refuses it, without what the border itself changes. */
  readonly edited: { readonly inForce: Uint8Array; readonly onTrial: Uint8Array } | undefined;
}

export interface HandshakeDifference extends Told {
  readonly result: "different";
  readonly kind: "handshake";
  readonly passage: HandshakePassage;
  readonly inForce: HandshakeDecision;
  readonly onTrial: HandshakeDecision;
}

/** The shadow policy, or the comparison, met a fault: what the border did stands. */
interface ShadowFault extends Told {
  readonly result: "fault";
  readonly passage: Passage;
  readonly error: unknown;
}

interface Told {
  /** False: so many came in this second that it is only counted. */
  readonly isTold: boolean;
}
