/** What the border tells of each message and handshake that it has dealt with. Types and prose only. */
import type {
  ConnectionFacts,
  EnteringMessage,
  HandshakeDecision,
  HandshakeEvent,
  MessageDecision,
  Transport,
} from "../../engine/index.ts";

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
  /** What the in gate was asked: without our own Route values. undefined: it was not asked. */
  readonly asked: EnteringMessage | undefined;
  /** As it came, and as it left; the latter is the answer where one was made. */
  readonly received: Uint8Array;
  readonly sent: Uint8Array | undefined;
}

export interface PassageEnd {
  readonly network: string;
  /** As the policy was told of it; undefined: it was asked before there was one. */
  readonly connection?: ConnectionFacts | undefined;
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
  | Dropped
  /** A fault of the border itself; a request was answered 500 where that was possible. */
  | { readonly kind: "failed"; readonly cause: string; readonly stack: string };

export interface Dropped {
  readonly kind: "dropped";
  readonly why: DropClass;
  /** The same of this one message, which it may quote. */
  readonly cause: string;
}

export type DropClass =
  /** It can be read in two ways, or breaks a named limit. */
  | "syntax"
  /** The policy refuses it, and nobody may be answered: a response, an ACK. */
  | "policy"
  /** An ACK that the border itself would refuse. */
  | "ack"
  /** A response to no request of ours, or not from where that went. */
  | "flow"
  /** Nothing leads there, or nothing that can be connected to. */
  | "no-way"
  /** What waits for that way, or in the whole border, is as much as may. */
  | "queue"
  /** The connection closed before it was written. */
  | "closed"
  /** Larger than a datagram can be. */
  | "size"
  /** The source or its network sends more than its share, or the source has had its share of answers. */
  | "share"
  /** A request that is refused, and no answer can be made or sent. */
  | "unanswerable";

export interface HandshakePassage {
  readonly kind: "handshake";
  readonly event: HandshakeEvent;
  readonly decision: HandshakeDecision;
}
