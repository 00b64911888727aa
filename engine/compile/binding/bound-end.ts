/**
 * What the engine keeps of an end for as long as its connection lives: its trust, and the
 * class of ends to which it belongs. Ends of one class are alike to every rule, so a
 * hundred thousand partners share a handful of plans.
 */
import type { Policy } from "../../../grammar/model.ts";
import { holdsForConnection, optionValue } from "../../conditions/connection-atoms.ts";
import type { EngineContext } from "../../engine.ts";
import type { ConnectionFacts, NetworkEnd } from "../../event.ts";
import { assessEnd, type End } from "../../trust/ends.ts";
import { namedPartner } from "../../trust/named-partner.ts";
import type { GatePlan } from "../plan/gate-plan.ts";
import type { PolicyReads } from "./policy-reads.ts";

export type Direction = "incoming" | "outgoing";

export interface BoundEnd {
  /** The network's name as the event gives it; a name that the policy lacks is a stranger's. */
  readonly name: string;
  readonly end: End;
  readonly endClass: EndClass;
  /** Good from this millisecond, and before that one: then a date of the policy or of the certificate has passed. */
  readonly from: number;
  readonly until: number;
}

/** Ends that no rule can tell apart. Plans hang on classes. */
export interface EndClass {
  readonly id: number;
  /** One end of the class, to ask what any of them would answer. */
  readonly example: End;
  /** A clock at which the class's answers hold. */
  readonly at: number;
  /** Of the in gate, by the message's kind. */
  readonly inPlans: (GatePlan | undefined)[];
  /** Of the out gate, by the to-end's class, then by kind. */
  readonly outPlans: ((GatePlan | undefined)[] | undefined)[];
}

/** Options that the consequences read. */
const consequenceOptions = ["broken-signature", "unfulfilled-privacy", "malformed-privacy"] as const;

export class EndBinder {
  private readonly policy: Policy;
  private readonly context: EngineContext;
  private readonly reads: PolicyReads;
  private readonly direction: Direction;
  private readonly classes = new Map<string, EndClass>();
  private readonly bound = new WeakMap<ConnectionFacts, Map<string, BoundEnd>>();
  // Most messages come from where the last one came from.
  private lastConnection: ConnectionFacts | undefined;
  private last: BoundEnd | undefined;

  constructor(policy: Policy, context: EngineContext, reads: PolicyReads, direction: Direction) {
    this.policy = policy;
    this.context = context;
    this.reads = reads;
    this.direction = direction;
  }

  bind({ network, connection }: NetworkEnd, at: number): BoundEnd {
    const last = this.last;
    if (
      this.lastConnection === connection &&
      last !== undefined &&
      at >= last.from &&
      at < last.until &&
      last.name === network
    ) {
      return last;
    }
    const found = this.find(network, connection, at);
    this.lastConnection = connection;
    this.last = found;
    return found;
  }

  private find(network: string, connection: ConnectionFacts, at: number): BoundEnd {
    let byName = this.bound.get(connection);
    if (byName === undefined) {
      byName = new Map();
      this.bound.set(connection, byName);
    }
    const known = byName.get(network);
    if (known !== undefined && at >= known.from && at < known.until) return known;
    const fresh = this.assess({ network, connection }, at);
    byName.set(network, fresh);
    return fresh;
  }

  private assess(facts: NetworkEnd, at: number): BoundEnd {
    const end = assessEnd(this.policy, this.context, facts, this.direction, at);
    const key = this.classKey(end, at);
    let endClass = this.classes.get(key);
    if (endClass === undefined) {
      endClass = { id: this.classes.size, example: end, at, inPlans: [], outPlans: [] };
      this.classes.set(key, endClass);
    }
    return { name: facts.network, end, endClass, ...this.spanAround(end, at) };
  }

  private classKey(end: End, at: number): string {
    const { policy, context, reads } = this;
    const { network, connection, trusted, trustedFields } = end;
    const scene = { policy, context, at, connection, network };
    const atoms = this.direction === "incoming" ? reads.connectionAtoms.in : reads.connectionAtoms.out;
    return JSON.stringify([
      reads.namedNetworks.has(network.name) ? network.name : "",
      network.kind,
      network.own,
      trusted,
      [...trustedFields].toSorted(),
      atoms.map((atom) => (holdsForConnection(atom, scene) ? 1 : 0)).join(""),
      consequenceOptions.map((name) => optionValue(name, scene) ?? ""),
    ]);
  }

  /** How long the clock can move without changing an answer. */
  private spanAround({ network, connection }: End, at: number): { from: number; until: number } {
    const { from: since, until: expiry } = namedPartner(
      this.policy,
      this.context,
      connection.tls?.certificate,
      at,
    );
    let from = since;
    let until = expiry;
    const limit = (date: number): void => {
      if (date <= at) from = Math.max(from, date);
      else until = Math.min(until, date);
    };
    if (network.agreement !== undefined) {
      limit(network.agreement.from);
      limit(network.agreement.until);
    }
    for (const date of this.reads.dates) limit(date);
    return { from, until };
  }
}
