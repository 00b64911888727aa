/**
 * Which partner a certificate stands for (TS 33.203 6.5; RFC 5922 7; RFC 5924 5).
 *
 * Names come first: they select the partner, and only that partner's authorities may stand
 * behind the certificate. A union of all authorities would let one partner's certify
 * another's name.
 */
import type { Network, Policy } from "../../grammar/model.ts";
import {
  domainName,
  type PathOptions,
  sipIdentities,
  usageIdentifiers,
  validatePath,
} from "../../wire/index.ts";
import type { EngineContext } from "../engine.ts";
import type { CertificateFacts, HandshakeEvent } from "../event.ts";
import { indexOf } from "../networks/network-index.ts";

export interface NamedPartner {
  readonly partner: string | undefined;
  /** SIP identities of the certificate (RFC 5922 7.1). */
  readonly identities: readonly string[];
  /** Why no partner is named; empty where one is. */
  readonly cause: string;
  /** No rule can admit it: it names several partners that do not share a host, or, as client, not whom we sought. */
  readonly refused: boolean;
}

/** Dates make an answer good from `from` and before `until`. */
export type Finding = NamedPartner & Span;

const findingsOf = new WeakMap<Policy, WeakMap<EngineContext, WeakMap<CertificateFacts, Finding>>>();

/** What has been found out for one policy in one context. */
function findingsIn(policy: Policy, context: EngineContext): WeakMap<CertificateFacts, Finding> {
  let byContext = findingsOf.get(policy);
  if (byContext === undefined) {
    byContext = new WeakMap();
    findingsOf.set(policy, byContext);
  }
  let findings = byContext.get(context);
  if (findings === undefined) {
    findings = new WeakMap();
    byContext.set(context, findings);
  }
  return findings;
}

/** The partner whose name the certificate holds, with path, usage and dates passed for that partner. */
export function namedPartner(
  policy: Policy,
  context: EngineContext,
  certificate: CertificateFacts | undefined,
  at: number,
): Finding {
  if (certificate === undefined) return noCertificate;
  const known = findingsIn(policy, context);
  let finding = known.get(certificate);
  if (finding === undefined || at < finding.from || at >= finding.until) {
    finding = find(policy, context, certificate, at);
    known.set(certificate, finding);
  }
  return finding;
}

interface Span {
  readonly from: number;
  readonly until: number;
}

const ever: Span = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };

/** No partner, and why. */
const nobody = (
  identities: readonly string[],
  cause: string,
  refused = false,
  from = ever.from,
  until = ever.until,
): Finding => ({ partner: undefined, identities, cause, refused, from, until });

const noCertificate: Finding = nobody([], "there is no certificate");

function find(policy: Policy, context: EngineContext, certificate: CertificateFacts, at: number): Finding {
  const identities = sipIdentities(certificate);
  if (identities.length === 0) return nobody(identities, whyNameless(certificate));
  const named = partnersOf(policy, identities);
  const [first] = named;
  if (first === undefined) {
    return nobody(identities, `the certificate names ${identities.join(", ")}: no partner`);
  }
  const isShared = named.length > 1;
  if (isShared && !named.every(({ sharesHost }) => sharesHost)) {
    const names = named.map(({ name }) => name).join(", ");
    return nobody(
      identities,
      `the certificate names several partners that do not share a host: ${names}`,
      true,
    );
  }
  let { from, until } = ever;
  for (const network of named) {
    const check = checkFor(network, context, certificate, at);
    from = Math.max(from, check.from);
    until = Math.min(until, check.until);
    if (check.cause !== undefined) {
      const cause = `the certificate that names ${network.name} is refused: ${check.cause}`;
      return nobody(identities, cause, isShared, from, until);
    }
  }
  // The agreement decides who of several is trusted least, so its dates end the answer too.
  for (const { agreement } of isShared ? named : []) {
    for (const date of agreement === undefined ? [] : [agreement.from, agreement.until]) {
      if (date <= at) from = Math.max(from, date);
      else until = Math.min(until, date);
    }
  }
  const { name } = isShared ? leastTrusted(policy, named, at) : first;
  return { partner: name, identities, cause: "", refused: false, from, until };
}

/** Each once. */
function partnersOf(policy: Policy, identities: readonly string[]): readonly Network[] {
  const index = indexOf(policy.networks);
  const holders =
    identities.length === 1
      ? index.ofDomain(identities[0]!)
      : [...new Set(identities.flatMap((identity) => index.ofDomain(identity)))];
  return holders.filter(({ kind }) => kind === "partner");
}

function whyNameless(certificate: CertificateFacts): string {
  return certificate.unreadable === undefined
    ? "the certificate holds no SIP identity (RFC 5922 7.1)"
    : `the certificate can't be read: it ${certificate.unreadable}`;
}

/**
 * Of partners that share a host the one that counts: first one that fewer trust statements
 * speak of, then one without an agreement in force, then the first by name. The conditions of
 * the statements are not asked, since they ask for this.
 */
function leastTrusted(policy: Policy, named: readonly Network[], at: number): Network {
  const [least] = named
    .map((network) => ({ network, ways: waysOfTrust(policy, network), inForce: isInForce(network, at) }))
    .toSorted(
      (a, b) =>
        a.ways - b.ways ||
        Number(a.inForce) - Number(b.inForce) ||
        (a.network.name < b.network.name ? -1 : 1),
    );
  return least!.network;
}

const isInForce = ({ agreement }: Network, at: number): boolean =>
  agreement !== undefined && at >= agreement.from && at < agreement.until;

