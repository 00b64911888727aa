/** jain-sip's torture suite: where the wire decides otherwise, and why. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Scan, UriReader } from "../../../wire/index.ts";
import { bytes, message, table, textOf } from "../../wire/messages.ts";
import { readSuite, wireForm } from "./jsip-suite.ts";
import { readShared } from "./shared-folder.ts";

interface Difference {
  /** The rule that the wire finds broken; none where it accepts what jain-sip refuses. */
  readonly rule?: string;
  readonly why: string;
}

const foldInUri: Difference = {
  rule: "unbalanced-bracket",
  why: "a fold inside angle brackets: a URI holds no blank (RFC 3261 19.1.1, 25.1). A draft of the call flows broke its long lines there",
};

const differences: Readonly<Record<number, Difference>> = {
  6: { why: "the scheme `name` is unknown, not malformed: 416 is the router's to say (RFC 3261 8.2.2.1)" },
  13: {
    rule: "address-uri",
    why: "blanks inside angle brackets are no part of name-addr (RFC 3261 25.1; RFC 4475 3.1.2.14 answers 400)",
  },
  14: { rule: "address-uri", why: "blanks inside angle brackets, as 13" },
  17: {
    rule: "field-name",
    why: "a fold before the colon: HCOLON allows only SP and HTAB there (RFC 3261 25.1)",
  },
  23: { why: "an unknown method that CSeq names too is forwarded (RFC 3261 16.3; RFC 4475 3.1.1.2)" },
  24: { rule: "missing-field", why: "no From, To or Call-ID (RFC 3261 8.1.1, 8.2.6.2)" },
  136: foldInUri,
  142: foldInUri,
  144: foldInUri,
  146: foldInUri,
  148: foldInUri,
  152: foldInUri,
  153: foldInUri,
  154: foldInUri,
  155: foldInUri,
  229: foldInUri,
  336: foldInUri,
  339: foldInUri,
  343: foldInUri,
  344: foldInUri,
  358: {
    rule: "field-name",
    why: "the suite's text lost the empty line before the second message, so a request line stands among the rows",
  },
  361: {
    rule: "short-body",
    why: "the suite's text holds fewer bytes of the binary signature than Content-Length counts; the RFC's own file passes (mpart01)",
  },
  375: { why: "a time zone other than GMT: an element may ignore the field (RFC 4475 3.1.2.12)" },
  391: { rule: "repeated-field", why: "two values in single-value fields: 400 (RFC 4475 3.3.8)" },
  393: { rule: "via-broadcast", why: "a broadcast address in the second Via: dropped (RFC 4475 3.3.10)" },
};

describe("jain-sip's torture suite", () => {
  const suite = readSuite(textOf(readShared("corpora", "jsip-torture", "torture.xml")));
  const scan = new Scan(table);
  const uri = new UriReader();

  it("has 400 cases", () => assert.equal(suite.length, 400));

  it("is decided alike, but for the differences that are explained", () => {
    const found: Record<number, string | undefined> = {};
    for (const { index, kind, text, refused } of suite) {
      let accepted: boolean;
      if (kind === "message") accepted = scan.read(wireForm(text), "datagram");
      else if (kind === "header")
        accepted = scan.read(message({ rows: [text.trim().replaceAll(/\r?\n/g, "\r\n")] }), "datagram");
      else accepted = uri.read(bytes(text.trim()), 0, text.trim().length);
      if (accepted === refused) found[index] = accepted ? undefined : (scan.violation?.rule ?? "URI");
    }
    assert.deepEqual(
      found,
      Object.fromEntries(Object.entries(differences).map(([index, { rule }]) => [index, rule])),
    );
  });

  it("case 361 really is short", () => {
    const sent = textOf(wireForm(suite[361]!.text));
    const body = sent.length - sent.indexOf("\r\n\r\n") - 4;
    assert.ok(body < 3134, `${body}`);
  });
});
