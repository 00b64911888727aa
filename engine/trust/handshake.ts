/**
 * The decision on a TLS handshake: what the policy offers, the partner that the certificate
 * names, then the policy's handshake rules (TS 33.203 6.5; RFC 5922 7.3, 7.4).
 */
import type { Policy, Rule } from "../../grammar/model.ts";
import { holds, type Scene } from "../conditions/conditions.ts";
import type { AppliedRule, HandshakeDecision } from "../decision.ts";
import type { EngineContext } from "../engine.ts";
import type { HandshakeEvent } from "../event.ts";
import { type NamedPartner, partnerOfHandshake } from "./named-partner.ts";
import { whyNotOffered } from "./tls-offer.ts";

export function decideHandshake(
  policy: Policy,
  context: EngineContext,
  event: HandshakeEvent,
): HandshakeDecision {
  const named = partnerOfHandshake(policy, context, event);
  const scene = handshakeScene(policy, context, event, named);
  const rules: AppliedRule[] = [];
  let rejection: string | undefined;
  for (const { rule, applied } of handshakeRules(policy)) {
    if (!holds(rule.condition, scene)) continue;
    rules.push(applied);
    rejection ??= rejectionOf(rule, scene);
  }
  const beyond = whyNotOffered(policy.tls, event.connection.tls);
  const refusal = beyond ?? (named.refused ? named.cause : rejection);
  return {
    kind: "handshake",
    verdict: refusal === undefined ? "allow" : "reject",
    partner: refusal === undefined ? named.partner : undefined,
    identities: named.identities,
    reason: refusal,
    cause: named.partner === undefined ? named.cause : undefined,
    rules,
  };
}

/** What the conditions of handshake rules read. The gate's end is the partner that is named. */
export function handshakeScene(
  policy: Policy,
  context: EngineContext,
  event: HandshakeEvent,
  named: NamedPartner = partnerOfHandshake(policy, context, event),
): Scene {
  return {
    policy,
    context,
    at: event.at,
    connection: event.connection,
    network: named.partner === undefined ? undefined : policy.networks.get(named.partner),
    handshake: event,
    named,
  };
}

function rejectionOf({ actions }: Rule, scene: Scene): string | undefined {
  for (const action of actions) {
    if (action.kind === "reject" && holds(action.condition, scene)) return action.reason;
  }
  return undefined;
}

/** With what a decision says of it. */
export interface HandshakeRule {
  readonly rule: Rule;
  readonly applied: AppliedRule;
}

const rulesOf = new WeakMap<Policy, readonly HandshakeRule[]>();

/** By name: of several rejections the first one is the cause. */
export function handshakeRules(policy: Policy): readonly HandshakeRule[] {
  let rules = rulesOf.get(policy);
  if (rules === undefined) {
    rules = policy.rules
      .filter(({ gate }) => gate === "handshake")
      .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
      .map((rule) => ({ rule, applied: appliedRule(rule) }));
    rulesOf.set(policy, rules);
  }
  return rules;
}

const appliedRule = ({ name, origin: { file, line }, because }: Rule): AppliedRule =>
  Object.freeze({ name, file, line, because });
