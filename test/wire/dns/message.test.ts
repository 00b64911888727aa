/** DNS messages as bytes: RFC 1035, 2181, 2308, 4343, 5452, 6891, and the random case of questions. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import dnsPacket, { type Answer, type Packet } from "dns-packet";
import fc from "fast-check";
import {
  mixCase,
  type Query,
  type Reading,
  type RecordType,
  readAnswer,
  writeQuery,
} from "../../../wire/index.ts";

const query = (type: RecordType = "A", name = "SiP.exAMPle.Net"): Query => writeQuery(0x1234, { type, name });

const a = (name: string, data: string, ttl = 300): Answer => ({ type: "A", class: "IN", name, data, ttl });
const alias = (name: string, data: string, ttl = 300): Answer => ({
  type: "CNAME",
  class: "IN",
  name,
  data,
  ttl,
});
const soa = (ttl: number, minimum: number): Answer => ({
  type: "SOA",
  class: "IN",
  name: "example.net",
  ttl,
  data: {
    mname: "ns.example.net",
    rname: "host\\.master.example.net",
    serial: 1,
    refresh: 1,
    retry: 1,
    expire: 1,
    minimum,
  },
});

/** An answer to the query; flags beside QR. */
function answer(to: Query, packet: Packet): Buffer {
  const { type, name } = to.question;
  return dnsPacket.encode({
    type: "response",
    id: to.id,
    questions: [{ type, name, class: "IN" }],
    ...packet,
  });
}

const read = (packet: Packet, to: Query = query()): Reading => readAnswer(answer(to, packet), to);

/** Bytes from hexadecimal digits and quoted text. */
function bytes(text: string): Buffer {
  return Buffer.concat(
    [...text.matchAll(/"([^"]*)"|([\da-f]{2})/gi)].map(([, quoted, hex]) =>
      quoted === undefined ? Buffer.from(hex!, "hex") : Buffer.from(quoted, "latin1"),
    ),
  );
}

/** id, QR and RA, one question, counts; then the question for A of a.b. */
const header = (counts: string, flags = "8180"): string =>
  `1234 ${flags} 0001 ${counts} 01"a" 01"b" 00 0001 0001`;
const ofAB = query("A", "a.b");

function cause(reading: Reading): string {
  assert.equal(reading.kind, "failure");
  return reading.kind === "failure" ? reading.cause : "";
}

describe("a question", () => {
  it("is recursive, in its letter case, with 1232 bytes for the answer (RFC 1035 4.1, RFC 6891 6.1.2)", () => {
    const expected = bytes(`1234 0100 0001 0000 0000 0001
      03"SiP" 07"exAMPle" 03"Net" 00 0001 0001
      00 0029 04d0 00000000 0000`);
    assert.deepEqual(Buffer.from(query().bytes), expected);
  });

  it("has the number of its type: SRV 33, NAPTR 35, AAAA 28", () => {
    const types = (["SRV", "NAPTR", "AAAA"] as const).map((type) => query(type, "a.b").bytes[18]);
    assert.deepEqual(types, [33, 35, 28]);
  });

  it("of no domain name is refused", () => {
    for (const name of ["", "a..b", "a b.c", `${"x".repeat(64)}.net`, "ä.net", "a\\.b"])
      assert.throws(() => query("A", name), RangeError, name);
  });

  it("takes its letter case from given bits", () => {
    assert.equal(mixCase("_sips._tcp.a1", Uint8Array.of(0b0101_0101)), "_SiPs._TcP.a1");
    assert.equal(mixCase("ABC", Uint8Array.of(0)), "abc");
  });
});

