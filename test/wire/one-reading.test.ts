/** Each rule of one reading, broken. Expectations are those of RFC 3261 and RFC 4475. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Scan, syntaxRules, type Violation } from "../../wire/index.ts";
import { bytes, leastRows, message, table, textOf } from "./messages.ts";

interface Case {
  readonly rule: string;
  readonly why: string;
  readonly sent: Uint8Array;
  /** The bytes at which the violation points begin so. */
  readonly at?: string;
  readonly status?: number;
  readonly drop?: true;
  readonly framing?: "stream";
  readonly closes?: true;
}

const rows = (...added: string[]): Uint8Array => message({ rows: added });
const start = (line: string): Uint8Array => message({ start: line });
const response = (line: string, ...added: string[]): Uint8Array => message({ start: line, rows: added });
/** The least message with a text put in behind its last row's value. */
const tail = (text: string): Uint8Array =>
  bytes(`INVITE sip:bob@open-d.example SIP/2.0\r\n${leastRows.join("\r\n")}${text}`);

// biome-ignore format: a table reads best with one row a line
const cases: readonly Case[] = [
  { rule: "not-sip", why: "another protocol", sent: bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), drop: true },
  { rule: "not-sip", why: "neither SIP nor a line end", sent: bytes("\x80\x00\x16"), drop: true },
  { rule: "request-line", why: "no line end at all", sent: bytes("INVITE sip:a@b SIP/2.0") },
  { rule: "not-sip", why: "nothing", sent: bytes(""), drop: true },
  { rule: "not-sip", why: "a keep-alive of a datagram", sent: bytes("\r\n\r\n"), drop: true },
  { rule: "request-line", why: "a tab in the place of the first blank", sent: start("INVITE\tsip:a@b.example SIP/2.0") },
  { rule: "request-line", why: "blanks behind the version (RFC 4475 3.1.2.9)", sent: start("INVITE sip:a@b.example SIP/2.0  ") },
  { rule: "request-line", why: "a bare LF", sent: bytes("INVITE sip:a@b.example SIP/2.0\nTo: a\r\n\r\n") },
  { rule: "request-line", why: "a method that is no token", sent: start("INV(ITE sip:a@b.example SIP/2.0") },
  { rule: "request-uri", why: "two blanks (RFC 4475 3.1.2.8)", sent: start("INVITE  sip:a@b.example SIP/2.0") },
  { rule: "request-uri", why: "angle brackets (RFC 4475 3.1.2.7)", sent: start("INVITE <sip:a@b.example> SIP/2.0") },
  { rule: "request-uri", why: "header fields (RFC 4475 3.1.2.11)", sent: start("INVITE sip:a@b.example?Route=x SIP/2.0"), at: "?Route" },
  { rule: "request-uri", why: "two at-signs", sent: start("INVITE sip:a@b@c.example SIP/2.0"), at: "@c" },
  { rule: "request-uri", why: "an address of IPv6 without brackets (RFC 5118 4.2)", sent: start("REGISTER sip:2001:db8::10 SIP/2.0") },
  { rule: "request-uri", why: "no scheme", sent: start("INVITE bob SIP/2.0") },
  { rule: "request-uri", why: "no host", sent: start("INVITE sip:bob@ SIP/2.0") },
  { rule: "request-uri", why: "a port that is no number", sent: start("INVITE sip:bob@b.example:50a SIP/2.0") },
  { rule: "request-uri", why: "a blank before a parameter (RFC 4475 3.1.2.10)", sent: start("INVITE sip:a@b.example; lr SIP/2.0"), at: "lr" },
  { rule: "version", why: "a later version (RFC 4475 3.1.2.16)", sent: start("OPTIONS sip:a@b.example SIP/7.0"), status: 505 },
  { rule: "version", why: "a response of another version", sent: response("SIP/3.0 200 OK"), status: 505, drop: true },
  { rule: "status-line", why: "no code", sent: response("SIP/2.0 OK"), drop: true },
  { rule: "status-line", why: "two blanks", sent: response("SIP/2.0  200 OK"), drop: true },
  { rule: "status-code", why: "above 699", sent: response("SIP/2.0 700 Much"), drop: true },
  { rule: "status-code", why: "ten digits (RFC 4475 3.1.2.19)", sent: response("SIP/2.0 4294967301 better not break"), drop: true },
  { rule: "status-code", why: "below 100", sent: response("SIP/2.0 099 Early"), drop: true },
  { rule: "fold-before-first-row", why: "a blank before the first name", sent: bytes("INVITE sip:a@b.example SIP/2.0\r\n Via: x\r\n\r\n") },
  { rule: "blank-fold", why: "a line of blanks inside a row", sent: rows("Subject: a\r\n \r\n b"), at: " \r\n b" },
  { rule: "blank-fold", why: "a line of blanks before the empty line", sent: rows("Subject: a\r\n\t") },
  { rule: "blank-fold", why: "a line of blanks behind a comma", sent: rows("Contact: <sip:a@b>,\r\n \r\n <sip:c@d>") },
  { rule: "bare-cr", why: "a CR hides a row", sent: rows("Subject: a\rP-Asserted-Identity: <sip:ceo@home1.example>"), at: "\rP-" },
  { rule: "bare-cr", why: "a CR in a quoted string", sent: rows('From: "a\rb" <sip:a@b>;tag=1'), at: "\rb" },
  { rule: "bare-cr", why: "a CR in a reason phrase", sent: response("SIP/2.0 200 O\rK"), drop: true },
  { rule: "bare-cr", why: "a CR in a URI", sent: rows("To: <sip:a@b\r>") },
  { rule: "bare-cr", why: "a CR before a row", sent: tail("\r\n\rSubject: a\r\n\r\n") },
  { rule: "bare-cr", why: "the last byte of a message, in a row", sent: tail("\r\nSubject: a\r") },
  { rule: "bare-cr", why: "the last byte of a message, behind the rows", sent: tail("\r\n\r") },
  { rule: "bare-lf", why: "an LF ends a row", sent: rows("Subject: a\nP-Asserted-Identity: <sip:ceo@home1.example>"), at: "\nP-" },
  { rule: "bare-lf", why: "an LF in parameters", sent: rows("To: <sip:a@b>;x=1\n;y=2") },
  { rule: "bare-lf", why: "an LF ends the head", sent: tail("\r\n\n") },
  { rule: "control-character", why: "NUL in a value", sent: rows("Subject: a\0b"), at: "\0b" },
  { rule: "control-character", why: "DEL in a value", sent: rows("Subject: a\x7fb"), at: "\x7fb" },
  { rule: "control-character", why: "VT before the colon", sent: rows("P-Asserted-Identity\x0b: <sip:ceo@home1.example>"), at: "\x0b:" },
  { rule: "control-character", why: "NUL in a name", sent: rows("Sub\0ject: a"), at: "\0ject" },
  { rule: "control-character", why: "form feed between addresses", sent: rows("Contact: <sip:a@b>\x0c, <sip:c@d>") },
  { rule: "control-character", why: "NUL in a URI", sent: rows("Contact: <sip:a\0b@c>") },
  { rule: "control-character", why: "BEL unescaped in a quoted string", sent: rows('Contact: "a\x07b" <sip:c@d>') },
  { rule: "field-name", why: "no colon", sent: rows("Subject") },
  { rule: "field-name", why: "a fold before the colon", sent: rows("Subject\r\n : a") },
  { rule: "field-name", why: "a blank in a name", sent: rows("Sub ject: a") },
  { rule: "field-name", why: "no name", sent: rows(": a") },
  { rule: "field-name", why: "a byte above 0x7f in a name", sent: rows("Subj\xe9ct: a") },
  { rule: "field-name", why: "a slash in a name", sent: rows("Sub/ject: a") },
  { rule: "field-name", why: "DEL in a name that is known otherwise", sent: rows("Subject\x7f: a") },
  { rule: "head-unterminated", why: "no empty line", sent: tail("\r\n") },
  { rule: "head-unterminated", why: "an end inside a row", sent: tail("\r\nSubject: a\r\nOrg") },
  { rule: "unterminated-quote", why: "RFC 4475 3.1.2.6", sent: rows('To: "Mr. J. User <sip:j.user@example.com> <sip:realj@example.net>'), at: '"Mr' },
  { rule: "unterminated-quote", why: "the closing quote is escaped", sent: rows('Contact: "a\\" <sip:b@c>') },
  { rule: "unterminated-quote", why: "in a parameter of Via", sent: rows('Via: SIP/2.0/UDP a;x="b') },
  { rule: "unterminated-quote", why: "in a value field", sent: rows('Warning: 399 a "b') },
  { rule: "stray-quote", why: "in a list of words", sent: rows('Require: "100rel, privacy"') },
  { rule: "stray-quote", why: "in the middle of a parameter", sent: rows('To: <sip:a@b>;x=c"d;tag=e"') },
  { rule: "stray-quote", why: "text behind a quoted parameter", sent: rows('To: <sip:a@b>;x="c"d') },
  { rule: "stray-quote", why: "inside an unquoted name", sent: rows('Contact: Bob "<sip:a@b>" <sip:c@d>') },
  { rule: "unbalanced-bracket", why: "a URI without its end", sent: rows("Contact: <sip:a@b") },
  { rule: "unbalanced-bracket", why: "a bracket behind the address", sent: rows("Contact: <sip:a@b>;x=<y>") },
  { rule: "unbalanced-bracket", why: "a bracket that nothing opens", sent: rows("Contact: sip:a@b>") },
  { rule: "unbalanced-bracket", why: "in a value field", sent: rows("Reason: SIP;text=<a") },
  { rule: "unbalanced-bracket", why: "closing alone in a value field", sent: rows("Reason: SIP;text=a>") },
  { rule: "unbalanced-bracket", why: "a fold inside brackets", sent: rows("Contact: <sip:a@b;\r\n lr>") },
  { rule: "display-name", why: "another URI before the address", sent: rows("Contact: sip:evil@x <sip:a@b>") },
  { rule: "display-name", why: "text behind the quoted name", sent: rows('Contact: "a" b <sip:c@d>') },
  { rule: "address", why: "a comma in an unquoted name (RFC 4475 3.1.2.15)", sent: rows("Contact: Bell, Alexander <sip:a@b>") },
  { rule: "address", why: "two addresses without a comma", sent: rows("Contact: <sip:a@b> <sip:c@d>") },
  { rule: "address", why: "an element that is empty", sent: rows("Contact: <sip:a@b>,, <sip:c@d>") },
  { rule: "address", why: "a list that ends in a comma", sent: rows("Route: <sip:a@b>,") },
  { rule: "address", why: "a star with others", sent: rows("Contact: *, <sip:a@b>") },
  { rule: "address", why: "a star behind others", sent: rows("Contact: <sip:a@b>, *") },
  { rule: "address", why: "a star elsewhere", sent: rows("Route: *") },
  { rule: "address", why: "a name without an address", sent: rows("Contact: Bob") },
  { rule: "address-uri", why: "blanks inside the brackets (RFC 4475 3.1.2.14)", sent: rows("Contact: < sip:a@b >") },
  { rule: "address-uri", why: "nothing inside the brackets", sent: rows("Contact: <>") },
  { rule: "address-uri", why: "brackets in brackets", sent: rows("Contact: <sip:a@<b>>") },
  { rule: "address-uri", why: "two at-signs", sent: rows("P-Asserted-Identity: <sip:a@b@home1.example>") },
  { rule: "address-uri", why: "a telephone number that is empty", sent: rows("P-Asserted-Identity: <tel:;cpc=x>") },
  { rule: "address-uri", why: "a quote in the URI", sent: rows('Contact: <sip:a"@b>;x="c>"') },
  { rule: "addr-spec-headers", why: "header fields without brackets (RFC 4475 3.1.2.13)", sent: rows("Contact: sip:a@b?Route=c") },
  { rule: "addr-spec-headers", why: "a user with a semicolon, without brackets", sent: rows("Contact: sip:a;b@c") },
  { rule: "several-values", why: "two addresses in From", sent: rows("From: <sip:a@b>;tag=1, <sip:c@d>") },
  { rule: "several-values", why: "an unquoted comma in To", sent: rows("To: sip:a@b, c") },
  { rule: "repeated-field", why: "To twice, once compact", sent: rows("To: <sip:a@b>", "t: <sip:c@d>;tag="), at: "t: " },
  { rule: "repeated-field", why: "CSeq twice", sent: rows("CSeq: 1 INVITE", "cseq: 1 INVITE") },
  { rule: "repeated-field", why: "Max-Forwards twice", sent: rows("Max-Forwards: 5", "Max-Forwards: 70") },
  { rule: "repeated-field", why: "Content-Type twice", sent: rows("Content-Type: a/b", "c: a/b") },
  { rule: "repeated-parameter", why: "two tags", sent: rows("To: <sip:a@b>;tag=1;x=2;TAG=3"), at: "TAG" },
  { rule: "repeated-parameter", why: "two branches", sent: rows("Via: SIP/2.0/UDP a;branch=z9hG4bK1;branch=z9hG4bK2") },
  { rule: "repeated-parameter", why: "a blank before the second", sent: rows("From: <sip:a@b>;tag=1 ; tag=2") },
  { rule: "missing-field", why: "no Via", sent: message({ without: ["Via"] }) },
  { rule: "missing-field", why: "no From", sent: message({ without: ["From"] }) },
  { rule: "missing-field", why: "no To", sent: message({ without: ["To"] }) },
  { rule: "missing-field", why: "no Call-ID", sent: message({ without: ["Call-ID"] }) },
  { rule: "missing-field", why: "no CSeq", sent: message({ without: ["CSeq"] }) },
  { rule: "missing-field", why: "From is empty", sent: rows("From:") },
  { rule: "missing-field", why: "Call-ID is empty", sent: rows("Call-ID: ") },
  { rule: "via", why: "empty elements (RFC 4475 3.1.2.1)", sent: rows("Via: SIP/2.0/UDP 192.0.2.15;;,;,,") },
  { rule: "via", why: "no transport", sent: rows("Via: SIP/2.0 a.example;branch=b") },
  { rule: "via", why: "no host", sent: rows("Via: SIP/2.0/UDP ;branch=b") },
  { rule: "via", why: "a port that is no number", sent: rows("Via: SIP/2.0/UDP a.example:x") },
  { rule: "control-character", why: "a control character that differs from a slash in the case bit", sent: rows("Via: SIP\x0f2.0/UDP a") },
  { rule: "via-broadcast", why: "RFC 4475 3.3.10", sent: response("SIP/2.0 200 OK", "Via: SIP/2.0/UDP 192.0.2.1", "Via: SIP/2.0/UDP 255.255.255.255;branch=b"), drop: true },
  { rule: "call-id", why: "a blank inside", sent: rows("Call-ID: a b") },
  { rule: "call-id", why: "a comma inside", sent: rows("Call-ID: a,b") },
  { rule: "call-id", why: "a fold inside", sent: rows("Call-ID: a\r\n b") },
  { rule: "cseq", why: "no method", sent: rows("CSeq: 1") },
  { rule: "cseq", why: "no number", sent: rows("CSeq: INVITE") },
  { rule: "cseq", why: "a negative number", sent: rows("CSeq: -1 INVITE") },
  { rule: "cseq", why: "text behind the method", sent: rows("CSeq: 1 INVITE x") },
  { rule: "cseq-range", why: "2^31", sent: rows("CSeq: 2147483648 INVITE") },
  { rule: "cseq-range", why: "beyond 64 bits (RFC 4475 3.1.2.4)", sent: rows("CSeq: 36893488147419103232 INVITE") },
  { rule: "cseq-range", why: "in a response (RFC 4475 3.1.2.5)", sent: response("SIP/2.0 503 Service Unavailable", "CSeq: 9292394834772304023312 OPTIONS"), drop: true },
  { rule: "cseq-method", why: "another method (RFC 4475 3.1.2.17)", sent: rows("CSeq: 1 OPTIONS") },
  { rule: "method-case", why: "a request's method in lower case", sent: message({ start: "invite sip:a@b SIP/2.0", rows: ["CSeq: 1 invite"] }) },
  { rule: "method-case", why: "in CSeq alone", sent: rows("CSeq: 1 Invite"), at: "Invite" },
  { rule: "method-case", why: "in a response", sent: response("SIP/2.0 200 OK", "CSeq: 1 register"), drop: true },
  { rule: "cseq-method", why: "the method as the end of a longer one", sent: rows("CSeq: 1 REINVITE") },
  { rule: "cseq-unknown-method", why: "RFC 4475 3.1.2.18", sent: message({ start: "NEWMETHOD sip:a@b SIP/2.0" }), status: 501 },
  { rule: "max-forwards", why: "above 255", sent: rows("Max-Forwards: 256") },
  { rule: "max-forwards", why: "no number", sent: rows("Max-Forwards: many") },
  { rule: "max-forwards", why: "empty", sent: rows("Max-Forwards:") },
  { rule: "content-type", why: "no subtype", sent: rows("Content-Type: text") },
  { rule: "content-type", why: "two types", sent: rows("Content-Type: text/plain, text/html") },
  { rule: "content-type", why: "empty", sent: rows("Content-Type:") },
  { rule: "content-length", why: "negative (RFC 4475 3.1.2.3)", sent: rows("Content-Length: -999") },
  { rule: "content-length", why: "a sign", sent: rows("Content-Length: +5") },
  { rule: "content-length", why: "two numbers", sent: rows("Content-Length: 0 5") },
  { rule: "content-length", why: "a list", sent: rows("Content-Length: 0,0") },
  { rule: "content-length", why: "empty", sent: rows("l:") },
  { rule: "content-length", why: "hexadecimal", sent: rows("Content-Length: 0x10") },
  { rule: "content-length-repeated", why: "two that differ (RFC 4475 3.3.9)", sent: message({ rows: ["Content-Length: 0", "l: 5"], body: "hello" }) },
  { rule: "content-length-repeated", why: "two that agree", sent: rows("Content-Length: 0", "Content-Length: 0"), framing: "stream", closes: true },
  { rule: "content-length-missing", why: "on a stream", sent: message({ body: "hello" }), framing: "stream", closes: true },
  { rule: "content-length-mismatch", why: "more than it says, on a stream", sent: message({ rows: ["Content-Length: 1"], body: "hello" }), framing: "stream", closes: true },
  { rule: "short-body", why: "RFC 4475 3.1.2.2", sent: message({ rows: ["Content-Length: 9999"], body: "hello" }) },
  { rule: "short-body", why: "in a response", sent: message({ start: "SIP/2.0 200 OK", rows: ["l: 6"], body: "hello" }), drop: true },
];

