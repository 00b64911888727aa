/**
 * The words of the language: conditions, parts, actions, ends, built-in options; one row
 * each, with its type, a line of documentation and its source. The checker's messages, the
 * docs and the editor read these tables. Header fields have their own (`vocabulary.ts`).
 */
import type { ActionBody, Atom, Part } from "./syntax.ts";
import type { FieldShape } from "./vocabulary.ts";

/** What a condition speaks of; where it may stand follows from this. */
export type Subject = "message" | "ends" | "connection" | "agreement" | "option" | "clock" | "handshake";

export interface ConditionRow {
  readonly form: string;
  readonly subject: Subject;
  readonly doc: string;
  readonly source: string;
}

// biome-ignore format: a table reads best with one row a line
export const conditionRows: Readonly<Record<Atom["kind"], ConditionRow>> = {
  "message-is": { form: "request | response", subject: "message", doc: "the message is a request, or a response", source: "RFC 3261 7" },
  method: { form: "method is METHOD", subject: "message", doc: "the request's method, or that of CSeq in a response; case counts", source: "RFC 3261 7.1, 20.16" },
  status: { form: "status is 486 | 4xx, status from N to N", subject: "message", doc: "the response's status code", source: "RFC 3261 7.2" },
  emergency: { form: "emergency", subject: "message", doc: "the Request-URI is urn:service:sos or a service below it", source: "RFC 5031 4.2" },
  "in-dialog": { form: "in dialog", subject: "message", doc: "To has a tag", source: "RFC 3261 12" },
  present: { form: "FIELD is present | absent", subject: "message", doc: "the header field is there", source: "RFC 3261 7.3" },
  sole: { form: "FIELD is VALUE", subject: "message", doc: "the field has exactly one value, and it is equal", source: "RFC 3261 7.3.1" },
  has: { form: "FIELD has VALUE", subject: "message", doc: "some value of the field is equal", source: "RFC 3261 7.3.1" },
  count: { form: "count of FIELD is N | at least N | at most N", subject: "message", doc: "the number of values", source: "RFC 3261 7.3.1" },
  part: { form: "[any | every] PART of FIELD TEST", subject: "message", doc: "a test of a part of some value, or of every value", source: "RFC 3261 20" },
  body: { form: "body is present | encrypted | nested | unreadable", subject: "message", doc: "the state of the body", source: "RFC 3261 7.4" },
  "body-type": { form: "body has TYPE", subject: "message", doc: "some part of the body is of this media type", source: "RFC 2046 5.1" },
  end: { form: "from WHO, to WHO", subject: "ends", doc: "who the end is", source: "RFC 3324 2.3" },
  secured: { form: "secured by tls", subject: "connection", doc: "the connection runs over TLS", source: "TS 33.203 6.5" },
  transport: { form: "transport is udp | tcp | tls | ws | wss", subject: "connection", doc: "the connection's transport", source: "RFC 3261 18, RFC 7118 5" },
  listener: { form: "listener is NAME", subject: "connection", doc: "the local listener that the connection came in at", source: "TS 33.203 5.4" },
  address: { form: "address within PREFIX", subject: "connection", doc: "the remote address is one of the prefix", source: "RFC 4632 3.1" },
  "tls-version": { form: "tls version is 1.3 | at least 1.2", subject: "connection", doc: "the TLS version", source: "TS 33.210 6.2.1" },
  resumed: { form: "resumed", subject: "connection", doc: "the TLS session was resumed", source: "RFC 8446 2.2" },
  certificate: { form: "certificate is present | absent", subject: "connection", doc: "the peer sent a certificate", source: "RFC 5922 7.4" },
  "certificate-names": { form: "certificate names WHO | no partner", subject: "connection", doc: "the certificate has passed all checks for this partner", source: "TS 33.203 6.5, RFC 5922 7" },
  "certificate-part": { form: "certificate issuer | common-name | name is TEXT, usage has WORD", subject: "connection", doc: "a part of the certificate", source: "RFC 5922 7.1, RFC 5924 4.1" },
  agreement: { form: "agreement in force", subject: "agreement", doc: "today is within the agreement of the end", source: "TS 33.203 5.4" },
  option: { form: "option NAME [is VALUE]", subject: "option", doc: "the option's value", source: "TS 33.203 5.4" },
  date: { form: "date from D to D | before D | after D", subject: "clock", doc: "the time of the event", source: "ISO 8601" },
  role: { form: "role is server | client", subject: "handshake", doc: "our role in the TLS handshake", source: "TS 33.203 6.5" },
  "domain-sought": { form: "domain sought is NAME", subject: "handshake", doc: "the domain of the original URI, where we open the connection", source: "RFC 5922 7.3" },
  sni: { form: "sni is NAME", subject: "handshake", doc: "the server name that the client sent", source: "RFC 5922 7.8, RFC 6066 3" },
};

