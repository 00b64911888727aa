/**
 * The vocabulary's header fields: one row each. The checker, the compiler, the wire's
 * name table, the docs and the editor read this table and no other; a new header field
 * is one new row.
 */

/**
 * How a row's value is read.
 * - `text`: opaque, one value a row, never split at commas
 * - `value`, `values`: one value, or a comma list, each `head *(;parameter)`
 * - `tokens`: a comma list of words
 * - `address`, `addresses`: one, or a comma list, of name-addr or addr-spec with parameters (RFC 3261 20)
 * - `priv-values`: words with semicolons between them (RFC 3323 4.2)
 */
export type FieldShape = "text" | "value" | "values" | "tokens" | "address" | "addresses" | "priv-values";

export type FieldCategory =
  | "identity"
  | "dialog-id"
  | "dialog-ref"
  | "routing"
  | "topology"
  | "location"
  | "charging"
  | "ims-trust"
  | "packetcable"
  | "signature"
  | "credential"
  | "informational"
  | "control"
  | "framing"
  | "extension";

/** What `anonymize` writes, and which lower-case parameters it leaves in place. */
export interface AnonymousForm {
  /** Takes the place of display name and URI, or of the host part for `of: "warn-agent"`. */
  readonly text: string;
  readonly of?: "warn-agent";
  readonly keeps: readonly string[];
  /** Header fields inside the URI that move into the new one. */
  readonly keepsUriHeaders?: readonly string[];
}

export interface FieldRow {
  readonly name: string;
  readonly shape: FieldShape;
  /** In which messages the field is defined. A treatment still finds it in others. */
  readonly where: "request" | "response" | "both";
  readonly category: FieldCategory;
  readonly source: string;
  readonly compact?: string;
  /** Tells, or helps to tell, who somebody is. */
  readonly identity?: true;
  /** A message without it is no SIP message: it can't be removed (RFC 3261 8.1.1). */
  readonly mandatory?: true;
  /** Two values make the message invalid (RFC 4475 3.3.8). */
  readonly single?: true;
  readonly concealable?: true;
  /** Absent: the field can't be anonymized. */
  readonly anonymous?: AnonymousForm;
  /** A signature over these fields (and `body`, for SDP): changed, it no longer holds. */
  readonly covers?: readonly string[];
}

type Facts = Omit<FieldRow, "name" | "shape" | "where" | "category" | "source">;

function row(
  name: string,
  shape: FieldShape,
  where: FieldRow["where"],
  category: FieldCategory,
  source: string,
  facts: Facts = {},
): FieldRow {
  return { name, shape, where, category, source, ...facts };
}

