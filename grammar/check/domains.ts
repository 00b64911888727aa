/** Domain names as a policy writes them. */

/** Lower case, without the dot that may end a domain name (RFC 1034 3.1). */
export function normalDomain(text: string): string {
  const lower = text.toLowerCase();
  return lower.endsWith(".") ? lower.slice(0, -1) : lower;
}

const labels = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;

/** Letters, digits and hyphens in labels; no wildcard (RFC 5922 7.2), no port, no address. */
export function isDomain(text: string): boolean {
  if (text.length === 0 || text.length > 253 || /^[\d.]+$/.test(text)) return false;
  return labels.test(text);
}