export interface PartRow {
  /** Fields of these shapes have the part; `uri` is the Request-URI. */
  readonly shapes: readonly (FieldShape | "uri")[];
  readonly doc: string;
  readonly source: string;
}

const addresses: readonly FieldShape[] = ["address", "addresses"];

// biome-ignore format: a table reads best with one row a line
export const partRows: Readonly<Record<Part["kind"], PartRow>> = {
  value: { shapes: ["text", "value", "values", "tokens", "address", "addresses", "priv-values", "uri"], doc: "the whole value, without its parameters", source: "RFC 3261 7.3.1" },
  "display-name": { shapes: addresses, doc: "the name before the URI", source: "RFC 3261 25.1" },
  uri: { shapes: [...addresses, "uri"], doc: "the URI", source: "RFC 3261 19.1" },
  scheme: { shapes: [...addresses, "uri"], doc: "the scheme of the URI", source: "RFC 3986 3.1" },
  user: { shapes: [...addresses, "uri"], doc: "the user part of a sip or sips URI", source: "RFC 3261 19.1.1" },
  number: { shapes: [...addresses, "uri"], doc: "the digits of a telephone number, without visual separators", source: "RFC 3966 3, 5.1.1" },
  host: { shapes: [...addresses, "uri"], doc: "the host of a sip or sips URI", source: "RFC 3261 19.1.1" },
  parameter: { shapes: ["value", "values", ...addresses], doc: "a parameter of the value", source: "RFC 3261 7.3.1" },
  "uri-parameter": { shapes: [...addresses, "uri"], doc: "a parameter of the URI", source: "RFC 3261 19.1.1" },
  "number-parameter": { shapes: [...addresses, "uri"], doc: "a parameter of a telephone number", source: "RFC 3966 3, RFC 3261 19.1.6" },
  "uri-header": { shapes: [...addresses, "uri"], doc: "a header field inside the URI", source: "RFC 3261 19.1.1" },
};

export interface ActionRow {
  readonly form: string;
  /** Rules at a gate, treatments, handshake rules. */
  readonly at: readonly ("in" | "out" | "handshake" | "treatment")[];
  readonly doc: string;
  readonly source: string;
}

const edits: ActionRow["at"] = ["in", "out", "treatment"];

