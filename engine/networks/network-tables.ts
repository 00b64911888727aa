/** What is looked up of the networks of a policy, as typed arrays: plain data that another thread can make. */
import type { Network } from "../../grammar/model.ts";
import { emptyTable, type HashTable, hashOfPrefix, hashOfText, putIn, slotOf } from "./hash-table.ts";

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
interface AgreementTables {
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
  for (let position = 0; position < networks.length; position++) {
    const network = networks[position]!;
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
  const { begins, ends, endsOf } = agreements;
  const hashed = [byName, byDomain, byPrefix, words];
  return [
    ...hashed.flatMap(({ hashes, values }) => [hashes.buffer, values.buffer]),
    begins.buffer,
    ends.buffer,
    endsOf.buffer,
  ];
}

/** Each word once, with the first network that has it. */
function wordTable(networks: readonly Network[]): HashTable {
  const names = networks.map(({ name }) => name.toLowerCase());
  let count = 0;
  for (const name of names) for (let at = endOfWord(name, 0); at > 0; at = endOfWord(name, at)) count++;
  const table = emptyTable(count);
  for (let position = 0; position < names.length; position++) {
    const name = names[position]!;
    for (let start = startOfWord(name, 0); start < name.length; ) {
      const end = endOfWord(name, start);
      const word = start === 0 && end === name.length ? name : name.slice(start, end);
      if (!holds(table, names, word)) putIn(table, hashOfText(word), position);
      start = startOfWord(name, end);
    }
  }
  return table;
}

function holds(table: HashTable, names: readonly string[], word: string): boolean {
  const hash = hashOfText(word);
  for (let slot = slotOf(table, hash, hash); slot >= 0; slot = slotOf(table, hash, slot + 1))
    if (names[table.values[slot]! - 1]!.includes(word)) return true;
  return false;
}

/** Of the first word from `at` on; the name's length where there is none. */
function startOfWord(name: string, at: number): number {
  let start = at;
  while (start < name.length && !isOfWord(name.charCodeAt(start))) start++;
  return start;
}

/** Behind the first word from `at` on; 0 where there is none. */
function endOfWord(name: string, at: number): number {
  const start = startOfWord(name, at);
  if (start === name.length) return 0;
  let end = start;
  while (end < name.length && isOfWord(name.charCodeAt(end))) end++;
  return end;
}

/** 0 to 9, a to z. */
const isOfWord = (code: number): boolean => (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a);

function agreementTables(networks: readonly Network[]): AgreementTables {
  const begins: number[] = [];
  /** Positions, by when the agreement ends: many end on one day. */
  const byEnd = new Map<number, number[]>();
  let without = 0;
  for (let position = 0; position < networks.length; position++) {
    const { kind, agreement } = networks[position]!;
    if (kind !== "partner") continue;
    if (agreement === undefined) {
      without++;
      continue;
    }
    begins.push(agreement.from);
    const others = byEnd.get(agreement.until);
    if (others === undefined) byEnd.set(agreement.until, [position]);
    else others.push(position);
  }
  const ends = new Float64Array(begins.length);
  const endsOf = new Uint32Array(begins.length);
  let at = 0;
  for (const [until, positions] of [...byEnd].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    ends.fill(until, at, at + positions.length);
    endsOf.set(positions, at);
    at += positions.length;
  }
  return { begins: Float64Array.from(begins).toSorted(), ends, endsOf, without };
}

function sum(networks: readonly Network[], count: (network: Network) => number): number {
  let total = 0;
  for (const network of networks) total += count(network);
  return total;
}
