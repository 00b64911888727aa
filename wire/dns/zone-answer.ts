/**
 * Answers of an authoritative server (RFC 1034 4.3.2, 2308, 6891, 8020, 8482): bytes to bytes, no
 * sockets. It knows its zones and nothing else: it never recurses.
 */
import { headerLength, viewOf } from "./frame.ts";
import { datagramSize } from "./message.ts";
import { typeNumbers } from "./record-data.ts";
import { nameKey, type RecordSet, type Related, type Zone, type ZoneNode, type Zones } from "./zone.ts";
import { codes, type Edns, readZoneQuery, type ZoneQuery } from "./zone-query.ts";

export interface ZoneReply {
  readonly bytes: Uint8Array;
  /** Response code (RFC 6895 2.3). */
  readonly code: number;
  /** There is more, over TCP. */
  readonly truncated: boolean;
  /** Where the question ends, if there is one. */
  readonly end: number;
  /** It ends with an OPT record. */
  readonly hasOption: boolean;
}

/** Without EDNS, over UDP (RFC 1035 4.2.1). */
const plainSize = 512;
const optLength = 11;
const internet = 1;
const types = { any: 255, incremental: 251, transfer: 252, mailB: 253, mailA: 254 };
const bits = {
  answer: 0x80_00,
  opcode: 0x78_00,
  authoritative: 0x04_00,
  truncated: 0x02_00,
  recursion: 0x01_00,
};

/** undefined: silence. Never throws, whatever the bytes. */
export function answerQuery(zones: Zones, bytes: Uint8Array, over: "udp" | "tcp"): ZoneReply | undefined {
  const query = readZoneQuery(bytes);
  if (query.kind === "unanswerable") return undefined;
  if (query.kind === "fault") return new Reply(bytes, undefined, headerLength).end(query.code);
  const reply = new Reply(bytes, query, limitOf(query.edns, over));
  if (query.edns !== undefined && query.edns.version !== 0) return reply.end(codes.badVersion);
  if (query.class !== internet) return reply.end(codes.refused);
  switch (query.type) {
    case types.incremental:
    case types.transfer:
      return reply.end(codes.refused);
    case types.mailA:
    case types.mailB:
      return reply.end(codes.notImplemented);
    case typeNumbers.OPT:
      return reply.end(codes.formatError);
    default:
      return answerFrom(zones, query, reply);
  }
}

/** The reply without records, cut short: who wants them asks over TCP, which nobody's forged source can. */
export function cutShort({ bytes, end, hasOption }: ZoneReply): Uint8Array {
  const option = bytes.subarray(hasOption ? bytes.length - optLength : bytes.length);
  const cut = Buffer.concat([bytes.subarray(0, end), option]);
  cut.writeUInt16BE(cut.readUInt16BE(2) | bits.truncated, 2);
  cut.fill(0, 6, headerLength);
  cut.writeUInt16BE(hasOption ? 1 : 0, 10);
  return cut;
}

function limitOf(edns: Edns | undefined, over: "udp" | "tcp"): number {
  if (over === "tcp") return 0xffff;
  return edns === undefined ? plainSize : Math.min(Math.max(edns.size, plainSize), datagramSize);
}

function answerFrom(zones: Zones, { key, type }: ZoneQuery, reply: Reply): ZoneReply {
  const zone = zones.of(key);
  if (zone === undefined) return reply.end(codes.refused);
  reply.speakFor(zone);
  const node = zone.find(key);
  if (node === undefined) return reply.nothing(codes.nameError);
  // One set of several will do, and is no gain for whoever forges sources (RFC 8482 4.1).
  const set = type === types.any ? lastOf(node) : node.sets.get(type);
  if (set === undefined) return reply.nothing(0);
  if (!reply.answer(node, set)) return reply.end(0);
  if (type !== types.any) addRelated(zones, set.related, reply);
  return reply.end(0);
}

/** Behind SOA and NS come those that are asked for. */
function lastOf({ sets }: ZoneNode): RecordSet | undefined {
  return [...sets.values()].at(-1);
}

/** Servers of a service, and their addresses, as far as there is room (RFC 2782, RFC 2181 9). */
function addRelated(zones: Zones, related: readonly Related[], reply: Reply): void {
  const told = new Set<RecordSet>();
  const left = [...related];
  for (let at = 0; at < left.length; at++) {
    const { key, types: wanted } = left[at]!;
    const node = zones.find(key);
    for (const type of wanted) {
      const set = node?.sets.get(type);
      if (node === undefined || set === undefined || told.has(set)) continue;
      told.add(set);
      if (!reply.add(node, set)) return;
      left.push(...set.related);
    }
  }
}