/** In how many directions a partner may be trusted at all: 0, 1 or 2. */
function waysOfTrust({ trust }: Policy, { name }: Network): number {
  const statements = trust.filter(
    ({ fields, who }) =>
      fields === undefined &&
      who.some((one) => (one.kind === "network" ? one.name === name : isAnyPartner.has(one.kind))),
  );
  return (
    Number(statements.some(({ incoming }) => incoming)) + Number(statements.some(({ outgoing }) => outgoing))
  );
}

const isAnyPartner: ReadonlySet<string> = new Set(["anyone", "partner", "foreign", "untrusted"]);

interface Check extends Span {
  /** undefined: all passed. */
  readonly cause: string | undefined;
}

/** Usage, then path and dates, as that network wants them. */
function checkFor(
  network: Network,
  context: EngineContext,
  certificate: CertificateFacts,
  at: number,
): Check {
  const usages = acceptedUsages[network.extendedKeyUsage];
  // RFC 5924 5: no extension is accepted; with one, it must be for SIP.
  if (certificate.usages !== undefined && !certificate.usages.some((usage) => usages.includes(usage))) {
    return { cause: "its extended key usage does not cover SIP (RFC 5924 5)", ...ever };
  }
  if (certificate.chain === undefined) return checkStated(network, certificate, at);
  const path = validatePath(
    certificate.chain,
    anchorsOf(network, context),
    at,
    pathOptions(network, context),
  );
  return { cause: path.ok ? undefined : path.cause, from: path.from, until: path.until };
}

function anchorsOf({ authorities }: Network, context: EngineContext): readonly Uint8Array[] {
  if (authorities.length === 1) return context.authorities.get(authorities[0]!) ?? [];
  return authorities.flatMap((path) => context.authorities.get(path) ?? []);
}

/** A network that names no CRLs is not asked for any; one that names some must have one that counts. */
function pathOptions({ extendedKeyUsage, revocations }: Network, context: EngineContext): PathOptions {
  const options = ofAuthorities[extendedKeyUsage];
  if (revocations.length === 0) return options;
  const files = new Map(revocations.map((path) => [path, context.revocations?.get(path) ?? []]));
  return { ...options, revocation: files };
}

/** `lenient` also takes what certificates of web servers hold; any other usage alone still fails. */
const acceptedUsages: Readonly<Record<Network["extendedKeyUsage"], readonly string[]>> = {
  rfc5924: [usageIdentifiers.sipDomain],
  lenient: [
    usageIdentifiers.sipDomain,
    usageIdentifiers.any,
    usageIdentifiers.serverAuth,
    usageIdentifiers.clientAuth,
  ],
};

/** An authority for any usage may issue for SIP; RFC 5924 5 speaks of the leaf. */
const ofAuthorities: Readonly<Record<Network["extendedKeyUsage"], PathOptions>> = {
  rfc5924: { usages: [...acceptedUsages.rfc5924, usageIdentifiers.any] },
  lenient: { usages: acceptedUsages.lenient },
};

/** A certificate as a test states it. */
function checkStated(network: Network, certificate: CertificateFacts, at: number): Check {
  if (certificate.signedBy !== network.name) {
    return { cause: `it is not signed by an authority of ${network.name}`, ...ever };
  }
  // RFC 5280 4.1.2.5: valid through the second of notAfter.
  const end = certificate.notAfter + 1_000;
  if (at < certificate.notBefore) {
    return { cause: "it is not valid yet", from: ever.from, until: certificate.notBefore };
  }
  if (at >= end) return { cause: "it has expired", from: end, until: ever.until };
  return { cause: undefined, from: certificate.notBefore, until: end };
}

/**
 * The partner that a handshake binds. Where we opened the connection, the certificate must
 * name the domain sought, before any DNS (RFC 5922 7.3), and the partner that the route chose.
 */
export function partnerOfHandshake(
  policy: Policy,
  context: EngineContext,
  event: HandshakeEvent,
): NamedPartner {
  const certificate = event.connection.tls?.certificate;
  const named = namedPartner(policy, context, certificate, event.at);
  if (event.role === "server") return named;
  const mismatch = (cause: string): NamedPartner => ({
    partner: undefined,
    identities: named.identities,
    cause,
    refused: true,
  });
  if (certificate === undefined || named.identities.length === 0 || named.refused)
    return mismatch(named.cause);
  const { identities } = named;
  const shown = identities.join(", ");
  const sought = event.domain === undefined ? undefined : domainName(event.domain);
  if (event.domain !== undefined && (sought === undefined || !identities.includes(sought))) {
    return mismatch(`the certificate names ${shown}, not ${event.domain} (RFC 5922 7.3)`);
  }
  const network = networkSought(policy, event.partner, sought);
  if (network === undefined) {
    return mismatch(`no network of the policy stands for ${event.partner ?? event.domain ?? "the target"}`);
  }
  if (!network.domains.some((domain) => identities.includes(domain))) {
    return mismatch(`the certificate names ${shown}, not ${network.name} (RFC 5922 7.3)`);
  }
  // The partner that is named has passed already.
  const cause =
    named.partner === network.name ? undefined : checkFor(network, context, certificate, event.at).cause;
  if (cause !== undefined) return mismatch(`the certificate that names ${network.name} is refused: ${cause}`);
  return network.kind === "partner"
    ? { partner: network.name, identities, cause: "", refused: false }
    : { partner: undefined, identities, cause: `${network.name} is no partner`, refused: false };
}

function networkSought(
  policy: Policy,
  partner: string | undefined,
  domain: string | undefined,
): Network | undefined {
  if (partner !== undefined) return policy.networks.get(partner);
  return domain === undefined ? undefined : indexOf(policy.networks).ofDomain(domain)[0];
}
