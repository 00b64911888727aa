/** Runs of bytes of a class, sixteen at a time (`byte-classes.ts` makes the tables). */
import { classesAt, classSize } from "../layout";

export const token: usize = classesAt;
export const schemeCharacter: usize = classesAt + classSize;
export const hostCharacter: usize = classesAt + 2 * classSize;
export const addressCharacter: usize = classesAt + 3 * classSize;
export const quoted: usize = classesAt + 4 * classSize;
export const valueText: usize = classesAt + 5 * classSize;
export const wordList: usize = classesAt + 6 * classSize;
export const nameText: usize = classesAt + 7 * classSize;
export const parameterText: usize = classesAt + 8 * classSize;
export const callIdText: usize = classesAt + 9 * classSize;
export const uriUser: usize = classesAt + 10 * classSize;
export const uriParameter: usize = classesAt + 11 * classSize;
export const uriHeaders: usize = classesAt + 12 * classSize;

/** Where the first bit of a class's table says "of the named bytes", by the halves of each byte. */
function named(at: usize, table: usize): v128 {
  const bytes = v128.load(at);
  const low = i8x16.splat(0x0f);
  return v128.and(
    i8x16.swizzle(v128.load(table), v128.and(bytes, low)),
    i8x16.swizzle(v128.load(table, 16), v128.and(i16x8.shr_u(bytes, 4), low)),
  );
}

/** The first byte from `at` on that is no member of a class that names its members. */
export function pastMembers(at: usize, table: usize): usize {
  let i = at;
  while (true) {
    const others = i8x16.bitmask(i8x16.eq(named(i, table), i8x16.splat(0)));
    if (others != 0) return i + ctz(others);
    i += 16;
  }
}

/** The first byte from `at` on that ends text, in a class that names what ends it. */
export function pastText(at: usize, table: usize): usize {
  let i = at;
  while (true) {
    const ends = i8x16.bitmask(i8x16.ne(named(i, table), i8x16.splat(0)));
    if (ends != 0) return i + ctz(ends);
    i += 16;
  }
}

/** The first control character or DEL from `at` on, in fewer steps than a class takes. */
export function untilControl(at: usize): usize {
  let i = at;
  while (true) {
    const bytes = v128.load(i);
    const controls = v128.or(i8x16.lt_u(bytes, i8x16.splat(0x20)), i8x16.eq(bytes, i8x16.splat(0x7f)));
    const ends = i8x16.bitmask(controls);
    if (ends != 0) return i + ctz(ends);
    i += 16;
  }
}

export function byte(at: usize): u32 {
  return load<u8>(at);
}

/** At a CR: whether the row ends there, without a fold or damage to look for. */
export function endsRow(at: usize): bool {
  const next = byte(at + 2);
  return load<u16>(at) == 0x0a0d && (next > 0x20 || next == 0x0d);
}

/** The next byte that is no SP. Tabs and folds are left to the careful reading. */
export function pastSpaces(at: usize): usize {
  let i = at;
  while (byte(i) == 0x20) i++;
  return i;
}
