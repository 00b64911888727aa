/**
 * Decides once more what the policy in force has decided, by the shadow policy and from the same
 * facts. Each policy says itself for whom a connection counts; where a message goes, the way
 * that it really went says.
 */
import {
  declaredConnection,
  type Engine,
  type EnteringMessage,
  type HandshakeDecision,
  type MessageDecision,
  type NetworkEnd,
} from "../../engine/index.ts";
import type { Policy } from "../../grammar/model.ts";
import { beyondNetwork, beyondShare } from "../forwarding/flood.ts";
import type { HandshakePassage, MessagePassage, PassageEnd } from "../forwarding/passage.ts";
import { PerSecond } from "../operation/per-second.ts";
import type { HandshakeDifference, MessageDifference } from "./comparison.ts";

/** Marks stand in the account of a decision, which takes 0.4 ms to draw up, of each of the two. */
const marksASecond = 50;

/** undefined: both say the same. */
export type FoundInMessage = Omit<MessageDifference, "isTold"> | undefined;
export type FoundInHandshake = Omit<HandshakeDifference, "isTold"> | undefined;

export class Comparer {
  private readonly inForce: Engine;
  private readonly shadow: Engine;
  private readonly mayMark: boolean;
  private readonly marks = new PerSecond(marksASecond);

  /** Neither is the border's own engine: with that a message may be under way. */
  constructor(inForce: Engine, shadow: Engine) {
    this.inForce = inForce;
    this.shadow = shadow;
    this.mayMark = [inForce, shadow].some(({ policy }) => canMark(policy));
  }

  ofHandshake(passage: HandshakePassage): FoundInHandshake {
    const { event, decision: inForce } = passage;
    const onTrial = this.shadow.decide(event);
    const isSame = inForce.verdict === onTrial.verdict && inForce.partner === onTrial.partner;
    return isSame ? undefined : { result: "different", kind: "handshake", passage, inForce, onTrial };
  }

  /** "unasked": what became of the message did not rest on the policy. */
  ofMessage(passage: MessagePassage): FoundInMessage | "unasked" {
    const { from, to, decision } = passage;
    if (passage.asked === undefined) return "unasked";
    // A response may have been asked about as one of another network, before its flow was read.
    const { connection } = passage.asked.from;
    const asked = { ...passage.asked, from: { network: from.network, connection } };
    if (to !== undefined && decision !== undefined) return this.atBothGates(passage, asked, to, decision);
    return isOfInGate(passage) ? this.atInGate(passage, asked, decision) : "unasked";
  }

  private atBothGates(
    passage: MessagePassage,
    asked: EnteringMessage,
    to: PassageEnd,
    inForce: MessageDecision,
  ): FoundInMessage {
    const isRequest = passage.status === undefined;
    const end = this.endOf(to, asked.at);
    const onTrial = this.shadow.decide({
      ...asked,
      from: isRequest ? this.sender(asked.from, asked.at) : this.target(asked.from, asked.at),
      to: isRequest ? this.target(end, asked.at) : this.sender(end, asked.at),
    });
    if (inForce.verdict === "reject" || onTrial.verdict === "reject") {
      // What was refused before there was a connection does not know all its marks.
      const isEarly = to.connection === undefined;
      if (inForce.status === onTrial.status && (isEarly || this.haveSameMarks(inForce, onTrial, asked.at)))
        return undefined;
      return { result: "different", kind: "message", passage, inForce, onTrial, edited: undefined };
    }
    const edited = {
      inForce: this.bytesOf(inForce, asked, end),
      onTrial: onTrial.bytes ?? asked.bytes,
    };
    const isSame = inForce.verdict === onTrial.verdict && Buffer.from(edited.inForce).equals(edited.onTrial);
    if (isSame && this.haveSameMarks(inForce, onTrial, asked.at)) return undefined;
    return { result: "different", kind: "message", passage, inForce, onTrial, edited };
  }

  /** What left has the border's own edits in it too. */
  private bytesOf({ verdict }: MessageDecision, asked: EnteringMessage, to: NetworkEnd): Uint8Array {
    if (verdict === "allow") return asked.bytes;
    return this.inForce.decide({ ...asked, to }).bytes ?? asked.bytes;
  }

  /** Only in a request: what a response meets there is asked once its way is known. */
  private atInGate(
    passage: MessagePassage,
    asked: EnteringMessage,
    inForce: MessageDecision | undefined,
  ): FoundInMessage | "unasked" {
    const { refused: onTrial, scan } = this.shadow.enter({
      ...asked,
      from: this.sender(asked.from, asked.at),
    });
    if (inForce?.status === onTrial?.status) {
      if (inForce === undefined || onTrial === undefined || this.haveSameMarks(inForce, onTrial, asked.at))
        return undefined;
    } else if (inForce === undefined && asked.bytes === passage.received) {
      // The border ended it before it took its own Route off, if it had one: the policy would have been asked later.
      if (scan.firstRow(scan.table.id("Route")) >= 0) return "unasked";
    }
    return { result: "different", kind: "message", passage, inForce, onTrial, edited: undefined };
  }

  private haveSameMarks(inForce: MessageDecision, onTrial: MessageDecision, at: number): boolean {
    if (!this.mayMark || !this.marks.take(at)) return true;
    return inForce.marks.join() === onTrial.marks.join();
  }

  /** Before there is a connection it counts as the shadow policy declares it. */
  private endOf({ network, connection, transport, address }: PassageEnd, at: number): NetworkEnd {
    if (connection !== undefined) return { network, connection };
    const overrides = { transport, remoteAddress: address };
    return { network, connection: declaredConnection(this.shadow.policy, network, at, overrides) };
  }

  /** Who sends a request: for whom the connection counts, unless the border itself opened it. */
  private sender(end: NetworkEnd, at: number): NetworkEnd {
    const { connection } = end;
    if (connection.listener === undefined) return this.target(end, at);
    return { network: this.shadow.networkOf(connection, at), connection };
  }

  /** To whom a request goes. A name that the shadow lacks tells it nothing, but the connection may. */
  private target({ network, connection }: NetworkEnd, at: number): NetworkEnd {
    const { shadow } = this;
    const isKnown = shadow.policy.networks.has(network);
    return { network: isKnown ? network : shadow.networkOf(connection, at), connection };
  }
}

/** On a stream: answered before the policy is heard. */
const sheds: ReadonlySet<string> = new Set([beyondShare, beyondNetwork]);

/** The in gate has let it on, or its refusal is what became of it. */
function isOfInGate({ status, decision, outcome }: MessagePassage): boolean {
  if (outcome.kind === "answered")
    return decision === undefined ? !sheds.has(outcome.cause) : decision.status === outcome.status;
  if (outcome.kind !== "dropped" || outcome.why === "share") return false;
  return status === undefined || decision?.violation !== undefined;
}

function canMark({ rules }: Policy): boolean {
  return rules.some(({ actions }) =>
    actions.some(({ kind }) => kind === "mark" || kind === "honour-privacy"),
  );
}

/** Of a decision as a label: the verdict, or the status of a rejection. */
export function labelOf(decision: MessageDecision | HandshakeDecision | undefined): string {
  if (decision === undefined) return "allow";
  if (decision.kind === "handshake" || decision.verdict !== "reject") return decision.verdict;
  return String(decision.status ?? "reject");
}
