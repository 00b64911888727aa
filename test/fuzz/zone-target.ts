/** What anybody may ask of the border that publishes, through `answerQuery`. An input is one question. */
import assert from "node:assert/strict";
import dnsPacket from "dns-packet";
import { answerQuery, cutShort, type Zones } from "../../wire/index.ts";
import { extended, home, question, zonesOf } from "../wire/dns/published.ts";
import { dnsPieces } from "./pieces.ts";
import type { FuzzOutcome, FuzzTarget } from "./target.ts";

const zones: Zones = zonesOf(home, {
  domain: "in.home1.example",
  ttl: 60,
  hosts: [{ name: "a.in.home1.example", addresses: ["192.0.2.7"] }],
  services: home.services,
});
const headLength = 12;
/** Over UDP, with EDNS and without it. */
const most = { extended: 1232, plain: 512 };

function run(input: Uint8Array): FuzzOutcome {
  const reply = answerQuery(zones, input, "udp");
  const isQuestion = input.length >= headLength && (input[2]! & 0x80) === 0;
  assert.equal(reply !== undefined, isQuestion, "silence is for what is no question");
  if (reply === undefined) return { accepted: false, rule: "silence" };
  const { bytes, code, end, hasOption, truncated } = reply;
  assert.ok(bytes.length <= (hasOption ? most.extended : most.plain), `${bytes.length} bytes`);
  assert.ok(
    cutShort(reply).length <= bytes.length && cutShort(reply).length <= Math.max(input.length, headLength),
  );
  assert.deepEqual(bytes.subarray(0, 2), Buffer.from(input.subarray(0, 2)), "the id is repeated");
  assert.deepEqual(bytes.subarray(headLength, end), Buffer.from(input.subarray(headLength, end)));
  const packet = dnsPacket.decode(Buffer.from(bytes));
  assert.equal(dnsPacket.decode.bytes, bytes.length, "it ends with its last record");
  assert.equal(Buffer.from(bytes).readUInt16BE(2) & 0x80_80, 0x80_00, "an answer, and no recursion");
  if (code === 0 || code === 3) {
    const alone = Buffer.from(input.subarray(0, end)).fill(0, 6, headLength);
    const [asked] = dnsPacket.decode(alone).questions ?? [];
    assert.match(`.${asked?.name.toLowerCase()}`, /\.home1\.example$/, "of our zones alone");
  } else assert.equal(packet.answers?.length ?? 0, 0, "nothing is told with an error");
  if (code !== 0 || truncated) assert.equal(packet.answers?.length ?? 0, 0);
  const stream = answerQuery(zones, input, "tcp");
  assert.equal(stream?.code, code, "over TCP it is the same");
  assert.equal(stream?.truncated, false);
  return { accepted: code === 0, rule: code === 0 ? "" : `code ${code}` };
}

function readSeeds(): readonly Uint8Array[] {
  return [
    question("NAPTR", "home1.example"),
    extended("NAPTR", "HOME1.example"),
    extended("SRV", "_sips._tcp.home1.example", 512),
    extended("A", "a.in.home1.example", 1232, { flags: 0x80_00 }),
    extended("A", "x.home1.example", 1232, { ednsVersion: 1 }),
    question("AAAA", "edge1.home1.example"),
    question("ANY", "_tcp.home1.example"),
    question("AXFR", "home1.example"),
    question("TXT", "open-d.example"),
  ];
}

export const zoneTarget: FuzzTarget = { folder: "/wire/dns/", pieces: dnsPieces, readSeeds, run };
