/** The quick reading accepts nothing but what the careful one accepts, and says the same of it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { defaultScanLimits, Scan } from "../../wire/index.ts";
import { mutate } from "../fuzz/mutation.ts";
import { Random } from "../fuzz/random.ts";
import { carefulScan, isReadQuickly, readAlike } from "./careful-scan.ts";
import { bytes, message, table } from "./messages.ts";

const scan = new Scan(table);
const careful = carefulScan(table);
const same = (input: Uint8Array): boolean => readAlike(scan, careful, input, "datagram");

const ordinary = message({
  rows: [
    "Via: SIP/2.0/TCP scscf.home1.example:5060;branch=z9hG4bK7a, SIP/2.0/UDP [2001:db8::1];branch=z9hG4bKb;rport",
    'From: "Alice \\"A\\" Doe" <sip:alice@home1.example;user=phone>;tag=1928301774',
    "To: Bob <sips:bob@open-d.example:5061?Subject=x>",
    "Contact: <sip:alice@192.0.2.10:5060;transport=tcp>;expires=60",
    "P-Asserted-Identity: tel:+12125551212",
    'P-Asserted-Identity: "Alice" <sip:alice@home1.example>',
    "Route: <sip:a.example;lr>, <sip:b.example;lr>",
    "Privacy: id; user",
    "Supported: 100rel, timer",
    'Authorization: Digest username="a", realm="b"',
    "X-Unknown: any text \xe9 at all",
    "Content-Type: application/sdp",
    "Content-Length: 0",
  ],
});

/** What the first one lacks: compact names, many spellings of addresses and Via, and a body. */
const response = message({
  start: "SIP/2.0 183 Session Progress",
  without: ["Via", "From", "To", "Call-ID"],
  rows: [
    "v: SIP/2.0/TLS [2001:db8::9]:5061 ;received=192.0.2.4;branch=z9hG4bKc,SIP/2.0/SCTP pcscf_1.visited.example",
    "f: Alice A. Doe <sip:+12125551212;phone-context=x@home1.example;user=phone> ;tag=a",
    't: "B, \\\\ <\xe9>" <sip:bob%40x:pw@[2001:db8::2]:5060;lr?a=b&c=d>;epid="1;2" ;tag=b',
    "i: f81d4fae-7dec-11d0@192.0.2.10",
    'm: sip:b@c.example;q=0.5 , <urn:service:sos>, <tel:+1;phone-context=x>;+sip.instance="<urn:x>"',
    "Record-Route: <sips:p.example:5061;lr;x=%41>",
    "Server:x  y",
    "k: 100rel",
    "c: multipart/mixed ;boundary=b",
    "l: 3",
  ],
  body: "v=0",
});

