import type { ResultMemory } from "./result-memory.ts";

/** `bytes[0, end)` without `count` spans, as `Scan.without` says, whatever the size of the message. */
export function cutSpans(
  bytes: Uint8Array,
  end: number,
  spans: Int32Array,
  count: number,
  results: ResultMemory,
): Uint8Array {
  const at = results.room(end);
  const { slab } = results;
  slab.set(end === bytes.length ? bytes : bytes.subarray(0, end), at);
  let to = spans[0]!;
  for (let span = 0; span < count; span++) {
    const from = spans[2 * span + 1]!;
    const next = span + 1 < count ? spans[2 * span + 2]! : end;
    slab.copyWithin(at + to, at + from, at + next);
    to += next - from;
  }
  return results.taken(at, to);
}
