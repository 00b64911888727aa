/**
 * Who an end is, whether it is trusted in the direction of the message, and why (design:
 * trust is computed from the facts of the connection, never from what the message says).
 */
import type { Condition, Network, Policy, Trust } from "../../grammar/model.ts";
import { atomText } from "../conditions/condition-text.ts";
import { type AtomCondition, holds, type Party, type Scene } from "../conditions/conditions.ts";
import { optionValue } from "../conditions/connection-atoms.ts";
import { isWithin, readAddress } from "../conditions/internet-address.ts";
import type { Assessment } from "../decision.ts";
import type { EngineContext } from "../engine.ts";
import type { ConnectionFacts, NetworkEnd } from "../event.ts";
import { namedPartner } from "./named-partner.ts";
import { isWho } from "./who.ts";

export const strangerNetwork = "stranger";

export interface End extends Party {
  readonly connection: ConnectionFacts;
  readonly assessment: Assessment;
  /** Header fields for which the end is trusted though it is not for the whole message. */
  readonly trustedFields: ReadonlySet<string>;
}

/** Certificate, else listener, else the longest address prefix, else `stranger`. */
export function networkOf(
  policy: Policy,
  context: EngineContext,
  connection: ConnectionFacts,
  at: number,
): string {
  const { partner } = namedPartner(policy, context, connection.tls?.certificate, at);
  if (partner !== undefined) return partner;
  const networks = [...policy.networks.values()];
  const { listener } = connection;
  const listening =
    listener === undefined ? [] : networks.filter(({ listeners }) => listeners.includes(listener));
  if (listening.length === 1) return listening[0]!.name;
  // Networks that share a listener are told apart by their addresses.
  const nearest = nearestByAddress(listening.length > 1 ? listening : networks, connection.remoteAddress);
  return nearest ?? strangerNetwork;
}

function nearestByAddress(
  networks: readonly Network[],
  remoteAddress: string | undefined,
): string | undefined {
  const address = remoteAddress === undefined ? undefined : readAddress(remoteAddress);
  if (address === undefined) return undefined;
  const near = networks
    .flatMap(({ name, addresses }) => addresses.map((prefix) => ({ name, prefix })))
    .filter(({ prefix }) => isWithin(address, prefix))
    .toSorted((one, other) => other.prefix.length - one.prefix.length || (one.name < other.name ? -1 : 1));
  return near[0]?.name;
}

/** A name that the policy does not hold is a stranger's. */
export function networkNamed(policy: Policy, name: string): Network {
  return policy.networks.get(name) ?? policy.networks.get(strangerNetwork)!;
}

export function assessEnd(
  policy: Policy,
  context: EngineContext,
  end: NetworkEnd,
  direction: "incoming" | "outgoing",
  at: number,
): End {
  const network = networkNamed(policy, end.network);
  const scene: Scene = { policy, context, at, connection: end.connection, network };
  const statements = statementsOn(network, policy, direction);
  const whole = statements.filter(({ fields }) => fields === undefined);
  const grants = whole.filter(({ condition }) => holds(condition, scene));
  const forFields = statements.filter(
    ({ fields, condition }) => fields !== undefined && holds(condition, scene),
  );
  return {
    network,
    connection: end.connection,
    trusted: grants.length > 0,
    trustedFields: new Set(grants.length > 0 ? [] : forFields.flatMap(({ fields }) => fields!)),
    assessment: {
      network: network.name,
      trusted: grants.length > 0,
      because: grants.length > 0 ? reasonFor(grants, scene) : reasonAgainst(whole, network, scene),
    },
  };
}

/** The trust statements that speak of the network. */
export function statementsOn(
  network: Network,
  policy: Policy,
  direction: "incoming" | "outgoing",
): readonly Trust[] {
  return policy.trust.filter(
    (trust) => trust[direction] && trust.who.some((who) => isWho(who, { network, trusted: false })),
  );
}

/** Of several statements the first by its reason: their order in the text says nothing. */
function reasonFor(statements: readonly Trust[], scene: Scene): string {
  const all = statements.map(({ condition }) => reasons(condition, scene).join(", "));
  return all.toSorted()[0] || "trusted without condition";
}

function reasonAgainst(statements: readonly Trust[], network: Network, scene: Scene): string {
  const all = statements.flatMap(({ condition }) => reasons(condition, scene));
  return [...new Set(all)].toSorted().join(", ") || `no statement trusts ${network.name}`;
}

/** The atoms that made the condition hold, or fail: all of an `and` that holds, the first that failed of one that does not. */
function reasons(condition: Condition, scene: Scene): readonly string[] {
  switch (condition.kind) {
    case "and":
    case "or": {
      const deciding = condition.of.find((one) => holds(one, scene) === (condition.kind === "or"));
      return deciding === undefined
        ? condition.of.flatMap((one) => reasons(one, scene))
        : reasons(deciding, scene);
    }
    case "not":
      return reasons(condition.of, scene);
    case "atom":
      return [atomReason(condition, holds(condition, scene), scene)];
  }
}

function atomReason({ atom }: AtomCondition, held: boolean, scene: Scene): string {
  switch (atom.on) {
    case "secured":
      return held ? "tls" : "not secured by tls";
    case "certificate-names": {
      const { policy, context, connection, at } = scene;
      const { partner, cause } = namedPartner(policy, context, connection.tls?.certificate, at);
      return partner === undefined ? cause : `certificate names ${partner}`;
    }
    case "agreement": {
      const agreement = scene.network?.agreement;
      if (agreement === undefined) return "no agreement";
      return held ? `agreement ${agreement.name}` : `agreement ${agreement.name} not in force`;
    }
    case "option":
      return held ? atomText(atom) : `option ${atom.name} is ${optionValue(atom.name, scene) ?? "not set"}`;
    default:
      return held ? atomText(atom) : `not ${atomText(atom)}`;
  }
}
