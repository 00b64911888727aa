/** The plain tree of one statement → its syntax. */
import type { Phrase } from "../reading/sentence.ts";
import type { Span, Statement } from "../syntax.ts";
import { type Findings, readCount, readMoment, readName, readNames, readText } from "./leaves.ts";
import { readNetwork, readPublish, readTransit, readTrust } from "./networks.ts";
import { choiceOf, maybeAt, phraseAt, spanOf } from "./phrase.ts";
import { readAssertion, readRule, readTreatment } from "./rules.ts";
import { readTest } from "./tests.ts";
import { readTls } from "./tls.ts";

type StatementReader = (phrase: Phrase, span: Span, findings: Findings) => Statement;

const readers: Readonly<Record<string, StatementReader>> = {
  language: (phrase, span, findings) => ({
    kind: "language",
    version: readCount(phraseAt(phrase, 1), findings),
    span,
  }),
  policy: (phrase, span, findings) => ({
    kind: "policy",
    title: readText(phraseAt(phrase, 1), findings),
    span,
  }),
  import_module: (phrase, span, findings) => ({
    kind: "import",
    what: "module",
    path: readText(phraseAt(phrase, 1), findings),
    span,
  }),
  import_partners: (phrase, span, findings) => ({
    kind: "import",
    what: "partners",
    path: readText(phraseAt(phrase, 2), findings),
    span,
  }),
  field_statement: (phrase, span) => ({
    kind: "field",
    name: readName(phraseAt(phrase, 1)),
    shape: readName(phraseAt(phrase, 3)),
    span,
  }),
  fields_statement: (phrase, span) => ({
    kind: "fields",
    name: readName(phraseAt(phrase, 1)),
    fields: readNames(phraseAt(phrase, 3)),
    span,
  }),
  extend_fields: (phrase, span) => ({
    kind: "extend",
    name: readName(phraseAt(phrase, 2)),
    fields: readNames(phraseAt(phrase, 4)),
    span,
  }),
  option: (phrase, span) => {
    const among = maybeAt(phrase, 4);
    return {
      kind: "option",
      name: readName(phraseAt(phrase, 1)),
      value: readName(phraseAt(phrase, 3)),
      among: among ? readNames(phraseAt(among, 1)) : [],
      span,
    };
  },
  set_option: (phrase, span) => ({
    kind: "set-option",
    name: readName(phraseAt(phrase, 2)),
    value: readName(phraseAt(phrase, 4)),
    span,
  }),
  network: readNetwork,
  partner: readNetwork,
  trust: readTrust,
  transit: readTransit,
  rule: readRule,
  treatment: readTreatment,
  never: readAssertion,
  always: readAssertion,
  test: readTest,
  test_clock: (phrase, span, findings) => ({
    kind: "test-clock",
    at: readMoment(phraseAt(phrase, 2), findings),
    span,
  }),
  publish: readPublish,
  tls_profile: readTls,
};

export function readStatement(statement: Phrase, findings: Findings): Statement {
  const inner = choiceOf(statement);
  const read = readers[inner.rule];
  if (read === undefined) throw new Error(`no reader for ${inner.rule}`);
  return read(inner, spanOf(statement), findings);
}
