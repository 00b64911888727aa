/** Evaluates conditions. They are total: no atom can fail, and what is absent holds nothing. */
import type { Atom, Condition, Network, Policy, Who } from "../../grammar/model.ts";
import type { EngineContext } from "../engine.ts";
import type { ConnectionFacts, HandshakeEvent } from "../event.ts";
import { bodyIs, hasBodyType } from "../message/body-tree.ts";
import { type FieldNode, fieldOf, type MessageTree } from "../message/tree.ts";
import { partPasses, type Setting } from "../message/value-parts.ts";
import { indexOf } from "../networks/network-index.ts";
import type { NamedPartner } from "../trust/named-partner.ts";
import { isWho } from "../trust/who.ts";
import { lowerCase, policyText } from "./comparison-text.ts";
import { holdsForConnection } from "./connection-atoms.ts";

/** All that a condition may read. What an event has not got is undefined, and nothing holds of it. */
export interface Scene {
  readonly policy: Policy;
  readonly context: EngineContext;
  readonly at: number;
  /** The connection of the gate's end. */
  readonly connection: ConnectionFacts;
  /** The network of the gate's end; in a handshake the partner that is named, if any. */
  readonly network: Network | undefined;
  readonly tree?: MessageTree | undefined;
  readonly from?: Party | undefined;
  readonly to?: Party | undefined;
  readonly handshake?: HandshakeEvent | undefined;
  /** Of a handshake: the partner that it binds. */
  readonly named?: NamedPartner | undefined;
}

/** An end as rules see it. */
export interface Party {
  readonly network: Network;
  readonly trusted: boolean;
}

export type AtomCondition = Extract<Condition, { readonly kind: "atom" }>;

/** Told of every atom that was evaluated, in order; the last one decided the condition. */
export type Witness = (condition: AtomCondition, holds: boolean) => void;

export function holds(condition: Condition, scene: Scene, witness?: Witness): boolean {
  switch (condition.kind) {
    case "and":
      return condition.of.every((one) => holds(one, scene, witness));
    case "or":
      return condition.of.some((one) => holds(one, scene, witness));
    case "not":
      return !holds(condition.of, scene, witness);
    case "atom": {
      const held = atomHolds(condition.atom, scene);
      witness?.(condition, held);
      return held;
    }
  }
}

export function isAmong(who: readonly Who[], party: Party): boolean {
  return who.some((one) => isWho(one, party));
}

const ownDomainsOf = new WeakMap<Policy, ReadonlySet<string>>();

export function ownDomains(policy: Policy): ReadonlySet<string> {
  let domains = ownDomainsOf.get(policy);
  if (domains === undefined) {
    domains = new Set(
      indexOf(policy.networks)
        .own()
        .flatMap((network) => network.domains),
    );
    ownDomainsOf.set(policy, domains);
  }
  return domains;
}

/** How the values of one field are compared. */
export function settingOf(policy: Policy, tree: MessageTree, field: FieldNode): Setting {
  return { bytes: tree.bytes, shape: field.row?.shape ?? "text", ownDomains: ownDomains(policy) };
}

function atomHolds(atom: Atom, scene: Scene): boolean {
  switch (atom.on) {
    case "end": {
      const party = atom.side === "from" ? scene.from : scene.to;
      return party !== undefined && isAmong(atom.who, party);
    }
    case "secured":
    case "transport":
    case "listener":
    case "address":
    case "tls-version":
    case "resumed":
    case "certificate":
    case "certificate-names":
    case "certificate-part":
    case "agreement":
    case "option":
    case "date":
      return holdsForConnection(atom, scene);
    case "role":
      return scene.handshake?.role === atom.is;
    case "domain-sought":
      return isDomainAmong(scene.handshake?.domain, atom.among);
    case "sni":
      return isDomainAmong(scene.handshake?.connection.tls?.sni, atom.among);
    default:
      return scene.tree !== undefined && holdsForMessage(atom, scene.tree, scene.policy);
  }
}

function isDomainAmong(domain: string | undefined, among: readonly string[]): boolean {
  return domain !== undefined && among.some((one) => lowerCase(one) === lowerCase(domain).replace(/\.$/, ""));
}

type MessageAtom = Extract<
  Atom,
  {
    readonly on:
      | "message"
      | "method"
      | "status"
      | "emergency"
      | "in-dialog"
      | "present"
      | "count"
      | "sole"
      | "part"
      | "body"
      | "body-type";
  }
>;

function holdsForMessage(atom: MessageAtom, tree: MessageTree, policy: Policy): boolean {
  switch (atom.on) {
    case "message":
      return tree.isRequest === (atom.is === "request");
    case "method":
      return atom.among.some((method) => policyText(method) === tree.method);
    case "status":
      return !tree.isRequest && tree.status >= atom.from && tree.status <= atom.to;
    case "emergency":
      return isEmergency(tree);
    case "in-dialog":
      return (
        fieldOf(tree, "To")?.values.some(({ parameters }) =>
          parameters.some(({ name }) => name === "tag"),
        ) === true
      );
    case "present":
      return fieldOf(tree, atom.field) !== undefined;
    case "count": {
      const count = fieldOf(tree, atom.field)?.values.length ?? 0;
      return count >= atom.from && count <= atom.to;
    }
    case "sole": {
      const field = fieldOf(tree, atom.field);
      if (field === undefined || field.values.length !== 1) return false;
      const test = { kind: "among", texts: atom.among } as const;
      return partPasses(field.values[0]!, { kind: "value" }, test, settingOf(policy, tree, field));
    }
    case "part": {
      const field = fieldOf(tree, atom.field);
      if (field === undefined || field.values.length === 0) return false;
      const setting = settingOf(policy, tree, field);
      const passed = field.values.filter((value) => partPasses(value, atom.part, atom.test, setting)).length;
      return atom.quantifier === "every" ? passed === field.values.length : passed > 0;
    }
    case "body":
      return bodyIs(tree.body, atom.is);
    case "body-type":
      return hasBodyType(tree.body, atom.type);
  }
}

/** RFC 5031 4.2: `urn:service:sos` and the services below it. */
function isEmergency(tree: MessageTree): boolean {
  const uri = lowerCase(tree.requestUri?.values[0]?.uri?.text ?? "");
  return uri === "urn:service:sos" || uri.startsWith("urn:service:sos.");
}
