/** What is looked up of the networks of a policy, as typed arrays: plain data that another thread can make. */
import type { Network } from "../../grammar/model.ts";
import { emptyTable, type HashTable, hashOfPrefix, hashOfText, putIn } from "./hash-table.ts";

/** Networks are told by their position: their place in the policy, from 0. */
export interface NetworkTables {
  readonly size: number;
  readonly byName: HashTable;
  readonly byDomain: HashTable;
  readonly byPrefix: HashTable;
  /** Family, in bytes, and length of every prefix, the longest first. */
  readonly prefixLengths: readonly { readonly bytes: number; readonly length: number }[];
  /** The first network that is known by a listener, and how many are; by the listener's name. */
  readonly byListener: ReadonlyMap<string, { readonly first: number; readonly count: number }>;
  readonly own: readonly number[];
  /** Networks that have a word in their names. */
  readonly words: HashTable;
  readonly agreements: AgreementTables;
}

/** Of partners. Milliseconds since 1970; both lists ascend. */
export interface AgreementTables {
  readonly begins: Float64Array<ArrayBuffer>;
  readonly ends: Float64Array<ArrayBuffer>;
  /** Whose the entry of `ends` is. */
  readonly endsOf: Uint32Array<ArrayBuffer>;
  /** Partners that have no agreement. */
  readonly without: number;
}

/** Runs of letters and digits of a name, in lower case. */
export function wordsOf(name: string): readonly string[] {
  return name.toLowerCase().match(/[0-9a-z]+/g) ?? [];
}

export function tablesOf(networks: readonly Network[]): NetworkTables {
  const byName = emptyTable(networks.length);
  const byDomain = emptyTable(sum(networks, ({ domains }) => domains.length));
  const byPrefix = emptyTable(sum(networks, ({ addresses }) => addresses.length));
  const lengths = new Map<number, NetworkTables["prefixLengths"][number]>();
  const byListener = new Map<string, { readonly first: number; count: number }>();
  const own: number[] = [];
  for (const [position, network] of networks.entries()) {
    putIn(byName, hashOfText(network.name), position);
    for (const domain of network.domains) putIn(byDomain, hashOfText(domain), position);
    for (const { bytes, length } of network.addresses) {
      putIn(byPrefix, hashOfPrefix(bytes, length), position);
      const key = bytes.length * 256 + length;
      if (!lengths.has(key)) lengths.set(key, { bytes: bytes.length, length });
    }
    for (const listener of network.listeners.length > 1 ? new Set(network.listeners) : network.listeners) {
      const known = byListener.get(listener);
      if (known === undefined) byListener.set(listener, { first: position, count: 1 });
      else known.count++;
    }
    if (network.own) own.push(position);
  }
  return {
    size: networks.length,
    byName,
    byDomain,
    byPrefix,
    prefixLengths: [...lengths.values()].toSorted((one, other) => other.length - one.length),
    byListener,
    own,
    words: wordTable(networks),
    agreements: agreementTables(networks),
  };
}

/** For `postMessage`: what of them moves, and is not copied. */
export function buffersOf(tables: NetworkTables): ArrayBuffer[] {
  const { byName, byDomain, byPrefix, words, agreements } = tables;
  return [
    ...[byName, byDomain, byPrefix, words].flatMap(({ hashes, values }) => [hashes.buffer, values.buffer]),
    ...[agreements.begins.buffer, agreements.ends.buffer, agreements.endsOf.buffer],
  ];
}

function wordTable(networks: readonly Network[]): HashTable {
  const holders = new Map<string, number>();
  for (const [position, { name }] of networks.entries())
    for (const word of wordsOf(name)) if (!holders.has(word)) holders.set(word, position);
  const table = emptyTable(holders.size);
  for (const [word, position] of holders) putIn(table, hashOfText(word), position);
  return table;
}

function agreementTables(networks: readonly Network[]): AgreementTables {
  const partners = networks.filter(({ kind }) => kind === "partner");
  const begins = Float64Array.from(partners.flatMap(({ agreement }) => agreement?.from ?? [])).sort();
  const dated = networks.flatMap(({ kind, agreement }, position) =>
    kind === "partner" && agreement !== undefined ? [{ position, until: agreement.until }] : [],
  );
  dated.sort((one, other) => (one.until < other.until ? -1 : one.until > other.until ? 1 : 0));
  return {
    begins,
    ends: Float64Array.from(dated, ({ until }) => until),
    endsOf: Uint32Array.from(dated, ({ position }) => position),
    without: partners.length - dated.length,
  };
}

function sum(networks: readonly Network[], count: (network: Network) => number): number {
  let total = 0;
  for (const network of networks) total += count(network);
  return total;
}