describe("an answer to somebody else's question is foreign", () => {
  const good = (): Buffer => answer(query(), { answers: [a("sip.example.net", "192.0.2.1")] });

  it("while the right one is read", () => {
    assert.deepEqual(readAnswer(good(), query()), {
      kind: "records",
      records: [{ type: "A", address: "192.0.2.1" }],
      ttl: 300,
    });
  });

  for (const [what, spoil] of [
    ["another id", (b: Buffer) => b.writeUInt16BE(0x1235, 0)],
    ["no QR", (b: Buffer) => b.writeUInt16BE(0, 2)],
    ["another opcode", (b: Buffer) => b.writeUInt16BE(0xa000, 2)],
    ["no question", (b: Buffer) => b.writeUInt16BE(0, 4)],
    ["two questions", (b: Buffer) => b.writeUInt16BE(2, 4)],
    ["the name in other letter case", (b: Buffer) => b.write("sip", 13)],
    ["another name", (b: Buffer) => b.write("Sop", 13)],
    ["another type", (b: Buffer) => b.writeUInt16BE(28, 29)],
    ["another class", (b: Buffer) => b.writeUInt16BE(3, 31)],
  ] as const)
    it(what, () => {
      const spoiled = good();
      spoil(spoiled);
      assert.equal(readAnswer(spoiled, query()).kind, "foreign");
    });

  it("and told apart where only the letter case differs (RFC 4343: letters alone have one)", () => {
    const spoiled = (name: string, at: number, byte: number): Reading => {
      const to = query("SRV", name);
      const whole = answer(to, {});
      whole[at] = byte;
      return readAnswer(whole, to);
    };
    const inCase = { kind: "foreign", cause: "has the question in other letter case", otherCase: true };
    const another = { kind: "foreign", cause: "has another question", otherCase: false };
    assert.deepEqual(spoiled("_sip.net", 14, 0x53), inCase);
    // The same bit, in a character that is no letter, and in the number of the type.
    assert.deepEqual(spoiled("_sip.net", 13, 0x5f ^ 0x20), another);
    assert.deepEqual(spoiled("_sip.net", 23, 1), another);
  });

  it("too short for a header, or for the question", () => {
    for (const length of [0, 11, 12, 32])
      assert.equal(readAnswer(good().subarray(0, length), query()).kind, "foreign");
  });
});

describe("what an answer says", () => {
  it("NXDOMAIN and no data are told apart, and last as long as SOA says (RFC 2308 5)", () => {
    assert.deepEqual(read({ flags: 3, authorities: [soa(900, 60)] }), { kind: "no-such-name", ttl: 60 });
    assert.deepEqual(read({ authorities: [soa(30, 60)] }), { kind: "no-data", ttl: 30 });
    assert.deepEqual(read({ flags: 3 }), { kind: "no-such-name", ttl: 0 });
    assert.deepEqual(read({}), { kind: "no-data", ttl: 0 });
  });

  it("a truncated one tells nothing, whatever it holds", () => {
    const answers = [a("sip.example.net", "192.0.2.1")];
    for (const flags of [0x200, 0x203]) assert.deepEqual(read({ flags, answers }), { kind: "truncated" });
    assert.deepEqual(readAnswer(bytes(`${header("0009 0000 0000", "8380")} 00`), ofAB), {
      kind: "truncated",
    });
  });

  it("a server that fails or refuses tells nothing", () => {
    assert.match(cause(read({ flags: 2 })), /SERVFAIL/);
    assert.match(cause(read({ flags: 5 })), /REFUSED/);
    assert.match(cause(read({ flags: 1 })), /FORMERR/);
    assert.match(cause(read({ flags: 9, authorities: [soa(1, 1)] })), /code 9/);
  });

  it('the upper bits of its code stand in OPT: BADVERS is no "no data" (RFC 6891 6.1.3)', () => {
    const text = `${header("0000 0000 0001")} 00 0029 04d0 01000000 0000`;
    assert.match(cause(readAnswer(bytes(text), ofAB)), /code 16/);
  });

  it("a server that names others to ask tells nothing (RFC 2308 2.2)", () => {
    const authorities: Answer[] = [{ type: "NS", class: "IN", name: "net", data: "a.gtld.example", ttl: 9 }];
    assert.match(cause(read({ authorities })), /names others/);
  });

  it("the lowest TTL counts, and one with its top bit set is 0 (RFC 2181 5.2, 8)", () => {
    const answers = (ttl: number): Answer[] => [
      a("sip.example.net", "192.0.2.1", 90),
      a("sip.example.net", "192.0.2.2", ttl),
    ];
    const ttlOf = (reading: Reading): number | undefined => ("ttl" in reading ? reading.ttl : undefined);
    assert.equal(ttlOf(read({ answers: answers(40) })), 40);
    assert.equal(ttlOf(read({ answers: answers(0x7fffffff) })), 90);
    assert.equal(ttlOf(read({ answers: answers(0x80000000) })), 0);
  });

  it("records of other names and types don't count", () => {
    const answers: Answer[] = [
      a("other.example.net", "192.0.2.66"),
      { type: "AAAA", class: "IN", name: "SIP.EXAMPLE.net", data: "2001:db8::66" },
    ];
    assert.deepEqual(read({ answers, authorities: [soa(60, 60)] }), { kind: "no-data", ttl: 60 });
  });
});

