/**
 * The connection that a network would have if it were as the policy declares it: what tests
 * and `privet decide` take for facts that they were not given.
 */
import type { Network, Policy } from "../../grammar/model.ts";
import { usageIdentifiers } from "../../wire/index.ts";
import type { CertificateFacts, ConnectionFacts, TlsFacts, Transport } from "../event.ts";
import { networkNamed } from "./ends.ts";
import { newestVersion } from "./tls-offer.ts";

/** What is known of a connection beyond what the policy declares. */
export interface ConnectionOverrides {
  readonly transport?: Transport | undefined;
  readonly listener?: string | undefined;
  readonly remoteAddress?: string | undefined;
  /** `null`: the peer shows none. */
  readonly certificate?: CertificateFacts | null | undefined;
}

/**
 * A partner, and whoever is said to show a certificate, comes over the policy's newest TLS: a partner with a
 * certificate that names it, issued by its own authority and valid at `at`. Any other network
 * comes over UDP, by its listener and from its first address.
 */
export function declaredConnection(
  policy: Policy,
  name: string,
  at: number,
  overrides: ConnectionOverrides = {},
): ConnectionFacts {
  const network = networkNamed(policy, name);
  const showsCertificate = network.kind === "partner" || (overrides.certificate ?? null) !== null;
  const transport = overrides.transport ?? (showsCertificate ? "tls" : "udp");
  const isSecure = transport === "tls" || transport === "wss";
  return {
    transport,
    listener: overrides.listener ?? network.listeners[0],
    remoteAddress: overrides.remoteAddress ?? network.addresses[0]?.address.split("/")[0],
    tls: isSecure ? declaredTls(policy, network, at, overrides) : undefined,
  };
}

function declaredTls(
  policy: Policy,
  network: Network,
  at: number,
  { certificate }: ConnectionOverrides,
): TlsFacts {
  const declared = network.kind === "partner" ? declaredCertificate(network, at) : undefined;
  return {
    version: newestVersion(policy.tls),
    resumed: false,
    certificate: certificate === null ? undefined : (certificate ?? declared),
  };
}

const day = 86_400_000;

function declaredCertificate({ name, domains }: Network, at: number): CertificateFacts {
  return {
    uris: domains.map((domain) => `sip:${domain}`),
    dns: [],
    hasSubjectAltName: true,
    commonName: undefined,
    issuer: `authority of ${name}`,
    usages: [usageIdentifiers.sipDomain],
    notBefore: at - day,
    notAfter: at + day,
    signedBy: name,
  };
}
