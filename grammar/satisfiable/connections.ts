/** The facts of a connection: which combination meets what is said of it. */

import type { AddressPrefix, Network, Who } from "../model.ts";
import { containsPrefix } from "../reading/address-prefix.ts";
import { isOneOf, type NetworkGroups } from "./networks.ts";
import type { Fact } from "./normal-form.ts";
import { never, type Solved, unknown } from "./texts.ts";

export interface FactLiteral {
  readonly atom: Fact;
  readonly positive: boolean;
}

/** Only what a witness needs: undefined means that nothing was said of it. */
export interface ConnectionWitness {
  readonly transport: string;
  /** 12 or 13; undefined without TLS. */
  readonly tlsVersion: number | undefined;
  readonly resumed: boolean;
  readonly certificate: boolean;
  /** Networks that the certificate names. */
  readonly names: readonly string[];
  readonly listener: string | undefined;
  readonly address: string | undefined;
}

/** Few enough to try them all. */
const combinations: readonly ConnectionWitness[] = [
  ...["udp", "tcp", "ws"].map((transport) => combination(transport, undefined, false, false)),
  ...["tls", "wss"].flatMap((transport) =>
    [13, 12].flatMap((version) =>
      [false, true].flatMap((resumed) =>
        [true, false].map((certificate) => combination(transport, version, resumed, certificate)),
      ),
    ),
  ),
];

function combination(
  transport: string,
  tlsVersion: number | undefined,
  resumed: boolean,
  certificate: boolean,
): ConnectionWitness {
  return { transport, tlsVersion, resumed, certificate, names: [], listener: undefined, address: undefined };
}

/** `tls`: the scene itself is a TLS handshake. */
export function solveConnection(
  literals: readonly FactLiteral[],
  end: Network | undefined,
  networks: NetworkGroups,
  tls: boolean,
): Solved<ConnectionWitness> {
  const fits = combinations.filter(
    (one) =>
      (!tls || one.transport === "tls") &&
      literals.every(({ atom, positive }) => agrees(one, atom, positive)),
  );
  const chosen = fits[0];
  if (chosen === undefined) return never;
  const names = solveNames(literals, end, networks);
  const listener = solveListener(literals);
  const address = solveAddress(literals);
  const parts = solveCertificateParts(literals);
  const all = [names, listener, address, parts];
  if (all.some((one) => one.verdict === "never")) return never;
  if (names.verdict !== "holds" || listener.verdict !== "holds" || address.verdict !== "holds")
    return unknown;
  if (parts.verdict !== "holds") return unknown;
  return {
    verdict: "holds",
    witness: { ...chosen, names: names.witness, listener: listener.witness, address: address.witness },
  };
}

function agrees(one: ConnectionWitness, atom: Fact, positive: boolean): boolean {
  switch (atom.on) {
    case "secured":
      return (one.tlsVersion !== undefined) === positive;
    case "transport":
      return atom.among.some((word) => word.toLowerCase() === one.transport) === positive;
    case "tls-version":
      return (
        (one.tlsVersion !== undefined && one.tlsVersion >= atom.from && one.tlsVersion <= atom.to) ===
        positive
      );
    case "resumed":
      return one.resumed === positive;
    case "certificate":
      return one.certificate === positive;
    // What is said of a certificate holds only where there is one.
    case "certificate-names":
    case "certificate-part":
      return one.certificate || !positive;
    default:
      return true;
  }
}

/**
 * Which partners the certificate names. Where the end is itself one of those asked for, it
 * is the end that must be named: another partner's certificate says nothing of this one.
 */
