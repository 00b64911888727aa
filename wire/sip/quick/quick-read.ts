/**
 * The quick reading of heads: a module of WebAssembly that reads what nearly every message
 * looks like, sixteen bytes at a time, and accepts nothing that the careful reading
 * (`scan.ts`) would not accept with the very same result. `assembly/` holds its source.
 */
import type { FieldTable } from "../field-table.ts";
import { headBytes, headMemory } from "../head.ts";
import type { ResultMemory } from "../result-memory.ts";
import { loadClasses } from "./byte-classes.ts";
import { FieldNames, type LoadedNames } from "./field-names.ts";
import { atRows, columns, cutAt, cutAtMost, gapsAt, gapsAtMost, resultAt, rowsAtMost } from "./layout.ts";
import { module } from "./quick.generated.ts";

interface Quick {
  readonly read: (length: number, names: number, unknown: number) => number;
  readonly cut: (count: number, end: number) => number;
}

/** What a reading found: `layout.ts` says where each number stands. It holds until the next one. */
export const quickResult: Int32Array<ArrayBuffer> = new Int32Array(
  headBytes.buffer,
  resultAt,
  atRows + columns * rowsAtMost,
);

const names = headMemory === undefined ? undefined : new FieldNames(headMemory.buffer);
const { read, cut } = instantiate();
let loaded: LoadedNames | undefined;

/**
 * Reads the `length` bytes that were loaded to the head. True where all was read; else
 * nothing is known, and the careful reading has to look.
 */
export function readQuickly(length: number, table: FieldTable): boolean {
  if (loaded?.table !== table) {
    if (names === undefined) return false;
    loaded = names.load(table);
  }
  return read(length, loaded.at, loaded.unknown) !== 0;
}

const gaps = new Int32Array(headBytes.buffer, gapsAt, 2 * gapsAtMost);
const stepBits = 6;
const step = 1 << stepBits;
/** The written bytes, cut off at each multiple of `step`: a copy of some more costs less than a new object. */
const written = Array.from(
  { length: cutAtMost / step + 1 },
  (_, steps) => new Uint8Array(headBytes.buffer, cutAt, steps * step),
);

/** Whether a message of so many bytes can be cut by `cutQuickly`. */
export function isCutQuickly(end: number, count: number): boolean {
  return headMemory !== undefined && end <= cutAtMost && count <= gapsAtMost;
}

/**
 * The message in the head without `count` spans, as new bytes: `cutSpans` for a message
 * that was loaded whole.
 */
export function cutQuickly(end: number, spans: Int32Array, count: number, results: ResultMemory): Uint8Array {
  for (let i = 0; i < 2 * count; i++) gaps[i] = spans[i]!;
  const size = cut(count, end);
  const at = results.room(size + step);
  results.slab.set(written[(size + step - 1) >> stepBits]!, at);
  return results.taken(at, size);
}

function instantiate(): Quick {
  if (headMemory === undefined) return { read: () => 0, cut: () => 0 };
  loadClasses(new Uint8Array(headMemory.buffer));
  const compiled = new WebAssembly.Module(Buffer.from(module, "base64"));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory: headMemory } });
  if (!isQuick(exports)) throw new TypeError("the quick reading lacks a function");
  return exports;
}

function isQuick(exports: object): exports is Quick {
  return "read" in exports && "cut" in exports;
}