describe("aliases (RFC 1034 3.6.2)", () => {
  const chain = (count: number): Answer[] =>
    Array.from({ length: count }, (_, i) =>
      alias(i === 0 ? "sip.example.net" : `c${i}.net`, `c${i + 1}.net`, 60),
    );

  it("are followed in any order and letter case, to the lowest TTL", () => {
    const answers = [a("C2.NET", "192.0.2.1"), ...chain(2).toReversed()];
    assert.deepEqual(read({ answers }), {
      kind: "records",
      records: [{ type: "A", address: "192.0.2.1" }],
      ttl: 60,
    });
  });

  it("eight in a row are followed, nine are not", () => {
    assert.equal(read({ answers: [...chain(8), a("c8.net", "192.0.2.1")] }).kind, "records");
    assert.match(cause(read({ answers: [...chain(9), a("c9.net", "192.0.2.1")] })), /more than 8 aliases/);
  });

  it("in a circle, beside other records, or two of one name are a failure", () => {
    cause(read({ answers: [alias("sip.example.net", "c1.net"), alias("c1.net", "sip.example.net")] }));
    cause(read({ answers: [alias("sip.example.net", "c1.net"), a("sip.example.net", "192.0.2.1")] }));
    cause(
      read({
        answers: [
          alias("sip.example.net", "c1.net"),
          alias("sip.example.net", "c2.net"),
          a("c1.net", "192.0.2.1"),
        ],
      }),
    );
  });

  it("that lead out of the answer are a failure, unless SOA says that nothing is there", () => {
    assert.match(cause(read({ answers: chain(1) })), /alias/);
    assert.deepEqual(read({ answers: chain(1), authorities: [soa(900, 900)] }), { kind: "no-data", ttl: 60 });
    assert.deepEqual(read({ flags: 3, answers: chain(1), authorities: [soa(30, 900)] }), {
      kind: "no-such-name",
      ttl: 30,
    });
  });
});

