/** The border's own answers: stateless, from the request alone (RFC 3261 8.2.6, 8.2.7, 16.11). */
import type { FieldTable, Scan } from "../../wire/index.ts";
import { bytesOf } from "../hash/message-bytes.ts";

export interface Answer {
  readonly status: number;
  readonly reason: string;
  /** For a request whose To has no tag. */
  readonly toTag: string;
  /** A stream needs it; a datagram ends by itself. */
  readonly withLength: boolean;
  /** More rows, without line ends. */
  readonly rows: readonly string[];
}

/** RFC 3261 21 and the RFCs that added codes: what a policy may answer with. */
const standardReasons: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  407: "Proxy Authentication Required",
  408: "Request Timeout",
  410: "Gone",
  413: "Request Entity Too Large",
  414: "Request-URI Too Long",
  415: "Unsupported Media Type",
  416: "Unsupported URI Scheme",
  420: "Bad Extension",
  421: "Extension Required",
  423: "Interval Too Brief",
  428: "Use Identity Header",
  429: "Provide Referrer Identity",
  433: "Anonymity Disallowed",
  436: "Bad Identity-Info",
  437: "Unsupported Credential",
  438: "Invalid Identity Header",
  480: "Temporarily Unavailable",
  481: "Call/Transaction Does Not Exist",
  482: "Loop Detected",
  483: "Too Many Hops",
  484: "Address Incomplete",
  485: "Ambiguous",
  486: "Busy Here",
  488: "Not Acceptable Here",
  489: "Bad Event",
  491: "Request Pending",
  493: "Undecipherable",
  494: "Security Agreement Required",
  500: "Server Internal Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Server Time-out",
  505: "Version Not Supported",
  513: "Message Too Large",
  580: "Precondition Failure",
  600: "Busy Everywhere",
  603: "Decline",
  604: "Does Not Exist Anywhere",
  606: "Not Acceptable",
  607: "Unwanted",
};

const classReasons = [
  "",
  "Trying",
  "OK",
  "Multiple Choices",
  "Bad Request",
  "Server Internal Error",
  "Busy Everywhere",
];

/** The phrase that says nothing beyond the code (RFC 3261 8.1.3.2 for the classes). */
export function standardReason(status: number): string {
  return standardReasons[status] ?? classReasons[Math.floor(status / 100)] ?? "Error";
}

/**
 * The answer's bytes; undefined where the request lacks what an answer must repeat, or has it in
 * a form that must not be passed on. `topVia` are the edits of the topmost Via (`received`, `rport`),
 * in ascending order.
 */
export function writeAnswer(
  scan: Scan,
  table: FieldTable,
  answer: Answer,
  topVia: readonly Insertion[],
  toHasTag: boolean,
): Uint8Array | undefined {
  const { via, from, to, callId, cseq } = table.core;
  const parts: Uint8Array[] = [statusLine(answer.status, answer.reason)];
  let row = scan.firstRow(via);
  if (row < 0) return undefined;
  for (; row >= 0; row = scan.nextRow(row)) {
    const bytes = cleanRow(scan, row);
    if (bytes === undefined) return undefined;
    parts.push(...spliced(bytes, scan.rowStart[row]!, topVia));
  }
  for (const field of [from, to, callId, cseq]) {
    const first = scan.firstRow(field);
    const bytes = first < 0 ? undefined : cleanRow(scan, first);
    if (bytes === undefined) return undefined;
    if (field === to && !toHasTag) {
      const at = scan.valueEnd[first]! - scan.rowStart[first]!;
      parts.push(bytes.subarray(0, at), bytesOf(`;tag=${answer.toTag}`), bytes.subarray(at));
    } else {
      parts.push(bytes);
    }
  }
  for (const more of answer.rows) parts.push(bytesOf(`${more}\r\n`));
  parts.push(bytesOf(answer.withLength ? "Content-Length: 0\r\n\r\n" : "\r\n"));
  return Buffer.concat(parts);
}

/** A reason may be a rule's own words, and hold what a message said: UTF-8, and no control character (RFC 3261 25.1). */
function statusLine(status: number, reason: string): Uint8Array {
  return Buffer.from(`SIP/2.0 ${status} ${reason.replace(/\p{Cc}/gu, " ")}\r\n`, "utf8");
}

/** Replaces `bytes[start, end)` of the message; an insertion where both are equal. */
export interface Insertion {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

function spliced(row: Uint8Array, rowStart: number, insertions: readonly Insertion[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { start, end, bytes } of insertions) {
    if (start < rowStart || end > rowStart + row.length) continue;
    parts.push(row.subarray(at, start - rowStart), bytes);
    at = end - rowStart;
  }
  parts.push(row.subarray(at));
  return parts;
}

/** The row with its line end; undefined where a byte in it could be read in two ways. */
function cleanRow(scan: Scan, row: number): Uint8Array | undefined {
  const bytes = scan.bytes.subarray(scan.rowStart[row], scan.rowEnd[row]);
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte >= 32 && byte !== 127) continue;
    if (byte === 9) continue;
    if (byte === 13 && bytes[at + 1] === 10) at++;
    else return undefined;
  }
  return bytes.length >= 2 && bytes[bytes.length - 1] === 10 ? bytes : undefined;
}
