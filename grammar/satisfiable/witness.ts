/** A situation as a reader sees it: a SIP message, and a line on its ends. */
import type { EndWitness, MessageWitness, Situation } from "../satisfiable.ts";
import type { FieldRow } from "../vocabulary.ts";
import { plainValue } from "./fields.ts";

/** Status line's reason phrases that a reader expects (RFC 3261 21); others read `Status`. */
const reasons: Readonly<Record<number, string>> = {
  180: "Ringing",
  200: "OK",
  302: "Moved Temporarily",
  404: "Not Found",
  486: "Busy Here",
  500: "Server Internal Error",
  603: "Decline",
};

/** Lines end in CRLF. A field that nothing was said of is there only if a message needs it. */
export function writeMessage(message: MessageWitness, fields: ReadonlyMap<string, FieldRow>): string {
  const { method, status } = message;
  const uri = message.emergency
    ? "urn:service:sos"
    : (message.fields.get("Request-URI")?.[0] ?? "sip:bob@host.example");
  const rows: string[] = [
    message.message === "request"
      ? `${method} ${uri} SIP/2.0`
      : `SIP/2.0 ${status} ${reasons[status] ?? "Status"}`,
  ];
  const usual: Record<string, string> = {
    Via: plainValue("Via", "values"),
    ...(message.message === "request" ? { "Max-Forwards": "70" } : {}),
    From: plainValue("From", "address"),
    To: "<sip:bob@host.example>",
    "Call-ID": plainValue("Call-ID", "text"),
    CSeq: `1 ${method}`,
  };
  for (const [name, value] of Object.entries(usual)) {
    rows.push(...(message.fields.get(name) ?? [value]).map((one) => `${name}: ${one}`));
  }
  for (const [name, values] of message.fields) {
    if (name === "Request-URI" || name in usual || values.length === 0) continue;
    if (fields.get(name)?.shape === "priv-values") rows.push(`${name}: ${values.join(";")}`);
    else rows.push(...values.map((one) => `${name}: ${one}`));
  }
  const { type, text } = writeBody(message.body);
  if (type !== undefined) rows.push(`Content-Type: ${type}`);
  if (!message.fields.has("Content-Length")) rows.push(`Content-Length: ${text.length}`);
  return `${rows.join("\r\n")}\r\n\r\n${text}`;
}

function writeBody(types: readonly string[]): { type: string | undefined; text: string } {
  const [first, second] = types;
  if (first === undefined) return { type: undefined, text: "" };
  if (second === undefined) return { type: first, text: contentOf(first) };
  const parts = types.map((type) => `--1\r\nContent-Type: ${type}\r\n\r\n${contentOf(type)}\r\n`).join("");
  return { type: "multipart/mixed;boundary=1", text: `${parts}--1--\r\n` };
}

function contentOf(type: string): string {
  if (type === "application/sdp") {
    return ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0", ""].join("\r\n");
  }
  return type === "message/sipfrag" ? "SIP/2.0 200 OK\r\n" : "x";
}

/** Such as "from home over udp to open-d over tls, with option keep-id = no, at 2026-01-01T00:00:00.000Z". */
export function describeSituation(situation: Situation): string {
  const words: string[] = [];
  if (situation.from !== undefined) words.push(describeEnd("from", situation.from));
  if (situation.to !== undefined) words.push(describeEnd("to", situation.to));
  if (situation.handshake !== undefined) {
    const { role, domainSought } = situation.handshake;
    words.push(`a handshake as ${role}${domainSought === undefined ? "" : ` for ${domainSought}`}`);
  }
  for (const [name, value] of situation.options) words.push(`with option ${name} = ${value}`);
  if (situation.at !== undefined) words.push(`at ${new Date(situation.at).toISOString()}`);
  return words.join(", ");
}

function describeEnd(side: "from" | "to", { network, connection }: EndWitness): string {
  const facts = [`over ${connection.transport}`];
  if (connection.names.length > 0)
    facts.push(`with a certificate that names ${connection.names.join(" and ")}`);
  if (connection.listener !== undefined) facts.push(`at listener ${connection.listener}`);
  if (connection.address !== undefined) facts.push(`of address ${connection.address}`);
  return `${side} ${network} ${facts.join(" ")}`;
}
