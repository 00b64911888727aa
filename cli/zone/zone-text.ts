/** What a policy publishes, as a part of a master file, a whole one, or JSON. */
import {
  masterComment,
  masterLines,
  type PublishedZone,
  wholeZone,
  type ZoneAuthority,
} from "../../wire/index.ts";

/** Of the policy. */
export interface ZoneOrigin {
  readonly title: string;
  readonly path: string;
}

/** @param authority undefined: a part, to be included in the domain's zone. */
export function zoneText(
  zone: PublishedZone,
  { title, path }: ZoneOrigin,
  authority: ZoneAuthority | undefined,
): string {
  const comments = [`policy ${JSON.stringify(title)} (${path})`, ...askedFor(zone)].map(masterComment);
  if (authority === undefined) return `${[...comments, ...masterLines(zone.records)].join("\n")}\n`;
  const head = [`$ORIGIN ${zone.domain}.`, `$TTL ${zone.ttl}`];
  return `${[...comments, ...head, ...masterLines(wholeZone(zone, authority))].join("\n")}\n`;
}

/** In words, for who loads it. */
function askedFor({ domain, records }: PublishedZone): readonly string[] {
  const offered = new Set(
    records.flatMap(({ record }) => (record.type === "NAPTR" ? [record.services] : [])),
  );
  if (!offered.has("SIPS+D2T")) return [`${domain} does not ask for TLS`];
  const asks = `${domain} asks for TLS: SIPS+D2T comes first (TS 33.203 6.5; RFC 3263 4.1)`;
  const missing = ["SIP+D2T", "SIP+D2U"].filter((service) => !offered.has(service));
  if (missing.length === 0) return [asks];
  return [asks, `not offered, though RFC 3263 4.1 has every domain offer it: ${missing.join(", ")}`];
}

export function zoneToJson(zone: PublishedZone, authority: ZoneAuthority | undefined): object {
  const records = authority === undefined ? zone.records : wholeZone(zone, authority);
  return {
    domain: zone.domain,
    records: records.map(({ owner: name, ttl, record: { type, ...data } }) => ({ name, type, ttl, ...data })),
  };
}