// biome-ignore format: a table reads best with one row a line
export const actionRows: Readonly<Record<ActionBody["kind"], ActionRow>> = {
  "remove-fields": { form: "remove FIELDS", at: edits, doc: "every row of each field", source: "RFC 3325 7" },
  "remove-other-fields": { form: "remove every field except FIELDS", at: edits, doc: "all other header fields, unknown ones too", source: "TS 24.229 5.10.6.2" },
  "remove-values": { form: "remove values of FIELD where CONDITION", at: edits, doc: "those values of the list", source: "RFC 4244 4.3.3.1.1" },
  "remove-value": { form: "remove value | option-tag | priv-value WORD from FIELD", at: edits, doc: "this value of the list", source: "RFC 3323 5" },
  "remove-surplus": { form: "remove surplus values of FIELD", at: edits, doc: "all but the first sip or sips and the first tel URI", source: "RFC 5876 4.5" },
  "remove-parameters": { form: "remove parameter | uri-parameter | number-parameter NAMES from FIELD", at: edits, doc: "parameters of the value, the URI or the telephone number", source: "TS 24.229 4.4.12, 4.4.15" },
  "remove-uri-headers": { form: "remove uri-header NAMES from FIELD", at: edits, doc: "header fields inside the URI", source: "RFC 7044 10.1.2" },
  "remove-display-name": { form: "remove display-name from FIELD", at: edits, doc: "the name before the URI", source: "RFC 3323 4.1.1.1" },
  "anonymize-fields": { form: "anonymize FIELDS", at: edits, doc: "each value takes its anonymous form", source: "RFC 3323 4.1.1.3" },
  "anonymize-values": { form: "anonymize values of FIELD where CONDITION", at: edits, doc: "those values take their anonymous form", source: "RFC 7044 10.1.2" },
  conceal: { form: "conceal FIELDS", at: edits, doc: "sealed as a token that only we open; needs a key", source: "RFC 3323 5.1" },
  "set-field": { form: "set FIELD to TEXT", at: edits, doc: "one row in the place of the first, or a new one", source: "RFC 3323 5" },
  "set-part": { form: "set PART of FIELD to TEXT", at: edits, doc: "the part of each value", source: "RFC 3323 4.1.1" },
  "add-field": { form: "add FIELD TEXT", at: edits, doc: "a new row behind the last header field", source: "RFC 3261 7.3" },
  "drop-body": { form: "drop body", at: edits, doc: "the whole body", source: "TS 24.229 5.10.6.3" },
  "drop-parts": { form: "drop part TYPE", at: edits, doc: "the body parts of this media type", source: "TS 24.229 5.10.6.3" },
  "drop-named-parts": { form: "drop parts named by FIELD", at: edits, doc: "the body parts that a cid: URI of the field names", source: "RFC 6442 4.1" },
  "drop-other-parts": { form: "drop every part except TYPES", at: edits, doc: "all other body parts, of unknown types too", source: "TS 24.229 5.10.6.3" },
  "redact-sdp": { form: "redact sdp LINES", at: edits, doc: "SDP lines take their neutral form", source: "RFC 5379 5.2" },
  "redact-sipfrag": { form: "redact sipfrag", at: edits, doc: "a sipfrag keeps its status line alone", source: "RFC 3420 2" },
  apply: { form: "apply TREATMENTS [except FIELDS]", at: ["in", "out"], doc: "the edits of the treatments", source: "TS 24.229 4.4" },
  honour: { form: "honour Privacy", at: ["out"], doc: "this border is the privacy service for the message", source: "RFC 3323 5" },
  mark: { form: "mark NAME", at: ["in", "out", "handshake", "treatment"], doc: "a mark in the decision", source: "RFC 3325 7" },
  reject: { form: "reject STATUS REASON", at: ["in", "out", "handshake"], doc: "the message is refused, or the handshake closed", source: "TS 24.229 5.10.1" },
  needs: { form: "needs CAPABILITY", at: ["treatment"], doc: "what this border can't do: the priv-value stays unfulfilled", source: "RFC 3323 5" },
};

export interface OptionRow {
  readonly name: string;
  /** The first is the default. */
  readonly values: readonly string[];
  readonly doc: string;
  readonly source: string;
}

/** Options that the consequences read; a policy may declare them, and need not. */
// biome-ignore format: a table reads best with one row a line
export const builtInOptions: readonly OptionRow[] = [
  { name: "broken-signature", values: ["remove", "refuse"], doc: "what happens to a signature that an edit has broken", source: "RFC 5379 5.3.1" },
  { name: "unfulfilled-privacy", values: ["mark", "refuse"], doc: "what happens where Privacy asks for what can't be done", source: "RFC 3323 5, RFC 5379 4.3" },
  { name: "malformed-privacy", values: ["honour", "refuse"], doc: "what a malformed Privacy means", source: "RFC 3323 4.2" },
];

/** Words that stand for ends and so can't be names of networks. */
export const endWords: readonly string[] = ["anyone", "trusted", "untrusted", "partner", "own", "foreign"];

export const transports: readonly string[] = ["udp", "tcp", "tls", "ws", "wss"];

/** Words for the object identifiers of an extended key usage (RFC 5924 4.1, RFC 5280 4.2.1.12). */
export const certificateUsages: readonly string[] = ["sipDomain", "serverAuth", "clientAuth", "any"];

/** Methods with a registration; others are allowed, and only a near miss is pointed out. */
export const methods: readonly string[] = [
  "ACK",
  "BYE",
  "CANCEL",
  "INFO",
  "INVITE",
  "MESSAGE",
  "NOTIFY",
  "OPTIONS",
  "PRACK",
  "PUBLISH",
  "REFER",
  "REGISTER",
  "SUBSCRIBE",
  "UPDATE",
];

/** Marks that the consequences set, beside those that rules set (docs/language.md). */
export const builtInMarks: readonly string[] = ["partial", "privacy-malformed"];