// biome-ignore format: a table reads best with one row a line
export const fieldRows: readonly FieldRow[] = [
  row("Accept", "values", "both", "control", "RFC 3261 20.1"),
  row("Accept-Contact", "values", "request", "informational", "RFC 3841 9", { compact: "a" }),
  row("Accept-Encoding", "values", "both", "control", "RFC 3261 20.2"),
  row("Accept-Language", "values", "both", "control", "RFC 3261 20.3"),
  row("Accept-Resource-Priority", "tokens", "response", "control", "RFC 4412 3.2"),
  row("Additional-Identity", "addresses", "both", "identity", "TS 24.229 4.4.23", { identity: true }),
  row("Alert-Info", "values", "both", "informational", "RFC 3261 20.4"),
  row("Allow", "tokens", "both", "control", "RFC 3261 20.5"),
  row("Allow-Events", "tokens", "both", "control", "RFC 6665 7.3", { compact: "u" }),
  row("Answer-Mode", "value", "both", "control", "RFC 5373 3"),
  row("Attestation-Info", "values", "request", "signature", "TS 24.229 4.4.21"),
  row("Authentication-Info", "text", "response", "credential", "RFC 3261 20.6"),
  row("Authorization", "text", "request", "credential", "RFC 3261 7.3.1", { identity: true }),
  row("Call-ID", "text", "both", "dialog-id", "RFC 5379 4.1 Table 1 + note", { compact: "i", identity: true, mandatory: true, single: true }),
  row("Call-Info", "values", "both", "informational", "RFC 5379 4.1", { identity: true }),
  row("Cellular-Network-Info", "values", "both", "location", "TS 24.229 4.4.19", { identity: true }),
  row("Contact", "addresses", "both", "routing", "RFC 5379 4.1", { compact: "m", identity: true, concealable: true }),
  row("Content-Disposition", "value", "both", "framing", "RFC 3261 20.11"),
  row("Content-Encoding", "tokens", "both", "framing", "RFC 3261 20.12", { compact: "e" }),
  row("Content-ID", "text", "both", "framing", "RFC 8262 3"),
  row("Content-Language", "tokens", "both", "framing", "RFC 3261 20.13"),
  row("Content-Length", "text", "both", "framing", "RFC 3261 7.4.2", { compact: "l", mandatory: true, single: true }),
  row("Content-Type", "value", "both", "framing", "RFC 3261 20.15", { compact: "c", single: true }),
  row("CSeq", "text", "both", "dialog-id", "RFC 3261 20.16", { mandatory: true, single: true }),
  row("Date", "text", "both", "signature", "RFC 8224 4.1"),
  row("DC-Info", "values", "both", "ims-trust", "TS 24.229 4.4.x"),
  row("Diversion", "addresses", "both", "identity", "RFC 7544 3.2", { identity: true, anonymous: { text: "<sip:anonymous@anonymous.invalid>", keeps: ["reason", "counter", "limit"] } }),
  row("Error-Info", "values", "response", "informational", "RFC 3261 20.18"),
  row("Event", "value", "both", "control", "RFC 6665 7.3", { compact: "o" }),
  row("Expires", "text", "both", "control", "RFC 3261 20.19"),
  row("Feature-Caps", "values", "both", "ims-trust", "RFC 6809 4.2.1"),
  row("Flow-Timer", "text", "response", "control", "RFC 5626 10"),
  row("From", "address", "both", "identity", "RFC 5379 4.1", { compact: "f", identity: true, mandatory: true, single: true, anonymous: { text: '"Anonymous" <sip:anonymous@anonymous.invalid>', keeps: ["tag"] } }),
  row("Geolocation", "addresses", "request", "location", "RFC 6442 4.1", { identity: true }),
  row("Geolocation-Error", "values", "response", "location", "RFC 6442 4.4"),
  row("Geolocation-Routing", "value", "request", "location", "RFC 6442 4.2"),
  row("History-Info", "addresses", "both", "identity", "RFC 7044 5", { identity: true, anonymous: { text: "<sip:anonymous@anonymous.invalid>", keeps: ["index", "rc", "mp", "np"], keepsUriHeaders: ["reason"] } }),
  row("Identity", "values", "request", "signature", "RFC 8224 4.1", { compact: "y", identity: true, covers: ["From", "To", "Date", "body"] }),
  row("Identity-Info", "value", "request", "signature", "RFC 8224 13.1", { identity: true }),
  row("In-Reply-To", "tokens", "request", "dialog-ref", "RFC 5379 4.1", { identity: true }),
  row("Info-Package", "value", "request", "control", "RFC 6086 7.2"),
  row("Join", "value", "request", "dialog-ref", "RFC 3911 by analogy with Replaces", { identity: true }),
  row("Max-Breadth", "text", "request", "control", "RFC 5393 5.8"),
  row("Max-Forwards", "text", "request", "control", "RFC 3261 20.22; RFC 4475 3.3.11", { mandatory: true, single: true }),
  row("MIME-Version", "text", "both", "framing", "RFC 3261 20.24"),
  row("Min-Expires", "text", "response", "control", "RFC 3261 20.23"),
  row("Min-SE", "value", "both", "control", "RFC 4028 5"),
  row("Organization", "text", "both", "informational", "RFC 5379 4.1", { identity: true }),
  row("Origination-Id", "values", "request", "signature", "TS 24.229 4.4.22"),
  row("P-Access-Network-Info", "values", "both", "ims-trust", "RFC 7315 4.4.2", { identity: true }),
  row("P-Answer-State", "value", "both", "ims-trust", "RFC 4964 2"),
  row("P-Asserted-Identity", "addresses", "both", "identity", "RFC 3325 5", { identity: true, anonymous: { text: '"Anonymous" <sip:anonymous@anonymous.invalid>', keeps: [] } }),
  row("P-Asserted-Service", "values", "request", "ims-trust", "RFC 6050 5.1.2"),
  row("P-Associated-URI", "addresses", "response", "identity", "RFC 7315 6.1", { identity: true }),
  row("P-Called-Party-ID", "address", "request", "identity", "RFC 7315 4.2", { identity: true }),
  row("P-Charging-Function-Addresses", "value", "both", "charging", "RFC 7315 4.5.1"),
  row("P-Charging-Vector", "value", "both", "charging", "RFC 7315 4.6.1"),
  row("P-DCS-Billing-Info", "value", "both", "packetcable", "RFC 3603 7.6.1", { identity: true }),
  row("P-DCS-LAES", "value", "both", "packetcable", "RFC 3603 8.6.1", { identity: true }),
  row("P-DCS-OSPS", "value", "both", "packetcable", "RFC 3603 6.6"),
  row("P-DCS-Redirect", "value", "both", "packetcable", "RFC 3603 8.6.1", { identity: true }),
  row("P-DCS-Trace-Party-ID", "value", "both", "packetcable", "RFC 3603 5.6.1", { identity: true }),
  row("P-Early-Media", "tokens", "both", "ims-trust", "RFC 5009 6"),
  row("P-Media-Authorization", "values", "both", "ims-trust", "RFC 3313 5"),
  row("P-Preferred-Identity", "addresses", "request", "identity", "RFC 3325 6", { identity: true, anonymous: { text: '"Anonymous" <sip:anonymous@anonymous.invalid>', keeps: [] } }),
  row("P-Preferred-Service", "values", "request", "ims-trust", "RFC 6050 5.1.2"),
  row("P-Private-Network-Indication", "value", "both", "ims-trust", "RFC 7316 5", { identity: true }),
  row("P-Profile-Key", "address", "both", "ims-trust", "RFC 5002 6", { identity: true }),
  row("P-Refused-URI-List", "values", "response", "identity", "RFC 5318 8", { identity: true }),
  row("P-Served-User", "address", "both", "ims-trust", "RFC 5502 7.2", { identity: true }),
  row("P-User-Database", "address", "request", "topology", "RFC 4457 5"),
  row("P-Visited-Network-ID", "values", "request", "ims-trust", "RFC 7315 4.3"),
  row("Path", "addresses", "both", "routing", "RFC 5379 5.3.2", { concealable: true }),
  row("Priority", "value", "request", "ims-trust", "RFC 7090 5.3"),
  row("Priority-Share", "value", "both", "ims-trust", "TS 24.229 7.2.16"),
  row("Priority-Verstat", "values", "request", "signature", "TS 24.229 4.4.24"),
  row("Priv-Answer-Mode", "value", "both", "control", "RFC 5373 3"),
  row("Privacy", "priv-values", "both", "control", "RFC 3323 4.2"),
  row("Proxy-Authenticate", "text", "response", "credential", "RFC 3261 7.3.1"),
  row("Proxy-Authorization", "text", "request", "credential", "RFC 3261 7.3.1", { identity: true }),
  row("Proxy-Require", "tokens", "request", "control", "RFC 3323 4.3"),
  row("RAck", "text", "request", "control", "RFC 3262 7.2"),
  row("Reason", "values", "both", "ims-trust", "RFC 6432 3"),
  row("Record-Route", "addresses", "both", "topology", "RFC 5379 4.1", { identity: true, concealable: true }),
  row("Recv-Info", "values", "both", "control", "RFC 6086 7.3"),
  row("Refer-Sub", "value", "both", "control", "RFC 4488 4"),
  row("Refer-To", "address", "request", "identity", "RFC 3515 2.1", { compact: "r", identity: true }),
  row("Referred-By", "address", "request", "identity", "RFC 5379 4.1", { compact: "b", identity: true, anonymous: { text: "<sip:anonymous@anonymous.invalid>", keeps: [] } }),
  row("Reject-Contact", "values", "request", "informational", "RFC 3841 9.2", { compact: "j" }),
  row("Relayed-Charge", "values", "both", "ims-trust", "TS 24.229 4.4.17"),
  row("Remote-Party-ID", "addresses", "both", "identity", "RFC 8496 mentions it as service-provider practice", { identity: true, anonymous: { text: '"Anonymous" <sip:anonymous@anonymous.invalid>', keeps: ["party", "screen", "privacy"] } }),
  row("Replaces", "value", "request", "dialog-ref", "RFC 5379 5.3.3", { identity: true }),
  row("Reply-To", "address", "both", "identity", "RFC 5379 4.1", { identity: true, anonymous: { text: "<sip:anonymous@anonymous.invalid>", keeps: [] } }),
  row("Request-Disposition", "tokens", "request", "control", "RFC 3841 9.1", { compact: "d" }),
  row("Require", "tokens", "both", "control", "RFC 3261 20.32"),
  row("Resource-Priority", "values", "both", "ims-trust", "RFC 4412 4.7.3"),
  row("Resource-Share", "value", "both", "ims-trust", "TS 24.229 7.2.13.6"),
  row("Response-Source", "values", "response", "topology", "TS 24.229 4.4.20"),
  row("Restoration-Info", "value", "both", "ims-trust", "TS 24.229 4.4.16", { identity: true }),
  row("Retry-After", "text", "response", "control", "RFC 3261 20.33"),
  row("Route", "addresses", "request", "routing", "RFC 5379 5.3.4", { concealable: true }),
  row("RSeq", "text", "response", "control", "RFC 3262 7.1"),
  row("Security-Client", "values", "request", "control", "RFC 3329 2.2-2.4"),
  row("Security-Server", "values", "response", "control", "RFC 3329 2.2"),
  row("Security-Verify", "values", "request", "control", "RFC 3329 2.2"),
  row("Server", "text", "response", "informational", "RFC 5379 4.1"),
  row("Service-Interact-Info", "values", "both", "ims-trust", "TS 24.229 4.4.18"),
  row("Service-Route", "addresses", "response", "routing", "RFC 5379 5.3.5", { concealable: true }),
  row("Session-Expires", "value", "both", "control", "RFC 4028 4", { compact: "x" }),
  row("Session-ID", "value", "both", "informational", "RFC 7989 12"),
  row("SIP-ETag", "text", "response", "control", "RFC 3903 11.3.1"),
  row("SIP-If-Match", "text", "request", "control", "RFC 3903 11.3.2"),
  row("Subject", "text", "request", "informational", "RFC 5379 4.1", { compact: "s", identity: true }),
  row("Subscription-State", "value", "request", "control", "RFC 6665 8.2.3"),
  row("Supported", "tokens", "both", "control", "RFC 3261 20.37", { compact: "k" }),
  row("Suppress-If-Match", "text", "request", "control", "RFC 5839 4.2"),
  row("Target-Dialog", "value", "request", "dialog-ref", "RFC 5379 5.3.6", { identity: true }),
  row("Timestamp", "text", "both", "control", "RFC 3261 20.38"),
  row("To", "address", "both", "identity", "RFC 3261 20.39", { compact: "t", identity: true, mandatory: true, single: true }),
  row("Unsupported", "tokens", "response", "control", "RFC 3261 20.40"),
  row("User-Agent", "text", "request", "informational", "RFC 5379 4.1"),
  row("User-to-User", "values", "both", "informational", "RFC 7433 3", { identity: true }),
  row("Via", "values", "both", "routing", "RFC 5379 4.1", { compact: "v", identity: true, mandatory: true, concealable: true }),
  row("Warning", "values", "response", "informational", "RFC 5379 4.1", { identity: true, anonymous: { text: "-", of: "warn-agent", keeps: [] } }),
  row("WWW-Authenticate", "text", "response", "credential", "RFC 3261 7.3.1"),
];

/** SDP lines that `redact sdp` knows, with their neutral form (RFC 5379 5.2, RFC 4566 5). */
export const sdpLines: Readonly<Record<string, { readonly treatment: string; readonly source: string }>> = {
  o: { treatment: "the username becomes `-`", source: "RFC 5379 5.2.2" },
  s: { treatment: "becomes `s=-`", source: "RFC 4566 5.3" },
  i: { treatment: "the line goes", source: "RFC 5379 5.2.3" },
  u: { treatment: "the line goes", source: "RFC 5379 5.2.3" },
  e: { treatment: "the line goes", source: "RFC 5379 5.2.3" },
  p: { treatment: "the line goes", source: "RFC 5379 5.2.3" },
};
