/** Bytes as the letters, digits, `-` and `_` of base64url (RFC 4648 5), which a token may hold (RFC 3261 25.1). */
const letters = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
const values = new Int8Array(256).fill(-1);
for (const [value, letter] of letters.entries()) values[letter] = value;

const hexLetters = new TextEncoder().encode("0123456789abcdef");

/** `source` has a multiple of 3 bytes; writes 4 letters for each 3. Gives the end of what was written. */
export function writeOpaque(source: Uint8Array, out: Uint8Array, at: number): number {
  let end = at;
  for (let i = 0; i < source.length; i += 3) {
    const three = (source[i]! << 16) | (source[i + 1]! << 8) | source[i + 2]!;
    out[end++] = letters[three >> 18]!;
    out[end++] = letters[(three >> 12) & 63]!;
    out[end++] = letters[(three >> 6) & 63]!;
    out[end++] = letters[three & 63]!;
  }
  return end;
}

/** Fills `out`, whose length is a multiple of 3. False: the span has another length or other letters. */
export function readOpaque(bytes: Uint8Array, start: number, end: number, out: Uint8Array): boolean {
  if ((end - start) * 3 !== out.length * 4) return false;
  let at = start;
  for (let i = 0; i < out.length; i += 3) {
    const a = values[bytes[at]!]!;
    const b = values[bytes[at + 1]!]!;
    const c = values[bytes[at + 2]!]!;
    const d = values[bytes[at + 3]!]!;
    if ((a | b | c | d) < 0) return false;
    const three = (a << 18) | (b << 12) | (c << 6) | d;
    out[i] = three >> 16;
    out[i + 1] = (three >> 8) & 255;
    out[i + 2] = three & 255;
    at += 4;
  }
  return true;
}

/** Writes words as 8 lower-case hexadecimal digits each. */
export function writeHex(words: Uint32Array, count: number, out: Uint8Array, at: number): number {
  let end = at;
  for (let i = 0; i < count; i++) {
    for (let shift = 28; shift >= 0; shift -= 4) out[end++] = hexLetters[(words[i]! >>> shift) & 15]!;
  }
  return end;
}
