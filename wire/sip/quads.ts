/**
 * Tests of four bytes at once. Each answers 0 where none of the four can end a run of
 * text; where it answers anything else some byte may, and the caller looks at each.
 *
 * A byte's top bit serves as its flag: with `low` the seven lower bits, `low + (0x80 - n)`
 * sets it where the byte is n or more. Bytes above 0x7f are text everywhere.
 */
const lower = 0x7f7f7f7f;
const flags = 0x80808080;

/** Control characters and DEL. */
export function controlsIn(quad: number): number {
  const low = quad & lower;
  return ~(((low + 0x60606060) & ~(low + 0x01010101)) | quad) & flags;
}

/** Control characters, DEL and quotes. */
export function quotesIn(quad: number): number {
  const quote = quad ^ 0x22222222;
  return controlsIn(quad) | ((quote - 0x01010101) & ~quote & flags);
}

/** Control characters, DEL, quotes and angle brackets. */
export function valueEndsIn(quad: number): number {
  const bracket = (quad | 0x02020202) ^ 0x3e3e3e3e;
  return quotesIn(quad) | ((bracket - 0x01010101) & ~bracket & flags);
}

/** What ends a field name or the userinfo of a URI: bytes up to `"`, those from `:` to `@`, DEL. */
export function endsIn(quad: number): number {
  const low = quad & lower;
  const delimiter = (low + 0x46464646) & ~(low + 0x3f3f3f3f);
  return (~(low + 0x5d5d5d5d) | delimiter | (low + 0x01010101)) & ~quad & flags;
}

/** What ends a parameter: bytes up to `,`, then `;`, `<`, `>`, `?`, `@` and DEL, but not `=`. */
export function parameterEndsIn(quad: number): number {
  const low = quad & lower;
  const first = (low + 0x45454545) & ~(low + 0x43434343);
  const second = (low + 0x42424242) & ~(low + 0x3f3f3f3f);
  return (~(low + 0x53535353) | first | second | (low + 0x01010101)) & ~quad & flags;
}

/** Which of the four bytes, 0 to 3, is the first that a test has flagged. */
export function firstFlag(flagged: number): number {
  return (31 - Math.clz32(flagged & -flagged)) >> 3;
}
