/** Serial numbers of certificates (RFC 5280 4.1.2.2), as they stand in a CRL, to be searched. */

/** Longer ones, whose length takes more than a byte, are in no list. */
export const longestSerial = 127;

/**
 * Where they stand, sorted: four bytes a number beside the list itself. A set of texts would
 * cost twenty times that, and the garbage collector would walk through it.
 */
export class SerialNumbers {
  readonly #bytes: Uint8Array;
  /** Of each number the byte that tells its length; its content follows. */
  readonly #places: Uint32Array;

  constructor(bytes: Uint8Array, places: Uint32Array) {
    this.#bytes = bytes;
    this.#places = places.toSorted((a, b) => compare(bytes, a, bytes, b));
  }

  get size(): number {
    return this.#places.length;
  }

  /** @param serial the content of the INTEGER, one character a byte. */
  has(serial: string): boolean {
    if (serial.length > longestSerial) return false;
    const sought = Buffer.from(`${String.fromCharCode(serial.length)}${serial}`, "latin1");
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compare(this.#bytes, this.#places[middle]!, sought, 0);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return false;
  }
}

/** By length, then byte by byte. */
function compare(a: Uint8Array, atA: number, b: Uint8Array, atB: number): number {
  const length = a[atA]!;
  if (length !== b[atB]) return length - b[atB]!;
  for (let at = 1; at <= length; at++) {
    const difference = a[atA + at]! - b[atB + at]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
