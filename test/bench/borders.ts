/** Policies, ends and events of the benchmark: the shipped border policy, and larger ones made from it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadPolicy } from "../../border/index.ts";
import type { EngineContext, MessageEvent, NetworkEnd } from "../../engine/index.ts";
import { check, readerOf } from "../../grammar/index.ts";
import type { Network, Policy } from "../../grammar/model.ts";
import { packageRoot } from "../package-root.ts";

/** All events of the benchmark happen then. */
export const clock: number = Date.UTC(2026, 10, 24, 12);

export interface LoadedPolicy {
  readonly policy: Policy;
  readonly context: EngineContext;
}

/** A policy that ships, as `privet check` reads it. */
export function shipped(name: string): LoadedPolicy {
  const { policy, context } = loadPolicy(join(packageRoot, `policies/${name}.privet`), { now: clock });
  assert.ok(policy !== undefined, `${name} has errors`);
  return { policy, context };
}

/** Our own side. */
export function home(): NetworkEnd {
  return {
    network: "home",
    connection: { transport: "tcp", listener: "inside", remoteAddress: "198.51.100.4" },
  };
}

/** A network that nobody trusts. */
export function untrusted(): NetworkEnd {
  return { network: "open-d", connection: { transport: "tcp", remoteAddress: "203.0.113.9" } };
}

/** A partner over TLS, whose certificate names it. */
export function partner(name: string, domain: string): NetworkEnd {
  return {
    network: name,
    connection: {
      transport: "tls",
      remoteAddress: "203.0.113.7",
      tls: {
        version: "TLSv1.3",
        resumed: false,
        certificate: {
          uris: [`sip:${domain}`],
          dns: [],
          hasSubjectAltName: true,
          issuer: "CN=benchmark",
          usages: undefined,
          notBefore: Date.UTC(2026, 0),
          notAfter: Date.UTC(2028, 0),
          signedBy: name,
        },
      },
    },
  };
}

/** One event for each message, between ends that take turns. */
export function eventsOf(
  messages: readonly Uint8Array[],
  from: NetworkEnd,
  to: readonly NetworkEnd[],
): MessageEvent[] {
  return messages.map((bytes, index) => ({
    kind: "message",
    bytes,
    framing: "stream",
    from,
    to: to[index % to.length]!,
    at: clock,
  }));
}

export function partnerName(index: number): string {
  return `partner-${index}`;
}

export function partnerDomain(index: number): string {
  return `p${index}.example`;
}

/** The policy with so many more partners, each with agreement and domain of its own, as a partner list brings them. */
export function withPartners(
  { policy, context }: LoadedPolicy,
  count: number,
  change: (index: number) => Partial<Network> = () => ({}),
): LoadedPolicy {
  const model = policy.networks.get("carrier-c");
  assert.ok(model !== undefined);
  const networks = new Map(policy.networks);
  for (let index = 0; index < count; index++) {
    const name = partnerName(index);
    const agreement = { name: `IWA-${index}`, from: Date.UTC(2026, 0), until: Date.UTC(2028, 0) };
    const own = { name, domains: [partnerDomain(index)], addresses: [], agreement };
    const network: Network = { ...model, ...own, ...change(index) };
    networks.set(name, network);
  }
  return { policy: { ...policy, networks }, context };
}

/**
 * The policy with so many more rules that have nothing to do with the call: for other
 * ends, other methods, other callers, and fields that the message lacks.
 */
export function withRules({ policy, context }: LoadedPolicy, count: number): LoadedPolicy {
  const texts = Array.from({ length: count }, (_, index) => unrelatedRule(index));
  const text = [
    'language 1\npolicy "more rules"',
    'network home { own domain "home1.example" }',
    'network elsewhere { domain "elsewhere.example" }',
    ...Array.from({ length: count }, (_, index) => `field X-Unrelated-${index} is text`),
    ...texts,
  ].join("\n");
  const result = check("rules.privet", readerOf({ "rules.privet": text }), { now: clock });
  assert.ok(result.policy !== undefined, "the additional rules have errors");
  const known = new Set(policy.fields.map(({ name }) => name));
  const fields = [...policy.fields, ...result.policy.fields.filter(({ name }) => !known.has(name))];
  return { policy: { ...policy, fields, rules: [...policy.rules, ...result.policy.rules] }, context };
}

function unrelatedRule(index: number): string {
  const start = `rule unrelated-${index}\n`;
  const end = `\nbecause "none ${index}"`;
  switch (index % 5) {
    case 0:
      return `${start}on message to elsewhere\nremove Subject${end}`;
    case 1:
      return `${start}on request to untrusted\nwhen method is PUBLISH\nreject 403 "No ${index}"${end}`;
    case 2:
      return `${start}on message to untrusted\nremove X-Unrelated-${index}${end}`;
    case 3:
      return `${start}on request to untrusted\nwhen host of From is "customer-${index}.example"\nreject 403 "No ${index}"${end}`;
    default:
      return `${start}on request to untrusted\nwhen X-Unrelated-${index} is present\nreject 403 "No ${index}"${end}`;
  }
}
