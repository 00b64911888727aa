/**
 * The SIP identities of a certificate, to the letter of RFC 5922 7.1.
 */

/** The names that the procedure reads. */
export interface CertificateNames {
  readonly uris: readonly string[];
  readonly dns: readonly string[];
  readonly hasSubjectAltName: boolean;
  readonly commonName?: string | undefined;
  readonly unreadable?: string | undefined;
}

/**
 * The domains that the certificate stands for: a set, perhaps empty, in lower case, in the
 * order of the certificate. They compare whole; `*.example` stands for itself alone (7.2).
 */
export function sipIdentities(names: CertificateNames): string[] {
  if (names.unreadable !== undefined) return [];
  const fromUris = distinct(names.uris.map(domainOfUri));
  if (fromUris.length > 0) return fromUris;
  // 7.1: a DNS name counts only if no sip URI did.
  if (names.hasSubjectAltName) return distinct(names.dns.map(certificateName));
  // 7.1: the common name counts only if there is no subjectAltName extension of any kind.
  const common = names.commonName === undefined ? undefined : certificateName(names.commonName);
  return common === undefined || isNumericTop(common) ? [] : [common];
}

const distinct = (domains: readonly (string | undefined)[]): string[] => [
  ...new Set(domains.filter((domain) => domain !== undefined)),
];

/** 7.1: the scheme is `sip` in any case, and there is no userinfo: no `@` at all. */
function domainOfUri(uri: string): string | undefined {
  if (!/^sip:/i.test(uri) || uri.includes("@")) return undefined;
  const host = /^(\[[0-9a-f:.]+\]|[^:;?]*)(?::\d{1,5})?(?:[;?].*)?$/is.exec(uri.slice(4))?.[1];
  if (host === undefined) return undefined;
  if (host.startsWith("[")) return host.toLowerCase();
  return domainName(host);
}

/** RFC 1035 2.3.4: 63 characters at most. */
const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const wholeDomain = new RegExp(`^(?:${label}\\.)*${label}$`);

/**
 * A host of a SIP URI as a domain name: lower case, without the root's dot that RFC 3261
 * 25.1 allows; undefined where it is none. A NUL, a blank, a percent sign or a byte above
 * 127 make it none: IDN stand in their ASCII form (RFC 5280 7.2).
 */
export function domainName(host: string): string | undefined {
  return lowerDomain(host.endsWith(".") ? host.slice(0, -1) : host);
}

function lowerDomain(name: string): string | undefined {
  // Before the case goes: U+212A, the Kelvin sign, would become a plain k.
  if (!/^[!-~]+$/.test(name)) return undefined;
  const lower = name.toLowerCase();
  return isDomain(lower) ? lower : undefined;
}

const isDomain = (name: string): boolean => name.length <= 253 && wholeDomain.test(name);

/** A dNSName (RFC 5280 4.2.1.6): no root's dot. A wildcard stays, to be seen and to match nothing. */
function certificateName(name: string): string | undefined {
  if (!name.startsWith("*.")) return lowerDomain(name);
  const stem = lowerDomain(name.slice(2));
  return stem === undefined ? undefined : `*.${stem}`;
}

/** `192.0.2.1` is no DNS name, though its labels look like one. */
const isNumericTop = (name: string): boolean => /(?:^|\.)\d+$/.test(name);
