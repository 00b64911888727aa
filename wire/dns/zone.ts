/** A published domain as a zone of its own (RFC 1034 4.2): with SOA and NS, and its names by their bytes. */
import { type Answer, encode } from "dns-packet";
import { headerLength } from "./frame.ts";
import type { OwnedRecord, PublishedZone } from "./published.ts";
import type { ResourceRecord } from "./record.ts";
import { typeNumbers } from "./record-data.ts";

export interface ZoneAuthority {
  /** 32 bits, larger with each version (RFC 1982). */
  readonly serial: number;
  /** Names; none: the first host that is published, else the first server of a service. */
  readonly nameServers: readonly string[];
}

interface NsRecord {
  readonly type: "NS";
  readonly target: string;
}

/** Seconds, but for the serial. */
interface SoaRecord {
  readonly type: "SOA";
  readonly primary: string;
  /** The mailbox as a name. */
  readonly mailbox: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  /** How long it may be remembered that there is nothing (RFC 2308 4). */
  readonly minimum: number;
}

export type ZoneRecord = Omit<OwnedRecord, "record"> & {
  readonly record: ResourceRecord | NsRecord | SoaRecord;
};

/** For secondaries, where there are any; nobody is asked for a transfer (RFC 1912 2.2). */
const times = { refresh: 3_600, retry: 600, expire: 604_800, mostNegative: 900 };

/** SOA, NS, then the zone's own records. */
export function wholeZone(zone: PublishedZone, authority: ZoneAuthority): readonly ZoneRecord[] {
  const { domain: owner, ttl, records } = zone;
  const names = authority.nameServers.length > 0 ? authority.nameServers : [firstServer(zone)];
  const soa: SoaRecord = {
    type: "SOA",
    primary: names[0]!,
    mailbox: `hostmaster.${owner}`,
    serial: authority.serial >>> 0,
    refresh: times.refresh,
    retry: times.retry,
    expire: times.expire,
    minimum: Math.min(ttl, times.mostNegative),
  };
  return [
    { owner, ttl, record: soa },
    ...names.map((target): ZoneRecord => ({ owner, ttl, record: { type: "NS", target } })),
    ...records,
  ];
}

function firstServer({ domain, records }: PublishedZone): string {
  const host = records.find(({ record }) => "address" in record)?.owner;
  const target = records.flatMap(({ record }) => (record.type === "SRV" ? [record.target] : []));
  return host ?? target.find((one) => one !== ".") ?? domain;
}

/** Records of one name and type. */
export interface RecordSet {
  readonly type: number;
  /** On the wire, from the type on: the owner goes before each. */
  readonly bodies: readonly Uint8Array[];
  /** Names of which records may be told besides, and their types. */
  readonly related: readonly Related[];
}

export interface Related {
  readonly key: string;
  readonly types: readonly number[];
}

/** A name of a zone; one without records has names below it. */
export interface ZoneNode {
  /** On the wire, as it is written in the zone. */
  readonly owner: Uint8Array;
  readonly sets: ReadonlyMap<number, RecordSet>;
}

export class Zone {
  /** By which names are found: their bytes on the wire, in lower case. */
  readonly key: string;
  /** The SOA with the time for which nothing may be remembered (RFC 2308 3). */
  readonly negative: RecordSet;
  readonly #nodes: ReadonlyMap<string, ZoneNode>;

  constructor(zone: PublishedZone, authority: ZoneAuthority) {
    const records = wholeZone(zone, authority);
    this.key = nameKey(wireName(zone.domain));
    this.#nodes = nodesOf(records, this.key);
    const [soa] = records;
    const minimum = soa?.record.type === "SOA" ? Math.min(soa.record.minimum, soa.ttl) : 0;
    this.negative = setOf([{ ...soa!, ttl: minimum }]);
  }

  find(key: string): ZoneNode | undefined {
    return this.#nodes.get(key);
  }
}

