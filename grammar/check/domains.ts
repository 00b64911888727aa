/** Domain names as a policy writes them. */

/** Lower case, without the dot that may end a domain name (RFC 1034 3.1). */
export function normalDomain(text: string): string {
  return text.toLowerCase().replace(/\.$/, "");
}

/** Letters, digits and hyphens in labels; no wildcard (RFC 5922 7.2), no port, no address. */
export function isDomain(text: string): boolean {
  if (text.length === 0 || text.length > 253 || /^[\d.]+$/.test(text)) return false;
  return text.split(".").every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label));
}
