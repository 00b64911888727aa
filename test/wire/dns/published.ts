/** A published domain for tests, and questions to whoever answers for it. */
import dnsPacket, { type Answer, type DecodedPacket, type Packet, type RecordType } from "dns-packet";
import {
  answerQuery,
  type Published,
  publishedZones,
  Zone,
  type ZoneReply,
  Zones,
} from "../../../wire/index.ts";

export const home: Published = {
  domain: "home1.example",
  ttl: 300,
  hosts: [
    { name: "edge1.home1.example", addresses: ["192.0.2.1", "2001:DB8:0::1"] },
    { name: "edge2.home1.example", addresses: ["192.0.2.2"] },
  ],
  services: [
    { transport: "tls", host: "edge1.home1.example", port: 5061, priority: 10, weight: 50 },
    { transport: "tls", host: "edge2.home1.example", port: 5061, priority: 20, weight: 0 },
    { transport: "tcp", host: "edge1.home1.example", port: 5060, priority: 10, weight: 50 },
    { transport: "udp", host: "edge1.home1.example", port: 5060, priority: 10, weight: 50 },
  ],
};

export function zonesOf(...publications: readonly Published[]): Zones {
  return new Zones(
    publishedZones(publications).map((zone) => new Zone(zone, { serial: 7, nameServers: [] })),
  );
}

export function question(type: string, name: string, packet: Packet = {}): Buffer {
  const questions = [{ type: type as RecordType, name, class: "IN" as const }];
  return dnsPacket.encode({ type: "query", id: 0x1234, questions, ...packet });
}

/** With an OPT record. */
export function extended(type: string, name: string, udpPayloadSize = 4096, more: object = {}): Buffer {
  const option: Answer = {
    type: "OPT",
    name: ".",
    udpPayloadSize,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
    ...more,
  };
  return question(type, name, { additionals: [option] });
}

export function reply(zones: Zones, bytes: Uint8Array, over: "udp" | "tcp" = "udp"): ZoneReply {
  const answer = answerQuery(zones, bytes, over);
  if (answer === undefined) throw new Error("silence");
  return answer;
}

export interface Said {
  /** `aa tc rd ra` as far as they are set. */
  readonly flags: string;
  readonly code: number;
  readonly answers: readonly string[];
  readonly authorities: readonly string[];
  readonly additionals: readonly string[];
}

/** A record a line: `name TTL TYPE data`. */
export function said(bytes: Uint8Array): Said {
  const packet = dnsPacket.decode(Buffer.from(bytes));
  const header = Buffer.from(bytes).readUInt16BE(2);
  const names = [
    [0x04_00, "aa"],
    [0x02_00, "tc"],
    [0x01_00, "rd"],
    [0x00_80, "ra"],
  ] as const;
  return {
    flags: names.flatMap(([bit, name]) => ((header & bit) === 0 ? [] : [name])).join(" "),
    code: header & 0xf,
    answers: lines(packet.answers),
    authorities: lines(packet.authorities),
    additionals: lines(packet.additionals),
  };
}

function lines(records: DecodedPacket["answers"] = []): readonly string[] {
  return records.map((record) => {
    if (record.type === "OPT") return `OPT ${record.udpPayloadSize} ${record.extendedRcode} ${record.flags}`;
    const { name, type, data, ttl } = record as { name: string; type: string; data: unknown; ttl?: number };
    const text = typeof data === "string" ? data : Object.values(data as object).join(" ");
    return `${name} ${ttl} ${type} ${text}`;
  });
}
