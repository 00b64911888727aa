/**
 * Who of a policy's networks has a name, a domain, an address, a listener: looked up, at the same
 * cost however many there are. Nothing here walks over all of them.
 */
import type { Network } from "../../grammar/model.ts";
import { isWithin } from "../conditions/internet-address.ts";
import { type HashTable, hashOfPrefix, hashOfText, slotOf } from "./hash-table.ts";
import { type NetworkTables, tablesOf, wordsOf } from "./network-tables.ts";

export type Networks = ReadonlyMap<string, Network>;

/** Networks that bring their index with them. */
export interface IndexedNetworks extends Networks {
  readonly index: NetworkIndex;
}

/** How many agreements of partners are in which state. */
export interface AgreementCounts {
  readonly pending: number;
  readonly "in-force": number;
  readonly ended: number;
  readonly none: number;
}

export class NetworkIndex {
  private readonly tables: NetworkTables;
  private readonly at: (position: number) => Network;

  constructor(tables: NetworkTables, at: (position: number) => Network) {
    this.tables = tables;
    this.at = at;
  }

  get size(): number {
    return this.tables.size;
  }

  /** From 0, in the order of the policy; -1 where it has none of the name. */
  positionOf(name: string): number {
    const { byName } = this.tables;
    const hash = hashOfText(name);
    for (let slot = slotOf(byName, hash, hash); slot >= 0; slot = slotOf(byName, hash, slot + 1)) {
      const position = byName.values[slot]! - 1;
      if (this.at(position).name === name) return position;
    }
    return -1;
  }

  /** `position` is below `size`. */
  network(position: number): Network {
    return this.at(position);
  }

  named(name: string): Network | undefined {
    const position = this.positionOf(name);
    return position < 0 ? undefined : this.at(position);
  }

  /** Those whose domain it is, compared whole, in the order of the policy. `domain`: lower case, no dot at the end. */
  ofDomain(domain: string): readonly Network[] {
    const hash = hashOfText(domain);
    return this.all(this.tables.byDomain, hash, ({ domains }) => domains.includes(domain));
  }

  /** The network that is known by the listener alone; `several` where more than one are. */
  byListener(listener: string): Network | "several" | undefined {
    const known = this.tables.byListener.get(listener);
    if (known === undefined) return undefined;
    return known.count > 1 ? "several" : this.at(known.first);
  }

  /** The one of the longest prefix that holds the address, of those that are known by `listener` where it is given. */
  nearest(address: ArrayLike<number>, listener?: string): Network | undefined {
    const { byPrefix, prefixLengths } = this.tables;
    for (const { bytes, length } of prefixLengths) {
      if (bytes !== address.length) continue;
      const near = this.all(
        byPrefix,
        hashOfPrefix(address, length),
        ({ addresses, listeners }) =>
          (listener === undefined || listeners.includes(listener)) &&
          addresses.some((prefix) => prefix.length === length && isWithin(address, prefix)),
      );
      if (near.length > 0) return near.reduce((one, other) => (one.name < other.name ? one : other));
    }
    return undefined;
  }

  /** Any of them declares addresses. */
  get hasAddresses(): boolean {
    return this.tables.prefixLengths.length > 0;
  }

  /** Our own, in the order of the policy. */
  own(): readonly Network[] {
    return this.tables.own.map((position) => this.at(position));
  }

  /** A run of letters and digits, in lower case, is one of some network's name. */
  holdsWord(word: string): boolean {
    return (
      this.all(this.tables.words, hashOfText(word), ({ name }) => wordsOf(name).includes(word)).length > 0
    );
  }

  /** Of partners, at that clock. */
  agreementsAt(at: number): AgreementCounts {
    const { begins, ends, without } = this.tables.agreements;
    const begun = countUpTo(begins, at);
    const ended = countUpTo(ends, at);
    return { pending: begins.length - begun, "in-force": begun - ended, ended, none: without };
  }

  /** Partners whose agreement ends after `from`, but not after `to`: the soonest first, `most` of them. */
  agreementsEnding(from: number, to: number, most: number): readonly Network[] {
    const { ends, endsOf } = this.tables.agreements;
    const first = countUpTo(ends, from);
    const last = Math.min(countUpTo(ends, to), first + most);
    return Array.from(endsOf.subarray(first, last), (position) => this.at(position));
  }

  private all(table: HashTable, hash: number, fits: (network: Network) => boolean): readonly Network[] {
    let found: Network[] | undefined;
    for (let slot = slotOf(table, hash, hash); slot >= 0; slot = slotOf(table, hash, slot + 1)) {
      const network = this.at(table.values[slot]! - 1);
      if (!fits(network)) continue;
      if (found === undefined) found = [network];
      else if (!found.includes(network)) found.push(network);
    }
    return found ?? nobody;
  }
}

const nobody: readonly Network[] = [];

/** How many of ascending numbers are at most `limit`. */
function countUpTo(ascending: Float64Array, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

const indices = new WeakMap<Networks, NetworkIndex>();

/** Made when it is first asked for; networks that bring one have it already. */
export function indexOf(networks: Networks): NetworkIndex {
  if (isIndexed(networks)) return networks.index;
  let index = indices.get(networks);
  if (index === undefined) {
    const all = [...networks.values()];
    index = new NetworkIndex(tablesOf(all), (position) => all[position]!);
    indices.set(networks, index);
  }
  return index;
}

function isIndexed(networks: Networks): networks is IndexedNetworks {
  return "index" in networks;
}
