import { sipPieces } from "./pieces.ts";
import type { Random } from "./random.ts";

const work = new Uint8Array(1 << 16);
const longest = 6_000;

/**
 * A copy of `seed`, damaged in a few places; `other` lends spans. The result is a view good until the
 * next call.
 *
 * @param pieces put in as they are.
 */
export function mutate(
  random: Random,
  seed: Uint8Array,
  other: Uint8Array,
  pieces: readonly Uint8Array[] = sipPieces,
): Uint8Array {
  let length = Math.min(seed.length, longest);
  work.set(length === seed.length ? seed : seed.subarray(0, length));
  for (let round = random.below(2) === 0 ? 1 : 1 + random.below(4); round > 0; round--) {
    const at = random.below(length + 1);
    switch (random.below(10)) {
      case 0:
        if (length > 0) work[at % length]! ^= 1 << random.below(8);
        break;
      case 1:
        if (length > 0) work[at % length] = random.below(256);
        break;
      case 2: {
        const gone = Math.min(1 + random.below(random.below(4) === 0 ? 60 : 3), length - at);
        work.copyWithin(at, at + gone, length);
        length -= gone;
        break;
      }
      case 3: {
        const from = random.below(other.length + 1);
        length = put(at, length, other.subarray(from, from + random.below(80)));
        break;
      }
      case 4: {
        // Whole rows of the other message, where a row begins here.
        const place = lineStart(work, at, length);
        const from = lineStart(other, random.below(other.length + 1), other.length);
        const to = lineStart(other, from + random.below(200), other.length);
        if (place >= 0 && from >= 0 && to > from) length = put(place, length, other.subarray(from, to));
        break;
      }
      case 5: {
        // A row goes.
        const from = lineStart(work, at, length);
        const to = from < 0 ? -1 : lineStart(work, from + 1, length);
        if (to > from) {
          work.copyWithin(from, to, length);
          length -= to - from;
        }
        break;
      }
      case 6: {
        const from = random.below(length + 1);
        length = put(at, length, work.slice(from, Math.min(from + random.below(120), length)));
        break;
      }
      default:
        length = put(at, length, random.pick(pieces));
    }
  }
  return work.subarray(0, length);
}

/** Behind the first line feed from `at` on; -1 if there is none. */
function lineStart(b: Uint8Array, at: number, length: number): number {
  const lf = b.indexOf(0x0a, at);
  return lf < 0 || lf >= length ? -1 : lf + 1;
}

function put(at: number, length: number, piece: Uint8Array): number {
  if (length + piece.length > longest) return length;
  work.copyWithin(at + piece.length, at, length);
  work.set(piece, at);
  return length + piece.length;
}
