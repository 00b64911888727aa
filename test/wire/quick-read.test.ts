/** The quick reading accepts nothing but what the careful one accepts, and says the same of it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fieldRows } from "../../grammar/vocabulary.ts";
import { FieldTable, Scan } from "../../wire/index.ts";
import { loadHead } from "../../wire/sip/head.ts";
import { readQuickly } from "../../wire/sip/quick/quick-read.ts";
import { bytes, message, table } from "./messages.ts";
import { assertSameReading, carefulScan } from "./readings.ts";

const scan = new Scan(table);
const careful = carefulScan(table);
const same = (input: Uint8Array): boolean => assertSameReading(scan, careful, input, "datagram");

function isQuick(input: Uint8Array, names: FieldTable = table): boolean {
  loadHead(input, input.length);
  return readQuickly(input.length, names);
}

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

describe("the quick reading", () => {
  for (const [name, input] of [
    ["what every message must say", message()],
    ["an ordinary INVITE", ordinary],
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
      assert.equal(isQuick(input), true);
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
      assert.equal(isQuick(input), false, rows[0]);
    }
  });

  it("says what the careful one says, whatever single byte differs", () => {
    let accepted = 0;
    for (let at = 0; at < ordinary.length; at++) {
      const changed = Uint8Array.from(ordinary);
      for (let byte = 0; byte < 256; byte++) {
        changed[at] = byte;
        const quick = scan.read(changed, "datagram");
        const slow = careful.read(changed, "datagram");
        // The whole comparison is slow: one of many has it.
        if (quick !== slow || (at * 7 + byte) % 31 === 0) same(changed);
        if (quick) accepted++;
      }
    }
    assert.ok(accepted > 10_000, "most bytes of a name or a text may be others");
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
        if (isQuick(one)) quick++;
      }),
      { numRuns: 6_000 },
    );
    assert.ok(quick > 500, "many of them are read quickly");
  });

  it("names the bytes of a class at each of sixteen places", () => {
    // A host name, a token, a text: each byte in it at each place, with the border of sixteen bytes before and behind it.
    const frames: readonly ((run: string) => Uint8Array)[] = [
      (run) => message({ rows: [`Via: SIP/2.0/UDP ${run};branch=z9hG4bKa`] }),
      (run) => message({ rows: [`${run}: x`] }),
      (run) => message({ rows: [`Subject: ${run}`] }),
      (run) => message({ rows: [`Call-ID: ${run}`] }),
      (run) => message({ rows: [`Supported: ${run}`] }),
      (run) => message({ rows: [`To: "${run}" <sip:a@b>`] }),
      (run) => message({ rows: [`To: ${run} <sip:a@b>`] }),
      (run) => message({ rows: [`To: <sip:${run}@b>`] }),
      (run) => message({ rows: [`To: <sip:a@b;${run}>`] }),
      (run) => message({ rows: [`To: <sip:a@b>;${run}`] }),
      (run) => message({ rows: [`To: <sip:a@b?${run}>`] }),
      (run) => message({ rows: [`To: <sip:a@[${run}]>`] }),
      (run) => message({ rows: [`Contact: <${run}:x>`] }),
      (run) => message({ rows: [`Authorization: ${run}`] }),
    ];
    for (const frame of frames) {
      for (let byte = 0; byte < 256; byte++) {
        for (let place = 0; place < 16; place++) {
          const input = frame(`${"a".repeat(place)}${String.fromCharCode(byte)}${"b".repeat(17 - place)}`);
          const quick = scan.read(input, "datagram");
          const slow = careful.read(input, "datagram");
          if (quick !== slow || place === byte % 16) same(input);
        }
      }
    }
  });
});

describe("names of fields in the quick reading", () => {
  const tables = Array.from(
    { length: 6 },
    (_, number) => new FieldTable([{ name: `X-Corp-${number}`, shape: "tokens" }, ...fieldRows]),
  );

  it("keeps the names of more tables apart than it has room for", () => {
    const input = message({ rows: Array.from({ length: 6 }, (_, number) => `X-Corp-${number}: a`) });
    const scans = tables.map((one) => ({ quick: new Scan(one), slow: carefulScan(one) }));
    for (let round = 0; round < 30; round++) {
      const which = (round * 5) % 6;
      const { quick, slow } = scans[which]!;
      assertSameReading(quick, slow, input, "datagram");
      assert.equal(quick.firstRow(1), 6 + which);
    }
  });

  it("leaves unknown names to the careful reading where a table has more names than there is room for", () => {
    const many = new FieldTable([
      ...fieldRows,
      ...Array.from({ length: 2_000 }, (_, number) => ({ name: `X-Many-${number}`, shape: "text" as const })),
    ]);
    const quick = new Scan(many);
    const slow = carefulScan(many);
    for (const name of ["X-Many-0", "X-Many-1999", "X-None", "Subject"]) {
      assertSameReading(quick, slow, message({ rows: [`${name}: x`] }), "datagram");
      assert.equal(quick.rowField[6], many.id(name));
    }
    assert.equal(isQuick(message({ rows: ["Subject: x"] }), many), true);
    assert.equal(isQuick(message({ rows: ["X-None: x"] }), many), false);
  });

  it("expects no name that is not there", () => {
    // The order of rows teaches what to expect; then one letter, or the length, differs.
    const rows = ["Supported: a", "Subject: b", "Allow: INVITE"];
    for (let round = 0; round < 3; round++) assert.ok(same(message({ rows })));
    for (const other of ["Subjecs", "Subject-", "Subjec", "Subject1", "SUBJECT", "Subject\x1a", "s"]) {
      same(message({ rows: ["Supported: a", `${other}: b`, "Allow: INVITE"] }));
    }
  });

  it("leaves a field that stands twice to the careful reading", () => {
    assert.equal(same(message({ rows: ["CSeq: 1 INVITE", "CSEQ: 1 INVITE"] })), false);
  });

  it("reads nothing in what is no message", () => {
    assert.equal(same(bytes("")), false);
    assert.equal(same(bytes("\r\n\r\n")), false);
    assert.equal(same(bytes("INVITE")), false);
  });
});
