import type { Io } from "../../cli/io.ts";

export interface MemoryIo extends Io {
  /** Standard output so far. */
  readonly said: () => Buffer;
  /** Standard error so far. */
  readonly complained: () => string;
}

/** Standard input, a clock that stands still, and outputs that can be read. */
export function memoryIo(input: string | Uint8Array = "", now: number = Date.UTC(2026, 5, 1, 12)): MemoryIo {
  const out: Buffer[] = [];
  let err = "";
  return {
    out: (text) => {
      out.push(Buffer.from(text));
    },
    err: (text) => {
      err += text;
    },
    readInput: () => Promise.resolve(Buffer.from(input)),
    now: () => now,
    color: false,
    said: () => Buffer.concat(out),
    complained: () => err,
  };
}
