/** Networks and partners: what is said of each. */

import type * as model from "../model.ts";
import type { ModuleReader } from "../modules.ts";
import { nearName } from "../near-name.ts";
import { writeDate } from "../reading/calendar.ts";
import type { NetworkItem, NetworkStatement } from "../syntax.ts";
import type { Claims } from "./claims.ts";
import { reportTwice, reportValue } from "./declarations.ts";
import { isDomain, normalDomain } from "./domains.ts";
import { originOf, type Place, type Report } from "./report.ts";
import type { Declaration, Scope } from "./scope.ts";

const keyUsages = ["rfc5924", "lenient"] as const;

/** A network that nothing is said of. */
export function emptyNetwork(name: string, kind: model.Network["kind"], origin: model.Origin): NetworkDraft {
  return {
    name,
    kind,
    own: false,
    domains: [],
    listeners: [],
    addresses: [],
    agreement: undefined,
    authorities: [],
    revocations: [],
    extendedKeyUsage: "rfc5924",
    sharesHost: false,
    tlsRequired: false,
    options: new Map(),
    origin,
  };
}

/** A `Network` while it is being read. */
export interface NetworkDraft {
  readonly name: string;
  readonly kind: model.Network["kind"];
  readonly domains: string[];
  readonly listeners: string[];
  readonly addresses: model.AddressPrefix[];
  readonly authorities: string[];
  readonly revocations: string[];
  readonly options: Map<string, string>;
  readonly origin: model.Origin;
  own: boolean;
  agreement: model.Agreement | undefined;
  extendedKeyUsage: model.Network["extendedKeyUsage"];
  sharesHost: boolean;
  tlsRequired: boolean;
}

export interface NetworkSetting {
  readonly scope: Scope;
  readonly report: Report;
  readonly claims: Claims;
  readonly reader: ModuleReader;
  /** Milliseconds since 1970; undefined: what depends on today is not checked. */
  readonly now: number | undefined;
}

export function checkNetwork(
  declaration: Declaration<NetworkStatement>,
  setting: NetworkSetting,
): model.Network {
  const { statement, place, name } = declaration;
  const { source } = place;
  const { report } = setting;
  const network = emptyNetwork(name, statement.kind, originOf(place));
  const single = new Map<string, Place>();
  for (const item of statement.items) {
    const itemPlace = { source, span: item.span };
    if (["own", "shares-host", "tls-required", "agreement", "extended-key-usage"].includes(item.kind)) {
      const earlier = single.get(item.kind);
      if (earlier !== undefined) reportTwice("item", item.kind, itemPlace, earlier, report);
      single.set(item.kind, itemPlace);
    }
    if (item.kind === "own" && statement.kind === "partner") {
      report.add("P3020", itemPlace, { partner: name });
      continue;
    }
    readItem(item, itemPlace, network, setting);
  }
  return network;
}

function readItem(item: NetworkItem, place: Place, network: NetworkDraft, setting: NetworkSetting): void {
  const { scope, report, claims, reader } = setting;
  const { source } = place;
  switch (item.kind) {
    case "own":
      network.own = true;
      return;
    case "shares-host":
      network.sharesHost = true;
      return;
    case "tls-required":
      network.tlsRequired = true;
      return;
    case "domain": {
      const domain = normalDomain(item.text.text);
      const at = { source, span: item.text.span };
      if (!isDomain(domain)) report.add("P3018", at, { domain: item.text.text });
      else if (claims.domain(domain, { network: network.name, place: at })) network.domains.push(domain);
      return;
    }
    case "listener":
      network.listeners.push(item.text.text);
      return;
    case "authority":
    case "revocation": {
      const files = item.kind === "authority" ? network.authorities : network.revocations;
      files.push(reader.resolve(source.file, item.text.text) ?? item.text.text);
      return;
    }
    case "address": {
      const { address, bytes, length, span } = item.address;
      // No bytes: the parser has said what is wrong.
      if (bytes.length === 0) return;
      claims.prefix({ address, bytes, length }, { network: network.name, place: { source, span } });
      network.addresses.push({ address, bytes, length });
      return;
    }
    case "option": {
      const option = scope.option(item.name, source, false);
      if (option === undefined) return;
      if (!option.values.includes(item.value.text)) {
        reportValue(item.value, option.name, option.values, { source, span: item.value.span }, report);
      } else if (network.options.has(option.name)) {
        reportTwice("option", option.name, place, place, report);
      } else network.options.set(option.name, item.value.text);
      return;
    }
    case "agreement": {
      const { name, from, to } = item;
      const at = { source, span: { start: from.span.start, end: to.span.end } };
      if (from.at >= to.until) report.add("P3012", at, { agreement: name.text });
      else {
        network.agreement = { name: name.text, from: from.at, until: to.until };
        reportExpired(network.agreement, at, setting);
      }
      return;
    }
    case "extended-key-usage": {
      const usage = keyUsages.find((one) => one === item.usage.text);
      if (usage !== undefined) network.extendedKeyUsage = usage;
      else {
        const suggestion = nearName(item.usage.text, keyUsages);
        const values = { kind: "treatment of extended-key-usage", name: item.usage.text };
        const expected = keyUsages.map((one) => `\`${one}\``);
        report.add("P2005", { source, span: item.usage.span }, values, { suggestion, expected });
      }
      return;
    }
  }
}

function reportExpired(agreement: model.Agreement, place: Place, { report, now }: NetworkSetting): void {
  if (now === undefined || agreement.until > now) return;
  const day = writeDate(agreement.until - 1);
  report.add("P4008", place, { agreement: agreement.name, day });
}