/** Zones of which each name belongs to the innermost. */
export class Zones {
  readonly #zones = new Map<string, Zone>();

  constructor(zones: Iterable<Zone>) {
    for (const zone of zones) this.#zones.set(zone.key, zone);
  }

  get size(): number {
    return this.#zones.size;
  }

  of(key: string): Zone | undefined {
    for (let at = 0; at < key.length; at += 1 + key.charCodeAt(at)) {
      const zone = this.#zones.get(key.slice(at));
      if (zone !== undefined) return zone;
    }
    return undefined;
  }

  find(key: string): ZoneNode | undefined {
    return this.of(key)?.find(key);
  }
}

/** The name's bytes as text, letters of ASCII in lower case (RFC 4343). */
export function nameKey(wire: Uint8Array): string {
  return Buffer.from(wire)
    .toString("latin1")
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function wireName(text: string): Uint8Array {
  const labels = text === "." ? [] : text.split(".");
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.of(label.length), Buffer.from(label)]),
    Buffer.of(0),
  ]);
}

function nodesOf(records: readonly ZoneRecord[], apex: string): ReadonlyMap<string, ZoneNode> {
  const grouped = new Map<string, { owner: Uint8Array; types: Map<number, ZoneRecord[]> }>();
  for (const record of records) {
    const owner = wireName(record.owner);
    const key = nameKey(owner);
    // Names between it and the domain's exist with it, without records (RFC 8020 2).
    for (let at = 0; key.length - at > apex.length; at += 1 + key.charCodeAt(at))
      if (!grouped.has(key.slice(at)))
        grouped.set(key.slice(at), { owner: owner.subarray(at), types: new Map() });
    const node = grouped.get(key) ?? { owner, types: new Map<number, ZoneRecord[]>() };
    grouped.set(key, node);
    const type = typeNumbers[record.record.type];
    node.types.set(type, [...(node.types.get(type) ?? []), record]);
  }
  return new Map(
    [...grouped].map(([key, { owner, types }]): [string, ZoneNode] => [
      key,
      { owner, sets: new Map([...types].map(([type, rows]) => [type, setOf(rows)])) },
    ]),
  );
}

function setOf(rows: readonly ZoneRecord[]): RecordSet {
  return {
    type: typeNumbers[rows[0]!.record.type],
    bodies: rows.map(bodyOf),
    related: rows.flatMap(({ record }) => relatedTo(record)),
  };
}

const addressTypes: readonly number[] = [typeNumbers.A, typeNumbers.AAAA];

/** RFC 2782, 1035 3.3.11, 3403 4.1 (flag s). */
function relatedTo(record: ZoneRecord["record"]): readonly Related[] {
  switch (record.type) {
    case "SRV":
    case "NS":
      return [{ key: nameKey(wireName(record.target)), types: addressTypes }];
    case "NAPTR":
      return [{ key: nameKey(wireName(record.replacement)), types: [typeNumbers.SRV] }];
    default:
      return [];
  }
}

function bodyOf(record: ZoneRecord): Uint8Array {
  const whole = encode({ type: "response", answers: [answerOf(record)] });
  return new Uint8Array(whole.subarray(headerLength + wireName(record.owner).length));
}

function answerOf({ owner: name, ttl, record }: ZoneRecord): Answer {
  const head = { name, ttl, class: "IN" } as const;
  switch (record.type) {
    case "A":
    case "AAAA":
      return { ...head, type: record.type, data: record.address };
    case "NS":
      return { ...head, type: "NS", data: record.target };
    case "SOA": {
      const { primary: mname, mailbox: rname, serial, refresh, retry, expire, minimum } = record;
      return { ...head, type: "SOA", data: { mname, rname, serial, refresh, retry, expire, minimum } };
    }
    case "SRV":
      return { ...head, type: "SRV", data: record };
    case "NAPTR":
      return { ...head, type: "NAPTR", data: record };
  }
}
