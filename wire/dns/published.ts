/** The records by which a domain says where its SIP servers are, and that it asks for TLS (RFC 3263 4.1, RFC 2782). */
import { compareNames } from "./name.ts";
import type { ResourceRecord } from "./record.ts";
import { readHost } from "./sought-host.ts";

/** What is published of one domain. Names in lower case, without the root's dot. */
export interface Published {
  readonly domain: string;
  /** Seconds. */
  readonly ttl: number;
  /** In the domain, or below it. */
  readonly hosts: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly services: readonly {
    readonly transport: PublishedTransport;
    readonly host: string;
    readonly port: number;
    readonly priority: number;
    readonly weight: number;
  }[];
}

type PublishedTransport = "tls" | "tcp" | "udp";

export interface OwnedRecord {
  readonly owner: string;
  /** Seconds. */
  readonly ttl: number;
  readonly record: ResourceRecord;
}

/** All records below one published domain, but for SOA and NS. */
export interface PublishedZone {
  readonly domain: string;
  readonly ttl: number;
  /** The same for the same statements, whatever their order. */
  readonly records: readonly OwnedRecord[];
}

/**
 * TLS first: SIPS should have the lower order (RFC 3263 4.1). The numbers are those of its example.
 */
const services: readonly {
  readonly transport: PublishedTransport;
  readonly order: number;
  readonly service: string;
  readonly labels: string;
}[] = [
  { transport: "tls", order: 50, service: "SIPS+D2T", labels: "_sips._tcp" },
  { transport: "tcp", order: 90, service: "SIP+D2T", labels: "_sip._tcp" },
  { transport: "udp", order: 100, service: "SIP+D2U", labels: "_sip._udp" },
];

const preference = 50;

/** By name of the domain. A host goes to the innermost published domain in which it lies. */
export function publishedZones(publications: readonly Published[]): readonly PublishedZone[] {
  const domains = publications.map(({ domain }) => domain);
  const hosts = publications.flatMap((one) => one.hosts.map((host) => ({ ...host, ttl: one.ttl })));
  return publications
    .toSorted((a, b) => compareNames(a.domain, b.domain))
    .map((one) => {
      const inside = hosts.filter(({ name }) => innermost(name, domains) === one.domain);
      const addresses = inside
        .toSorted((a, b) => compareNames(a.name, b.name))
        .flatMap(({ name, ttl, addresses: list }) =>
          addressRecords(list).map((record): OwnedRecord => ({ owner: name, ttl, record })),
        );
      return { domain: one.domain, ttl: one.ttl, records: [...serviceRecords(one), ...addresses] };
    });
}

/** NAPTR of what is offered, then the SRV of all three services. */
function serviceRecords({ domain, ttl, services: offered }: Published): readonly OwnedRecord[] {
  const pointers: OwnedRecord[] = [];
  const servers: OwnedRecord[] = [];
  for (const { transport, order, service, labels } of services) {
    const owner = `${labels}.${domain}`;
    const rows = offered.filter((one) => one.transport === transport);
    for (const record of serverRecords(rows)) servers.push({ owner, ttl, record });
    if (rows.length === 0) continue;
    const record = {
      type: "NAPTR",
      order,
      preference,
      flags: "s",
      services: service,
      regexp: "",
      replacement: owner,
    } as const;
    pointers.push({ owner: domain, ttl, record });
  }
  return [...pointers, ...servers];
}

/** Of a service that nobody offers one says so, and nobody goes on to look for it at the domain's address (RFC 2782). */
function serverRecords(rows: Published["services"]): readonly ResourceRecord[] {
  if (rows.length === 0) return [{ type: "SRV", priority: 0, weight: 0, port: 0, target: "." }];
  return rows
    .toSorted(
      (a, b) =>
        a.priority - b.priority || b.weight - a.weight || compareNames(a.host, b.host) || a.port - b.port,
    )
    .map(({ priority, weight, port, host }) => ({ type: "SRV", priority, weight, port, target: host }));
}

/** IPv4 first. */
function addressRecords(addresses: readonly string[]): readonly ResourceRecord[] {
  return addresses
    .map((text) => readHost(text).text)
    .map((address): ResourceRecord => ({ type: address.includes(":") ? "AAAA" : "A", address }))
    .toSorted((a, b) => (a.type === b.type ? 0 : a.type === "A" ? -1 : 1));
}

function innermost(name: string, domains: readonly string[]): string | undefined {
  return domains
    .filter((domain) => name === domain || name.endsWith(`.${domain}`))
    .toSorted((a, b) => b.length - a.length)[0];
}
