import { compile, type HandshakeDecision, type HandshakeEvent } from "../engine/index.ts";
import type { Network, Policy } from "../grammar/model.ts";
import { domainName } from "../wire/index.ts";
import { oneOf, readArguments, readPairs, readTime } from "./arguments.ts";
import { readCertificateFile, readPemFile } from "./certificate-file.ts";
import type { Command } from "./command.ts";
import { describeRules } from "./decision-text.ts";
import { exitCode, UsageError } from "./io.ts";
import { usePolicy } from "./policy.ts";

const help = `usage: privet handshake POLICY --certificate PEM [OPTIONS]

The decision on one TLS handshake. A rejection exits with 3.

  --certificate PEM     the peer's certificate, leaf first, then the rest of its chain
  --role server|client  our role (default: server)
  --domain D            client role: the domain of the URI that we want to reach
  --at TIME             the clock, such as 2026-06-01T12:00:00Z (default: now)
  --authority PEM       trust anchors of every partner, for this one decision
  --partner-domain D    one more partner of that domain, with an agreement in force
  --option NAME=VALUE   another value of an option of the policy
  --json                one JSON object

example:
  privet handshake policies/ims-border.privet --certificate peer.pem --authority root.pem
`;

const options = {
  certificate: { type: "string" },
  role: { type: "string", default: "server" },
  domain: { type: "string" },
  at: { type: "string" },
  authority: { type: "string" },
  "partner-domain": { type: "string" },
  option: { type: "string", multiple: true, default: [] as string[] },
  json: { type: "boolean", default: false },
} as const;

/** Stands for the file of `--authority` in the policy's partners. */
const givenAuthority = "--authority";

export const handshakeCommand: Command = {
  name: "handshake",
  summary: "what happens to one TLS handshake",
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, options);
    const [policyPath, ...more] = positionals;
    if (policyPath === undefined) throw new UsageError("no policy is named");
    if (more.length > 0) throw new UsageError(`one policy, please; what is \`${more[0]}\`?`);
    if (values.certificate === undefined) throw new UsageError("--certificate names the peer's certificate");
    const role = oneOf("--role", values.role, ["server", "client"]);
    if (role === "client" && values.domain === undefined)
      throw new UsageError("--role client needs --domain");
    if (role === "server" && values.domain !== undefined)
      throw new UsageError("--domain needs --role client");

    const domain = readDomain("--domain", values.domain);
    const partnerDomain = readDomain("--partner-domain", values["partner-domain"]);

    const usable = usePolicy(policyPath, io, readPairs("--option", values.option));
    const at = values.at === undefined ? io.now() : readTime("--at", values.at);
    const policy = withGivenPartners(usable.policy, partnerDomain, values.authority !== undefined, at);
    const authorities = new Map(usable.context.authorities);
    if (values.authority !== undefined) authorities.set(givenAuthority, await readPemFile(values.authority));

    const { facts } = await readCertificateFile(values.certificate);
    const event: HandshakeEvent = {
      kind: "handshake",
      role,
      connection: { transport: "tls", tls: { version: "TLSv1.3", resumed: false, certificate: facts } },
      ...(domain === undefined ? {} : { domain, partner: partnerOf(policy, domain) }),
      at,
    };
    const decision = compile(policy, { ...usable.context, authorities }).decide(event);
    io.out(
      values.json ? `${JSON.stringify(handshakeDecisionToJson(decision))}\n` : describeHandshake(decision),
    );
    return decision.verdict === "reject" ? exitCode.rejected : exitCode.clean;
  },
};

/** In the form in which domains are compared: lower case, without the root's dot. */
function readDomain(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const domain = domainName(text);
  if (domain === undefined)
    throw new UsageError(`${option} wants a domain name such as carrier-c.example, not \`${text}\``);
  return domain;
}

function handshakeDecisionToJson(decision: HandshakeDecision): Record<string, unknown> {
  const { verdict, partner, identities, rules } = decision;
  const reason = wholeReason(decision);
  return {
    verdict,
    ...(partner === undefined ? {} : { partner }),
    identities,
    ...(reason === undefined ? {} : { reason }),
    rules,
  };
}

/** The rule's words, then what stood behind them: the names that were found, the issuer that is missing. */
export function wholeReason({ reason, cause }: HandshakeDecision): string | undefined {
  if (reason === undefined || cause === undefined || reason === cause) return reason ?? cause;
  return `${reason}: ${cause}`;
}

function describeHandshake(decision: HandshakeDecision): string {
  const { verdict, partner, identities, rules } = decision;
  const reason = wholeReason(decision);
  const isRejected = verdict === "reject";
  // An allowed handshake may still bind nobody; the cause then stands where the partner would.
  const nobody = isRejected || reason === undefined ? "none" : `none: ${reason}`;
  const lines = [
    isRejected && reason !== undefined ? `reject: ${reason}` : verdict,
    `  identities  ${identities.length === 0 ? "none" : identities.join(", ")}`,
    `  partner     ${partner ?? nobody}`,
    ...describeRules(rules),
  ];
  return `${lines.join("\n")}\n`;
}

function partnerOf({ networks }: Policy, domain: string): string | undefined {
  return [...networks.values()].find(({ kind, domains }) => kind === "partner" && domains.includes(domain))
    ?.name;
}

/** The policy with one more partner, and with the given authority in the place of each partner's own. */
function withGivenPartners(
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

const day = 86_400_000;

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
