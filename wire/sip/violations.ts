/**
 * The rules of one reading: a message that two parsers could read in different ways breaks
 * one of them and is refused. `docs/syntax-violations.md` explains each row.
 */

/** A broken rule, as a value. */
export interface Violation {
  /** A name of `syntaxRules`. */
  readonly rule: string;
  /** Clause of the standard that was broken. */
  readonly clause: string;
  /** Byte offset in the message. */
  readonly at: number;
  /** The answer to a request. */
  readonly status: number;
  /** On a stream: where the next message begins is in doubt, so the connection closes (RFC 3261 18.3). */
  readonly closes: boolean;
  /** A response or an ACK, or no SIP message at all: nobody is answered. */
  readonly drop: boolean;
}

export interface SyntaxRule {
  /** Where the next message of a stream begins is in doubt. */
  readonly closes: boolean;
  readonly clause: string;
  readonly status: number;
  /** What is wrong, in words. */
  readonly about: string;
}

// biome-ignore format: a table reads best with one row a line
const rows = [
  ["not-sip", "closes", 400, "RFC 3261 7", "the first line is neither a request line nor a status line"],
  ["request-line", "closes", 400, "RFC 3261 7.1", "the request line is not method, one SP, Request-URI, one SP, version and CRLF"],
  ["method-case", "stays", 400, "RFC 3261 7.1, 25.1", "the method differs from a known one in the case of its letters alone"],
  ["request-uri", "stays", 400, "RFC 3261 7.1, 25.1; RFC 4475 3.1.2.7-3.1.2.11", "the Request-URI is not a URI, stands in angle brackets, or holds blanks or header fields"],
  ["version", "stays", 505, "RFC 3261 7.1; RFC 4475 3.1.2.16", "the version is not SIP/2.0"],
  ["status-line", "closes", 400, "RFC 3261 7.2", "the status line is not version, one SP, three digits, one SP, reason and CRLF"],
  ["status-code", "stays", 400, "RFC 3261 7.2; RFC 4475 3.1.2.19", "the status code does not lie between 100 and 699"],
  ["fold-before-first-row", "closes", 400, "RFC 3261 7.3.1", "the line behind the start line begins with a blank"],
  ["blank-fold", "closes", 400, "RFC 3261 25.1 (LWS)", "a continuation line holds nothing but blanks"],
  ["bare-cr", "closes", 400, "RFC 3261 7, 25.1", "a CR is not followed by LF"],
  ["bare-lf", "closes", 400, "RFC 3261 7, 25.1", "an LF does not follow a CR"],
  ["control-character", "closes", 400, "RFC 3261 25.1", "a control character that is neither a tab nor escaped in a quoted string"],
  ["field-name", "closes", 400, "RFC 3261 7.3.1, 25.1 (HCOLON, token)", "a row does not begin with a name, optional blanks and a colon"],
  ["head-unterminated", "closes", 400, "RFC 3261 7", "no empty line ends the head"],
  ["unterminated-quote", "stays", 400, "RFC 3261 25.1; RFC 4475 3.1.2.6", "a quoted string does not end"],
  ["stray-quote", "stays", 400, "RFC 3261 25.1", "a quote stands where no quoted string can"],
  ["unbalanced-bracket", "stays", 400, "RFC 3261 25.1", "an angle bracket stands alone"],
  ["display-name", "stays", 400, "RFC 3261 25.1; RFC 4475 3.1.2.15", "the text before `<` is neither words nor one quoted string"],
  ["address", "stays", 400, "RFC 3261 20, 25.1", "a value is neither an address in angle brackets nor a URI, with parameters"],
  ["address-uri", "stays", 400, "RFC 3261 19.1.1, 25.1; RFC 4475 3.1.2.13, 3.1.2.14", "the URI of an address can be read in more than one way, or not at all"],
  ["addr-spec-headers", "stays", 400, "RFC 3261 20; RFC 4475 3.1.2.13", "a URI with `?` or `@` behind its end stands without angle brackets"],
  ["several-values", "stays", 400, "RFC 3261 7.3.1; RFC 4475 3.3.8", "a field that takes one value holds two"],
  ["repeated-field", "stays", 400, "RFC 3261 7.3.1; RFC 4475 3.3.8", "a field that may stand once stands twice"],
  ["repeated-parameter", "stays", 400, "RFC 3261 7.3.1", "a parameter of From, To or Via stands twice"],
  ["missing-field", "stays", 400, "RFC 3261 8.1.1; RFC 4475 3.3.1", "From, To, Call-ID, CSeq or Via is missing or empty"],
  ["via", "stays", 400, "RFC 3261 20.42, 25.1", "a Via value is not protocol, version, transport, host and parameters"],
  ["via-broadcast", "stays", 400, "RFC 4475 3.3.10", "the second Via of a response is 255.255.255.255"],
  ["call-id", "stays", 400, "RFC 3261 20.8, 25.1", "Call-ID holds a blank or a comma"],
  ["cseq", "stays", 400, "RFC 3261 20.16, 25.1", "CSeq is not a number and a method"],
  ["cseq-range", "stays", 400, "RFC 3261 8.1.1.5; RFC 4475 3.1.2.4", "the number of CSeq is 2^31 or more"],
  ["cseq-method", "stays", 400, "RFC 3261 8.1.1.5; RFC 4475 3.1.2.17", "the method of CSeq is not that of the request"],
  ["cseq-unknown-method", "stays", 501, "RFC 3261 8.1.1.5; RFC 4475 3.1.2.18", "the method of CSeq is not that of the request, which nobody knows"],
  ["max-forwards", "stays", 400, "RFC 3261 20.22", "Max-Forwards is not a number from 0 to 255"],
  ["content-type", "stays", 400, "RFC 3261 20.15, 25.1", "Content-Type is not a type, a subtype and parameters"],
  ["content-length", "closes", 400, "RFC 3261 20.14; RFC 4475 3.1.2.3", "Content-Length is not a number"],
  ["content-length-repeated", "closes", 400, "RFC 3261 20.14; RFC 4475 3.3.9", "Content-Length stands twice"],
  ["content-length-missing", "closes", 400, "RFC 3261 18.3, 20.14", "a message on a stream has no Content-Length"],
  ["content-length-mismatch", "closes", 400, "RFC 3261 18.3", "what was cut from a stream is not as long as Content-Length says"],
  ["short-body", "closes", 400, "RFC 3261 18.3; RFC 4475 3.1.2.2", "the body is shorter than Content-Length says"],
  ["limit-head-bytes", "closes", 513, "RFC 3261 21.5.7", "the head is longer than the limit `headBytes`"],
  ["limit-method-bytes", "stays", 400, "RFC 3261 21.4.1", "the method is longer than the limit `methodBytes`"],
  ["limit-uri-bytes", "stays", 414, "RFC 3261 21.4.12", "the Request-URI is longer than the limit `uriBytes`"],
  ["limit-rows", "closes", 513, "RFC 3261 21.5.7", "there are more header rows than the limit `rows`"],
  ["limit-name-bytes", "stays", 513, "RFC 3261 21.5.7", "a field name is longer than the limit `nameBytes`"],
  ["limit-value-bytes", "stays", 513, "RFC 3261 21.5.7", "a row's value is longer than the limit `valueBytes`"],
  ["limit-call-id-bytes", "stays", 513, "RFC 3261 21.5.7", "Call-ID is longer than the limit `callIdBytes`"],
  ["limit-values", "stays", 513, "RFC 3261 21.5.7", "a row holds more values than the limit `valuesPerRow`"],
  ["limit-parameters", "stays", 513, "RFC 3261 21.5.7", "a row holds more parameters than the limit `parametersPerRow`"],
  ["limit-body-bytes", "closes", 513, "RFC 3261 21.5.7", "the body is longer than the limit `bodyBytes`"],
] as const;

export type RuleName = (typeof rows)[number][0];

/** Every rule of one reading, by name. */
export const syntaxRules: ReadonlyMap<RuleName, SyntaxRule> = new Map(
  rows.map(([name, stream, status, clause, about]) => [
    name,
    { clause, status, closes: stream === "closes", about },
  ]),
);

export function violationOf(name: RuleName, at: number, onStream: boolean, drop: boolean): Violation {
  const { clause, status, closes } = syntaxRules.get(name)!;
  return { rule: name, clause, at, status, closes: closes && onStream, drop };
}

/** Where a reader of a value notes the first rule that it finds broken. */
export interface Finding {
  found: RuleName | undefined;
  foundAt: number;
}
