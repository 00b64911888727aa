/** Tests that a policy brings with it. */
import type { Phrase } from "../reading/sentence.ts";
import type {
  Block,
  CertificateItem,
  Expectation,
  GivenHandshake,
  GivenMessage,
  Span,
  TestStatement,
} from "../syntax.ts";
import { readCondition } from "./conditions.ts";
import {
  type Findings,
  readAddress,
  readBlock,
  readCount,
  readMoment,
  readName,
  readNames,
  readText,
} from "./leaves.ts";
import { choiceOf, manyAt, maybeAt, phraseAt, spanOf, tokenAt } from "./phrase.ts";

export function readTest(test: Phrase, span: Span, findings: Findings): TestStatement {
  const settings = manyAt(test, 2).map(choiceOf);
  const clocks = settings.filter(({ rule }) => rule === "at");
  for (const second of clocks.slice(1)) findings.report("P1033", spanOf(second), { what: "`at`" });
  const options = settings.filter(({ rule }) => rule === "with_option");
  const given = choiceOf(phraseAt(test, 3));
  return {
    kind: "test",
    name: readText(phraseAt(test, 1), findings),
    at: clocks[0] && readMoment(phraseAt(clocks[0], 1), findings),
    options: options.map((option) => ({
      name: readName(phraseAt(option, 2)),
      value: readName(phraseAt(option, 4)),
      span: spanOf(option),
    })),
    given: given.rule === "given_message" ? readGivenMessage(given) : readGivenHandshake(given, findings),
    expectations: manyAt(test, 4).map((expectation) => readExpectation(expectation, findings)),
    span,
  };
}

function readGivenMessage(given: Phrase): GivenMessage {
  const over = maybeAt(given, 6);
  return {
    kind: "message",
    from: readName(phraseAt(given, 3)),
    to: readName(phraseAt(given, 5)),
    over: over && readName(phraseAt(over, 1)),
    message: endHead(readBlock(phraseAt(given, 7))),
    span: spanOf(given),
  };
}

/** A message without a body need not show the empty line that ends its head (RFC 3261 7). */
function endHead(block: Block): Block {
  return block.text.includes("\r\n\r\n") ? block : { ...block, text: `${block.text}\r\n` };
}

function readGivenHandshake(given: Phrase, findings: Findings): GivenHandshake {
  const domain = maybeAt(given, 4);
  const from = maybeAt(given, 5);
  const certificate = phraseAt(given, 6);
  return {
    kind: "handshake",
    role: tokenAt(given, 3).text === "server" ? "server" : "client",
    domain: domain && readText(phraseAt(domain, 1), findings),
    from: from && readAddress(phraseAt(from, 1), findings),
    certificate:
      certificate.parts.length === 2
        ? undefined
        : manyAt(certificate, 2).map((item) => readCertificateItem(choiceOf(item), findings)),
    span: spanOf(given),
  };
}

function readCertificateItem(item: Phrase, findings: Findings): CertificateItem {
  const span = spanOf(item);
  switch (item.rule) {
    case "certificate_usages":
      return { kind: "usage", usages: readNames(phraseAt(item, 1)), span };
    case "signed_by":
      return { kind: "signed-by", partner: readName(phraseAt(item, 2)), span };
    case "expires":
      return { kind: "expires", at: readMoment(phraseAt(item, 1), findings), span };
    default: {
      const word = tokenAt(item, 0).text;
      const kind = (["uri", "dns", "email"] as const).find((one) => one === word) ?? "common-name";
      return { kind, text: readText(phraseAt(item, 1), findings), span };
    }
  }
}

function readExpectation(expectation: Phrase, findings: Findings): Expectation {
  const expected = choiceOf(phraseAt(expectation, 1));
  const span = spanOf(expectation);
  switch (expected.rule) {
    case "expect_verdict": {
      const verdict = tokenAt(expected, 0).text === "allow" ? "allow" : "rewrite";
      return { kind: "verdict", verdict, status: undefined, reason: undefined, span };
    }
    case "expect_reject": {
      const status = maybeAt(expected, 1);
      const reason = maybeAt(expected, 2);
      return {
        kind: "verdict",
        verdict: "reject",
        status: status && readCount(status, findings),
        reason: reason && readText(reason, findings),
        span,
      };
    }
    case "expect_no_fields":
      return { kind: "no-fields", fields: readNames(phraseAt(expected, 1)), span };
    case "expect_no_text":
      return { kind: "no-text", text: readText(phraseAt(expected, 2), findings), span };
    case "expect_text": {
      const kind = tokenAt(expected, 0).text === "line" ? "line" : "text";
      return { kind, text: readText(phraseAt(expected, 1), findings), span };
    }
    case "expect_name": {
      const kind = tokenAt(expected, 0).text === "mark" ? "mark" : "rule";
      return { kind, name: readName(phraseAt(expected, 1)), span };
    }
    default:
      return { kind: "condition", condition: readCondition(expected, findings), span };
  }
}
