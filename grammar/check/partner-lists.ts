/** Partners of a list become networks, under the rules of those that a policy writes out. */
import { readAddressPrefix } from "../address-prefix.ts";
import { millisecondsOfDay, readDate } from "../calendar.ts";
import type * as model from "../model.ts";
import type { PartnerFile } from "../modules.ts";
import { nearName } from "../near-name.ts";
import { mostWrongRows, type PartnerEntry, readPartners } from "../partners.ts";
import { endWords } from "../words.ts";
import { isDomain, normalDomain } from "./domains.ts";
import { emptyNetwork, type NetworkDraft, type NetworkSetting } from "./networks.ts";
import { type Place, type Report, relatedTo } from "./report.ts";

/** Adds the partners of a list to the scope's networks. */
export function checkPartnerList(file: PartnerFile, setting: NetworkSetting): void {
  const { scope, report, now } = setting;
  const { source } = file;
  let wrong = 0;
  let expired: { readonly place: Place; readonly count: number } | undefined;
  for (const entry of readPartners(source, report)) {
    const before = report.errors;
    const network = readEntry(entry, setting);
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

function readEntry(entry: PartnerEntry, setting: NetworkSetting): NetworkDraft | undefined {
  const { scope, report, reader } = setting;
  const { row, line } = entry;
  const { name } = row;
  const { source } = entry.place();
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
  const network = emptyNetwork(name, "partner", { file: source.file, line, column: 1, length: 0 });
  network.listeners.push(...(row.listeners ?? []));
  for (const path of row.authorities ?? [])
    network.authorities.push(reader.resolve(source.file, path) ?? path);
  network.extendedKeyUsage = row["extended-key-usage"] ?? "rfc5924";
  network.sharesHost = row["shares-host"] ?? false;
  network.tlsRequired = row["tls-required"] ?? false;
  readDomains(entry, network, setting);
  readAddresses(entry, network, setting);
  readAgreement(entry, network, report);
  readOptions(entry, network, setting);
  return network;
}

function readDomains(
  { row, place }: PartnerEntry,
  network: NetworkDraft,
  { claims, report }: NetworkSetting,
): void {
  for (const [index, text] of row.domains.entries()) {
    const domain = normalDomain(text);
    if (!isDomain(domain)) report.add("P3018", place(`domains.${index}`), { domain: text });
    else if (claims.domain(domain, network.name, () => place(`domains.${index}`)) === undefined)
      network.domains.push(domain);
  }
}

function readAddresses(
  { row, place }: PartnerEntry,
  network: NetworkDraft,
  { claims, report }: NetworkSetting,
): void {
  for (const [index, text] of (row.addresses ?? []).entries()) {
    const prefix = readAddressPrefix(text);
    if (prefix === undefined) report.add("P3019", place(`addresses.${index}`), { address: text });
    else {
      claims.prefix(prefix, network.name, () => place(`addresses.${index}`));
      network.addresses.push(prefix);
    }
  }
}

function readAgreement({ row, place }: PartnerEntry, network: NetworkDraft, report: Report): void {
  if (row.agreement === undefined) return;
  const { name, from, to } = row.agreement;
  // The schema has looked at both dates.
  const agreement: model.Agreement = {
    name,
    from: readDate(from)!,
    until: readDate(to)! + millisecondsOfDay,
  };
  if (agreement.from < agreement.until) network.agreement = agreement;
  else report.add("P3012", place("agreement.to"), { agreement: name });
}

function readOptions(
  { row, place }: PartnerEntry,
  network: NetworkDraft,
  { scope, report }: NetworkSetting,
): void {
  for (const [name, value] of Object.entries(row.options ?? {})) {
    const option = scope.options.get(name);
    if (option === undefined) {
      if (scope.unreadable.has(name)) continue;
      const suggestion = nearName(name, scope.options.keys());
      if (scope.incomplete && suggestion === undefined) continue;
      report.add("P2003", place(`options.${name}`), { name }, { suggestion });
    } else if (!option.values.includes(value)) {
      report.add("P2014", place(`options.${name}`), { value, option: name }, { expected: option.values });
    } else network.options.set(name, value);
  }
}
