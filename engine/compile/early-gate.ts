/** Asks the law about a rejection before there is a connection, where any rule may reject such a message. */
import type { Policy, Rule } from "../../grammar/model.ts";
import type { FieldTable, Scan } from "../../wire/index.ts";
import type { Assessment } from "../decision.ts";
import { outRules, refuseEarly, unconnectedEnds } from "../early.ts";
import type { EngineContext } from "../engine.ts";
import type { EnteringMessage } from "../event.ts";
import { type Rejection, rulesEventIs } from "../gate.ts";
import { type FieldRows, readTree } from "../message/tree.ts";
import type { End } from "../trust/ends.ts";

export class EarlyGate {
  private readonly policy: Policy;
  private readonly context: EngineContext;
  private readonly fields: FieldTable;
  private readonly rows: FieldRows;
  /** Rules of the out gate that have a rejection, by name. */
  private readonly rejecting: readonly Rule[];

  constructor(policy: Policy, context: EngineContext, fields: FieldTable, rows: FieldRows) {
    this.policy = policy;
    this.context = context;
    this.fields = fields;
    this.rows = rows;
    this.rejecting = outRules(policy).filter(({ actions }) => actions.some(({ kind }) => kind === "reject"));
  }

  /** How the network is judged while there is no connection to it. */
  assess(network: string, at: number): Assessment {
    return unconnectedEnds(this.policy, this.context, network, at)[0]!.assessment;
  }

  /** `scan` is the message as the in gate leaves it. */
  refuses(scan: Scan, { at }: EnteringMessage, from: End, network: string): Rejection | undefined {
    const { policy, context, fields, rows } = this;
    if (this.rejecting.length === 0) return undefined;
    const ends = unconnectedEnds(policy, context, network, at);
    const rules = this.rejecting.filter((rule) =>
      ends.some((to) => rulesEventIs(rule, { tree: scan, from, to })),
    );
    if (rules.length === 0) return undefined;
    const tree = readTree(scan, fields, rows);
    const scenes = ends.map((to) => ({
      policy,
      context,
      at,
      connection: to.connection,
      network: to.network,
      tree,
      from,
      to,
    }));
    return refuseEarly(rules, scenes)?.rejection;
  }
}
