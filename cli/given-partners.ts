/** Partners and authorities that an option gives, for one decision. */
import type { Network, Policy } from "../grammar/model.ts";
import { day } from "./days.ts";

/** Stands for the file of `--authority` in the policy's partners. */
export const givenAuthority = "--authority";

export function partnerOf({ networks }: Policy, domain: string): string | undefined {
  return [...networks.values()].find(({ kind, domains }) => kind === "partner" && domains.includes(domain))
    ?.name;
}

/** The policy with one more partner, and with the given authority in the place of each partner's own. */
export function withGivenPartners(
  policy: Policy,
  domain: string | undefined,
  hasAuthority: boolean,
  at: number,
): Policy {
  if (domain === undefined && !hasAuthority) return policy;
  const networks = new Map(policy.networks);
  if (domain !== undefined) {
    const known = partnerOf(policy, domain);
    const extra = oneOffPartner(policy, domain, at);
    // A partner that has the domain already gets the agreement.
    if (known === undefined) networks.set(extra.name, extra);
    else networks.set(known, { ...networks.get(known)!, agreement: extra.agreement });
  }
  if (hasAuthority) {
    for (const [name, network] of networks) {
      if (network.kind === "partner") networks.set(name, { ...network, authorities: [givenAuthority] });
    }
  }
  return { ...policy, networks };
}

function oneOffPartner(policy: Policy, domain: string, at: number): Network {
  return {
    name: policy.networks.has(domain) ? `${domain} of --partner-domain` : domain,
    kind: "partner",
    own: false,
    domains: [domain],
    listeners: [],
    addresses: [],
    agreement: { name: "--partner-domain", from: at - day, until: at + day },
    authorities: [],
    revocations: [],
    extendedKeyUsage: "rfc5924",
    sharesHost: false,
    tlsRequired: true,
    options: new Map(),
    origin: { file: policy.file, line: 1, column: 1, length: 0 },
  };
}
