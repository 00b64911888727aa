/** SIP messages as text, for the tour's own elements: their messages are well-formed and small. */
import { randomBytes } from "node:crypto";

/** What a caller keeps of a call (RFC 3261 12.1.2). */
export interface Dialog {
  readonly target: string;
  readonly routes: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly sentBy: string;
  readonly cseq: number;
}

/** The first line in three parts: method, URI, version, or version, status, reason. */
export function startLine(message: string): readonly [string, string, string] {
  const [first = "", second = "", ...rest] = message.slice(0, message.indexOf("\r\n")).split(" ");
  return [first, second, rest.join(" ")];
}

/** Values of a field's rows in order; only the long form is looked for. */
export function fieldValues(message: string, field: string): readonly string[] {
  const prefix = `${field.toLowerCase()}:`;
  return headOf(message)
    .split("\r\n")
    .slice(1)
    .filter((row) => row.toLowerCase().startsWith(prefix))
    .map((row) => row.slice(prefix.length).trim());
}

function headOf(message: string): string {
  const end = message.indexOf("\r\n\r\n");
  return end < 0 ? message : message.slice(0, end);
}

export function newToken(): string {
  return randomBytes(6).toString("hex");
}

/** A Via value with a new branch. */
export function viaOf(sentBy: string): string {
  return `SIP/2.0/${sentBy};branch=z9hG4bK${newToken()};rport`;
}

/** Rows and body as one message; Content-Length and, for a body, its type are added. */
export function compose(start: string, rows: readonly string[], sdp = ""): string {
  const body = sdp === "" ? [] : ["Content-Type: application/sdp"];
  return `${[start, ...rows, ...body, `Content-Length: ${Buffer.byteLength(sdp, "latin1")}`].join("\r\n")}\r\n\r\n${sdp}`;
}

export function dialogOf(invite: string, final: string): Dialog {
  const contact = fieldValues(final, "Contact")[0] ?? "";
  return {
    target: /<([^>]+)>/.exec(contact)?.[1] ?? startLine(invite)[1],
    routes: fieldValues(final, "Record-Route").toReversed(),
    from: fieldValues(invite, "From")[0]!,
    to: fieldValues(final, "To")[0]!,
    callId: fieldValues(invite, "Call-ID")[0]!,
    sentBy: /^SIP\/2\.0\/([^;]+)/.exec(fieldValues(invite, "Via")[0]!)![1]!,
    cseq: Number(fieldValues(invite, "CSeq")[0]!.split(" ")[0]),
  };
}

/** `step` 1 has the INVITE's CSeq number (ACK), 2 the next one. */
export function inDialog(dialog: Dialog, method: string, step: number): string {
  return compose(`${method} ${dialog.target} SIP/2.0`, [
    `Via: ${viaOf(dialog.sentBy)}`,
    "Max-Forwards: 70",
    ...dialog.routes.map((route) => `Route: ${route}`),
    `From: ${dialog.from}`,
    `To: ${dialog.to}`,
    `Call-ID: ${dialog.callId}`,
    `CSeq: ${dialog.cseq + step - 1} ${method}`,
  ]);
}

/** A response with what it must copy (RFC 3261 8.2.6.2). */
export function replyTo(request: string, status: string, contact: string): string {
  const copied = ["Via", "Record-Route", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
    fieldValues(request, field).map((value) =>
      field === "To" && !/;tag=/.test(value) ? `To: ${value};tag=${tagOf(request)}` : `${field}: ${value}`,
    ),
  );
  return compose(`SIP/2.0 ${status}`, [...copied, `Contact: ${contact}`]);
}

/** The same for every response of a call. */
function tagOf(request: string): string {
  return Buffer.from(fieldValues(request, "Call-ID")[0] ?? "")
    .toString("hex")
    .slice(0, 10);
}
