/** What RFC 3261 allows passes, however unusual: an unusual message from an honest phone is a call. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Scan } from "../../wire/index.ts";
import { bytes, leastRows, message, rowsOf, table, textOf } from "./messages.ts";

const cases: readonly (readonly [why: string, sent: Uint8Array])[] = [
  ["only the mandatory fields", message()],
  [
    "no Max-Forwards, no branch, no tag (RFC 2543; RFC 4475 3.4.1)",
    message({ without: ["Max-Forwards"], rows: ["Via: SIP/2.0/UDP a", "From: sip:a@b"] }),
  ],
  [
    "blanks before the colon, tabs, no blank behind it",
    message({ rows: ["From \t :<sip:a@b>;tag=1", "To\t:\t<sip:c@d>"] }),
  ],
  [
    "folds with tabs, at the value's start and inside it",
    message({ rows: ["To:\r\n\t<sip:c@d>\r\n ;x\r\n =\r\n y"] }),
  ],
  ["a fold in a quoted string", message({ rows: ['Contact: "a\r\n b" <sip:c@d>'] })],
  [
    "a fold in CSeq and in Via",
    message({
      rows: ["CSeq: 1\r\n  INVITE", "Via: SIP  /   2.0\r\n /UDP\r\n    192.0.2.2 : 5060 ; branch = z9hG4bK"],
    }),
  ],
  [
    "escapes in a quoted string, of a quote, a backslash, NUL and DEL (RFC 4475 3.1.1.2)",
    message({ rows: ['Contact: "a\\"b\\\\c\\\0d\\\x7fe\\\x07" <sip:c@d>'] }),
  ],
  [
    "an empty value of an unknown field, Subject and Supported",
    message({ rows: ["X-Empty:", "s :", "Supported:"] }),
  ],
  [
    "an unknown field with any text (RFC 4475 3.1.1.1)",
    message({ rows: ['UnknownHeaderWithUnusualValue: ;;,,;;,;"<'] }),
  ],
  [
    "every character of a token in a name (RFC 4475 3.1.1.2)",
    message({ rows: ["extensionHeader-!.%*+_`'~: x"] }),
  ],
  ["an escape in a name, which is none (RFC 4475 3.1.1.5)", message({ rows: ["C%6Fntact: sip:a b"] })],
  [
    "escapes in branch and tag, which are none",
    message({ rows: ["Via: SIP/2.0/UDP a;branch=z9hG4bK%41%0d%0a", "From: <sip:a@b>;tag=SD%"] }),
  ],
  [
    "an unknown transport (RFC 4475 3.1.1.10)",
    message({ rows: ["Via: SIP/2.0/UNKNOWN a, SIP/2.0/TLS-SCTP b:1;x"] }),
  ],
  [
    "an unknown method (RFC 4475 3.1.1.2)",
    message({
      start: "!interesting-Method0123456789_*+`.%indeed'~ sip:a@b SIP/2.0",
      rows: ["CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~"],
    }),
  ],
  [
    "an unknown scheme in Request-URI and To (RFC 4475 3.3.2, 3.3.3)",
    message({
      start: "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0",
      rows: ["CSeq: 1 OPTIONS", "To: isbn:2983792873"],
    }),
  ],
  ["a tel URI without brackets", message({ rows: ["From: tel:+1-202-555-0101;tag=1"] })],
  ["a service URN", message({ start: "INVITE urn:service:sos.fire SIP/2.0" })],
  [
    "semicolons and escapes in the user (RFC 4475 3.1.1.9)",
    message({ start: "OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0", rows: ["CSeq: 8 OPTIONS"] }),
  ],
  ["a password", message({ rows: ["Contact: <sip:a:secret@b>"] })],
  [
    "IPv6 references in every place (RFC 5118)",
    message({
      start: "INVITE sip:[2001:db8::10]:5070 SIP/2.0",
      rows: [
        "Via: SIP/2.0/UDP [2001:db8::9]:5070;received=[2001:db8::9:255];x=2001:db8::1",
        "Contact: <sip:[2001:db8::9]>",
      ],
    }),
  ],
  [
    "three colons, from the faulty grammar (RFC 5118 4.10)",
    message({ rows: ["Contact: <sip:[2001:db8:::192.0.2.1]>"] }),
  ],
  [
    "a name that touches the bracket (RFC 4475 3.1.1.6)",
    message({ rows: ["Contact: caller<sip:a@b>", 'To: "Watson"<sip:c@d>'] }),
  ],
  [
    "an unquoted name with umlauts, at-sign and brackets",
    message({ rows: ["Contact: J\xfcrgen (home) x@y <sip:a@b>"] }),
  ],
  [
    "a star in Contact",
    message({ start: "REGISTER sip:home1.example SIP/2.0", rows: ["CSeq: 1 REGISTER", "Contact: * "] }),
  ],
  ["a name that is a star", message({ rows: ["Contact: * <sip:a@b>"] })],
  [
    "commas and semicolons in brackets and quotes",
    message({ rows: ['Contact: "a, b; <c>" <sip:a,b;c@d;lr>;x="y, z", sip:e@f'] }),
  ],
  [
    "header fields in a Contact and a Refer-To (RFC 4475 3.3.14)",
    message({
      rows: ["Contact: <sip:a@b?Route=%3Csip:c%3E>", "Refer-To: <sip:a@b?Replaces=x@y%3Bto-tag%3D1>"],
    }),
  ],
  [
    "a parameter without a value, one with an empty one, and none",
    message({ rows: ["Contact: <sip:a@b>;lr;x=;;y", "To: <sip:c@d>;"] }),
  ],
  [
    "parameters that begin with the same letter",
    message({ rows: ["Via: SIP/2.0/UDP a;rport;received=192.0.2.1;branch=b"] }),
  ],
  [
    "a bracketed look-alike in a quoted parameter",
    message({ rows: ['From: sip:a@b;x="<sip:decoy@c>";tag=1'] }),
  ],
  [
    "an IPv6 zone of an unbracketed received (RFC 5118 4.5)",
    message({ rows: ["Via: SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=b"] }),
  ],
  [
    "bytes that are not UTF-8 in a name and in text",
    message({ rows: ['Contact: "ren\xe9e" <sip:a@b>', "Subject: \xff\xfe"] }),
  ],
  [
    "an address in a field of the other class (RFC 3261 7.3.2)",
    message({ rows: ["Server: x", "Unsupported: y"] }),
  ],
  [
    "unusual characters in Call-ID (RFC 3261 25.1: word)",
    message({ rows: ["Call-ID: word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"] }),
  ],
  ["quotes in the words of In-Reply-To", message({ rows: ['In-Reply-To: a"b@c, d'] })],
  [
    "leading zeros in numbers (RFC 4475 3.1.1.1)",
    message({ rows: ["Max-Forwards: 0068", "CSeq: 0009 INVITE", "Content-Length: 000"] }),
  ],
  ["the largest CSeq", message({ rows: ["CSeq: 2147483647 INVITE"] })],
  ["the version in lower case (RFC 3261 7.1)", message({ start: "INVITE sip:a@b sip/2.0" })],
  ["an empty reason (RFC 4475 3.1.1.13)", message({ start: "SIP/2.0 100 " })],
  ["no blank before an empty reason", message({ start: "SIP/2.0 100" })],
  [
    "a reason with a tab and UTF-8 (RFC 4475 3.1.1.12)",
    message({ start: "SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\t!" }),
  ],
  [
    "a broadcast address in a request's second Via",
    message({ rows: ["Via: SIP/2.0/UDP a, SIP/2.0/UDP 255.255.255.255"] }),
  ],
  ["an empty row of a list", message({ rows: ["Route:", "P-Asserted-Identity:"] })],
  [
    "WWW-Authenticate with commas",
    message({
      start: "SIP/2.0 401 Unauthorized",
      rows: ['WWW-Authenticate: Digest realm="a, b", nonce="c"'],
    }),
  ],
  [
    "a hostname with an underscore and a final dot",
    message({ rows: ["Contact: <sip:a@my_host.example.>", "Via: SIP/2.0/UDP my_host.example."] }),
  ],
];

describe("what RFC 3261 allows", () => {
  for (const [why, sent] of cases) {
    it(why, () => {
      const scan = new Scan(table);
      assert.equal(
        scan.read(sent, "datagram"),
        true,
        scan.violation &&
          `${scan.violation.rule} at ${textOf(sent, scan.violation.at, scan.violation.at + 30)}`,
      );
    });
  }

  it("knows no field by a name that only looks like it", () => {
    const scan = new Scan(table);
    assert.ok(
      scan.read(
        message({ rows: ["C%6Fntact: x", "P%2DAsserted-Identity: <sip:z@y>", "Subjec: a", "Subjects: b"] }),
        "datagram",
      ),
    );
    assert.deepEqual(rowsOf(scan, "Contact"), []);
    assert.deepEqual(rowsOf(scan, "P-Asserted-Identity"), []);
    assert.deepEqual(rowsOf(scan, "Subject"), []);
    assert.equal(scan.firstRow(0), leastRows.length);
  });

  it("gathers long and compact rows of one field in the order in which they came (RFC 3261 7.3.3)", () => {
    const scan = new Scan(table);
    assert.ok(
      scan.read(message({ rows: ["v: SIP/2.0/UDP a, SIP/2.0/UDP b", "VIA : SIP/2.0/UDP c"] }), "datagram"),
    );
    assert.deepEqual(rowsOf(scan, "Via"), ["SIP/2.0/UDP a, SIP/2.0/UDP b", "SIP/2.0/UDP c"]);
  });

  it("ends a datagram's message at Content-Length (RFC 3261 18.3)", () => {
    const scan = new Scan(table);
    assert.ok(scan.read(message({ rows: ["l : 4"], body: "bodyINVITE sip:x SIP/2.0\r\n\r\n" }), "datagram"));
    assert.equal(textOf(scan.bytes, scan.bodyStart, scan.end), "body");
  });

  it("takes the whole datagram where there is no Content-Length", () => {
    const scan = new Scan(table);
    const sent = message({ body: "all\0of it" });
    assert.ok(scan.read(sent, "datagram"));
    assert.equal(textOf(scan.bytes, scan.bodyStart, scan.end), "all\0of it");
    assert.equal(scan.end, sent.length);
  });

  it("reads a body whose bytes would be a head's downfall", () => {
    const scan = new Scan(table);
    const body = "\0\r\n\r\nFrom: x\n\r";
    assert.ok(scan.read(message({ rows: [`Content-Length: ${body.length}`], body }), "stream"));
    assert.equal(textOf(scan.bytes, scan.bodyStart, scan.end), body);
  });

  it("reads a head that is longer than what is read at first", () => {
    const scan = new Scan(table);
    const rows = Array.from({ length: 300 }, (_, index) => `X-Row-${index}: ${"v".repeat(index % 90)}`);
    assert.ok(
      scan.read(message({ rows: [...rows, "P-Asserted-Identity: <sip:last@home1.example>"] }), "datagram"),
    );
    assert.equal(scan.rowCount, leastRows.length + 301);
    assert.deepEqual(rowsOf(scan, "P-Asserted-Identity"), ["<sip:last@home1.example>"]);
  });

  it("keeps no row of an earlier message", () => {
    const scan = new Scan(table);
    assert.ok(scan.read(message({ rows: ["Subject: a", "Privacy: id"] }), "datagram"));
    assert.ok(scan.read(message(), "datagram"));
    assert.deepEqual(
      [rowsOf(scan, "Subject"), rowsOf(scan, "Privacy"), scan.rowCount],
      [[], [], leastRows.length],
    );
    assert.equal(scan.read(bytes("x"), "datagram"), false);
    assert.equal(scan.firstRow(table.id("From")), -1);
  });
});

describe("the spans of a scan", () => {
  const sent = bytes(
    "INVITE sip:bob@open-d.example SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nf :\r\n <sip:a@b>\r\n\t;tag=1  \r\nTo: <sip:c@d>\r\ni: x\r\nCSeq: 1 INVITE\r\nX:\r\n\r\nbody",
  );
  const scan = new Scan(table);
  const at = (span: (row: number) => readonly [number | undefined, number | undefined]): string[] =>
    Array.from({ length: scan.rowCount }, (_, row) => textOf(sent, ...(span(row) as [number, number])));

  it("cover the message without gap", () => {
    assert.ok(scan.read(sent, "datagram"));
    assert.equal(textOf(sent, scan.methodStart, scan.methodEnd), "INVITE");
    assert.equal(textOf(sent, scan.uriStart, scan.uriEnd), "sip:bob@open-d.example");
    assert.deepEqual(
      at((row) => [scan.rowStart[row], scan.nameEnd[row]]),
      ["Via", "f", "To", "i", "CSeq", "X"],
    );
    assert.deepEqual(
      at((row) => [scan.valueStart[row], scan.valueEnd[row]]),
      ["SIP/2.0/UDP a", "<sip:a@b>\r\n\t;tag=1", "<sip:c@d>", "x", "1 INVITE", ""],
    );
    assert.deepEqual(
      at((row) => [scan.rowStart[row], scan.rowEnd[row]]).join(""),
      textOf(sent, 39, scan.headEnd),
    );
    assert.deepEqual(
      [textOf(sent, scan.headEnd, scan.bodyStart), textOf(sent, scan.bodyStart, scan.end)],
      ["\r\n", "body"],
    );
    assert.deepEqual(
      Array.from(scan.rowField.subarray(0, scan.rowCount)),
      ["Via", "From", "To", "Call-ID", "CSeq", "X"].map((name) => table.id(name)),
    );
  });

  it("tell a response's status", () => {
    assert.ok(scan.read(message({ start: "SIP/2.0 486 Busy Here" }), "datagram"));
    assert.deepEqual([scan.isRequest, scan.status], [false, 486]);
  });
});
