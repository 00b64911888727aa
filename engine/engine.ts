/**
 * The contract of an engine: a pure function of (policy, event). Types and prose only.
 *
 * Two engines keep it: the interpreter (`interpret.ts`), which is the law, and the
 * compiled form (`compile/`), which agrees with it on every policy and event.
 */
import type { Policy } from "../grammar/model.ts";
import type { EditList, FieldTable, ResultMemory, Scan } from "../wire/index.ts";
import type { Decision, Explanation, HandshakeDecision, MessageDecision } from "./decision.ts";
import type {
  ConnectionFacts,
  EnteringMessage,
  HandshakeEvent,
  MessageEvent,
  NetworkEnd,
  PolicyEvent,
} from "./event.ts";

/** What a policy names but does not hold. */
export interface EngineContext {
  /** Trust anchors as DER, by the path that `Network.authorities` gives. Absent paths anchor nothing. */
  readonly authorities: ReadonlyMap<string, readonly Uint8Array[]>;
  /** CRLs as DER, by the path that `Network.revocations` gives. Absent paths hold none. */
  readonly revocations?: ReadonlyMap<string, readonly Uint8Array[]>;
  /**
   * Where the compiled engine writes what leaves; without it, in memory of which every
   * result may be kept. Who gives it decides when results are given up (`ResultMemory.reuse`).
   */
  readonly results?: ResultMemory;
}

export interface Engine {
  readonly policy: Policy;
  /** Names of the policy's header fields, as the wire reads them. */
  readonly fields: FieldTable;
  /** Certificate, else listener, else longest address prefix, else `stranger` (design: trust, 5). */
  networkOf(connection: ConnectionFacts, at: number): string;
  decide(event: MessageEvent): MessageDecision;
  decide(event: HandshakeEvent): HandshakeDecision;
  decide(event: PolicyEvent): Decision;
  /** The in gate alone. The result is good until the next call of `enter` or `decide`. */
  enter(message: EnteringMessage): Entered;
  /** The out gate. `also` may add the caller's own edits of the same message; they are applied in the same pass. */
  leave(entered: Entered, to: NetworkEnd, also?: (scan: Scan, edits: EditList) => void): MessageDecision;
  /**
   * Before there is a connection to the next hop: the rejection in which `leave` would end on
   * every connection to that network, with the same status, reason and rule; undefined where
   * it may not, or where who answers hangs on the connection. What follows from Privacy and
   * from signatures (`critical`: 500) is not foreseen. Of rules and marks the decision tells
   * those that are certain.
   */
  refuses(entered: Entered, network: string): MessageDecision | undefined;
  explain(event: PolicyEvent): readonly Explanation[];
}

/** A message between the gates, read as the in gate leaves it. */
export interface Entered {
  readonly message: EnteringMessage;
  /** Set where the message has already been refused (syntax, or a rule of the in gate). */
  readonly refused: MessageDecision | undefined;
  readonly scan: Scan;
}
