/** Domain names (RFC 1035 3.1), as text without the root's dot. */

const longestName = 253;
/** Letters, digits, hyphens, and the underscore of `_sip._udp` (RFC 2782). */
const label = /^[a-z\d_-]{1,63}$/i;

/** Whether a question may be asked for the name. */
export function isDomainName(text: string): boolean {
  return text.length <= longestName && text.split(".").every((one) => label.test(one));
}

/** The one spelling by which names compare (RFC 4343: letters of ASCII only). */
export function foldName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Of names, as `Array.sort` wants it. */
export function compareNames(a: string, b: string): number {
  const folded = [foldName(a), foldName(b)] as const;
  return folded[0] < folded[1] ? -1 : folded[0] > folded[1] ? 1 : 0;
}

/**
 * The name in random letter case, which the answer must repeat: bits that somebody who can't see
 * the question has to guess.
 *
 * @param chance one bit decides a letter; used from the start, again if there are too few.
 */
export function mixCase(name: string, chance: Uint8Array): string {
  let bit = 0;
  return name.replaceAll(/[a-z]/gi, (letter) => {
    const byte = chance[(bit >> 3) % chance.length] ?? 0;
    return (byte >> (bit++ & 7)) & 1 ? letter.toUpperCase() : letter.toLowerCase();
  });
}
