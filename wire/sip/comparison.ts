/**
 * Comparisons of spans with text that is known beforehand, without making strings. What
 * they are compared with is given as bytes, in lower case where case does not count.
 */
import { lowerCase } from "./characters.ts";

const PERCENT = 0x25;
const DOT = 0x2e;

/** UTF-8 bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Byte for byte. */
export function equalBytes(b: Uint8Array, start: number, end: number, other: Uint8Array): boolean {
  if (end - start !== other.length) return false;
  for (let i = 0; i < other.length; i++) if (b[start + i]! !== other[i]!) return false;
  return true;
}

/** Tokens, hosts, schemes (RFC 3261 7.3.1): ASCII letters without regard to case. */
export function equalFolded(b: Uint8Array, start: number, end: number, lower: Uint8Array): boolean {
  if (end - start !== lower.length) return false;
  for (let i = 0; i < lower.length; i++) if (lowerCase[b[start + i]!]! !== lower[i]!) return false;
  return true;
}

/** The value of a hexadecimal digit; -1 for any other byte. */
function hexadecimal(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const letter = c | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/**
 * Parts of a URI: `%41` equals `A`, decoded once (RFC 3261 19.1.4, RFC 4475 3.1.1.3). A
 * `%` that begins no escape stands for itself. `decoded` holds no escapes; `folded` says
 * that case does not count, and then it is in lower case.
 */
export function equalDecoded(
  b: Uint8Array,
  start: number,
  end: number,
  decoded: Uint8Array,
  folded: boolean,
): boolean {
  let i = start;
  for (let j = 0; j < decoded.length; j++) {
    if (i >= end) return false;
    let c = b[i]!;
    i++;
    if (c === PERCENT && i + 1 < end) {
      const high = hexadecimal(b[i]!);
      const low = hexadecimal(b[i + 1]!);
      if (high >= 0 && low >= 0) {
        c = high * 16 + low;
        i += 2;
      }
    }
    if ((folded ? lowerCase[c]! : c) !== decoded[j]!) return false;
  }
  return i === end;
}

/** The host is `domain` or a name below it, label by label. `domain` is in lower case. */
export function isUnderDomain(b: Uint8Array, start: number, end: number, domain: Uint8Array): boolean {
  const stop = end > start && b[end - 1]! === DOT ? end - 1 : end;
  const from = stop - domain.length;
  if (from < start || !equalFolded(b, from, stop, domain)) return false;
  return from === start || b[from - 1]! === DOT;
}
