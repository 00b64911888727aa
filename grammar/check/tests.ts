/** Tests that stand in a policy. */
import type * as model from "../model.ts";
import { nearName } from "../near-name.ts";
import type { Source } from "../source.ts";
import type * as syntax from "../syntax.ts";
import { builtInMarks, certificateUsages, transports } from "../words.ts";
import type { ConditionChecker } from "./conditions.ts";
import { reportTwice, reportValue } from "./declarations.ts";
import { normalDomain } from "./domains.ts";
import { originOf, type Report } from "./report.ts";
import type { Scope } from "./scope.ts";

export interface TestSetting {
  readonly scope: Scope;
  readonly report: Report;
  readonly conditions: ConditionChecker;
  /** Marks that some rule sets. */
  readonly marks: ReadonlySet<string>;
}

export function checkTest(
  statement: syntax.TestStatement,
  source: Source,
  setting: TestSetting,
): model.PolicyTest | undefined {
  const { report } = setting;
  const before = report.errors;
  const options = checkOptions(statement, source, setting);
  const { given } = statement;
  const checkedGiven =
    given.kind === "message" ? checkMessage(given, source, setting) : checkHandshake(given, source, setting);
  const expectations: model.Expectation[] = [];
  for (const expectation of statement.expectations) {
    const checked = checkExpectation(expectation, given.kind, source, setting);
    if (checked !== undefined) expectations.push(checked);
  }
  if (report.errors > before) return undefined;
  return {
    name: statement.name.text,
    at: statement.at?.at,
    options,
    given: checkedGiven,
    expectations,
    origin: originOf({ source, span: statement.name.span }),
  };
}

function checkOptions(
  statement: syntax.TestStatement,
  source: Source,
  { scope, report }: TestSetting,
): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const { name, value, span } of statement.options) {
    const option = scope.option(name, source, false);
    if (option === undefined) continue;
    if (options.has(option.name))
      reportTwice("option", option.name, { source, span }, { source, span }, report);
    if (option.values.includes(value.text)) options.set(option.name, value.text);
    else reportValue(value, option.name, option.values, { source, span: value.span }, report);
  }
  return options;
}

function checkMessage(
  given: syntax.GivenMessage,
  source: Source,
  { scope, report }: TestSetting,
): model.GivenMessage {
  scope.network(given.from, source);
  scope.network(given.to, source);
  const transport = given.over && closedWord("transport", given.over, transports, source, report);
  return { kind: "message", from: given.from.text, to: given.to.text, transport, text: given.message.text };
}

function checkHandshake(
  given: syntax.GivenHandshake,
  source: Source,
  { scope, report }: TestSetting,
): model.GivenHandshake {
  if (given.role === "client" && given.domain === undefined)
    report.add("P3033", { source, span: given.span });
  if (given.role === "server" && given.domain !== undefined)
    report.add("P3034", { source, span: given.domain.span });
  return {
    kind: "handshake",
    role: given.role,
    remoteAddress: given.from?.address,
    domain: given.domain && normalDomain(given.domain.text),
    certificate: given.certificate && checkCertificate(given.certificate, source, scope, report),
  };
}

function checkCertificate(
  items: readonly syntax.CertificateItem[],
  source: Source,
  scope: Scope,
  report: Report,
): model.GivenCertificate {
  const [uris, dns, emails]: [string[], string[], string[]] = [[], [], []];
  let commonName: string | undefined;
  let usages: string[] | undefined;
  let signedBy: string | undefined;
  let notAfter: number | undefined;
  for (const item of items) {
    switch (item.kind) {
      case "uri":
        uris.push(item.text.text);
        break;
      case "dns":
        dns.push(item.text.text);
        break;
      case "email":
        emails.push(item.text.text);
        break;
      case "common-name":
        commonName = item.text.text;
        break;
      case "usage":
        usages ??= [];
        for (const name of item.usages) {
          const word = closedWord("certificate usage", name, certificateUsages, source, report);
          if (word !== undefined) usages.push(word);
        }
        break;
      case "signed-by":
        scope.network(item.partner, source);
        signedBy = item.partner.text;
        break;
      case "expires":
        // A certificate is good through the day on which it expires, as an agreement is.
        notAfter = item.at.until > item.at.at ? item.at.until - 1 : item.at.at;
        break;
    }
  }
  return { uris, dns, emails, commonName, usages, signedBy, notAfter };
}

function closedWord(
  kind: string,
  name: syntax.Name,
  known: readonly string[],
  source: Source,
  report: Report,
): string | undefined {
  const word = known.find((one) => one.toLowerCase() === name.text.toLowerCase());
  if (word === undefined) {
    report.add(
      "P2005",
      { source, span: name.span },
      { kind, name: name.text },
      {
        suggestion: nearName(name.text, known),
        expected: known.map((one) => `\`${one}\``),
      },
    );
  }
  return word;
}

function checkExpectation(
  expectation: syntax.Expectation,
  given: "message" | "handshake",
  source: Source,
  { scope, report, conditions, marks }: TestSetting,
): model.Expectation | undefined {
  const origin = originOf({ source, span: expectation.span });
  switch (expectation.kind) {
    case "verdict":
      if (given === "handshake") {
        if (expectation.verdict === "rewrite") report.add("P3035", { source, span: expectation.span });
        if (expectation.status !== undefined) report.add("P3029", { source, span: expectation.status.span });
      }
      return {
        kind: "verdict",
        verdict: expectation.verdict,
        status: expectation.status?.value,
        reason: expectation.reason?.text,
        origin,
      };
    case "condition": {
      const where = given === "message" ? "message-test" : "handshake-test";
      const condition = conditions.condition(expectation.condition, { source, where }, false);
      return condition && { kind: "condition", condition, origin };
    }
    case "no-fields": {
      if (given === "handshake") return reportNoMessage(expectation.span, source, report);
      const fields = scope.listFields(expectation.fields, source).map(({ row }) => row.name);
      return { kind: "no-fields", fields, origin };
    }
    case "line":
    case "text":
    case "no-text":
      if (given === "handshake") return reportNoMessage(expectation.span, source, report);
      return { kind: expectation.kind, text: expectation.text.text, origin };
    case "mark": {
      const { text, span } = expectation.name;
      if (!marks.has(text) && !builtInMarks.includes(text) && !scope.incomplete) {
        const suggestion = nearName(text, [...marks, ...builtInMarks]);
        report.add("P4012", { source, span }, { mark: text }, { suggestion });
      }
      return { kind: "mark", name: text, origin };
    }
    case "rule": {
      const { text, span } = expectation.name;
      if (!scope.rules.has(text) && !scope.unreadable.has(text)) {
        const suggestion = nearName(text, scope.rules.keys());
        if (suggestion !== undefined || !scope.incomplete) {
          report.add("P2015", { source, span }, { name: text }, { suggestion });
        }
      }
      return { kind: "rule", name: text, origin };
    }
  }
}

function reportNoMessage(span: syntax.Span, source: Source, report: Report): undefined {
  report.add("P3036", { source, span });
  return undefined;
}
