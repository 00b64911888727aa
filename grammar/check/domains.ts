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
