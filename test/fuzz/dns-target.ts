/**
 * What name servers may answer, through `readAnswer` and a whole location (RFC 3263).
 *
 * An input is a row of answers, each behind its length: its flags, its three counts and its records. The
 * id and the question are written as they were asked: without them an answer is not looked into.
 */
import assert from "node:assert/strict";
import { isIP, isIPv4 } from "node:net";
import dnsPacket, { type Answer } from "dns-packet";
import {
  isDomainName,
  type Location,
  locateRequest,
  locationLimits,
  mixCase,
  type Outcome,
  type Query,
  type Question,
  readAnswer,
  type SoughtRequest,
  writeQuery,
} from "../../wire/index.ts";
import { requestTo } from "../wire/dns/locating.ts";
import { dnsPieces } from "./pieces.ts";
import type { FuzzOutcome, FuzzTarget } from "./target.ts";

const host = "carrier-c.example";
const optLength = 11;
/** Flags and counts. */
const headLength = 8;
/** NAPTR, SRV, addresses of both families. */
const mostQuestions =
  1 +
  Math.max(locationLimits.services, 3) +
  2 * locationLimits.servers * Math.max(locationLimits.services, 3);
const mixed = Uint8Array.of(0b0110_1001);
const requests: readonly Partial<SoughtRequest>[] = [
  {},
  { scheme: "sips" },
  { tlsDemanded: true },
  { transport: "tcp" },
  { port: 5070 },
];

