/** The event that a test of the language gives. */
import type {
  GivenCertificate,
  GivenHandshake,
  GivenMessage,
  Policy,
  PolicyTest,
} from "../../grammar/model.ts";
import { usageOf } from "../conditions/connection-atoms.ts";
import type { CertificateFacts, HandshakeEvent, MessageEvent, PolicyEvent, Transport } from "../event.ts";
import { declaredConnection } from "../trust/declared-connection.ts";
import { networkNamed } from "../trust/ends.ts";
import { newestVersion } from "../trust/tls-offer.ts";

/** The clock of tests where neither the test nor the policy says one: never that of the wall. */
export const defaultTestClock: number = Date.UTC(2026, 0, 1);

/** The policy as the test sees it: with its values of options. */
export function policyOfTest(policy: Policy, { options }: PolicyTest): Policy {
  if (options.size === 0) return policy;
  const changed = [...policy.options].map(
    ([name, option]) => [name, { ...option, value: options.get(name) ?? option.value }] as const,
  );
  return { ...policy, options: new Map(changed) };
}

export function eventOfTest(policy: Policy, { at, given }: PolicyTest): PolicyEvent {
  const clock = at ?? policy.testClock ?? defaultTestClock;
  return given.kind === "message" ? messageEvent(policy, given, clock) : handshakeEvent(policy, given, clock);
}

const transports: readonly Transport[] = ["udp", "tcp", "tls", "ws", "wss"];

function messageEvent(policy: Policy, { from, to, transport, text }: GivenMessage, at: number): MessageEvent {
  const overrides = { transport: transports.find((one) => one === transport) };
  const foreign = networkNamed(policy, from).own ? "to" : "from";
  return {
    kind: "message",
    bytes: new TextEncoder().encode(text),
    // A test need not count the octets of its body.
    framing: "datagram",
    from: {
      network: from,
      connection: declaredConnection(policy, from, at, foreign === "from" ? overrides : {}),
    },
    to: { network: to, connection: declaredConnection(policy, to, at, foreign === "to" ? overrides : {}) },
    at,
  };
}

function handshakeEvent(
  policy: Policy,
  { role, remoteAddress, domain, certificate }: GivenHandshake,
  at: number,
): HandshakeEvent {
  const facts = certificate === undefined ? undefined : certificateFacts(certificate, at);
  return {
    kind: "handshake",
    role,
    domain,
    connection: {
      transport: "tls",
      remoteAddress,
      tls: { version: newestVersion(policy.tls), resumed: false, certificate: facts },
    },
    at,
  };
}

const day = 86_400_000;

function certificateFacts(given: GivenCertificate, at: number): CertificateFacts {
  const { uris, dns, emails, commonName, usages, signedBy, notAfter } = given;
  return {
    uris,
    dns,
    hasSubjectAltName: uris.length + dns.length + emails.length > 0,
    commonName,
    issuer: signedBy === undefined ? "unknown authority" : `authority of ${signedBy}`,
    usages: usages?.map(usageOf),
    notBefore: Math.min(at, notAfter ?? at) - day,
    notAfter: notAfter ?? at + day,
    signedBy,
  };
}
