/**
 * The quick reading of heads: a module of WebAssembly that reads what nearly every message
 * looks like, sixteen bytes at a time, and accepts nothing that the careful reading
 * (`scan.ts`) would not accept with the very same result. `assembly/` holds its source.
 */
import type { FieldTable } from "../field-table.ts";
import { headMemory } from "../head.ts";
import { loadClasses } from "./byte-classes.ts";
import { FieldNames, type LoadedNames } from "./field-names.ts";
import { atRows, columns, resultAt, rowsAtMost } from "./layout.ts";
import { module } from "./quick.generated.ts";

type Read = (length: number, names: number, unknown: number) => number;

/** What a reading found: `layout.ts` says where each number stands. It holds until the next one. */
export const quickResult: Int32Array<ArrayBuffer> = new Int32Array(
  headMemory?.buffer ?? new ArrayBuffer(resultAt + 4 * (atRows + columns * rowsAtMost)),
  resultAt,
  atRows + columns * rowsAtMost,
);

const names = headMemory === undefined ? undefined : new FieldNames(headMemory.buffer);
const read: Read = headMemory === undefined ? () => 0 : instantiate(headMemory);
let loaded: LoadedNames | undefined;

/**
 * Reads the `length` bytes that were loaded to the head. True where all was read; else
 * nothing is known, and the careful reading has to look.
 */
export function readQuickly(length: number, table: FieldTable): boolean {
  if (loaded?.table !== table) {
    loaded = names?.load(table);
    if (loaded === undefined) return false;
  }
  return read(length, loaded.at, loaded.unknown) !== 0;
}

function instantiate(memory: WebAssembly.Memory): Read {
  loadClasses(new Uint8Array(memory.buffer));
  const compiled = new WebAssembly.Module(Buffer.from(module, "base64"));
  const exported = new WebAssembly.Instance(compiled, { env: { memory } }).exports["read"];
  if (!isRead(exported)) throw new TypeError("the quick reading exports no function `read`");
  return exported;
}

function isRead(exported: unknown): exported is Read {
  return typeof exported === "function";
}