describe("the quick reading", () => {
  for (const [name, input] of [
    ["what every message must say", message()],
    ["an ordinary INVITE", ordinary],
    ["a response with compact names and a body", response],
    ["a request to a number", message({ start: "INVITE tel:+12125551212;phone-context=x SIP/2.0" })],
    ["an emergency call", message({ start: "INVITE urn:service:sos.police SIP/2.0" })],
    [
      "a request to an IPv6 host",
      message({ start: "BYE sip:[2001:db8::1]:5060;transport=udp SIP/2.0", rows: ["CSeq: 2 BYE"] }),
    ],
    [
      "a user with parameters and a password",
      message({ start: "INVITE sips:+1;npdi:pw@h.example;user=phone SIP/2.0" }),
    ],
    [
      "a method that only its sender knows",
      message({ start: "NEW-METHOD sip:a SIP/2.0", rows: ["CSeq: 999999999 NEW-METHOD"] }),
    ],
    [
      "names in capitals and in small letters",
      message({ rows: ["TO: <sip:a@b>", "cseq: 1 INVITE", "PRIVACY: id"] }),
    ],
    [
      "names one behind the other without blanks",
      message({ rows: ["Max-Forwards:0", "Call-ID:a", "To:sip:a@b;tag=1"] }),
    ],
    ["From without angle brackets", message({ rows: ["From: sip:a@b.example ;tag=1"] })],
    [
      "the history of a call",
      message({
        rows: [
          "History-Info: <sip:a@b.example?Privacy=history&Reason=SIP%3Bcause%3D302>;index=1,<sip:c@d>;index=1.1;mp=1",
        ],
      }),
    ],
    ["a response", message({ start: "SIP/2.0 200 OK" })],
    ["a response without a reason", message({ start: "SIP/2.0 180 " })],
    [
      "a message with blanks at the ends of its values",
      message({ rows: ["Subject:   two words  ", "Call-ID: a@b "] }),
    ],
    ["an empty row", message({ rows: ["Supported: "] })],
    ["Contact: *", message({ start: "REGISTER sip:a SIP/2.0", rows: ["Contact: *", "CSeq: 1 REGISTER"] })],
    ["64 rows", message({ rows: Array.from({ length: 58 }, (_, row) => `X-${row}: v`) })],
  ] as const) {
    it(`reads ${name}`, () => {
      assert.equal(same(input), true);
      assert.equal(isReadQuickly(input), true);
    });
  }

  it("leaves to the careful one what is rare", () => {
    for (const rows of [
      ["Subject: a\r\n fold"],
      ["Subject: a\ttab"],
      ["Subject : blank before the colon"],
      Array.from({ length: 59 }, (_, row) => `X-${row}: v`),
      ["From: <sip:a@b.example>;tag=1;t=2"],
    ]) {
      const input = message({ rows });
      same(input);
      assert.equal(isReadQuickly(input), false, rows[0]);
    }
  });

  it("leaves to the careful one what is longer than it reads", () => {
    // Another limit tells the readings apart here: the method is one of those that are measured.
    const patient = new Scan(table, { ...defaultScanLimits, callIdBytes: 255 });
    const sized: readonly [(size: number) => Uint8Array, quickly: number, behind: number][] = [
      [
        (n) => message({ start: `${"M".repeat(n)} sip:b SIP/2.0`, rows: [`CSeq: 1 ${"M".repeat(n)}`] }),
        32,
        64,
      ],
      [(n) => message({ start: `INVITE sip:${"b".repeat(n - 4)} SIP/2.0` }), 1_024, 8_192],
      [(n) => message({ rows: [`${"X".repeat(n)}: y`] }), 64, 255],
      [(n) => message({ rows: [`CSeq: ${"1".repeat(n)} INVITE`] }), 9, 10],
      [(n) => message({ rows: [`Max-Forwards: ${"0".repeat(n)}`] }), 3, 400],
      [(n) => message({ rows: Array.from({ length: n - 6 }, () => "X: y") }), 64, 512],
    ];
    for (const [made, quickly, accepted] of sized) {
      for (const size of [quickly - 1, quickly, quickly + 1, accepted]) {
        assert.equal(readAlike(scan, patient, made(size), "datagram"), true, `${size}`);
        assert.equal(isReadQuickly(made(size)), size <= quickly, `${size}`);
      }
      assert.equal(isReadQuickly(made(accepted + 1)), false);
      readAlike(scan, patient, made(accepted + 1), "datagram");
    }
    for (const size of [255, 256, 257]) {
      const input = message({ rows: [`Call-ID: ${"c".repeat(size)}`] });
      assert.equal(same(input), true);
      assert.equal(isReadQuickly(input), size <= 256);
    }
  });

  it("counts what a long row holds as the careful one does", () => {
    const rows: readonly [row: string, rule: string | undefined][] = [
      [`Supported: ${"a,".repeat(127)}bbb`, undefined],
      [`Supported: ${"a,".repeat(128)}bbb`, "limit-values"],
      // Nobody counts in a row of 256 bytes.
      [`Supported:${",".repeat(256)}`, undefined],
      [`Supported:${",".repeat(257)}`, "limit-values"],
      [`Route: ${"<sip:a>,".repeat(127)}<sip:b>`, undefined],
      [`Route: ${"<sip:a>,".repeat(128)}<sip:b>`, "limit-values"],
      [`P-Charging-Vector: a${";b".repeat(256)}`, undefined],
      [`P-Charging-Vector: a${";b".repeat(257)}`, "limit-parameters"],
      [`Route: <sip:a${";".repeat(257)}>`, "limit-parameters"],
      [`Subject: ${",;".repeat(400)}`, undefined],
      [`Subject: ${"x".repeat(32_767)}`, undefined],
      [`Subject: ${"x".repeat(32_768)}`, "limit-value-bytes"],
    ];
    for (const [row, rule] of rows) {
      same(message({ rows: [row] }));
      assert.equal(scan.violation?.rule, rule, row.slice(0, 20));
    }
  });

  it("accepts no fault that stands in plain rows", () => {
    const [start, via] = ["SIP/2.0 200 OK", "Via: SIP/2.0/UDP a.example"];
    for (const [parts, rule] of [
      [{ rows: ["To: <sip:a@b>;tag=1; tag=2"] }, "repeated-parameter"],
      [{ rows: [`${via};x=1; x=2`] }, "repeated-parameter"],
      [{ start, rows: [`${via}, SIP/2.0/UDP 255.255.255.255`] }, "via-broadcast"],
      [{ start, rows: [via, "Via: SIP/2.0/UDP 255.255.255.255"] }, "via-broadcast"],
      [{ rows: ["Refer-To: <sip:a@b>, <sip:c@d>"] }, "several-values"],
      [{ rows: ["Contact: *;q=1"] }, "address"],
      [{ rows: ["Contact: *, <sip:a@b>"] }, "address"],
    ] as const) {
      assert.equal(same(message(parts)), false);
      assert.equal(scan.violation?.rule, rule);
    }
  });

  it("reads on where the first load of a long message ends", () => {
    const least = message({ rows: ["Subject: "] }).length;
    for (let size = 4_080; size <= 4_112; size++) {
      for (const body of ["", "\r\n\r\n", "x".repeat(50), "x".repeat(70_000)]) {
        const input = message({ rows: [`Subject: ${"x".repeat(size - least)}`], body });
        assert.equal(same(input), true);
        assert.equal(scan.headEnd, size - 2);
      }
    }
  });

  for (const [name, original] of [
    ["a request", ordinary],
    ["a response", response],
  ] as const) {
    it(`says what the careful one says, whatever single byte of ${name} differs`, () => {
      let accepted = 0;
      const changed = Uint8Array.from(original);
      for (let at = 0; at < original.length; at++) {
        for (let byte = 0; byte < 256; byte++) {
          changed[at] = byte;
          if (readAlike(scan, careful, changed, "stream")) accepted++;
        }
        changed[at] = original[at]!;
      }
      assert.ok(accepted > 10_000, "most bytes of a name or a text may be others");
    });
  }

  it("says the same of messages that are damaged in a few places", () => {
    const random = new Random(7);
    const seeds = [ordinary, response, message()];
    let refused = 0;
    for (let round = 0; round < 40_000; round++) {
      if (!same(mutate(random, random.pick(seeds), random.pick(seeds)))) refused++;
    }
    assert.ok(refused > 10_000 && refused < 39_000, `${refused}`);
  });

  it("says the same of rows put together from what the grammar knows", () => {
    const blank = fc.constantFrom("", " ", "  ", "\t", "\r\n ");
    const uri = fc.constantFrom(
      "sip:a@b.example",
      "sip:b.example",
      "sip:[2001:db8::1]:5060",
      "sips:a:pw@b.example;lr;maddr=192.0.2.1",
      "sip:a;x=1@b",
      "sip:b.example:123456",
      "sip:a@b@c",
      "sip:@b",
      "sip:",
      "tel:+1;phone-context=x",
      "tel:;a",
      "urn:service:sos",
      "SIP:%61@B",
      "sip^x@y",
      "sip:a@b?x=y&z",
      "mailto:a@b",
      "x",
      "*",
      "sip:a@b;p=%22;;q",
      "sip:a@[::1",
      "sip:a@b:",
    );
    const quotedText = fc.constantFrom('"A"', '"A\\"B"', '"A', '"', '"a,b;c<d>"', '"\\', '""');
    const parameter = fc.constantFrom(
      ";tag=1",
      ";Tag=2",
      ";lr",
      ';x="a;b"',
      ';x = "a"',
      ";",
      ";;",
      ";a=1;a=2",
      ";x=a@b",
      ";x=<y>",
      "; tag=3",
      ";%74ag",
    );
    const address = fc
      .tuple(
        fc.oneof(fc.constant(""), quotedText, fc.constantFrom("Bob", "Bob B", "B:b")),
        blank,
        uri,
        fc.boolean(),
        blank,
        fc.array(parameter, { maxLength: 3 }),
        blank,
      )
      .map(
        ([display, before, one, isBare, behind, parameters, last]) =>
          `${display}${before}${isBare ? one : `<${one}>`}${behind}${parameters.join("")}${last}`,
      );
    const via = fc
      .tuple(
        fc.constantFrom("SIP/2.0/UDP", "sip/2.0/tcp", "SIP / 2.0 / TLS", "SIP/2.0/", "SIP/3.0/UDP"),
        fc.constantFrom(" ", "  ", ""),
        fc.constantFrom("a.example", "192.0.2.1:5060", "[::1]:5061", "255.255.255.255", "a:", "[::1", "a_b"),
        fc.array(parameter, { maxLength: 2 }),
      )
      .map((parts) => parts.flat().join(""));
    const listOf = (value: fc.Arbitrary<string>) =>
      fc
        .array(value, { minLength: 1, maxLength: 3 })
        .chain((values) => fc.constantFrom(",", ", ", " , ").map((comma) => values.join(comma)));
    const named = (names: readonly string[], value: fc.Arbitrary<string>) =>
      fc
        .tuple(fc.constantFrom(...names), fc.constantFrom(":", ": ", ":  ", " :"), value)
        .map((parts) => parts.join(""));
    const row = fc.oneof(
      named(["From", "f", "To", "t", "FROM"], fc.oneof(address, listOf(address))),
      named(
        ["Contact", "m", "Route", "Record-Route", "P-Asserted-Identity", "Refer-To", "History-Info"],
        listOf(address),
      ),
      named(["Via", "v"], listOf(via)),
      named(["Call-ID", "i"], fc.constantFrom("a@b", "", "a b", "a,b", ' "x"@y ', "z".repeat(300))),
      named(
        ["CSeq"],
        fc.constantFrom(
          "1 INVITE",
          "1  INVITE",
          "01 INVITE",
          "1INVITE",
          "2147483648 INVITE",
          "1 BYE",
          "1 invite",
          "",
          "x",
          "999999999 INVITE",
        ),
      ),
      named(["Max-Forwards"], fc.constantFrom("70", "0", "255", "256", "007", "0070", "", "x", " 70 ")),
      named(["Content-Length", "l"], fc.constantFrom("0", "00", "", "1", "9999999999", "x")),
      named(
        ["Content-Type", "c"],
        fc.constantFrom("a/b", "a / b", "a/b ;c=d", "a/", "/b", "a", "", "a/b;", "a/b c", 'a/b;x="/"'),
      ),
      named(
        ["Privacy", "Supported", "k", "Proxy-Require"],
        fc.constantFrom("id", "id;user", "a, b", 'a "b"', "", ",,"),
      ),
      named(
        ["Subject", "X-Other", "X".repeat(64), "X".repeat(65), "X@Y"],
        fc.constantFrom("x", "", "\xe9", "a\x7fb", "a\x01b", "x".repeat(300), ",;".repeat(130)),
      ),
    );
    const start = fc.constantFrom(
      "INVITE sip:bob@open-d.example SIP/2.0",
      "INVITE tel:+1 SIP/2.0",
      "INVITE sip:b SIP/2.1",
      "INVITE sip:b sip/2.0",
      "INVITE  sip:b SIP/2.0",
      `${"M".repeat(31)} sip:b SIP/2.0`,
      "INVITE sip:b?x=y SIP/2.0",
      `INVITE sip:${"a".repeat(1100)} SIP/2.0`,
      "SIP/2.0 200 OK",
      "SIP/2.0 700 x",
      "SIP/2.0 99 x",
      "SIP/2.0 200",
      "SIP/2.0 1000 x",
      "SIP/2.0 200 a\tb",
    );
    const input = fc
      .tuple(
        fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: start }),
        fc.array(row, { maxLength: 4 }),
        fc.nat(17),
      )
      .map(([line, rows, shift]) =>
        // Runs of bytes meet the borders of sixteen at every offset.
        message({
          ...(line === undefined ? {} : { start: line }),
          rows: [`X-Shift: ${"s".repeat(shift)}`, ...rows],
        }),
      );
    let quick = 0;
    fc.assert(
      fc.property(input, (one) => {
        same(one);
        if (isReadQuickly(one)) quick++;
      }),
      { numRuns: 6_000 },
    );
    assert.ok(quick > 500, "many of them are read quickly");
  });

  it("leaves a field that stands twice to the careful reading", () => {
    assert.equal(same(message({ rows: ["CSeq: 1 INVITE", "CSEQ: 1 INVITE"] })), false);
  });

  it("has room for rows, whatever the messages before had", () => {
    const counts = [7, 63, 64, 65, 128, 129, 200, 300, 512];
    const ofRows = (count: number): Uint8Array =>
      message({ rows: Array.from({ length: count - 6 }, () => "X: y") });
    for (const first of counts) {
      for (const second of counts) {
        for (const third of counts) {
          const one = new Scan(table);
          for (const count of [first, second, third]) {
            assert.equal(readAlike(one, careful, ofRows(count), "datagram"), true);
            assert.equal(one.rowCount, count);
          }
        }
      }
    }
  });

  it("reads nothing in what is no message", () => {
    assert.equal(same(bytes("")), false);
    assert.equal(same(bytes("\r\n\r\n")), false);
    assert.equal(same(bytes("INVITE")), false);
  });
});
