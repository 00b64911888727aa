/** What a message has to hold as a whole, once its rows are read. */
import { isBlank } from "./blanks.ts";
import * as characters from "./characters.ts";
import { headBytes } from "./head.ts";
import { mandatory } from "./kinds.ts";
import { isMediaType, isNumber, readNumber } from "./numbers.ts";
import { breaks } from "./rows.ts";
import type { Scan } from "./scan.ts";
import { isKnownMethod, mimicsMethod } from "./start-line.ts";
import type { RuleName } from "./violations.ts";

const head = headBytes;
const digit = characters.digit;
const token = characters.token;
/** So many digits stay below 2^31, whatever they are. */
const safeDigits = 9;

/** The fields that every message has, and those that are numbers (RFC 3261 8.1.1, 20). */
export function isComplete(scan: Scan): boolean {
  const { valueStart, valueEnd } = scan;
  const { callId, cseq, maxForwards, contentType } = scan.table.core;
  if (scan.vias === 0 || (scan.present & mandatory) !== mandatory) {
    return fails(scan, "missing-field", scan.headEnd);
  }
  let row = scan.firstRow(callId);
  let start = valueStart[row]!;
  if (valueEnd[row]! - start > scan.limits.callIdBytes) return fails(scan, "limit-call-id-bytes", start);
  row = scan.firstRow(cseq);
  if (!holdsSequence(scan, valueStart[row]!, valueEnd[row]!)) return false;

  row = scan.firstRow(maxForwards);
  if (row >= 0) {
    start = valueStart[row]!;
    const hops = readNumber(head, start, valueEnd[row]!);
    if (hops < 0 || hops > 255) return fails(scan, "max-forwards", start);
  }
  row = scan.firstRow(contentType);
  if (row >= 0 && !isMediaType(head, valueStart[row]!, valueEnd[row]!)) {
    return fails(scan, "content-type", valueStart[row]!);
  }
  return true;
}

/** CSeq: a number below 2^31, a blank, and in a request its method (RFC 3261 8.1.1.5, 20.16). */
function holdsSequence(scan: Scan, start: number, end: number): boolean {
  const b = head;
  const digit_ = digit;
  const token_ = token;
  let i = start;
  while (digit_[b[i]!]! === 1 && i < end) i++;
  const numberEnd = i;
  while (i < end && isBlank(b[i]!)) i++;
  const method = i;
  const { methodStart, methodEnd, isRequest } = scan;
  let same = end - method === methodEnd - methodStart;
  let lower = false;
  for (; i < end; i++) {
    const c = b[i]!;
    if (token_[c]! === 0) break;
    if (c >= 0x61) lower = true;
    if (c !== b[methodStart + i - method]!) same = false;
  }
  if (numberEnd === start || method === numberEnd || method === end || i < end)
    return fails(scan, "cseq", start);
  if (numberEnd - start > safeDigits && isTooLarge(start, numberEnd)) return fails(scan, "cseq-range", start);
  if (lower && mimicsMethod(method, end)) return fails(scan, "method-case", method);
  if (isRequest && !same) {
    return fails(scan, isKnownMethod(methodStart, methodEnd) ? "cseq-method" : "cseq-unknown-method", start);
  }
  return true;
}

function isTooLarge(start: number, end: number): boolean {
  const number = readNumber(head, start, end);
  return number < 0 || number > 0x7fffffff;
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
