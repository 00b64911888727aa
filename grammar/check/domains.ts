/** Domain names as a policy writes them. */

/** Lower case, without the dot that may end a domain name (RFC 1034 3.1). */
export function normalDomain(text: string): string {
  const lower = text.toLowerCase();
  return lower.endsWith(".") ? lower.slice(0, -1) : lower;
}

const [dot, hyphen] = [0x2e, 0x2d];

/** Letters, digits and hyphens in labels; no wildcard (RFC 5922 7.2), no port, no address. */
export function isDomain(text: string): boolean {
  if (text.length === 0 || text.length > 253) return false;
  let onlyDigits = true;
  let label = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at === text.length ? dot : text.charCodeAt(at);
    if (code === dot) {
      // RFC 1035 2.3.1, 2.3.4.
      const length = at - label;
      if (length === 0 || length > 63) return false;
      if (text.charCodeAt(label) === hyphen || text.charCodeAt(at - 1) === hyphen) return false;
      label = at + 1;
    } else if (code < 0x30 || code > 0x39) {
      if (code !== hyphen && !isLetter(code)) return false;
      onlyDigits = false;
    }
  }
  return !onlyDigits;
}

/** Or an underscore, which names of services have (RFC 2782). */
const isLetter = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;

/** The domain itself, or a name below it. Both in their normal form. */
export function isUnder(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** Why a domain name can't be a host's (RFC 1123 2.1), or can't stand in a URI (RFC 3261 25.1, toplabel). */
export function notHost(domain: string): string | undefined {
  if (domain.includes("_")) return "a host has letters, digits and hyphens (RFC 1123 2.1)";
  if (!/(?:^|\.)[a-z][^.]*$/i.test(domain)) return "its last label begins with no letter (RFC 3261 25.1)";
  return undefined;
}
