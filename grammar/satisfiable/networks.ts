/** The networks that can stand at an end, in groups that no condition of the policy can tell apart. */
import type { Agreement, Condition, Network, Policy, Trust, Who } from "../model.ts";

export interface NetworkGroup {
  /** One of them, for a witness. */
  readonly network: Network;
  /** `several`: the group's members differ in this alone. */
  readonly agreement: Agreement | undefined | "several";
}

/** What conditions may ask of a policy. A checked `Policy` is one. */
export type Setting = Pick<Policy, "fields" | "networks" | "options" | "trust">;

export interface NetworkGroups {
  readonly groups: readonly NetworkGroup[];
  /** Not all are listed: that nothing holds can't be said. */
  readonly truncated: boolean;
}

/** More groups than these come of networks that each have option values of their own. */
const mostGroups = 48;

/** Groups the networks once; `naming` is cheap then, however many networks there are. */
export class NetworkGrouping {
  readonly #setting: Setting;
  readonly #groups = new Map<string, { readonly members: Network[]; agreement: NetworkGroup["agreement"] }>();
  #truncated = false;

  constructor(setting: Setting) {
    this.#setting = setting;
    const named = new Set<string>();
    for (const { who, condition } of setting.trust) {
      addNames(who, named);
      visitEnds(condition, (one) => addNames(one, named));
    }
    for (const network of setting.networks.values()) {
      const key = named.has(network.name) ? network.name : groupKey(network);
      const group = this.#groups.get(key);
      if (group !== undefined) {
        group.members.push(network);
        if (!sameAgreement(group.agreement, network.agreement)) group.agreement = "several";
      } else if (this.#groups.size < mostGroups) {
        this.#groups.set(key, { members: [network], agreement: network.agreement });
      } else {
        this.#truncated = true;
      }
    }
  }

  /** The groups for a condition that itself names these networks. */
  naming(names: ReadonlySet<string>): NetworkGroups {
    const groups: NetworkGroup[] = [];
    for (const name of names) {
      const network = this.#setting.networks.get(name);
      if (network !== undefined) groups.push({ network, agreement: network.agreement });
    }
    for (const { members, agreement } of this.#groups.values()) {
      const network = members.find(({ name }) => !names.has(name));
      if (network !== undefined) groups.push({ network, agreement });
    }
    return { groups, truncated: this.#truncated };
  }
}

/** Most of a long list: one text for all, which need not be put together for each. */
const plainPartner = "partner false true";

function groupKey({ kind, own, agreement, options }: Network): string {
  if (kind === "partner" && !own && agreement !== undefined && options.size === 0) return plainPartner;
  const values = [...options].map(([name, value]) => `${name}=${value}`).toSorted();
  return [kind, own, agreement !== undefined, ...values].join(" ");
}

/** Networks called by their names. */
export function addNames(who: readonly Who[], names: Set<string>): void {
  for (const one of who) if (one.kind === "network") names.add(one.name);
}

/** All ends that a condition speaks of; without a side where it speaks of the name in a certificate. */
export function visitEnds(
  condition: Condition,
  visit: (who: readonly Who[], side: "from" | "to" | undefined) => void,
): void {
  if (condition.kind === "not") visitEnds(condition.of, visit);
  else if (condition.kind !== "atom") for (const one of condition.of) visitEnds(one, visit);
  else if (condition.atom.on === "end") visit(condition.atom.who, condition.atom.side);
  else if (condition.atom.on === "certificate-names") visit(condition.atom.who, undefined);
}

function sameAgreement(a: NetworkGroup["agreement"], b: Agreement | undefined): boolean {
  return a !== "several" && a?.from === b?.from && a?.until === b?.until;
}

/** `trusted` and `untrusted` depend on more than the network: no network is one of them here. */
export function isOneOf(network: Network, who: Who): boolean {
  switch (who.kind) {
    case "trusted":
    case "untrusted":
      return false;
    case "anyone":
      return true;
    case "own":
      return network.own;
    case "foreign":
      return !network.own;
    case "partner":
      return network.kind === "partner";
    case "network":
      return network.name === who.name;
  }
}

/** The statements that can make the network trusted, all its fields, in this direction. */
export function trustOf(setting: Setting, network: Network, side: "from" | "to"): readonly Trust[] {
  return setting.trust.filter(
    (trust) =>
      trust.fields === undefined &&
      (side === "from" ? trust.incoming : trust.outgoing) &&
      trust.who.some((who) => isOneOf(network, who)),
  );
}
