/**
 * Comparisons of policy text with bytes where they stand. They speak of plain spellings
 * only; where a span holds something that has to be read before it can be compared (a
 * fold, an escape, a quote) the answer is `unsure`, and the law's own reader decides.
 */
export type Answer = 0 | 1 | 2;
export const no = 0;
export const yes = 1;
export const unsure = 2;

/** ASCII letters in lower case, all other bytes as they are. */
export const lowered: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte,
);

/** One character a byte, as the law's comparison texts are. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** `wanted` is in lower case. */
export function equalsCaseless(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
  const length = wanted.length;
  if (end - start !== length) return false;
  for (let at = 0; at < length; at++) {
    if (lowered[bytes[start + at]!] !== wanted[at]) return false;
  }
  return true;
}

export function equalsExactly(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
  const length = wanted.length;
  if (end - start !== length) return false;
  for (let at = 0; at < length; at++) {
    if (bytes[start + at] !== wanted[at]) return false;
  }
  return true;
}

/** Whether the bytes hold any of up to three others. */
export function holdsByte(
  bytes: Uint8Array,
  start: number,
  end: number,
  a: number,
  b: number = a,
  c: number = a,
): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === a || byte === b || byte === c) return true;
  }
  return false;
}
