/** What a policy's rules ask of ends, connections and the clock, gathered once. */
import type { Atom, Condition, Policy, Rule, Who } from "../../../grammar/model.ts";
import { type ConnectionAtom, isConnectionAtom } from "../../conditions/connection-atoms.ts";
import { eachAtom } from "../conditions/residual.ts";

export type FieldShape = Policy["fields"][number]["shape"];

export interface PolicyReads {
  /** Networks that some rule names: all others of a kind are alike to the rules. */
  readonly namedNetworks: ReadonlySet<string>;
  /** Equal atoms once. In the in gate they speak of the from-end, in the out gate of the to-end. */
  readonly connectionAtoms: {
    readonly in: readonly ConnectionAtom[];
    readonly out: readonly ConnectionAtom[];
  };
  /** Every date that a `date` condition names, ascending. */
  readonly dates: readonly number[];
  /** Methods that some rule names, in the order of their numbers; the number behind the last is any other. */
  readonly methods: readonly string[];
}

export function readsOf(policy: Policy): PolicyReads {
  const namedNetworks = new Set<string>();
  const dates = new Set<number>();
  const methods = new Set<string>();
  const atoms = { in: new Map<string, ConnectionAtom>(), out: new Map<string, ConnectionAtom>() };
  const name = (who: readonly Who[] | undefined): void => {
    for (const one of who ?? []) if (one.kind === "network") namedNetworks.add(one.name);
  };
  const date = (atom: Atom): void => {
    if (atom.on !== "date") return;
    for (const end of [atom.from, atom.until]) if (Number.isFinite(end)) dates.add(end);
  };
  for (const rule of policy.rules) {
    const { gate } = rule;
    if (gate === "handshake") continue;
    name(rule.from);
    name(rule.to);
    for (const condition of conditionsOf(rule)) {
      eachAtom(condition, (atom) => {
        date(atom);
        if (atom.on === "end") name(atom.who);
        else if (atom.on === "method") for (const method of atom.among) methods.add(method);
        else if (isConnectionAtom(atom)) atoms[gate].set(keyOf(atom), atom);
      });
    }
  }
  for (const { condition } of policy.trust) eachAtom(condition, date);
  return {
    namedNetworks,
    connectionAtoms: { in: [...atoms.in.values()], out: [...atoms.out.values()] },
    dates: [...dates].toSorted((a, b) => a - b),
    methods: [...methods],
  };
}

/** Every condition that stands in a rule. */
function conditionsOf({ condition, actions, fulfilments }: Rule): Condition[] {
  return [
    condition,
    ...actions.map((action) => action.condition),
    ...fulfilments.flatMap(({ condition: asked, keepWhen }) => [asked, keepWhen]),
  ];
}

/** Equal atoms, and equal conditions wherever they stand, have equal keys. */
export function keyOf(one: Atom | Condition): string {
  return JSON.stringify(one, (name, value: unknown) => {
    if (name === "origin") return undefined;
    return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  });
}