/** Answers of an input, in turn; those that lack are empty. */
class Answers {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(query: Query): Uint8Array {
    const length = ((this.#bytes[this.#at] ?? 0) << 8) | (this.#bytes[this.#at + 1] ?? 0);
    const start = this.#at + 2;
    const end = Math.min(start + length, this.#bytes.length);
    this.#at = Math.max(start, end);
    return answerOf(query, this.#bytes.subarray(start, end));
  }
}

function answerOf({ id, bytes }: Query, given: Uint8Array): Uint8Array {
  const question = bytes.subarray(12, bytes.length - optLength);
  const records = given.subarray(headLength);
  const answer = new Uint8Array(12 + question.length + records.length);
  answer.set([id >> 8, id & 0xff, (given[0] ?? 0) | 0x80, given[1] ?? 0, 0, 1]);
  answer[2]! &= 0x87;
  answer.set(given.subarray(2, headLength), 6);
  answer.set(question, 12);
  answer.set(records, 12 + question.length);
  return answer;
}

function run(input: Uint8Array, round: number): FuzzOutcome {
  const request = requestTo(host, requests[round % requests.length]);
  const location = locate(input, request, round);
  if ((round & 7) === 0) assert.deepEqual(locate(input, request, 1), location, "the answers decide it all");
  checkLocation(location, request);
  return { accepted: location.targets !== undefined, rule: location.failure?.cause ?? "" };
}

function locate(input: Uint8Array, request: SoughtRequest, round: number): Location {
  const answers = new Answers(input);
  const locating = locateRequest(request);
  let asked = 0;
  let step = locating.next();
  while (step.done !== true) {
    asked += step.value.length;
    assert.ok(asked <= mostQuestions, `${asked} questions`);
    step = locating.next(step.value.map((question) => ask(question, answers, round)));
  }
  return step.value;
}

function ask(question: Question, answers: Answers, round: number): Outcome {
  assert.ok(isDomainName(question.name), question.name);
  const query = writeQuery(0x12_34, { ...question, name: mixCase(question.name, mixed) });
  const bytes = answers.next(query);
  const reading = readAnswer(bytes, query);
  assert.ok(reading.kind !== "foreign", "the answer repeats id and question");
  checkOutcome(reading, question);
  if ((round & 7) === 0) checkNeighbours(bytes, query, reading);
  return reading;
}

function checkOutcome(outcome: Outcome, { type }: Question): void {
  if ("ttl" in outcome)
    assert.ok(Number.isInteger(outcome.ttl) && outcome.ttl >= 0 && outcome.ttl <= 0x7f_ff_ff_ff);
  if (outcome.kind !== "records") return;
  assert.ok(outcome.records.length > 0);
  for (const record of outcome.records) {
    assert.equal(record.type, type);
    if ("address" in record) assert.equal(isIP(record.address), type === "A" ? 4 : 6, record.address);
    if ("target" in record) assert.ok(/^[!-~]+$/.test(record.target), record.target);
    if ("replacement" in record) assert.ok(/^[!-~]+$/.test(record.replacement), record.replacement);
  }
}

/** In other letter case it is somebody else's; with a byte more or less it tells nothing. */
function checkNeighbours(bytes: Uint8Array, query: Query, { kind }: Outcome): void {
  const other = writeQuery(query.id, { ...query.question, name: mixCase(host, Uint8Array.of(0)) });
  assert.equal(readAnswer(bytes, other).kind, "foreign");
  // A byte may be what a failure lacks, or has too many.
  if (kind === "failure") return;
  const unknown = kind === "truncated" ? "truncated" : "failure";
  assert.equal(readAnswer(Buffer.concat([bytes, Uint8Array.of(0)]), query).kind, unknown);
  const cut = readAnswer(bytes.subarray(0, -1), query).kind;
  assert.ok(cut === unknown || cut === "foreign", cut);
}

function checkLocation({ targets, failure, domain }: Location, request: SoughtRequest): void {
  assert.equal(domain, host);
  if (targets === undefined) {
    assert.notEqual(failure.text, "");
    return;
  }
  assert.ok(targets.length > 0 && targets.length <= locationLimits.targets, `${targets.length} targets`);
  for (const { transport, address, port } of targets) {
    assert.ok(isIP(address) !== 0, address);
    assert.ok(Number.isInteger(port) && port > 0 && port <= 0xff_ff, `port ${port}`);
    if (request.scheme === "sips" || request.tlsDemanded) assert.equal(transport, "tls");
  }
}

const row = (...parts: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat(parts.flatMap((one) => [Uint8Array.of(one.length >> 8, one.length & 0xff), one]));

/** Without id and question. */
function part(answers: readonly Answer[], flags = 0, authorities: readonly Answer[] = []): Uint8Array {
  const whole = dnsPacket.encode({
    type: "response",
    flags,
    answers: [...answers],
    authorities: [...authorities],
  });
  return Buffer.concat([whole.subarray(2, 4), whole.subarray(6)]);
}

const naptr = (name: string, order: number, services: string, replacement: string): Answer => ({
  type: "NAPTR",
  class: "IN",
  name,
  ttl: 300,
  data: { order, preference: 0, flags: "s", services, regexp: "", replacement },
});
const srv = (name: string, port: number, target: string): Answer => ({
  type: "SRV",
  class: "IN",
  name,
  ttl: 300,
  data: { priority: 0, weight: 1, port, target },
});
const address = (name: string, data: string): Answer =>
  isIPv4(data)
    ? { type: "A", class: "IN", name, ttl: 300, data }
    : { type: "AAAA", class: "IN", name, ttl: 300, data };
const alias = (name: string, data: string): Answer => ({ type: "CNAME", class: "IN", name, ttl: 300, data });
const soa: Answer = {
  type: "SOA",
  class: "IN",
  name: "example",
  ttl: 300,
  data: {
    mname: "ns.example",
    rname: "host.example",
    serial: 1,
    refresh: 1,
    retry: 1,
    expire: 1,
    minimum: 60,
  },
};
const edge = "edge.carrier-c.example";
const tls = `_sips._tcp.${host}`;

function readSeeds(): readonly Uint8Array[] {
  const addresses = [part([address(edge, "192.0.2.1")]), part([address(edge, "2001:db8::1")])];
  const none = part([], 0, [soa]);
  const missing = part([], 3, [soa]);
  const pointers = Buffer.from(
    "01800001 0000 0000 c00c00010001 0000012c 0004 c0000201".replaceAll(" ", ""),
    "hex",
  );
  return [
    row(part([naptr(host, 10, "SIPS+D2T", tls)]), part([srv(tls, 5061, edge)]), ...addresses),
    row(
      part([
        naptr(host, 10, "SIP+D2U", `_sip._udp.${host}`),
        naptr(host, 20, "sip+d2t", `_sip._tcp.${host}`),
      ]),
      part([srv(`_sip._udp.${host}`, 5060, edge), srv(`_sip._udp.${host}`, 5060, "b.example")]),
      ...addresses,
      part([alias("b.example", edge), address(edge, "192.0.2.1")]),
      missing,
    ),
    row(none, none, none, none, part([address(host, "192.0.2.1")]), none),
    row(none, part([srv(`_sips._tcp.${host}`, 0, ".")]), missing, missing, missing),
    row(pointers, pointers),
    row(missing),
    row(part([], 2), part([], 5), part([], 0x02_00)),
  ];
}

export const dnsTarget: FuzzTarget = { folder: "/wire/dns/", pieces: dnsPieces, readSeeds, run };
