/** `when …`, `unless …` and what they hold. */
import type { Phrase } from "../reading/sentence.ts";
import type { Atom, Condition, Guard, Span } from "../syntax.ts";
import {
  type Findings,
  oneOf,
  readAddress,
  readCount,
  readMediaType,
  readMoment,
  readName,
  readOneEnd,
  readTextValues,
  readValues,
} from "./leaves.ts";
import { readPart, readTest } from "./parts.ts";
import { choiceOf, maybeAt, membersOf, phraseAt, spanOf, tokenAt, tokenOf } from "./phrase.ts";

export function readGuard(guard: Phrase, findings: Findings): Guard {
  const inner = choiceOf(guard);
  return {
    kind: inner.rule === "when" ? "when" : "unless",
    condition: readCondition(phraseAt(inner, 1), findings),
    span: spanOf(guard),
  };
}

export function readCondition(condition: Phrase, findings: Findings): Condition {
  return readDisjunction(choiceOf(condition), findings);
}

/** Behind `carries`, where a field alone means that it is present. */
export function readCarried(carried: Phrase, findings: Findings): Condition {
  return readDisjunction(carried, findings);
}

function readDisjunction(disjunction: Phrase, findings: Findings): Condition {
  const of = membersOf(disjunction).map((member) => readConjunction(member, findings));
  return of.length === 1 ? of[0]! : { kind: "or", of, span: spanOf(disjunction) };
}

function readConjunction(conjunction: Phrase, findings: Findings): Condition {
  const of = membersOf(conjunction).map((member) => readNegation(member, findings));
  return of.length === 1 ? of[0]! : { kind: "and", of, span: spanOf(conjunction) };
}

function readNegation(negation: Phrase, findings: Findings): Condition {
  const span = spanOf(negation);
  if (negation.parts.length === 3) return readDisjunction(phraseAt(negation, 1), findings);
  if (negation.parts.length === 2)
    return { kind: "not", of: readNegation(phraseAt(negation, 1), findings), span };
  const inner = choiceOf(negation);
  return inner.rule === "field"
    ? { kind: "present", field: readName(inner), span }
    : readAtom(choiceOf(inner), findings);
}

/** `is` or `is not`. */
function isNegative(is: Phrase): boolean {
  return is.parts.length === 2;
}

function negateIf(negative: boolean, atom: Atom): Condition {
  return negative ? { kind: "not", of: atom, span: atom.span } : atom;
}

/** `is present`, `is absent`, and both with `not`. */
function isAbsence(presence: Phrase): boolean {
  return isNegative(phraseAt(presence, 0)) !== (tokenAt(presence, 1).text === "absent");
}

type AtomReader = (atom: Phrase, span: Span, findings: Findings) => Condition;

/** `SUBJECT is VALUES`, the values behind the given place. */
function among(kind: "method" | "transport" | "listener" | "domain-sought" | "sni", at: number): AtomReader {
  return (atom, span, findings) =>
    negateIf(isNegative(phraseAt(atom, at)), {
      kind,
      among: readTextValues(phraseAt(atom, at + 1), findings),
      span,
    });
}

