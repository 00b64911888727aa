/**
 * Where a request goes (RFC 3261 16.4 to 16.6): a pure choice among networks and hops.
 *
 * A request from outside goes home, or to the network of our own Route; everything else would
 * make the border an open relay. A target that only we could reach is taken only where a
 * network declares it.
 */
import type { Network } from "../../grammar/model.ts";
import type { BorderTransport, Hop } from "../configuration/configuration.ts";
import { isPublicAddress } from "./ip-address.ts";
import { type Place, stranger, type Topology } from "./topology.ts";

/** What a URI says of the way. */
export interface NextUri {
  readonly kind: "sip" | "sips" | "tel" | "urn" | "other";
  readonly user: boolean;
  /** Lower case, no brackets; empty where the URI has none. */
  readonly host: string;
  /** Canonical; undefined: the host is a name. */
  readonly address: string | undefined;
  /** 0: none is written. */
  readonly port: number;
  /** Parameter `transport`, lower case. */
  readonly transport: string | undefined;
  /** Parameter `lr`: as a Route, a loose router (RFC 3261 19.1.1). */
  readonly loose: boolean;
  /** Host and port are ours. */
  readonly ours: boolean;
}

export interface RouteQuestion {
  readonly from: Network;
  readonly uri: NextUri;
  /** The topmost Route that is not ours. */
  readonly route: NextUri | undefined;
  /** The network that our own Route names; undefined: there is none of ours, or it names none. */
  readonly marked: string | undefined;
  /** Of the transaction's identity: the same number for CANCEL, ACK and retransmissions. */
  readonly draw: number;
  /** A hop that answers no pings: one to be asked last. */
  readonly isDown?: (hop: Hop) => boolean;
  /** Whether DNS can be asked where neither border.json nor the message says the way. */
  readonly locates?: boolean;
}

export interface Forward {
  readonly kind: "forward";
  readonly place: Place;
  /** In the order of trying. */
  readonly targets: readonly RouteTarget[];
}

/** Only DNS can tell the targets (RFC 3263 4): `followLocated` makes a way of what it says. */
export interface Locate {
  readonly kind: "locate";
  /** `stranger`: whoever declares the address that is found. */
  readonly place: Place;
  readonly sought: Sought;
}

/** What is sought, as the URI says it. */
export interface Sought {
  readonly scheme: "sip" | "sips";
  /** A domain name. */
  readonly host: string;
  readonly port: number | undefined;
  readonly transport: string | undefined;
  /** Nothing may go there in clear. */
  readonly tlsDemanded: boolean;
  /** What the certificate must name (RFC 5922 7.3). */
  readonly domain: string;
  /** Whether an authority could vouch for such a certificate: else TLS ends in a refusal, always. */
  readonly isVouchedFor: boolean;
}

export interface Refusal {
  readonly kind: "refuse";
  readonly status: number;
  readonly cause: string;
  /** For the Warning field of the answer (RFC 3261 20.43). */
  readonly warning?: { readonly code: number; readonly text: string };
}

export type Route = Forward | Locate | Refusal;

/** RFC 5630 5.3. */
const sipsNotAllowed = { code: 380, text: "SIPS Not Allowed" };
const sipsRequired = { code: 381, text: "SIPS Required" };

export interface RouteTarget extends Hop {
  /** TLS: the domain that the certificate must name (RFC 5922 7.3). */
  readonly domain: string | undefined;
}

export function chooseRoute(topology: Topology, question: RouteQuestion): Route {
  const place = question.from.own ? placeFromHome(topology, question) : placeFromOutside(topology, question);
  if (!("network" in place)) return place;
  const targets = targetsOf(topology, question, place);
  if (targets.length > 0) return { kind: "forward", place, targets };
  const sought = question.locates === true ? soughtIn(topology, question, place) : undefined;
  if (sought !== undefined) return { kind: "locate", place, sought };
  if (question.from.own && place.network.name === stranger && place.hops.length === 0)
    return refuse(404, "no network has this domain, and strangers have no hop");
  if (needsTls(question, place))
    return refuseClear(asksForTls(question), `${place.network.name} can't be reached over TLS`);
  return refuse(503, `${place.network.name} has no hop`);
}

