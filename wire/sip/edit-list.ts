import { keptResults, type ResultMemory } from "./result-memory.ts";

const nothing = new Uint8Array(0);

/**
 * Edits of one message, applied in one pass. Spans are those of the bytes as they came;
 * what no edit touches is copied as it stands. Cleared and used again, it allocates only
 * the message that it makes.
 */
export class EditList {
  #size = 0;
  #start = new Int32Array(32);
  #end = new Int32Array(32);
  readonly #bytes: Uint8Array[] = [];
  /** Entries in the order of their spans; a later entry at the same place comes later. */
  #order = new Int32Array(32);
  #sorted = true;
  /** No edit makes the message so far longer than it was. */
  #onlyShrinks = true;

  /** Number of edits. */
  get size(): number {
    return this.#size;
  }

  clear(): void {
    for (let i = 0; i < this.#size; i++) this.#bytes[i] = nothing;
    this.#size = 0;
    this.#sorted = true;
  }

  remove(start: number, end: number): void {
    this.replace(start, end, nothing);
  }

  insert(at: number, bytes: Uint8Array): void {
    this.replace(at, at, bytes);
  }

  /** Throws RangeError where `start` is negative or behind `end`. */
  replace(start: number, end: number, bytes: Uint8Array): void {
    if (start < 0 || start > end) throw new RangeError(`no span: ${start} to ${end}`);
    const entry = this.#size++;
    if (entry === this.#start.length) this.#grow();
    this.#start[entry] = start;
    this.#end[entry] = end;
    this.#bytes[entry] = bytes;
    this.#order[entry] = entry;
    if (entry > 0 && this.#follows(entry - 1, entry)) this.#sorted = false;
  }

  /**
   * The edited `bytes[0, end)`, as new bytes. Throws RangeError where two edits overlap or
   * one reaches beyond `end`: two owners of a byte are a mistake of the program.
   */
  apply(bytes: Uint8Array, end: number, results: ResultMemory = keptResults): Uint8Array {
    if (!this.#sorted) this.#sort();
    const total = this.#measure(end);
    return this.#onlyShrinks
      ? this.#shrink(bytes, end, total, results)
      : this.#assemble(bytes, end, total, results);
  }

  /** Copies the message whole and closes the gaps in place: no object is made for a piece. */
  #shrink(bytes: Uint8Array, end: number, total: number, results: ResultMemory): Uint8Array {
    const at = results.room(end);
    const { slab } = results;
    slab.set(end === bytes.length ? bytes : bytes.subarray(0, end), at);
    let from = 0;
    let to = 0;
    for (let i = 0; i < this.#size; i++) {
      const entry = this.#order[i]!;
      const start = this.#start[entry]!;
      if (to !== from) slab.copyWithin(at + to, at + from, at + start);
      to += start - from;
      const added = this.#bytes[entry]!;
      if (added.length > 0) slab.set(added, at + to);
      to += added.length;
      from = this.#end[entry]!;
    }
    if (to !== from) slab.copyWithin(at + to, at + from, at + end);
    return results.taken(at, total);
  }

  /**
   * The same where something grows: the message stands for the moment behind the place of
   * the result, so that no piece is written over before it is copied.
   */
  #assemble(bytes: Uint8Array, end: number, total: number, results: ResultMemory): Uint8Array {
    const at = results.room(total + end);
    const { slab } = results;
    const source = at + total;
    slab.set(end === bytes.length ? bytes : bytes.subarray(0, end), source);
    let from = 0;
    let to = at;
    for (let i = 0; i < this.#size; i++) {
      const entry = this.#order[i]!;
      const start = this.#start[entry]!;
      if (start > from) slab.copyWithin(to, source + from, source + start);
      to += start - from;
      const added = this.#bytes[entry]!;
      if (added.length > 0) slab.set(added, to);
      to += added.length;
      from = this.#end[entry]!;
    }
    slab.copyWithin(to, source + from, source + end);
    return results.taken(at, total);
  }

  /** The length of the result; throws where edits overlap. */
  #measure(end: number): number {
    let total = end;
    let behind = 0;
    this.#onlyShrinks = true;
    for (let i = 0; i < this.#size; i++) {
      const entry = this.#order[i]!;
      const start = this.#start[entry]!;
      const stop = this.#end[entry]!;
      if (start < behind) throw new RangeError(`edits overlap at ${start}`);
      if (stop > end) throw new RangeError(`an edit reaches to ${stop}, the message only to ${end}`);
      behind = stop;
      total += this.#bytes[entry]!.length - (stop - start);
      // What stands behind would be written over before it is copied.
      if (total > end) this.#onlyShrinks = false;
    }
    return total;
  }

  /** Whether entry `a` belongs behind entry `b`: an insertion comes before what begins at its place. */
  #follows(a: number, b: number): boolean {
    const difference = this.#start[a]! - this.#start[b]! || this.#end[a]! - this.#end[b]!;
    return difference > 0 || (difference === 0 && a > b);
  }

  #sort(): void {
    const order = this.#order;
    const size = this.#size;
    if (size > 64) {
      order.subarray(0, size).sort((a, b) => (this.#follows(a, b) ? 1 : -1));
    } else {
      for (let i = 1; i < size; i++) {
        const entry = order[i]!;
        let j = i;
        while (j > 0 && this.#follows(order[j - 1]!, entry)) {
          order[j] = order[j - 1]!;
          j--;
        }
        order[j] = entry;
      }
    }
    this.#sorted = true;
  }

  #grow(): void {
    const grown = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const array = new Int32Array(old.length * 2);
      array.set(old);
      return array;
    };
    this.#start = grown(this.#start);
    this.#end = grown(this.#end);
    this.#order = grown(this.#order);
  }
}
