/** The hash by which field names are found, over length, first four and last four bytes. */

/** Bit 0x20 of four bytes: it tells the cases of a letter apart. */
const caseBits = 0x20202020;

/** Of `b[start, end)`, whatever the case of its letters; of its upper bits `mask` takes some. */
export function nameHash(b: Uint8Array, start: number, end: number, multiplier: number): number {
  const first = quad(b, start, Math.min(end, start + 4));
  const last = end - start < 4 ? first : quad(b, end - 4, end);
  return Math.imul(first ^ (last << 5) ^ (last >>> 27) ^ ((end - start) << 13), multiplier) >>> 18;
}

/** Those that were found last, by mask and names: a policy that is loaded anew has mostly the same fields. */
const found = new Map<string, number>();
const mostFound = 16;

/** Of some odd numbers the one by which the fewest names share a slot. Found once for the same names: it takes milliseconds. */
export function bestMultiplier(names: readonly Uint8Array[], mask: number): number {
  const key = `${mask} ${names.join(" ")}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  const best = searchMultiplier(names, mask);
  found.set(key, best);
  if (found.size > mostFound) found.delete(found.keys().next().value!);
  return best;
}

function searchMultiplier(names: readonly Uint8Array[], mask: number): number {
  let best = 0;
  let fewest = Number.POSITIVE_INFINITY;
  let candidate = 0x9e3779b1 | 0;
  for (let round = 0; round < 400 && fewest > 0; round++) {
    candidate = (Math.imul(candidate, 0x2c9277b5) + 0x3504f333) | 1;
    const taken = new Set(names.map((name) => nameHash(name, 0, name.length, candidate) & mask));
    const shared = names.length - taken.size;
    if (shared < fewest) {
      fewest = shared;
      best = candidate;
    }
  }
  return best;
}

/** Up to four bytes as one number, the first one lowest. */
function quad(b: Uint8Array, start: number, end: number): number {
  let bits = 0;
  for (let i = end - 1; i >= start; i--) bits = (bits << 8) | b[i]!;
  return bits | caseBits;
}
