/** Partners of a list become networks, under the rules of those that a policy writes out. */

import type * as model from "../model.ts";
import type { PartnerFile } from "../modules.ts";
import { nearName } from "../near-name.ts";
import type { PartnerEntry } from "../partners/candidate.ts";
import { listDates } from "../partners/list-dates.ts";
import { mostWrongRows, readPartners } from "../partners.ts";
import { readAddressPrefix } from "../reading/address-prefix.ts";
import { millisecondsOfDay } from "../reading/calendar.ts";
import type { Source } from "../source.ts";
import { endWords } from "../words.ts";
import { type PlaceInList, placeInEntry } from "./claims.ts";
import { isDomain, normalDomain } from "./domains.ts";
import type { NetworkSetting } from "./networks.ts";
import { type Place, Report, relatedTo } from "./report.ts";

/** Adds the partners of a list to the scope's networks. */
export function checkPartnerList(file: PartnerFile, setting: NetworkSetting): void {
  const { scope, report, now } = setting;
  const { source } = file;
  setting.claims.addList(placesIn(source));
  // Many partners have one authority, and its CRL.
  const paths = new Map<string, string>();
  const resolve = (path: string): string => {
    let resolved = paths.get(path);
    if (resolved === undefined) {
      resolved = setting.reader.resolve(source.file, path) ?? path;
      paths.set(path, resolved);
    }
    return resolved;
  };
  // One list of paths for all that have the same one authority, or CRL.
  const lists = new Map<string, readonly string[]>();
  const resolveAll = (names: readonly string[] | undefined): readonly string[] => {
    if (names === undefined) return none;
    if (names.length !== 1) return names.map(resolve);
    let list = lists.get(names[0]!);
    if (list === undefined) {
      list = [resolve(names[0]!)];
      lists.set(names[0]!, list);
    }
    return list;
  };
  let wrong = 0;
  let expired: { readonly place: Place; readonly count: number } | undefined;
  for (const entry of readPartners(source, report)) {
    const before = report.errors;
    const network = readEntry(entry, source.file, resolveAll, setting);
    if (report.errors > before && ++wrong === mostWrongRows) {
      report.add("P2022", { source, span: { start: 0, end: 0 } }, { count: "the" });
      return;
    }
    if (network === undefined) continue;
    scope.networks.set(network.name, network);
    if (now !== undefined && network.agreement !== undefined && network.agreement.until <= now) {
      expired = { place: expired?.place ?? entry.place("agreement.to"), count: (expired?.count ?? 0) + 1 };
    }
  }
  if (expired !== undefined) report.add("P4013", expired.place, { count: expired.count });
}

/** Reads the list once more, where two claim the same. */
function placesIn(source: Source): PlaceInList {
  let entries: Map<string, PartnerEntry> | undefined;
  return (network, kind, text) => {
    if (entries === undefined) {
      entries = new Map();
      for (const entry of readPartners(source, new Report()))
        if (!entries.has(entry.row.name)) entries.set(entry.row.name, entry);
    }
    const entry = entries.get(network);
    return entry && placeInEntry(entry, kind, text);
  };
}

function readEntry(
  entry: PartnerEntry,
  file: string,
  resolveAll: (names: readonly string[] | undefined) => readonly string[],
  setting: NetworkSetting,
): model.Network | undefined {
  const { scope, report } = setting;
  const { row, line } = entry;
  const { name } = row;
  const declared = scope.networkStatements.get(name);
  if (endWords.includes(name) || name === "stranger") {
    report.add("P2011", entry.place("name"), { name, kind: "a word of the language" });
    return undefined;
  }
  if (declared !== undefined || scope.networks.has(name)) {
    const related = declared === undefined ? [] : [relatedTo(declared.place, "first declared here")];
    report.add("P2006", entry.place("name"), { kind: "partner", name }, { related });
    return undefined;
  }
  return {
    name,
    kind: "partner",
    own: false,
    domains: readDomains(entry, setting),
    listeners: row.listeners ?? none,
    addresses: row.addresses === undefined ? none : readAddresses(entry, row.addresses, setting),
    agreement: row.agreement === undefined ? undefined : readAgreement(entry, row.agreement, report),
    authorities: resolveAll(row.authorities),
    revocations: resolveAll(row.revocations),
    extendedKeyUsage: row["extended-key-usage"] ?? "rfc5924",
    sharesHost: row["shares-host"] ?? false,
    tlsRequired: row["tls-required"] ?? false,
    options: row.options === undefined ? noOptions : readOptions(entry, row.options, setting),
    origin: { file, line, column: 1, length: 0 },
  };
}

/** Shared by the many partners of which nothing of the kind is said. */
const none: readonly never[] = Object.freeze([]);
const noOptions: ReadonlyMap<string, string> = new Map();

/** Mistakes of one entry's domains, and of its addresses: one is enough to refuse the list, and to place each takes time. */
const mostOfOneEntry = 20;

function readDomains(entry: PartnerEntry, { claims, report }: NetworkSetting): readonly string[] {
  const { domains } = entry.row;
  const normal = domains.every((one) => one === normalDomain(one)) ? domains : domains.map(normalDomain);
  const before = report.errors;
  for (let index = 0; index < normal.length && report.errors < before + mostOfOneEntry; index++) {
    if (isDomain(normal[index]!)) claims.domain(normal[index]!, entry, index);
    else report.add("P3018", entry.place(`domains.${index}`), { domain: domains[index]! });
  }
  return normal;
}

function readAddresses(
  entry: PartnerEntry,
  addresses: readonly string[],
  { claims, report }: NetworkSetting,
): readonly model.AddressPrefix[] {
  // An array that grows has room for sixteen more, and there is one for each partner.
  const prefixes = addresses.map(readAddressPrefix);
  const before = report.errors;
  for (let index = 0; index < prefixes.length && report.errors < before + mostOfOneEntry; index++) {
    const prefix = prefixes[index];
    if (prefix !== undefined) claims.prefix(prefix, entry, index);
    else report.add("P3019", entry.place(`addresses.${index}`), { address: addresses[index]! });
  }
  return prefixes.every((prefix) => prefix !== undefined)
    ? prefixes
    : prefixes.filter((prefix) => prefix !== undefined);
}

function readAgreement(
  entry: PartnerEntry,
  { name, from, to }: NonNullable<PartnerEntry["row"]["agreement"]>,
  report: Report,
): model.Agreement | undefined {
  // The schema has looked at both dates.
  const agreement: model.Agreement = {
    name,
    from: listDates.read(from)!,
    until: listDates.read(to)! + millisecondsOfDay,
  };
  if (agreement.from < agreement.until) return agreement;
  report.add("P3012", entry.place("agreement.to"), { agreement: name });
  return undefined;
}

function readOptions(
  entry: PartnerEntry,
  values: Readonly<Record<string, string>>,
  { scope, report }: NetworkSetting,
): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [name, value] of Object.entries(values)) {
    const option = scope.options.get(name);
    if (option === undefined) {
      if (scope.unreadable.has(name)) continue;
      const suggestion = nearName(name, scope.options.keys());
      if (scope.incomplete && suggestion === undefined) continue;
      report.add("P2003", entry.place(`options.${name}`), { name }, { suggestion });
    } else if (option.values.includes(value)) options.set(name, value);
    else
      report.add(
        "P2014",
        entry.place(`options.${name}`),
        { value, option: name },
        { expected: option.values },
      );
  }
  return options;
}