/** RFC 5630 5.3: never in clear, and never rewritten to sip. `isSips`: the sender asks for TLS, else the policy does. */
export function refuseClear(isSips: boolean, cause: string): Refusal {
  return { ...refuse(480, cause), warning: isSips ? sipsNotAllowed : sipsRequired };
}

/** Hops of border.json are all the way there is to a network that has some. */
function soughtIn(topology: Topology, question: RouteQuestion, place: Place): Sought | undefined {
  const { from, uri, route } = question;
  const { own, domains } = place.network;
  if (own || place.hops.length > 0) return undefined;
  const next = route ?? uri;
  // Another network's domain, behind a Route that names this one, is for this one to find.
  const isNamed =
    next.address === undefined &&
    next.host !== "" &&
    !next.ours &&
    (topology.ofDomain(next.host) ?? place) === place;
  const domain = domainSought(question, place);
  const scheme = asksForTls(question) ? "sips" : "sip";
  const tlsDemanded = needsTls(question, place);
  if (isNamed && from.own) {
    const { host, port, transport } = next;
    const named = domain ?? withoutDot(host);
    const sought = { scheme, host, transport, tlsDemanded, domain: named } as const;
    const isVouchedFor = isVouched(topology, place, named);
    return { ...sought, port: port === 0 ? undefined : port, isVouchedFor };
  }
  // Nobody outside picks a host and a port; and behind an address that isn't followed the network itself is.
  if (domain === undefined || domains.length === 0) return undefined;
  const isVouchedFor = isVouched(topology, place, domain);
  return { scheme, host: domain, port: undefined, transport: undefined, tlsDemanded, domain, isVouchedFor };
}

/** A partner without an authority is refused in the handshake, where the log tells why. */
function isVouched(topology: Topology, { network }: Place, domain: string): boolean {
  if (network.kind === "partner") return true;
  return (topology.ofDomain(domain)?.network.authorities.length ?? 0) > 0;
}

function placeFromOutside(topology: Topology, { from, uri, route, marked }: RouteQuestion): Place | Refusal {
  const place = marked === undefined ? askedFromOutside(topology, route ?? uri) : topology.place(marked);
  if (place === undefined) return refuse(403, "the request asks for a place that is not ours");
  if (place.network.own || topology.mayTransit(from, place.network)) return place;
  return refuse(403, `no transit from ${from.name} to ${place.network.name}`);
}

function askedFromOutside(topology: Topology, next: NextUri): Place | undefined {
  // Home resolves numbers and services (RFC 3966, RFC 5031).
  if (next.ours || next.kind === "tel" || next.kind === "urn") return topology.home;
  return next.address === undefined ? topology.ofDomain(next.host) : topology.ofAddress(next.address);
}

function placeFromHome(topology: Topology, { uri, route, marked }: RouteQuestion): Place | Refusal {
  const next = route ?? uri;
  if (marked !== undefined) return placeMarked(topology, marked, next);
  if (next.kind !== "sip" && next.kind !== "sips")
    return refuse(416, `no way for a ${next.kind} URI without a Route`);
  if (next.ours) return refuse(404, "the border itself has no users");
  const place = next.address === undefined ? topology.ofDomain(next.host) : topology.ofAddress(next.address);
  return place ?? topology.place(stranger);
}

/** Whoever is nobody's and has no hop names a network of the policy: what holds for that one holds here, TLS too. */
function placeMarked(topology: Topology, marked: string, next: NextUri): Place {
  const place = topology.place(marked);
  if (place.network.name !== stranger || place.hops.length > 0 || next.address !== undefined) return place;
  return topology.ofDomain(next.host) ?? place;
}

function targetsOf(topology: Topology, question: RouteQuestion, place: Place): readonly RouteTarget[] {
  const { draw, isDown } = question;
  const direct = directTarget(topology, question, place);
  const { transport } = question.route ?? question.uri;
  // RFC 3263 4.1: a transport that the URI names is used.
  const asked = place.hops.filter((hop) => hop.transport === transport);
  const hops =
    asked.length > 0
      ? inOrder(asked, draw, isDown)
      : downLast([...inOrder(place.preferred, draw, isDown), ...inOrder(place.spare, draw, isDown)], isDown);
  const all = direct === undefined ? hops : [direct, ...hops.filter((hop) => !isSameHop(hop, direct))];
  const domain = domainSought(question, place);
  return all
    .filter((hop) => hop.transport === "tls" || !needsTls(question, place))
    .map((hop) => ({ ...hop, domain: hop.transport === "tls" ? domain : undefined }));
}

