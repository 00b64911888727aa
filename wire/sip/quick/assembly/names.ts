/** Field names in the head, found among those of one region (`field-names.ts` fills it). */
import { entryFollowing, entryLength, entryLetters, lettersSize, slotsAt } from "../layout";

const caseBits: u32 = 0x20202020;

/** Whether a name that the region lacks is unknown. */
export function holdsAllNames(names: usize): bool {
  return load<u32>(names, 8) != 0;
}

/** Whether the head holds an entry's name at `at`, and a colon right behind it. */
export function isNamed(at: usize, entry: usize): bool {
  const length: usize = load<u32>(entry, entryLength);
  return load<u8>(at + length) == 0x3a && hasLetters(at, entry, length);
}

function hasLetters(at: usize, entry: usize, length: usize): bool {
  let letters = entry + entryLetters;
  for (let i: usize = 0; i < length; i += 16) {
    const written = v128.and(v128.or(v128.load(at + i), v128.load(letters)), v128.load(letters, 16));
    if (v128.any_true(v128.xor(written, v128.load(letters, 32)))) return false;
    letters += lettersSize;
  }
  return true;
}

/** The entry of the name that stands from `at` to `end`; 0 where the region has none. */
export function findName(names: usize, at: usize, end: usize): usize {
  const length = end - at;
  let first = load<u32>(at);
  if (length < 4) first &= (1 << (<u32>length * 8)) - 1;
  first |= caseBits;
  const last = length < 4 ? first : load<u32>(end - 4) | caseBits;
  const mask = load<u32>(names);
  const hash = (first ^ (last << 5) ^ (last >> 27) ^ ((<u32>length) << 13)) * load<u32>(names, 4);
  let slot = (hash >> 18) & mask;
  while (true) {
    const entry: usize = load<u32>(names + slotsAt + ((<usize>slot) << 2));
    if (entry == 0) return 0;
    if (load<u32>(entry, entryLength) == <u32>length && hasLetters(at, entry, length)) return entry;
    slot = (slot + 1) & mask;
  }
}

/** The entry that is expected behind another one. */
export function following(entry: usize): usize {
  return load<u32>(entry, entryFollowing);
}

export function expect(previous: usize, entry: usize): void {
  store<u32>(previous, <u32>entry, entryFollowing);
}
