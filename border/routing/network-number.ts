/**
 * Networks as 48-bit numbers, for the parameters that travel in messages.
 *
 * A number is a keyed hash of the name: it outlives a reload that adds or reorders networks,
 * is the same in every border that has the same secret, and tells an outsider nothing.
 */
import { hashKind, type KeyedHash } from "../hash/keyed-hash.ts";

export class NetworkNumbers {
  private readonly numbers = new Map<string, number>();
  private readonly names = new Map<number, string>();

  constructor(hash: KeyedHash, networks: Iterable<string>) {
    for (const name of networks) {
      hash.begin(hashKind.network);
      hash.text(name);
      const words = hash.finish();
      const number = words[0]! + (words[1]! & 0xffff) * 2 ** 32;
      const other = this.names.get(number);
      if (other !== undefined)
        throw new RangeError(`networks ${other} and ${name} share a number: change the secret`);
      this.numbers.set(name, number);
      this.names.set(number, name);
    }
  }

  /** `name` is a network of the policy. */
  numberOf(name: string): number {
    const number = this.numbers.get(name);
    if (number === undefined) throw new RangeError(`no network ${name}`);
    return number;
  }

  nameOf(number: number): string | undefined {
    return this.names.get(number);
  }
}