describe("one reading", () => {
  for (const {
    rule,
    why,
    sent,
    at,
    status = 400,
    drop = false,
    framing = "datagram",
    closes = false,
  } of cases) {
    it(`${rule}: ${why}`, () => {
      const scan = new Scan(table);
      assert.equal(scan.read(sent, framing), false);
      const violation: Violation = scan.violation!;
      assert.deepEqual(
        { rule: violation.rule, status: violation.status, drop: violation.drop, closes: violation.closes },
        { rule, status, drop, closes },
      );
      if (at !== undefined) assert.equal(textOf(sent, violation.at, violation.at + at.length), at);
    });
  }

  it("has a test for every rule but the limits, which limits.test.ts breaks", () => {
    const broken = new Set(cases.map(({ rule }) => rule));
    const untested = [...syntaxRules.keys()].filter(
      (name) => !name.startsWith("limit-") && !broken.has(name),
    );
    assert.deepEqual(untested, []);
  });

  it("answers no ACK", () => {
    const scan = new Scan(table);
    assert.equal(
      scan.read(message({ start: "ACK sip:a@b SIP/2.0", rows: ["CSeq: 1 ACK", "Subject: \0"] }), "datagram"),
      false,
    );
    assert.equal(scan.violation?.drop, true);
  });

  it("closes a stream only where the framing is in doubt", () => {
    const scan = new Scan(table);
    scan.read(message({ rows: ["Max-Forwards: 256", "Content-Length: 0"] }), "stream");
    assert.equal(scan.violation?.closes, false);
    scan.read(message({ rows: ["Subject: a\0", "Content-Length: 0"] }), "stream");
    assert.equal(scan.violation?.closes, true);
  });

  it("still finds the rows that an answer is made from", () => {
    const scan = new Scan(table);
    const sent = bytes(
      "INVITE  sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=b\r\nSubject: x\0y\r\nFrom: <sip:a@b>;tag=1\r\n" +
        "X: fol\r\n ded\r\nt: <sip:c@d>\r\nNo colon\r\ni: call\r\nCSeq: 1 INVITE\r\n\r\nTo: <sip:body@b>\r\n",
    );
    assert.equal(scan.read(sent, "datagram"), false);
    const found = Array.from({ length: scan.rowCount }, (_, row) =>
      textOf(sent, scan.rowStart[row], scan.rowEnd[row]).trimEnd(),
    );
    assert.deepEqual(found, [
      "Via: SIP/2.0/UDP a;branch=b",
      "From: <sip:a@b>;tag=1",
      "t: <sip:c@d>",
      "i: call",
      "CSeq: 1 INVITE",
    ]);
    assert.equal(
      textOf(
        sent,
        scan.valueStart[scan.firstRow(table.id("To"))],
        scan.valueEnd[scan.firstRow(table.id("To"))],
      ),
      "<sip:c@d>",
    );
  });
});
