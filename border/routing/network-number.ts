/**
 * Networks as 48-bit numbers, for the parameters that travel in messages.
 *
 * A number is a keyed hash of the name: it outlives a reload that adds or reorders networks,
 * is the same in every border that has the same secret, and tells an outsider nothing.
 */
import {
  emptyTable,
  type HashTable,
  hashOfNumber,
  indexOf,
  type NetworkIndex,
  type Networks,
  putIn,
  slotOf,
} from "../../engine/networks/index.ts";
import { hashKind, KeyedHash } from "../hash/keyed-hash.ts";

/** Plain data, which another thread can make. */
export interface NumberTables {
  /** In the order of the policy. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Places in the policy, by number. */
  readonly byNumber: HashTable;
}

/** By a secret of 16 bytes. Throws where two networks share a number. */
export function networkNumbers(secret: Uint8Array, networks: Networks): NumberTables {
  return numberTables(new KeyedHash(secret), networks);
}

/** For `postMessage`: what of them moves, and is not copied. */
export function buffersOfNumbers({ numbers, byNumber }: NumberTables): ArrayBuffer[] {
  return [numbers.buffer, byNumber.hashes.buffer, byNumber.values.buffer];
}

function numberTables(hash: KeyedHash, networks: Networks): NumberTables {
  const numbers = new Float64Array(networks.size);
  const byNumber = emptyTable(networks.size);
  let position = 0;
  for (const name of networks.keys()) {
    const number = numberOfName(hash, name);
    const other = positionOf(number, numbers, byNumber);
    if (other >= 0) {
      const names = `${indexOf(networks).network(other).name} and ${name}`;
      throw new RangeError(`networks ${names} share a number: change the secret`);
    }
    numbers[position] = number;
    putIn(byNumber, hashOfNumber(number), position);
    position++;
  }
  return { numbers, byNumber };
}

export class NetworkNumbers {
  private readonly index: NetworkIndex;
  private readonly tables: NumberTables;

  /** `tables`: as `networkNumbers` has made them of the same networks and secret. */
  constructor(hash: KeyedHash, networks: Networks, tables: NumberTables = numberTables(hash, networks)) {
    this.index = indexOf(networks);
    this.tables = tables;
  }

  /** `name` is a network of the policy. */
  numberOf(name: string): number {
    const position = this.index.positionOf(name);
    if (position < 0) throw new RangeError(`no network ${name}`);
    return this.tables.numbers[position]!;
  }

  nameOf(number: number): string | undefined {
    const { numbers, byNumber } = this.tables;
    const position = positionOf(number, numbers, byNumber);
    return position < 0 ? undefined : this.index.network(position).name;
  }
}

function numberOfName(hash: KeyedHash, name: string): number {
  hash.begin(hashKind.network);
  hash.text(name);
  const words = hash.finish();
  return words[0]! + (words[1]! & 0xffff) * 2 ** 32;
}

/** -1: no network has the number. */
function positionOf(number: number, numbers: Float64Array, byNumber: HashTable): number {
  const hash = hashOfNumber(number);
  for (let slot = slotOf(byNumber, hash, hash); slot >= 0; slot = slotOf(byNumber, hash, slot + 1)) {
    const position = byNumber.values[slot]! - 1;
    if (numbers[position] === number) return position;
  }
  return -1;
}