/** A reply while it is written. */
class Reply {
  readonly #request: Uint8Array;
  readonly #query: ZoneQuery | undefined;
  readonly #limit: number;
  readonly #pieces: Uint8Array[] = [];
  /** Of answers, authorities, additionals. */
  readonly #counts: [number, number, number] = [0, 0, 0];
  #length: number;
  #zone: Zone | undefined;
  #truncated = false;

  constructor(request: Uint8Array, query: ZoneQuery | undefined, limit: number) {
    this.#request = request;
    this.#query = query;
    this.#limit = limit;
    this.#length = this.#endOfQuestion + (query?.edns === undefined ? 0 : optLength);
  }

  /** From now on the reply is authoritative. */
  speakFor(zone: Zone): void {
    this.#zone = zone;
  }

  /** False where there is no room for all of them: then the reply says that there is more. */
  answer(node: ZoneNode, set: RecordSet): boolean {
    if (this.#put(0, node.owner, set)) return true;
    this.#truncated = true;
    return false;
  }

  /** False where there is no room. Nobody needs them: it is no truncation. */
  add(node: ZoneNode, set: RecordSet): boolean {
    return this.#put(2, node.owner, set);
  }

  /** No such name, or no such records: the SOA says for how long (RFC 2308 3). */
  nothing(code: number): ZoneReply {
    const zone = this.#zone!;
    if (!this.#put(1, zone.find(zone.key)!.owner, zone.negative)) this.#truncated = true;
    return this.end(code);
  }

  end(code: number): ZoneReply {
    const { edns } = this.#query ?? {};
    const end = this.#endOfQuestion;
    const head = Buffer.alloc(headerLength);
    const asked = viewOf(this.#request).getUint16(2);
    const repeated = asked & (bits.opcode | bits.recursion);
    const own =
      bits.answer |
      (this.#zone === undefined ? 0 : bits.authoritative) |
      (this.#truncated ? bits.truncated : 0);
    head.writeUInt16BE(viewOf(this.#request).getUint16(0), 0);
    head.writeUInt16BE(repeated | own | (code & 0xf), 2);
    head.writeUInt16BE(end > headerLength ? 1 : 0, 4);
    const [answers, authorities, additionals] = this.#counts;
    head.writeUInt16BE(answers, 6);
    head.writeUInt16BE(authorities, 8);
    head.writeUInt16BE(additionals + (edns === undefined ? 0 : 1), 10);
    const question = this.#request.subarray(headerLength, end);
    const option = edns === undefined ? [] : [optionOf(edns, code)];
    const bytes = Buffer.concat([head, question, ...this.#pieces, ...option]);
    return { bytes, code, truncated: this.#truncated, end, hasOption: edns !== undefined };
  }

  get #endOfQuestion(): number {
    return this.#query?.end ?? headerLength;
  }

  #put(section: 0 | 1 | 2, owner: Uint8Array, { bodies }: RecordSet): boolean {
    const name = this.#shortened(owner);
    const length = bodies.reduce((sum, body) => sum + name.length + body.length, 0);
    if (this.#length + length > this.#limit) return false;
    for (const body of bodies) this.#pieces.push(name, body);
    this.#counts[section] += bodies.length;
    this.#length += length;
    return true;
  }

  /** With a pointer to the domain's name, which ends the question (RFC 1035 4.1.4). */
  #shortened(owner: Uint8Array): Uint8Array {
    const { key } = this.#zone!;
    const own = owner.length - key.length;
    let at = 0;
    while (at < own) at += 1 + owner[at]!;
    if (at !== own || nameKey(owner.subarray(own)) !== key) return owner;
    const apex = this.#endOfQuestion - 4 - key.length;
    return Buffer.concat([owner.subarray(0, own), Buffer.of(0xc0 | (apex >> 8), apex & 0xff)]);
  }
}

function optionOf({ dnssec }: Edns, code: number): Uint8Array {
  const option = Buffer.alloc(optLength);
  option.writeUInt16BE(typeNumbers.OPT, 1);
  option.writeUInt16BE(datagramSize, 3);
  option.writeUInt8(code >> 4, 5);
  option.writeUInt16BE(dnssec ? 0x80_00 : 0, 7);
  return option;
}
