/** Messages as the border's tests write them: the rows that a request must have, and what the test is about. */
import { textMessage, valuesOf } from "./phone.ts";

export interface WrittenRequest {
  readonly method?: string;
  readonly uri?: string;
  /** The values of Via, the topmost first. */
  readonly via: string | readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly hops?: number;
  /** Further rows, before Content-Length. */
  readonly rows?: readonly string[];
}

export function writeRequest({
  method = "INVITE",
  uri = "sip:bob@open-d.example",
  via,
  from = "<sip:alice@home1.example>;tag=f1",
  to = "<sip:bob@open-d.example>",
  callId = "call@test",
  cseq = 1,
  hops = 70,
  rows = [],
}: WrittenRequest): string {
  return textMessage(
    `${method} ${uri} SIP/2.0`,
    ...[via].flat().map((value) => `Via: ${value}`),
    `Max-Forwards: ${hops}`,
    `From: ${from}`,
    `To: ${to}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    ...rows,
    "Content-Length: 0",
  );
}

/** The answer of whoever got the request: its Via, Record-Route, From, To, Call-ID and CSeq (RFC 3261 8.2.6.2). */
export function writeResponse(request: string, status: string, ...rows: readonly string[]): string {
  const copied = ["Via", "Record-Route", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
    valuesOf(request, field).map(
      (value) => `${field}: ${value}${field === "To" && !value.includes("tag=") ? ";tag=b1" : ""}`,
    ),
  );
  return textMessage(`SIP/2.0 ${status}`, ...copied, ...rows, "Content-Length: 0");
}

/** The branch of the topmost Via. */
export function branchOf(message: string): string {
  const branch = /^Via:[^\r]*?;branch=([^;,\s]+)/im.exec(message)?.[1];
  if (branch === undefined) throw new Error(`no branch in ${message}`);
  return branch;
}
