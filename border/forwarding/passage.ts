/** What the border tells of each message and handshake that it has dealt with. Types and prose only. */
import type { HandshakeDecision, HandshakeEvent, MessageDecision, Transport } from "../../engine/index.ts";

export type Passage = MessagePassage | HandshakePassage;

export interface MessagePassage {
  readonly kind: "message";
  readonly at: number;
  /** Request: the method; response: that of CSeq. Empty where the message can't be read so far. */
  readonly method: string;
  /** Response: its status. */
  readonly status: number | undefined;
  readonly from: PassageEnd;
  /** undefined: it was not routed. */
  readonly to: PassageEnd | undefined;
  readonly outcome: Outcome;
  /** undefined where the border itself ended it before the out gate. */
  readonly decision: MessageDecision | undefined;
  /** As it came, and as it left; the latter is the answer where one was made. */
  readonly received: Uint8Array;
  readonly sent: Uint8Array | undefined;
}

export interface PassageEnd {
  readonly network: string;
  readonly transport: Transport;
  readonly address: string;
  readonly port: number;
}

export type Outcome =
  /** `oversize`: over UDP, though it is longer than a packet may be (RFC 3261 18.1.1). */
  | { readonly kind: "forwarded"; readonly oversize?: true }
  /** Answered by the border; `cause` is for the log, never for the peer. */
  | { readonly kind: "answered"; readonly status: number; readonly reason: string; readonly cause: string }
  /** The ACK of an answer of ours, or the answer to a ping of ours. */
  | { readonly kind: "absorbed" }
  | { readonly kind: "dropped"; readonly cause: string }
  /** A fault of the border itself; a request was answered 500 where that was possible. */
  | { readonly kind: "failed"; readonly cause: string; readonly stack: string };

export interface HandshakePassage {
  readonly kind: "handshake";
  readonly event: HandshakeEvent;
  readonly decision: HandshakeDecision;
}