function solveNames(
  literals: readonly FactLiteral[],
  end: Network | undefined,
  { groups, truncated }: NetworkGroups,
): Solved<readonly string[]> {
  const asked = { end: { wanted: false, unwanted: false }, other: { wanted: [], unwanted: [] } as Asked };
  for (const { atom, positive } of literals) {
    if (atom.on !== "certificate-names") continue;
    const kind = positive ? "wanted" : "unwanted";
    if (end !== undefined && isMeant(atom.who, end)) asked.end[kind] = true;
    else asked.other[kind].push(atom.who);
  }
  if (asked.end.wanted && (asked.end.unwanted || !canBeNamed(end!))) return never;
  if (asked.other.wanted.length === 0)
    return { verdict: "holds", witness: asked.end.wanted ? [end!.name] : [] };
  const found = groups.find(
    ({ network }) =>
      canBeNamed(network) &&
      asked.other.wanted.every((who) => isMeant(who, network)) &&
      !asked.other.unwanted.some((who) => isMeant(who, network)),
  );
  if (found === undefined) return truncated ? unknown : never;
  // Both: partners that share a host.
  return asked.end.wanted ? unknown : { verdict: "holds", witness: [found.network.name] };
}

interface Asked {
  readonly wanted: (readonly Who[])[];
  readonly unwanted: (readonly Who[])[];
}

function canBeNamed({ kind, domains }: Network): boolean {
  return kind === "partner" && domains.length > 0;
}

/** No words at all stand for any partner. */
function isMeant(who: readonly Who[], network: Network): boolean {
  return who.length === 0 ? network.kind === "partner" : who.some((one) => isOneOf(network, one));
}

function solveListener(literals: readonly FactLiteral[]): Solved<string | undefined> {
  const wanted = literals.flatMap(({ atom, positive }) =>
    positive && atom.on === "listener" ? [atom.among] : [],
  );
  const unwanted = literals.flatMap(({ atom, positive }) =>
    !positive && atom.on === "listener" ? atom.among : [],
  );
  const [first, ...rest] = wanted;
  if (first === undefined) return { verdict: "holds", witness: undefined };
  const found = first.find((name) => rest.every((among) => among.includes(name)) && !unwanted.includes(name));
  return found === undefined ? never : { verdict: "holds", witness: found };
}

function solveAddress(literals: readonly FactLiteral[]): Solved<string | undefined> {
  const wanted: (readonly AddressPrefix[])[] = [];
  const unwanted: AddressPrefix[] = [];
  for (const { atom, positive } of literals) {
    if (atom.on !== "address") continue;
    if (positive) wanted.push(atom.within);
    else unwanted.push(...atom.within);
  }
  if (wanted.length === 0) return { verdict: "holds", witness: undefined };
  const within = (prefix: AddressPrefix, among: readonly AddressPrefix[]): boolean =>
    among.some((one) => containsPrefix(one, prefix));
  // Of two prefixes that share an address, one holds the other: the narrowest of each choice decide.
  const narrowest = wanted.flat().filter((one) => wanted.every((among) => within(one, among)));
  if (narrowest.length === 0) return never;
  const free = narrowest.find(
    (one) => !unwanted.some((other) => containsPrefix(other, one) || containsPrefix(one, other)),
  );
  if (free !== undefined) return { verdict: "holds", witness: free.address };
  return narrowest.every((one) => within(one, unwanted)) ? never : unknown;
}

function solveCertificateParts(literals: readonly FactLiteral[]): Solved<undefined> {
  const parts = literals.flatMap(({ atom, positive }) =>
    atom.on === "certificate-part"
      ? [{ part: atom.part, among: atom.among.map((one) => one.toLowerCase()), positive }]
      : [],
  );
  if (parts.length === 0) return { verdict: "holds", witness: undefined };
  for (const part of ["issuer", "common-name"]) {
    const wanted = parts.filter((one) => one.part === part && one.positive).map((one) => one.among);
    const [first, ...rest] = wanted;
    if (first !== undefined && !first.some((text) => rest.every((among) => among.includes(text))))
      return never;
  }
  const key = (one: (typeof parts)[number]): string => JSON.stringify([one.part, one.among]);
  const wanted = new Set(parts.filter((one) => one.positive).map(key));
  if (parts.some((one) => !one.positive && wanted.has(key(one)))) return never;
  // Whose certificate says so is not made up here.
  return parts.every((one) => !one.positive) ? { verdict: "holds", witness: undefined } : unknown;
}
