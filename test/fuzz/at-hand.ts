/** The input being run, in memory that the watchdog shares. */
export class AtHand {
  readonly #progress: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(shared: SharedArrayBuffer) {
    this.#progress = new Int32Array(shared, 0, 2);
    this.#bytes = new Uint8Array(shared, 8);
  }

  static sharedBytes(): SharedArrayBuffer {
    return new SharedArrayBuffer(8 + (1 << 16));
  }

  /** How many inputs have been taken in hand. */
  get count(): number {
    return this.#progress[0]!;
  }

  get input(): Uint8Array {
    return this.#bytes.slice(0, this.#progress[1]);
  }

  take(input: Uint8Array): void {
    this.#progress[1] = input.length;
    this.#bytes.set(input);
    this.#progress[0] = (this.#progress[0]! + 1) | 0;
  }
}
