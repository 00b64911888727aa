/** Who claims which domain and which addresses: no two networks claim the same. */
import type * as model from "../model.ts";
import type { PartnerEntry } from "../partners/candidate.ts";
import { readAddressPrefix } from "../reading/address-prefix.ts";
import { reportTwice } from "./declarations.ts";
import { normalDomain } from "./domains.ts";
import { type Place, type Report, relatedTo } from "./report.ts";

type ClaimKind = "domain" | "address";

/** Where a list has them. */
const columns = { domain: "domains", address: "addresses" } as const;

/** Where an entry of a partner list claims something; undefined where the list has no such entry. */
export type PlaceInList = (network: string, kind: ClaimKind, text: string) => Place | undefined;

/** Who claims which domain and which prefix; each is one network's. */
export class Claims {
  readonly #domains = new Map<string, Claim>();
  /** IPv4 by length, the address as a number of 32 bits; IPv6 by its text. */
  readonly #ipv4: Map<number, Claim>[] = [];
  readonly #ipv6 = new Map<string, Claim>();
  readonly #lists: PlaceInList[] = [];
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** From now on places of claims are asked for there too. */
  addList(list: PlaceInList): void {
    this.#lists.push(list);
  }

  /** False where a network has claimed the domain before. `index`: which of an entry's domains it is. */
  domain(domain: string, claimant: Claimant, index = 0): boolean {
    const earlier = claimOnce(this.#domains, domain, claimant);
    if (earlier !== undefined) this.#reportClaim("domain", domain, claimant, index, earlier);
    return earlier === undefined;
  }

  prefix({ address, bytes, length }: model.AddressPrefix, claimant: Claimant, index = 0): void {
    const earlier =
      bytes.length === 4
        ? claimOnce((this.#ipv4[length] ??= new Map()), ipv4Key(bytes), claimant)
        : claimOnce(this.#ipv6, `${bytes.join(".")}/${length}`, claimant);
    if (earlier !== undefined) this.#reportClaim("address", `${address}/${length}`, claimant, index, earlier);
  }

  #reportClaim(kind: ClaimKind, text: string, claimant: Claimant, index: number, earlier: Claim): void {
    const here = "row" in claimant ? claimant.place(`${columns[kind]}.${index}`) : claimant.place;
    const claimedBy = networkOf(earlier);
    const there = this.#placeOf(earlier, kind, text) ?? here;
    if (claimedBy === networkOf(claimOf(claimant))) {
      reportTwice(kind, text, here, there, this.#report);
      return;
    }
    const related = [relatedTo(there, `\`${claimedBy}\` claims it here`)];
    const code = kind === "domain" ? "P2016" : "P2017";
    this.#report.add(code, here, { [kind]: text, network: claimedBy }, { related });
  }

  #placeOf(claim: Claim, kind: ClaimKind, text: string): Place | undefined {
    if (typeof claim !== "string") return claim.place;
    for (const list of this.#lists) {
      const place = list(claim, kind, text);
      if (place !== undefined) return place;
    }
    return undefined;
  }
}

/** A network that a policy writes out, or an entry of a list. */
type Claimant = StatedClaim | PartnerEntry;

interface StatedClaim {
  readonly network: string;
  readonly place: Place;
}

/** Of an entry of a list the network's name alone: the entry would keep a long list in memory. */
type Claim = string | StatedClaim;

const networkOf = (claim: Claim): string => (typeof claim === "string" ? claim : claim.network);

const claimOf = (claimant: Claimant): Claim => ("row" in claimant ? claimant.row.name : claimant);

/** Gives the earlier claim, where there is one. */
function claimOnce<T>(claims: Map<T, Claim>, key: T, claimant: Claimant): Claim | undefined {
  const earlier = claims.get(key);
  if (earlier === undefined) claims.set(key, claimOf(claimant));
  return earlier;
}

/** Signed: a number of 32 bits is cheaper to look up than any other key, and a long list has an address a partner. */
const ipv4Key = (bytes: readonly number[]): number =>
  (bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!;

/** Where a partner's entry claims it first; undefined: it does not. */
export function placeInEntry(entry: PartnerEntry, kind: ClaimKind, text: string): Place | undefined {
  const { domains, addresses = [] } = entry.row;
  const index =
    kind === "domain"
      ? domains.findIndex((one) => normalDomain(one) === text)
      : addresses.findIndex((one) => isSamePrefix(one, text));
  return index < 0 ? undefined : entry.place(`${columns[kind]}.${index}`);
}

function isSamePrefix(one: string, other: string): boolean {
  const [first, second] = [readAddressPrefix(one), readAddressPrefix(other)];
  return first?.length === second?.length && first?.bytes.join() === second?.bytes.join();
}