/**
 * The same order for CANCEL, ACK and retransmissions, as long as no hop goes up or down. Who was
 * drawn and is down leaves its share to all others.
 */
function inOrder(hops: readonly Hop[], draw: number, isDown: RouteQuestion["isDown"]): readonly Hop[] {
  if (hops.length < 2) return hops;
  const drawn = draw % hops.length;
  const up = isDown === undefined ? hops : hops.filter((hop) => !isDown(hop));
  // Where none answers, all are asked as if they did.
  if (isDown === undefined || up.length === 0 || up.length === hops.length) return rotated(hops, drawn);
  const first = up.indexOf(hops[drawn]!);
  const next = first < 0 ? Math.floor(draw / hops.length) % up.length : first;
  return [...rotated(up, next), ...hops.filter(isDown)];
}

/** One that is down is asked behind all others, also behind those over a worse transport. */
function downLast(hops: readonly Hop[], isDown: RouteQuestion["isDown"]): readonly Hop[] {
  if (isDown === undefined || !hops.some(isDown)) return hops;
  return [...hops.filter((hop) => !isDown(hop)), ...hops.filter(isDown)];
}

function rotated(hops: readonly Hop[], first: number): readonly Hop[] {
  return [...hops.slice(first), ...hops.slice(0, first)];
}

/** The domain of the original URI (RFC 5922 7.3); an address stands for the network's first one. */
function domainSought({ uri, route }: RouteQuestion, { network }: Place): string | undefined {
  const host = withoutDot((route ?? uri).host);
  return network.domains.includes(host) ? host : network.domains[0];
}

/** The root's dot names no other domain (RFC 1034 3.1). */
function withoutDot(host: string): string {
  return host.endsWith(".") ? host.slice(0, -1) : host;
}

/** The address that the next Route or Request-URI names, where it may be followed. */
function directTarget(topology: Topology, question: RouteQuestion, place: Place): Hop | undefined {
  const { from, uri, route, marked } = question;
  const { address, port, transport, ours } = route ?? uri;
  if (address === undefined || ours) return undefined;
  const known = [...place.preferred, ...place.spare];
  const hop = known.find((one) => one.address === address && (port === 0 || one.port === port));
  if (hop !== undefined && (transport === undefined || transport === hop.transport)) return hop;
  // What lies behind our home hops is theirs to find: nobody outside picks a host and port inside.
  if (!from.own || place.network.own || topology.isWithinOurs(place, address)) return undefined;
  const mayFollow =
    topology.declares(place, address) ||
    ((marked !== undefined || place.numeric) &&
      isPublicAddress(address) &&
      !topology.isOfThisMachine(address));
  if (!mayFollow) return undefined;
  const secured = needsTls(question, place);
  const chosen: BorderTransport = secured ? "tls" : (knownTransport(transport) ?? hop?.transport ?? "udp");
  return { transport: chosen, address, port: port || (chosen === "tls" ? 5061 : 5060) };
}

/** sips on every hop (RFC 5630 5.3), and a partner that the policy never meets in clear. */
function needsTls(question: RouteQuestion, { network }: Place): boolean {
  return asksForTls(question) || network.tlsRequired;
}

/** By the next Route or by the Request-URI, whichever is sips (RFC 3261 8.1.2). */
function asksForTls({ uri, route }: RouteQuestion): boolean {
  return uri.kind === "sips" || route?.kind === "sips";
}

function knownTransport(transport: string | undefined): BorderTransport | undefined {
  return transport === "udp" || transport === "tcp" || transport === "tls" ? transport : undefined;
}

export function isSameHop(one: Hop, other: Hop): boolean {
  return one.address === other.address && one.port === other.port && one.transport === other.transport;
}

export function refuse(status: number, cause: string): Refusal {
  return { kind: "refuse", status, cause };
}