const atomReaders: Readonly<Record<string, AtomReader>> = {
  message_is: (atom, span) => ({
    kind: "message-is",
    is: tokenAt(atom, 0).text === "request" ? "request" : "response",
    span,
  }),
  method_is: among("method", 1),
  status_is: (atom, span, findings) =>
    negateIf(isNegative(phraseAt(atom, 1)), {
      kind: "status",
      among: oneOf(phraseAt(atom, 2)).map((value) => readStatus(value, findings)),
      span,
    }),
  status_range: (atom, span, findings) => {
    const [from, to] = readRange(atom, 2, findings);
    return { kind: "status", among: [{ from, to, span }], span };
  },
  emergency: (_atom, span) => ({ kind: "emergency", span }),
  in_dialog: (_atom, span) => ({ kind: "in-dialog", span }),

  field_presence: (atom, span) =>
    negateIf(isAbsence(phraseAt(atom, 1)), { kind: "present", field: readName(phraseAt(atom, 0)), span }),
  field_is: (atom, span, findings) =>
    negateIf(isNegative(phraseAt(atom, 1)), {
      kind: "sole",
      field: readName(phraseAt(atom, 0)),
      among: readValues(phraseAt(atom, 2), findings),
      span,
    }),
  field_has: (atom, span, findings) => ({
    kind: "has",
    field: readName(phraseAt(atom, 0)),
    among: readValues(phraseAt(atom, 2), findings),
    span,
  }),
  field_count: (atom, span, findings) => {
    const count = phraseAt(atom, 3);
    const number = readCount(count.parts.at(-1)!, findings).value;
    const [from, to] = limits(count, number);
    const negative = count.parts.length === 2 && isNegative(phraseAt(count, 0));
    return negateIf(negative, { kind: "count", field: readName(phraseAt(atom, 2)), from, to, span });
  },
  part_is: (atom, span, findings) => {
    const quantifier = maybeAt(atom, 0);
    const { test, negative } = readTest(phraseAt(atom, 4), findings);
    if (negative && quantifier !== undefined) {
      const word = tokenOf(quantifier).text;
      findings.report("P1021", span, { quantifier: word });
    }
    const every = quantifier !== undefined && tokenOf(quantifier).text === "every";
    return negateIf(negative, {
      kind: "part",
      quantifier: every ? "every" : "any",
      part: readPart(phraseAt(atom, 1), findings),
      field: readName(phraseAt(atom, 3)),
      test,
      span,
    });
  },

  body_presence: (atom, span) =>
    negateIf(isAbsence(phraseAt(atom, 1)), { kind: "body", is: "present", span }),
  body_state: (atom, span) => {
    const word = tokenAt(atom, 2).text;
    const is = word === "encrypted" || word === "nested" ? word : "unreadable";
    return negateIf(isNegative(phraseAt(atom, 1)), { kind: "body", is, span });
  },
  body_type: (atom, span) => ({
    kind: "body-type",
    types: oneOf(phraseAt(atom, 2)).map(readMediaType),
    span,
  }),

  from_end: (atom, span) => ({ kind: "end", side: "from", who: readOneEnd(phraseAt(atom, 1)), span }),
  to_end: (atom, span) => ({ kind: "end", side: "to", who: readOneEnd(phraseAt(atom, 1)), span }),

  secured: (_atom, span) => ({ kind: "secured", span }),
  transport_is: among("transport", 1),
  listener_is: among("listener", 1),
  address_within: (atom, span, findings) => ({
    kind: "address",
    within: membersOf(phraseAt(atom, 2)).map((address) => readAddress(address, findings)),
    span,
  }),
  tls_version: (atom, span, findings) => {
    const version = readTlsVersion(phraseAt(atom, 3), findings);
    return negateIf(isNegative(phraseAt(atom, 2)), { kind: "tls-version", from: version, to: version, span });
  },
  tls_range: (atom, span, findings) => {
    const version = readTlsVersion(phraseAt(atom, 5), findings);
    const least = tokenAt(atom, 4).text === "least";
    return {
      kind: "tls-version",
      from: least ? version : Number.NEGATIVE_INFINITY,
      to: least ? Number.POSITIVE_INFINITY : version,
      span,
    };
  },
  resumed: (_atom, span) => ({ kind: "resumed", span }),

  certificate_presence: (atom, span) => negateIf(isAbsence(phraseAt(atom, 1)), { kind: "certificate", span }),
  certificate_names: (atom, span) => ({
    kind: "certificate-names",
    who: readOneEnd(phraseAt(atom, 2)),
    span,
  }),
  certificate_names_none: (_atom, span) => negateIf(true, { kind: "certificate-names", who: [], span }),
  certificate_part: (atom, span, findings) => {
    const word = tokenAt(atom, 1).text;
    const part = word === "issuer" || word === "common-name" ? word : "name";
    return negateIf(isNegative(phraseAt(atom, 2)), {
      kind: "certificate-part",
      part,
      among: readTextValues(phraseAt(atom, 3), findings),
      span,
    });
  },
  certificate_usage: (atom, span, findings) => ({
    kind: "certificate-part",
    part: "usage",
    among: readValues(phraseAt(atom, 3), findings),
    span,
  }),

  agreement_in_force: (_atom, span) => ({ kind: "agreement", span }),
  option_set: (atom, span) => ({ kind: "option", name: readName(phraseAt(atom, 1)), among: undefined, span }),
  option_is: (atom, span, findings) =>
    negateIf(isNegative(phraseAt(atom, 2)), {
      kind: "option",
      name: readName(phraseAt(atom, 1)),
      among: readValues(phraseAt(atom, 3), findings),
      span,
    }),
  date_range: (atom, span, findings) => {
    const from = readMoment(phraseAt(atom, 2), findings);
    const to = readMoment(phraseAt(atom, 4), findings);
    return { kind: "date", from: from.at, until: to.until, span };
  },
  date_before: (atom, span, findings) => ({
    kind: "date",
    from: Number.NEGATIVE_INFINITY,
    until: readMoment(phraseAt(atom, 2), findings).at,
    span,
  }),
  date_after: (atom, span, findings) => {
    const { at, until } = readMoment(phraseAt(atom, 2), findings);
    // After a day is from the next one; after an instant is from the next millisecond.
    return { kind: "date", from: at === until ? at + 1 : until, until: Number.POSITIVE_INFINITY, span };
  },

  role_is: (atom, span) =>
    negateIf(isNegative(phraseAt(atom, 1)), {
      kind: "role",
      is: tokenAt(atom, 2).text === "server" ? "server" : "client",
      span,
    }),
  domain_sought: among("domain-sought", 2),
  sni_is: among("sni", 1),
};

function readAtom(atom: Phrase, findings: Findings): Condition {
  const read = atomReaders[atom.rule];
  if (read === undefined) throw new Error(`no reader for ${atom.rule}`);
  return read(atom, spanOf(atom), findings);
}

/** `is N`, `[is] at least N`, `[is] at most N`. */
function limits(count: Phrase, number: number): readonly [number, number] {
  if (count.parts.length === 2) return [number, number];
  return tokenAt(count, 2).text === "least" ? [number, Number.POSITIVE_INFINITY] : [0, number];
}

/** `… from N to N`, the first number at the given place. */
function readRange(phrase: Phrase, at: number, findings: Findings): readonly [number, number] {
  const from = readCount(phraseAt(phrase, at), findings).value;
  const to = readCount(phraseAt(phrase, at + 2), findings).value;
  return [from, to];
}

function readStatus(node: Phrase, findings: Findings): { from: number; to: number; span: Span } {
  const { text, span } = readName(node);
  if (/^[1-6]xx$/i.test(text)) {
    const from = Number(text[0]) * 100;
    return { from, to: from + 99, span };
  }
  const status = Number(text);
  if (!/^[1-6]\d\d$/.test(text))
    findings.report("P1024", span, { what: "status", limit: "100 to 699, or 1xx to 6xx" });
  return { from: status, to: status, span };
}

function readTlsVersion(node: Phrase, findings: Findings): number {
  const { text, span } = readName(node);
  if (!/^1\.[0-3]$/.test(text))
    findings.report("P1024", span, { what: "TLS version", limit: "1.0, 1.1, 1.2 or 1.3" });
  return 10 + Number(text.slice(2));
}
