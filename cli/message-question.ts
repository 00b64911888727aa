/** The question that `decide` and `explain` ask: one message, between two networks. */
import {
  type CertificateFacts,
  type ConnectionFacts,
  declaredConnection,
  type MessageEvent,
  type Transport,
} from "../engine/index.ts";
import { nearName } from "../grammar/index.ts";
import type { Policy } from "../grammar/model.ts";
import { oneOf, readArguments, readBytes, readPairs, readTime } from "./arguments.ts";
import { readCertificateFile } from "./certificate-file.ts";
import { type Io, UsageError } from "./io.ts";
import { type UsablePolicy, usePolicy } from "./policy.ts";

/** What the help of both commands says about it. */
export const questionHelp = `  --from N, --to N      the networks (a network or partner of the policy, or stranger)
  --transport T         udp, tcp, tls, ws or wss, at the foreign end
  --certificate PEM     the certificate that the foreign end shows, leaf first
  --partner NAME        the partner that the foreign end's certificate names
  --at TIME             the clock, such as 2026-06-01T12:00:00Z (default: now)
  --option NAME=VALUE   another value of an option of the policy
  --crlf                the message's lines end in LF: read them as CRLF

Facts that are not given are those of a connection as the policy declares that network:
a partner comes over TLS with a certificate that names it. Of a message that the border
forwards, its own Via and Max-Forwards are not shown: this is the policy's decision only.`;

const transports = ["udp", "tcp", "tls", "ws", "wss"] as const;
const secured: readonly Transport[] = ["tls", "wss"];

const questionOptions = {
  from: { type: "string" },
  to: { type: "string" },
  transport: { type: "string" },
  certificate: { type: "string" },
  partner: { type: "string" },
  at: { type: "string" },
  option: { type: "string", multiple: true, default: [] as string[] },
  crlf: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  raw: { type: "boolean", default: false },
} as const;

export interface MessageQuestion extends UsablePolicy {
  readonly event: MessageEvent;
  readonly json: boolean;
  readonly raw: boolean;
}

export async function readMessageQuestion(argv: readonly string[], io: Io): Promise<MessageQuestion> {
  const { values, positionals } = readArguments(argv, questionOptions);
  const [policyPath, messagePath = "-", ...more] = positionals;
  if (policyPath === undefined) throw new UsageError("no policy is named");
  if (policyPath === "-")
    throw new UsageError("a policy is a file; only the message comes from standard input");
  if (more.length > 0) throw new UsageError(`one policy and one message, please; what is \`${more[0]}\`?`);
  if (values.from === undefined || values.to === undefined) {
    const missing = values.from === undefined ? "--from" : "--to";
    throw new UsageError(`${missing} is missing: --from and --to name the two networks`);
  }

  const usable = usePolicy(policyPath, io, readPairs("--option", values.option));
  const { policy } = usable;
  const at = values.at === undefined ? io.now() : readTime("--at", values.at);
  const from = networkName(policy, "--from", values.from);
  const to = networkName(policy, "--to", values.to);
  const foreign = isOwn(policy, from) ? "to" : "from";

  const given =
    values.transport === undefined
      ? undefined
      : oneOf<Transport>("--transport", values.transport, transports);
  for (const [option, value] of [
    ["--certificate", values.certificate],
    ["--partner", values.partner],
  ] as const) {
    if (value !== undefined && given !== undefined && !secured.includes(given))
      io.err(`warning: over ${given} nobody shows a certificate: ${option} changes nothing\n`);
  }

  const certificate = await foreignCertificate(policy, values.certificate, values.partner, at);
  // A certificate can only have come over TLS.
  const transport = given ?? (certificate && "tls");

  const facts = (end: "from" | "to", network: string): ConnectionFacts =>
    declaredConnection(policy, network, at, end === foreign ? { transport, certificate } : {});

  const bytes = await readBytes(messagePath, io);
  const event: MessageEvent = {
    kind: "message",
    bytes: values.crlf ? withCrlf(bytes) : bytes,
    framing: "datagram",
    from: { network: from, connection: facts("from", from) },
    to: { network: to, connection: facts("to", to) },
    at,
  };
  return { ...usable, event, json: values.json, raw: values.raw };
}

async function foreignCertificate(
  policy: Policy,
  file: string | undefined,
  partner: string | undefined,
  at: number,
): Promise<CertificateFacts | undefined> {
  if (file !== undefined && partner !== undefined)
    throw new UsageError("--certificate or --partner, not both");
  if (file !== undefined) return (await readCertificateFile(file)).facts;
  if (partner === undefined) return undefined;
  const name = networkName(policy, "--partner", partner);
  if (policy.networks.get(name)?.kind !== "partner")
    throw new UsageError(`\`${name}\` is a network, not a partner`);
  return declaredConnection(policy, name, at).tls?.certificate;
}

function networkName(policy: Policy, option: string, name: string): string {
  if (policy.networks.has(name)) return name;
  const names = [...policy.networks.keys()];
  const near = nearName(name, names);
  const hint =
    near === undefined ? `its networks are ${names.slice(0, 12).join(", ")}` : `did you mean \`${near}\`?`;
  throw new UsageError(`${option}: the policy has no network \`${name}\`; ${hint}`);
}

function isOwn(policy: Policy, name: string): boolean {
  return policy.networks.get(name)?.own === true;
}

const lf = 10;
const cr = 13;

function withCrlf(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  bytes.forEach((byte, index) => {
    if (byte === lf && bytes[index - 1] !== cr) out.push(cr);
    out.push(byte);
  });
  return Uint8Array.from(out);
}
