/** Bytes that something is kept of. More is a stranger's doing: thousands of names in one certificate would fill memory. */
const longest = 8_192;

/**
 * The last few of what was made of some bytes, by which bytes they are, not by what they say.
 *
 * A peer's certificate is asked for names and at once for a path, then seldom again. A WeakMap is
 * no place for it: what an old table holds is young garbage no longer, and where the value leads
 * back to its key, as a certificate does to its DER, each one waits for a collection of the whole heap.
 */
export class Recent<T> {
  readonly #most: number;
  readonly #keys: Uint8Array[] = [];
  readonly #values: T[] = [];
  #next = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: Uint8Array): T | undefined {
    const at = this.#keys.indexOf(key);
    return at < 0 ? undefined : this.#values[at];
  }

  /** It takes the place of the one that was put in longest ago. What is made of very many bytes is not kept. */
  set(key: Uint8Array, value: T): void {
    if (key.length > longest) return;
    this.#keys[this.#next] = key;
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % this.#most;
  }
}
