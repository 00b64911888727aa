const pieceSize = 65_536;

/**
 * Where messages that leave are written, one behind the other. A new piece is claimed when
 * one is full: a piece of memory for each message would cost more than its edits. A result
 * that is kept holds its whole piece.
 *
 * Who writes results to a socket at once can call `reuse` and spares the memory: until
 * then, results stay as they are.
 */
export class ResultMemory {
  /** The piece in use. */
  slab: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #buffer = this.slab.buffer;
  #used = 0;

  /** Where `size` bytes can be written in `slab`. */
  room(size: number): number {
    if (this.#used + size > this.slab.length) {
      this.#buffer = Buffer.allocUnsafeSlow(Math.max(pieceSize, size)).buffer;
      this.slab = new Uint8Array(this.#buffer);
      this.#used = 0;
    }
    return this.#used;
  }

  /** The `size` bytes at `at`, which `room` gave, as a result. */
  taken(at: number, size: number): Uint8Array {
    this.#used = at + size;
    return new Uint8Array(this.#buffer, at, size);
  }

  /** Gives up all results so far: their bytes are written over. */
  reuse(): void {
    this.#used = 0;
  }
}

/** Memory of results that somebody may keep: it is never used again. */
export const keptResults: ResultMemory = new ResultMemory();
