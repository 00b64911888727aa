/**
 * The head under the scan. Its bytes are copied to one fixed place, which costs some tens
 * of nanoseconds and saves several times as much: the quick reading (`quick/`) finds them
 * there, and V8 compiles loops over a constant array of its own module without loading
 * pointer and length at each step. For the same reason the readers of heads give local
 * names to what they import.
 */
import { LF } from "./characters.ts";
import { headAt, pages } from "./quick/layout.ts";

/** The longest head that any limit may allow. */
export const headCapacity = 65_535;

/** Shared with the quick reading. Undefined in a Node that was started without WebAssembly. */
export const headMemory: WebAssembly.Memory | undefined =
  typeof WebAssembly === "undefined" ? undefined : new WebAssembly.Memory({ initial: pages, maximum: pages });

const buffer = headMemory?.buffer ?? new ArrayBuffer(pages * 65_536);

/** The message, as far as it fits, and control characters behind it. */
export const headBytes: Uint8Array<ArrayBuffer> = new Uint8Array(buffer, headAt, headCapacity + 33);
/** The same bytes, for reading four at once. */
export const headWords: DataView = new DataView(buffer, headAt, headCapacity + 33);

/** How often a head was loaded: who remembers it can tell whether its message still stands there. */
export const headLoads: { count: number } = { count: 0 };

/**
 * Copies the first `length` bytes. INVARIANT: a NUL and line feeds stand behind them, so
 * that a loop which stops at control characters, or at a line end, stops there at the
 * latest, and a CR that comes last has no line feed behind it.
 */
export function loadHead(bytes: Uint8Array, length: number): void {
  headBytes.set(length === bytes.length ? bytes : bytes.subarray(0, length));
  headLoads.count++;
  headBytes[length] = 0;
  headBytes[length + 1] = headBytes[length + 2] = headBytes[length + 3] = LF;
}
