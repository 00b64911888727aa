/**
 * A hash table in typed arrays (open addressing, linear probing), so that a hundred thousand entries
 * pass from one thread to another without being copied, and are nothing that garbage collection walks.
 *
 * It holds numbers by a hash; whoever looks up compares what the number stands for. Entries of one
 * hash are met in the order in which they were put in. Nothing is taken out.
 */
export interface HashTable {
  /** As many slots as a power of two. */
  readonly hashes: Uint32Array<ArrayBuffer>;
  /** One more than the number that the slot holds; 0: it is empty. */
  readonly values: Uint32Array<ArrayBuffer>;
}

/** With room for so many entries. */
export function emptyTable(entries: number): HashTable {
  let slots = 8;
  while (slots < entries * 1.5) slots *= 2;
  return { hashes: new Uint32Array(slots), values: new Uint32Array(slots) };
}

/** The table has room for it. */
export function putIn({ hashes, values }: HashTable, hash: number, value: number): void {
  const mask = values.length - 1;
  let slot = hash & mask;
  while (values[slot] !== 0) slot = (slot + 1) & mask;
  hashes[slot] = hash;
  values[slot] = value + 1;
}

/** The first slot that holds an entry of the hash, from `slot` on; -1: there is none. Begin with `hash`. */
export function slotOf({ hashes, values }: HashTable, hash: number, slot: number): number {
  const mask = values.length - 1;
  for (let at = slot & mask; values[at] !== 0; at = (at + 1) & mask) if (hashes[at] === hash) return at;
  return -1;
}

/** 32 bits of a text. */
export function hashOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return spread(hash);
}

/** 32 bits of the first `length` bits of an address, with its family and the length. */
export function hashOfPrefix(bytes: ArrayLike<number>, length: number): number {
  const whole = length >> 3;
  const rest = length & 7;
  let hash = Math.imul(bytes.length ^ 0x811c9dc5, 0x01000193) ^ length;
  for (let index = 0; index < whole; index++) hash = Math.imul(hash ^ bytes[index]!, 0x01000193);
  if (rest !== 0) hash = Math.imul(hash ^ (bytes[whole]! & (0xff << (8 - rest)) & 0xff), 0x01000193);
  return spread(hash);
}

/** 32 bits of an integer of up to 53. */
export function hashOfNumber(number: number): number {
  return spread((number % 2 ** 32) ^ Math.floor(number / 2 ** 32));
}

/** Every bit counts in the low ones, which choose the slot (the finish of MurmurHash3). */
function spread(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
