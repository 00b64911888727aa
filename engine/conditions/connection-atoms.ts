/** Atoms about the connection of the gate's end, its agreement, options and the clock. */
import type { Atom, Network, Policy, Who } from "../../grammar/model.ts";
import { sipIdentities, usageIdentifiers } from "../../wire/index.ts";
import type { EngineContext } from "../engine.ts";
import type { CertificateFacts, ConnectionFacts } from "../event.ts";
import { type NamedPartner, namedPartner } from "../trust/named-partner.ts";
import { isNamed } from "../trust/who.ts";
import { lowerCase } from "./comparison-text.ts";
import { isWithin, readAddress } from "./internet-address.ts";

export type ConnectionAtom = Extract<
  Atom,
  {
    readonly on:
      | "secured"
      | "transport"
      | "listener"
      | "address"
      | "tls-version"
      | "resumed"
      | "certificate"
      | "certificate-names"
      | "certificate-part"
      | "agreement"
      | "option"
      | "date";
  }
>;

export function isConnectionAtom(atom: Atom): atom is ConnectionAtom {
  switch (atom.on) {
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
      return true;
    default:
      return false;
  }
}

/** What only a connection can tell. Agreement and options are the network's, the clock is the message's. */
export function readsConnection(atom: Atom): boolean {
  return isConnectionAtom(atom) && !["agreement", "option", "date"].includes(atom.on);
}

export interface ConnectionScene {
  readonly policy: Policy;
  readonly context: EngineContext;
  readonly at: number;
  readonly connection: ConnectionFacts;
  readonly network: Network | undefined;
  /** What a handshake has found already: as client, narrower than what the certificate says (RFC 5922 7.3). */
  readonly named?: NamedPartner | undefined;
}

export function holdsForConnection(atom: ConnectionAtom, scene: ConnectionScene): boolean {
  const { connection, network, at } = scene;
  const certificate = connection.tls?.certificate;
  switch (atom.on) {
    case "secured":
      return connection.tls !== undefined;
    case "transport":
      return atom.among.some((transport) => lowerCase(transport) === connection.transport);
    case "listener":
      return connection.listener !== undefined && atom.among.includes(connection.listener);
    case "address": {
      const address =
        connection.remoteAddress === undefined ? undefined : readAddress(connection.remoteAddress);
      return address !== undefined && atom.within.some((prefix) => isWithin(address, prefix));
    }
    case "tls-version": {
      const version =
        connection.tls === undefined ? undefined : connection.tls.version === "TLSv1.3" ? 13 : 12;
      return version !== undefined && version >= atom.from && version <= atom.to;
    }
    case "resumed":
      return connection.tls?.resumed === true;
    case "certificate":
      return certificate !== undefined;
    case "certificate-names":
      return certificateNames(atom.who, scene);
    case "certificate-part":
      return certificate !== undefined && certificatePartIs(certificate, atom.part, atom.among);
    case "agreement":
      return network?.agreement !== undefined && at >= network.agreement.from && at < network.agreement.until;
    case "option":
      return atom.among.includes(optionValue(atom.name, scene) ?? "");
    case "date":
      return at >= atom.from && at < atom.until;
  }
}

/** The value of the gate's foreign network, else the policy's. */
export function optionValue(
  name: string,
  { policy, network }: Pick<ConnectionScene, "policy" | "network">,
): string | undefined {
  const own = network === undefined || network.own ? undefined : network.options.get(name);
  return own ?? policy.options.get(name)?.value;
}

/**
 * The certificate names a network of `who`, all checks passed. Where the gate's end is itself
 * one of `who`, it is the end that must be named: another partner's certificate says nothing
 * of this one.
 */
function certificateNames(who: readonly Who[], scene: ConnectionScene): boolean {
  const { policy, context, connection, network, at } = scene;
  const { partner, identities } =
    scene.named ?? namedPartner(policy, context, connection.tls?.certificate, at);
  const named = partner === undefined ? undefined : policy.networks.get(partner);
  if (named === undefined) return false;
  if (network === undefined || !isMeant(who, network)) return isMeant(who, named);
  // Of partners that share a host each one is named, and each one has passed.
  return network.kind === "partner" && network.domains.some((domain) => identities.includes(domain));
}

/** No words at all stand for any partner. Trust is not asked here: it is computed from this. */
function isMeant(who: readonly Who[], network: Network): boolean {
  if (who.length === 0) return network.kind === "partner";
  return who.some((one) => isNamed(one, network));
}

const usages: ReadonlyMap<string, string> = new Map(
  Object.entries(usageIdentifiers).map(([word, identifier]) => [lowerCase(word), identifier]),
);

/** The object identifier that a word of the language stands for; another word stands for itself. */
export function usageOf(word: string): string {
  return usages.get(lowerCase(word)) ?? word;
}

function certificatePartIs(
  certificate: CertificateFacts,
  part: Extract<ConnectionAtom, { readonly on: "certificate-part" }>["part"],
  among: readonly string[],
): boolean {
  const wanted = among.map(lowerCase);
  switch (part) {
    case "issuer":
      return wanted.includes(lowerCase(certificate.issuer));
    case "common-name":
      return certificate.commonName !== undefined && wanted.includes(lowerCase(certificate.commonName));
    case "name":
      return sipIdentities(certificate).some((identity) => wanted.includes(lowerCase(identity)));
    case "usage":
      return among.some((word) => certificate.usages?.includes(usageOf(word)) === true);
  }
}
