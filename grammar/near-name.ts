/** The names that may have been meant. */

/**
 * Edits that turn `a` into `b`: letters put in, left out, exchanged, or swapped with
 * their neighbour. Stops counting above `limit` and answers `limit + 1`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        cost = Math.min(cost, beforeLast[column - 2]! + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}

/**
 * The candidate nearest to `name`, or undefined where none is near: one edit for short
 * names, one for each three letters beyond. Case counts nothing, so
 * `privacy` finds `Privacy`.
 */
export function nearName(name: string, candidates: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  const limit = name.length <= 2 ? 0 : Math.max(1, Math.floor(name.length / 3));
  let nearest: string | undefined;
  let least = limit + 0.5;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const folded = candidate.toLowerCase();
    const distance = folded === lower ? 0 : editDistance(lower, folded, Math.floor(least));
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}
