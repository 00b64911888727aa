/** In which order the servers of a service are tried (RFC 2782). */
import { compareNames } from "./name.ts";
import type { SrvRecord } from "./record.ts";

/**
 * The chance of one transaction: the same number for the same step each time, so that
 * retransmissions, CANCEL and ACK go where their request went (RFC 3263 4, 4.4).
 *
 * @returns an integer from 0 to `highest`, both included.
 */
export type Draw = (step: number, highest: number) => number;

/**
 * Lowest priority first; inside one, by weights and chance. Records are sorted before, as answers
 * bring them in any order. An empty list: the service is not offered (target `.`).
 */
export function orderServers(records: readonly SrvRecord[], draw: Draw): readonly SrvRecord[] {
  const left = distinct(records.filter(({ target, port }) => target !== "." && port !== 0));
  const ordered: SrvRecord[] = [];
  for (let step = 0; left.length > 0; ) {
    const end = left.findIndex(({ priority }) => priority !== left[0]!.priority);
    const count = end < 0 ? left.length : end;
    const index = count === 1 ? 0 : pick(left, count, (highest) => draw(step++, highest));
    ordered.push(...left.splice(index, 1));
  }
  return ordered;
}

/** The first of `count` records whose running sum reaches a random number from 0 to the sum of all. */
function pick(records: readonly SrvRecord[], count: number, draw: (highest: number) => number): number {
  let sum = 0;
  const sums = records.slice(0, count).map(({ weight }) => {
    sum += weight;
    return sum;
  });
  const drawn = draw(sum);
  return Math.max(
    0,
    sums.findIndex((one) => one >= drawn),
  );
}

/** In one order, those of weight 0 first of their priority; each once (RFC 2181 5). */
function distinct(records: readonly SrvRecord[]): SrvRecord[] {
  const sorted = records.toSorted(compare);
  return sorted.filter((record, index) => index === 0 || compare(record, sorted[index - 1]!) !== 0);
}

function compare(a: SrvRecord, b: SrvRecord): number {
  return (
    a.priority - b.priority || a.weight - b.weight || compareNames(a.target, b.target) || a.port - b.port
  );
}
