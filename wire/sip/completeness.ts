/** What a message has to hold as a whole, once its rows are read. */
import * as characters from "./characters.ts";
import { headBytes } from "./head.ts";
import { cseqNumberEnd, isMediaType, isNumber, readNumber } from "./numbers.ts";
import { breaks } from "./rows.ts";
import type { Scan } from "./scan.ts";
import { isKnownMethod, mimicsMethod } from "./start-line.ts";
import type { RuleName } from "./violations.ts";

const head = headBytes;
const token = characters.token;

/** The fields that every message has, and those that are numbers (RFC 3261 8.1.1, 20). */
export function isComplete(scan: Scan): boolean {
  const { via, from, to, callId, cseq, maxForwards, contentType } = scan.table.core;
  if (scan.vias === 0 || isMissing(scan, via) || isMissing(scan, from) || isMissing(scan, to)) {
    return fails(scan, "missing-field", scan.headEnd);
  }
  if (isMissing(scan, callId) || isMissing(scan, cseq)) return fails(scan, "missing-field", scan.headEnd);

  let row = scan.firstRow(callId);
  if (scan.valueEnd[row]! - scan.valueStart[row]! > scan.limits.callIdBytes) {
    return fails(scan, "limit-call-id-bytes", scan.valueStart[row]!);
  }
  if (!holdsSequence(scan, scan.firstRow(cseq))) return false;

  row = scan.firstRow(maxForwards);
  if (row >= 0) {
    const hops = readNumber(head, scan.valueStart[row]!, scan.valueEnd[row]!);
    if (hops < 0 || hops > 255) return fails(scan, "max-forwards", scan.valueStart[row]!);
  }
  row = scan.firstRow(contentType);
  if (row >= 0 && !isMediaType(head, scan.valueStart[row]!, scan.valueEnd[row]!)) {
    return fails(scan, "content-type", scan.valueStart[row]!);
  }
  return true;
}

function isMissing(scan: Scan, id: number): boolean {
  const row = scan.firstRow(id);
  return row < 0 || scan.valueStart[row]! === scan.valueEnd[row]!;
}

/** CSeq: a number below 2^31, and in a request its method (RFC 3261 8.1.1.5, 20.16). */
function holdsSequence(scan: Scan, row: number): boolean {
  const start = scan.valueStart[row]!;
  const end = scan.valueEnd[row]!;
  const numberEnd = cseqNumberEnd(head, start, end);
  if (numberEnd < 0) return fails(scan, "cseq", start);
  const number = readNumber(head, start, numberEnd);
  if (number < 0 || number > 0x7fffffff) return fails(scan, "cseq-range", start);
  let method = end;
  while (token[head[method - 1]!]! === 1) method--;
  if (mimicsMethod(method, end)) return fails(scan, "method-case", method);
  if (scan.isRequest && !namesMethod(scan, end)) {
    const known = isKnownMethod(scan.methodStart, scan.methodEnd);
    return fails(scan, known ? "cseq-method" : "cseq-unknown-method", start);
  }
  return true;
}

/** Whether the CSeq value that ends at `end` ends in the request's method, behind a blank. */
function namesMethod(scan: Scan, end: number): boolean {
  const b = head;
  let i = scan.methodEnd;
  let j = end;
  while (i > scan.methodStart) if (b[--i]! !== b[--j]!) return false;
  return token[b[j - 1]!]! === 0;
}

/** Finds where the message ends, and whether that agrees with its framing (RFC 3261 18.3, 20.14). */
export function fitsItsLength(scan: Scan, framing: "datagram" | "stream"): boolean {
  const available = scan.bytes.length - scan.bodyStart;
  const row = scan.firstRow(scan.table.core.contentLength);
  let body = available;
  if (row >= 0) {
    const start = scan.valueStart[row]!;
    const end = scan.valueEnd[row]!;
    if (!isNumber(head, start, end)) return fails(scan, "content-length", start);
    body = readNumber(head, start, end);
    if (body < 0 || body > scan.limits.bodyBytes) return fails(scan, "limit-body-bytes", start);
    if (body > available) return fails(scan, "short-body", start);
    if (framing === "stream" && body < available) return fails(scan, "content-length-mismatch", start);
  } else {
    if (framing === "stream") return fails(scan, "content-length-missing", scan.headEnd);
    if (body > scan.limits.bodyBytes) return fails(scan, "limit-body-bytes", scan.bodyStart);
  }
  scan.end = scan.bodyStart + body;
  return true;
}

function fails(scan: Scan, rule: RuleName, at: number): false {
  breaks(scan, rule, at);
  return false;
}
