import { compile, type HandshakeDecision, type HandshakeEvent, newestVersion } from "../engine/index.ts";
import type { Policy } from "../grammar/model.ts";
import { domainName } from "../wire/index.ts";
import { oneOf, readArguments, readPairs, readTime } from "./arguments.ts";
import { readCertificateFile, readPemFile } from "./certificate-file.ts";
import type { Command } from "./command.ts";
import { givenAuthority, partnerOf, withGivenPartners } from "./given-partners.ts";
import { describeHandshake, handshakeDecisionToJson } from "./handshake-text.ts";
import { exitCode, type Io, UsageError } from "./io.ts";
import { domainOf, type LivePeer, readIdentity, readPeer, readTimeout } from "./live-peer.ts";
import { type Meeting, meet } from "./meeting.ts";
import { describeMeeting, meetingToJson } from "./meeting-text.ts";
import { type UsablePolicy, usePolicy } from "./policy.ts";

const help = `usage: privet handshake POLICY --certificate PEM [OPTIONS]
       privet handshake POLICY --connect HOST:PORT [OPTIONS]

The decision on one TLS handshake: with a certificate, or with a peer that is there. Of a
peer, it says what the peer shows, and never sends it a byte of SIP. A rejection exits
with 3; where no connection comes about, it is 1.

  --certificate PEM     the peer's certificate, leaf first, then the rest of its chain
  --role server|client  our role (default: server; with --connect: client)
  --domain D            client role: the domain of the URI that we want to reach
                        (with --connect: the host, if it is a name)
  --at TIME             the clock, such as 2026-06-01T12:00:00Z (default: now)
  --authority PEM       trust anchors of every partner, for this one decision
  --partner-domain D    one more partner of that domain, with an agreement in force
  --option NAME=VALUE   another value of an option of the policy
  --json                one JSON object

  --connect HOST:PORT   the peer: a name, an address, or an IPv6 address in brackets
  --certificate-of-ours PEM, --key PEM
                        what we show it, where it asks: leaf first, then the rest of its chain
  --timeout SECONDS     until the peer must have shaken hands (default: 10)

example:
  privet handshake policies/ims-border.privet --certificate peer.pem --authority root.pem
  privet handshake policies/ims-border.privet --connect sip.carrier-c.example:5061 --domain carrier-c.example
`;

const options = {
  certificate: { type: "string" },
  connect: { type: "string" },
  "certificate-of-ours": { type: "string" },
  key: { type: "string" },
  timeout: { type: "string" },
  role: { type: "string" },
  domain: { type: "string" },
  at: { type: "string" },
  authority: { type: "string" },
  "partner-domain": { type: "string" },
  option: { type: "string", multiple: true, default: [] as string[] },
  json: { type: "boolean", default: false },
} as const;

export const handshakeCommand: Command = {
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, options);
    const [policyPath, ...more] = positionals;
    if (policyPath === undefined) throw new UsageError("no policy is named");
    if (more.length > 0) throw new UsageError(`one policy, please; what is \`${more[0]}\`?`);
    const asked = readQuestion(values);
    const given: Given = {
      authority: values.authority,
      partnerDomain: readDomain("--partner-domain", values["partner-domain"]),
      at: values.at === undefined ? undefined : readTime("--at", values.at),
    };
    const usable = usePolicy(policyPath, io, readPairs("--option", values.option));
    return "peer" in asked
      ? askPeer(asked.peer, await judgeFor(usable, given, io), values.json, io)
      : askCertificate(asked, await judgeFor(usable, given, io), values.json, io);
  },
};

type Values = Partial<
  Readonly<
    Record<"certificate" | "connect" | "certificate-of-ours" | "key" | "timeout" | "role" | "domain", string>
  >
>;

interface CertificateQuestion {
  readonly certificate: string;
  readonly role: "server" | "client";
  readonly domain: string | undefined;
}

function readQuestion(values: Values): CertificateQuestion | { readonly peer: LivePeer } {
  const { certificate, connect, key } = values;
  const role = values.role === undefined ? undefined : oneOf("--role", values.role, ["server", "client"]);
  const domain = readDomain("--domain", values.domain);
  if (connect !== undefined) {
    if (certificate !== undefined)
      throw new UsageError("--connect has the peer show its certificate: take --certificate out");
    if (role === "server") throw new UsageError("--connect opens the connection: our role is client");
    const peer = readPeer(connect);
    return {
      peer: {
        ...peer,
        domain: domain ?? domainOf(peer),
        identity: readIdentity(values["certificate-of-ours"], key),
        timeout: readTimeout(values.timeout),
      },
    };
  }
  for (const name of ["certificate-of-ours", "key", "timeout"] as const)
    if (values[name] !== undefined) throw new UsageError(`--${name} goes with --connect`);
  if (certificate === undefined)
    throw new UsageError(
      "--certificate names the peer's certificate, or --connect the peer that is to show one",
    );
  if (role === "client" && domain === undefined) throw new UsageError("--role client needs --domain");
  if (role !== "client" && domain !== undefined) throw new UsageError("--domain needs --role client");
  return { certificate, role: role ?? "server", domain };
}

/** In the form in which domains are compared: lower case, without the root's dot. */
function readDomain(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const domain = domainName(text);
  if (domain === undefined)
    throw new UsageError(`${option} wants a domain name such as carrier-c.example, not \`${text}\``);
  return domain;
}

interface Given {
  readonly authority: string | undefined;
  readonly partnerDomain: string | undefined;
  readonly at: number | undefined;
}

interface Judge {
  readonly policy: Policy;
  readonly at: number;
  decide(event: HandshakeEvent): HandshakeDecision;
}

async function judgeFor(usable: UsablePolicy, given: Given, io: Io): Promise<Judge> {
  const { authority, partnerDomain, at = io.now() } = given;
  const policy = withGivenPartners(usable.policy, partnerDomain, authority !== undefined, at);
  const authorities = new Map(usable.context.authorities);
  if (authority !== undefined) authorities.set(givenAuthority, await readPemFile(authority));
  const engine = compile(policy, { ...usable.context, authorities });
  return { policy, at, decide: (event) => engine.decide({ ...event, at }) };
}

async function askCertificate(
  { certificate, role, domain }: CertificateQuestion,
  judge: Judge,
  json: boolean,
  io: Io,
): Promise<number> {
  const { facts } = await readCertificateFile(certificate);
  const decision = judge.decide({
    kind: "handshake",
    role,
    connection: {
      transport: "tls",
      tls: { version: newestVersion(judge.policy.tls), resumed: false, certificate: facts },
    },
    ...(domain === undefined ? {} : { domain, partner: partnerOf(judge.policy, domain) }),
    at: judge.at,
  });
  io.out(json ? `${JSON.stringify(handshakeDecisionToJson(decision))}\n` : describeHandshake(decision));
  return decision.verdict === "reject" ? exitCode.rejected : exitCode.clean;
}

async function askPeer(peer: LivePeer, judge: Judge, json: boolean, io: Io): Promise<number> {
  const meeting: Meeting = await meet({
    ...peer,
    partner: partnerOf(judge.policy, peer.domain),
    profile: judge.policy.tls,
  });
  const decision = meeting.event === undefined ? undefined : judge.decide(meeting.event);
  io.out(
    json
      ? `${JSON.stringify(meetingToJson(peer, meeting, decision))}\n`
      : describeMeeting(peer, meeting, decision, judge.at),
  );
  if (meeting.failure !== undefined) return exitCode.findings;
  return decision?.verdict === "reject" ? exitCode.rejected : exitCode.clean;
}
