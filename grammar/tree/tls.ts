/** What TLS is offered. */
import type { Phrase } from "../reading/sentence.ts";
import type { Span, TlsItem, TlsStatement } from "../syntax.ts";
import { type Findings, readNames } from "./leaves.ts";
import { choiceOf, manyAt, phraseAt, spanOf } from "./phrase.ts";

const kinds: Readonly<Record<string, TlsItem["kind"]>> = {
  tls_versions: "versions",
  tls_suites: "suites",
  tls_groups: "groups",
};

export function readTls(tls: Phrase, span: Span, findings: Findings): TlsStatement {
  const items = manyAt(tls, 2).map((item) => readItem(choiceOf(item)));
  for (const [index, { kind, span: second }] of items.entries()) {
    if (items.findIndex((one) => one.kind === kind) < index)
      findings.report("P1033", second, { what: `\`${kind}\`` });
  }
  for (const { names } of items) {
    for (const [index, { text, span: second }] of names.entries()) {
      if (names.findIndex((one) => one.text === text) < index)
        findings.report("P1033", second, { what: `\`${text}\`` });
    }
  }
  return { kind: "tls", items, span };
}

function readItem(item: Phrase): TlsItem {
  const kind = kinds[item.rule];
  if (kind === undefined) throw new Error(`no reader for ${item.rule}`);
  return { kind, names: readNames(phraseAt(item, 1)), span: spanOf(item) };
}