describe('an answer that can\'t be read is a failure, never "no record"', () => {
  const record = "c00c 0001 0001 0000012c 0004 c0000201";
  const one = header("0001 0000 0000");

  it("while this one is whole", () => {
    assert.equal(readAnswer(bytes(`${one} ${record}`), ofAB).kind, "records");
  });

  for (const [what, text] of [
    ["no record where one is announced", one],
    ["a record that is cut", `${one} c00c 0001 0001 0000012c 0004 c00002`],
    ["bytes behind the last record", `${one} ${record} 00`],
    ["an address of five bytes", `${one} c00c 0001 0001 0000012c 0005 c000020101`],
    ["a record of another class", `${one} c00c 0001 0003 0000012c 0004 c0000201`],
    ["a pointer to itself", `${one} c017 0001 0001 0000012c 0004 c0000201`],
    ["a pointer forward", `${one} c020 0001 0001 0000012c 0004 c0000201`],
    ["a pointer into the header", `${one} c000 0001 0001 0000012c 0004 c0000201`],
    ["a label of an unknown kind", `${one} 41"a" 00 0001 0001 0000012c 0004 c0000201`],
    ["a dot inside a label", `${one} 03"a.b" 00 0001 0001 0000012c 0004 c0000201`],
    ["more records than are read", `${header("0101 0000 0000")} ${record}`],
    ["records of a name that doesn't exist", `${header("0001 0000 0000", "8183")} ${record}`],
    ["two OPT records", `${header("0000 0000 0002")} ${"00 0029 04d0 00000000 0000".repeat(2)}`],
    ["an OPT record with a name", `${header("0000 0000 0001")} c00c 0029 04d0 00000000 0000`],
  ] as const)
    it(what, () => {
      assert.match(cause(readAnswer(bytes(text), ofAB)), /^the answer /);
    });

  it("SRV and NAPTR whose data is longer or shorter than it says", () => {
    const srv = query("SRV", "a.b");
    const head = one.replace(/0001 0001$/, "0021 0001");
    const data = (length: string, rest: string): Reading =>
      readAnswer(bytes(`${head} c00c 0021 0001 0000012c ${length} 0001 0002 13c4 ${rest}`), srv);
    assert.deepEqual(data("0009", '01"c" 00'), {
      kind: "records",
      records: [{ type: "SRV", priority: 1, weight: 2, port: 5060, target: "c" }],
      ttl: 300,
    });
    cause(data("000a", '01"c" 00 00'));
    cause(data("0008", '01"c"'));
    cause(data("0006", ""));

    const naptr = query("NAPTR", "a.b");
    const start = `${one.replace(/0001 0001$/, "0023 0001")} c00c 0023 0001 0000012c`;
    assert.equal(readAnswer(bytes(`${start} 0009 0001 0002 00 00 00 c00c`), naptr).kind, "records");
    cause(readAnswer(bytes(`${start} 0009 0001 0002 ff 00 00 c00c`), naptr));
    cause(readAnswer(bytes(`${start} 0008 0001 0002 00 00 01 00`), naptr));
    cause(readAnswer(bytes(`${start} 000a 0001 0002 00 00 00 c00c 00`), naptr));
  });

  it("a name longer than 255 bytes, made by pointers", () => {
    const label = `3f"${"x".repeat(63)}"`;
    const long = `${one} ${[label, label, label, label].join(" ")} 00 0001 0001 00000000 0004 c0000201`;
    assert.match(cause(readAnswer(bytes(long), ofAB)), /longer than 255/);
  });
});

describe("any bytes", () => {
  /** Records in every section, of every type that is read. */
  const rich = answer(query("SRV"), {
    answers: [
      alias("sip.example.net", "x.example.net"),
      {
        type: "SRV",
        class: "IN",
        name: "x.example.net",
        ttl: 9,
        data: { priority: 1, weight: 2, port: 3, target: "y.net" },
      },
      {
        type: "NAPTR",
        class: "IN",
        name: "x.example.net",
        ttl: 9,
        data: { order: 1, preference: 2, flags: "s", services: "SIP+D2T", regexp: "", replacement: "z.net" },
      },
    ],
    authorities: [soa(9, 9)],
    additionals: [a("y.net", "192.0.2.1")],
  });

  it("are read without a throw", () => {
    const head = ofAB.bytes.subarray(12, 21);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 200 }), (tail) => {
        const message = Buffer.concat([bytes("1234 8180 0001"), tail.subarray(0, 6), head, tail.subarray(6)]);
        assert.notEqual(readAnswer(message, ofAB).kind, "foreign");
        readAnswer(tail, ofAB);
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  it("that differ a little from an answer are read without a throw, and a cut one never tells of records or none", () => {
    const to = query("SRV");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(rich.length - 1), fc.nat(255)), { maxLength: 3 }),
        fc.nat(rich.length),
        (changes, length) => {
          const changed = Buffer.from(rich);
          for (const [at, byte] of changes) changed[at] = byte;
          readAnswer(changed, to);
          if (length === rich.length) return;
          assert.match(readAnswer(rich.subarray(0, length), to).kind, /^(?:foreign|failure)$/);
        },
      ),
      { seed: 2, numRuns: 3_000 },
    );
  });

  it("an answer in any other letter case is foreign", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 3, maxLength: 3 }),
        fc.uint8Array({ minLength: 3, maxLength: 3 }),
        (x, y) => {
          const [asked, told] = [x, y].map((bits) => mixCase("_sips._tcp.carrier-c.example", bits));
          const to = query("SRV", asked);
          const reading = readAnswer(answer(query("SRV", told), { flags: 3 }), to);
          assert.equal(reading.kind, asked === told ? "no-such-name" : "foreign");
        },
      ),
      { seed: 3, numRuns: 500 },
    );
  });
});
