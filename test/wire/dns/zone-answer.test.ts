/** An authoritative server in bytes: RFC 1034, 1035, 2308, 2782, 3225, 6891, 7766, 8020, 8482, 9619. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import dnsPacket from "dns-packet";
import fc from "fast-check";
import { answerQuery, cutShort } from "../../../wire/index.ts";
import { extended, home, question, reply, said, zonesOf } from "./published.ts";

const zones = zonesOf(home);
const ask = (type: string, name: string): ReturnType<typeof said> =>
  said(reply(zones, question(type, name)).bytes);
const soa = "home1.example 300 SOA edge1.home1.example hostmaster.home1.example 7 3600 600 604800 300";

describe("an answer", () => {
  it("is authoritative, to the letter of the question, and repeats RD alone", () => {
    const query = question("A", "EdGe2.HOME1.eXample", { flags: dnsPacket.RECURSION_DESIRED });
    assert.deepEqual(
      Buffer.from(reply(zones, query).bytes),
      Buffer.concat([
        Buffer.from("123485000001000100000000", "hex"),
        query.subarray(12),
        // The owner: a label, and a pointer to the domain in the question. A, IN, 300 s, 192.0.2.2.
        Buffer.from("056564676532c012000100010000012c0004c0000202", "hex"),
      ]),
    );
  });

  it("of NAPTR brings the servers and their addresses along", () => {
    assert.deepEqual(said(reply(zones, extended("NAPTR", "home1.example")).bytes), {
      flags: "aa",
      code: 0,
      answers: [
        "home1.example 300 NAPTR 50 50 s SIPS+D2T  _sips._tcp.home1.example",
        "home1.example 300 NAPTR 90 50 s SIP+D2T  _sip._tcp.home1.example",
        "home1.example 300 NAPTR 100 50 s SIP+D2U  _sip._udp.home1.example",
      ],
      authorities: [],
      additionals: [
        "_sips._tcp.home1.example 300 SRV 10 50 5061 edge1.home1.example",
        "_sips._tcp.home1.example 300 SRV 20 0 5061 edge2.home1.example",
        "_sip._tcp.home1.example 300 SRV 10 50 5060 edge1.home1.example",
        "_sip._udp.home1.example 300 SRV 10 50 5060 edge1.home1.example",
        "edge1.home1.example 300 A 192.0.2.1",
        "edge1.home1.example 300 AAAA 2001:db8::1",
        "edge2.home1.example 300 A 192.0.2.2",
        "OPT 1232 0 0",
      ],
    });
  });

  it("of SRV brings the addresses along, once each (RFC 2782)", () => {
    const { answers, additionals } = ask("SRV", "_sips._tcp.home1.example");
    assert.deepEqual(answers, [
      "_sips._tcp.home1.example 300 SRV 10 50 5061 edge1.home1.example",
      "_sips._tcp.home1.example 300 SRV 20 0 5061 edge2.home1.example",
    ]);
    assert.deepEqual(additionals, [
      "edge1.home1.example 300 A 192.0.2.1",
      "edge1.home1.example 300 AAAA 2001:db8::1",
      "edge2.home1.example 300 A 192.0.2.2",
    ]);
  });

  it("of SOA and NS is that of the zone", () => {
    assert.deepEqual(ask("SOA", "home1.example").answers, [soa]);
    assert.deepEqual(ask("NS", "home1.example").answers, ["home1.example 300 NS edge1.home1.example"]);
  });

  it("to ANY is one set of records, no more (RFC 8482 4.1)", () => {
    const { answers, additionals } = ask("ANY", "edge1.home1.example");
    assert.deepEqual(answers, ["edge1.home1.example 300 AAAA 2001:db8::1"]);
    assert.deepEqual(additionals, []);
  });

  it("finds names of a domain whose bytes stand inside a label of a host", () => {
    // The length of the domain's first label, 48, is the digit 0.
    const domain = `${"d".repeat(48)}.example`;
    const name = `a0${"d".repeat(48)}.example.${domain}`;
    const odd = zonesOf({ domain, ttl: 1, services: [], hosts: [{ name, addresses: ["192.0.2.1"] }] });
    assert.deepEqual(said(reply(odd, question("A", name)).bytes).answers, [`${name} 1 A 192.0.2.1`]);
  });
});

describe("nothing there", () => {
  it("is no data where the name exists, and the SOA says for how long (RFC 2308 2.2)", () => {
    const nothing = { flags: "aa", code: 0, answers: [], authorities: [soa], additionals: [] };
    assert.deepEqual(ask("TXT", "home1.example"), nothing);
    assert.deepEqual(ask("AAAA", "edge2.home1.example"), nothing);
    assert.deepEqual(ask("TYPE64", "home1.example"), nothing);
  });

  it("is no data between a domain and its names (RFC 8020 2)", () => {
    const nothing = { flags: "aa", code: 0, answers: [], authorities: [soa], additionals: [] };
    for (const type of ["A", "SRV", "ANY"]) {
      assert.deepEqual(ask(type, "_tcp.home1.example"), nothing);
      assert.deepEqual(ask(type, "_udp.home1.example"), nothing);
    }
  });

  it("is NXDOMAIN elsewhere below the domain", () => {
    const none = { flags: "aa", code: 3, answers: [], authorities: [soa], additionals: [] };
    for (const name of ["x.home1.example", "_sips._udp.home1.example", "x.edge1.home1.example"])
      assert.deepEqual(ask("A", name), none);
  });

  it("of a longer TTL is remembered as the zone's least says", () => {
    const { authorities } = said(
      reply(zonesOf({ ...home, ttl: 86_400 }), question("A", "x.home1.example")).bytes,
    );
    assert.match(authorities[0]!, /^home1\.example 900 SOA /);
  });

  it("of an inner domain is told with its own SOA", () => {
    const inner = { domain: "in.home1.example", ttl: 60, hosts: [], services: home.services };
    const both = zonesOf(home, inner);
    const { code, authorities } = said(reply(both, question("A", "x.in.home1.example")).bytes);
    assert.equal(code, 3);
    assert.match(authorities[0]!, /^in\.home1\.example 60 SOA edge1\.home1\.example /);
  });
});

describe("what is not answered with records", () => {
  const codeOf = (bytes: Buffer): number => said(reply(zones, bytes).bytes).code;
  const spoilt = (spoil: (bytes: Buffer) => void, bytes = question("A", "home1.example")): Buffer => {
    spoil(bytes);
    return bytes;
  };

  it("other zones are refused, without authority", () => {
    for (const name of ["example", "xhome1.example", "open-d.example", ".", "home1.example.net"])
      assert.deepEqual(ask("A", name), { flags: "", code: 5, answers: [], authorities: [], additionals: [] });
  });

  it("transfers and other classes are refused", () => {
    assert.equal(codeOf(question("AXFR", "home1.example")), 5);
    assert.equal(codeOf(question("IXFR", "home1.example")), 5);
    for (const other of [3, 4, 255])
      assert.equal(codeOf(spoilt((b) => b.writeUInt16BE(other, b.length - 2))), 5);
  });

  it("other operations are not implemented: 1, 2, 4, 5", () => {
    for (const opcode of [1, 2, 4, 5]) {
      const { bytes } = reply(
        zones,
        spoilt((b) => b.writeUInt16BE(opcode << 11, 2)),
      );
      assert.equal(
        Buffer.from(bytes).toString("hex"),
        `1234${(0x80_04 | (opcode << 11)).toString(16)}0000000000000000`,
      );
    }
  });

  it("an answer is met with silence, and so is half a header", () => {
    assert.equal(
      answerQuery(
        zones,
        spoilt((b) => b.writeUInt16BE(0x80_00, 2)),
        "udp",
      ),
      undefined,
    );
    assert.equal(answerQuery(zones, question("A", "home1.example").subarray(0, 11), "udp"), undefined);
    assert.equal(answerQuery(zones, new Uint8Array(), "tcp"), undefined);
  });

  for (const [what, spoil] of [
    ["no question", (b: Buffer) => b.writeUInt16BE(0, 4)],
    ["two questions (RFC 9619)", (b: Buffer) => b.writeUInt16BE(2, 4)],
    ["an answer in it", (b: Buffer) => b.writeUInt16BE(1, 6)],
    ["a record that isn't there", (b: Buffer) => b.writeUInt16BE(1, 10)],
    ["a pointer as its name", (b: Buffer) => b.writeUInt16BE(0xc0_0c, 12)],
    ["a label of another kind", (b: Buffer) => b.writeUInt8(0x41, 12)],
    ["a label that goes on", (b: Buffer) => b.writeUInt8(63, 12)],
  ] as const)
    it(`${what} is a format error`, () => assert.equal(codeOf(spoilt(spoil)), 1));

  it("bytes behind the last record are a format error", () => {
    assert.equal(codeOf(Buffer.concat([question("A", "home1.example"), Buffer.of(0)])), 1);
  });

  it("a second OPT, one with a name, and other records beside the question are a format error", () => {
    const option = extended("A", "home1.example").subarray(-11);
    const two = Buffer.concat([extended("A", "home1.example"), option]);
    two.writeUInt16BE(2, 10);
    assert.equal(codeOf(two), 1);
    const named = Buffer.concat([question("A", "home1.example"), Buffer.of(1, 0x61), option]);
    named.writeUInt16BE(1, 10);
    assert.equal(codeOf(named), 1);
    for (const options of ["00", "00030001", "0003000000"]) {
      const rest = Buffer.from(options, "hex");
      const half = Buffer.concat([extended("A", "home1.example"), rest]);
      half.writeUInt16BE(rest.length, half.length - rest.length - 2);
      assert.equal(codeOf(half), 1);
    }
    const address = { type: "A", name: "a", data: "192.0.2.1", ttl: 0 } as const;
    assert.equal(codeOf(question("A", "home1.example", { additionals: [address] })), 1);
  });

  it("another version of EDNS is BADVERS: 16, of which OPT holds the upper part (RFC 6891 6.1.3)", () => {
    const { bytes, code } = reply(zones, extended("A", "home1.example", 4096, { ednsVersion: 1 }));
    assert.equal(code, 16);
    assert.deepEqual(said(bytes), {
      flags: "",
      code: 0,
      answers: [],
      authorities: [],
      additionals: ["OPT 1232 1 0"],
    });
  });

  it("DO is repeated, though nothing is signed (RFC 3225 3)", () => {
    const { bytes } = reply(zones, extended("A", "edge2.home1.example", 4096, { flags: 0x80_00 }));
    assert.deepEqual(said(bytes).additionals, ["OPT 1232 0 32768"]);
  });
});

describe("room", () => {
  const many = zonesOf({
    ...home,
    hosts: Array.from({ length: 40 }, (_, index) => ({
      name: `edge${index}.home1.example`,
      addresses: [`192.0.2.${index}`],
    })),
    services: Array.from({ length: 40 }, (_, index) => ({
      transport: "tls" as const,
      host: `edge${index}.home1.example`,
      port: 5061,
      priority: index,
      weight: 0,
    })),
  });
  const servers = "_sips._tcp.home1.example";

  it("what is too large over UDP is cut to nothing, and whole over TCP", () => {
    const cut = reply(many, extended("SRV", servers, 65_535));
    assert.equal(cut.truncated, true);
    assert.deepEqual(said(cut.bytes), {
      flags: "aa tc",
      code: 0,
      answers: [],
      authorities: [],
      additionals: ["OPT 1232 0 0"],
    });
    const whole = said(reply(many, extended("SRV", servers), "tcp").bytes);
    assert.equal(whole.answers.length, 40);
    assert.equal(whole.additionals.length, 41);
    assert.equal(whole.flags, "aa");
  });

  it("without EDNS there are 512 bytes; addresses that find no room are left out, and that is no truncation", () => {
    const some = zonesOf({
      ...home,
      services: home.services.slice(0, 1),
      hosts: Array.from({ length: 1 }, () => ({
        name: "edge1.home1.example",
        addresses: Array.from({ length: 40 }, (_, index) => `192.0.2.${index}`),
      })),
    });
    const plain = reply(some, question("SRV", servers));
    assert.equal(said(plain.bytes).flags, "aa");
    assert.deepEqual(said(plain.bytes).additionals, []);
    assert.ok(plain.bytes.length <= 512);
    assert.equal(said(reply(some, extended("SRV", servers)).bytes).additionals.length, 41);
  });

  it("a size below 512 counts as 512 (RFC 6891 6.2.5)", () => {
    assert.equal(said(reply(zones, extended("NAPTR", "home1.example", 0)).bytes).answers.length, 3);
  });

  it("a reply that is cut short says that there is more, and repeats question and OPT alone", () => {
    const query = extended("NAPTR", "home1.example");
    const whole = reply(zones, query);
    const cut = cutShort(whole);
    assert.deepEqual(said(cut), {
      flags: "aa tc",
      code: 0,
      answers: [],
      authorities: [],
      additionals: ["OPT 1232 0 0"],
    });
    assert.equal(cut.length, query.length);
    assert.deepEqual(said(cutShort(reply(zones, question("NAPTR", "home1.example")))), {
      flags: "aa tc",
      code: 0,
      answers: [],
      authorities: [],
      additionals: [],
    });
  });
});

describe("any bytes", () => {
  const seeds = [
    question("NAPTR", "home1.example"),
    extended("SRV", "_sips._tcp.home1.example"),
    extended("A", "x.home1.example", 512, { ednsVersion: 3 }),
    question("IXFR", "home1.example"),
  ];
  /** A question with some bytes changed, cut or added. */
  const damaged = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 }),
      fc.nat(80),
      fc.uint8Array({ maxLength: 20 }),
    )
    .map(([seed, changes, cut, tail]) => {
      const bytes = Buffer.concat([
        seed.subarray(0, cut % 5 === 0 ? cut : seed.length),
        cut % 7 === 0 ? tail : Buffer.alloc(0),
      ]);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return bytes;
    });

  for (const [what, inputs] of [
    ["whatever they are", fc.uint8Array({ maxLength: 600 })],
    ["near a question", damaged],
  ] as const)
    it(`${what}: no throw, no answer to an answer, never over the limit, and readable`, () => {
      fc.assert(
        fc.property(inputs, (bytes) => {
          const answer = answerQuery(zones, bytes, "udp");
          const isQuery = bytes.length >= 12 && (bytes[2]! & 0x80) === 0;
          assert.equal(answer !== undefined, isQuery);
          if (answer === undefined) return;
          assert.ok(answer.bytes.length <= 1232);
          assert.deepEqual(Buffer.from(answer.bytes.subarray(0, 2)), Buffer.from(bytes.subarray(0, 2)));
          assert.deepEqual(
            Buffer.from(answer.bytes.subarray(12, answer.end)),
            Buffer.from(bytes.subarray(12, answer.end)),
          );
          dnsPacket.decode(Buffer.from(answer.bytes));
          assert.equal(dnsPacket.decode.bytes, answer.bytes.length);
          assert.ok(cutShort(answer).length <= answer.bytes.length);
        }),
        { numRuns: 3_000 },
      );
    });
});
