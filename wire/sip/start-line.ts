import * as characters from "./characters.ts";
import { headBytes } from "./head.ts";
import { breaks } from "./rows.ts";
import { passUri } from "./uri-pass.ts";
import type { Finding } from "./violations.ts";

/** What the start line says (RFC 3261 7.1, 7.2). */
export interface StartLine {
  isRequest: boolean;
  methodStart: number;
  methodEnd: number;
  uriStart: number;
  uriEnd: number;
  /** 0 in a request. */
  status: number;
}

const head = headBytes;
const HTAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const SLASH = 0x2f;
const DOT = 0x2e;
const token = characters.token;
const digit = characters.digit;
const text = characters.text;
const lowerCase = characters.lowerCase;

/** Reads the start line; answers the index behind its CRLF, or `broken`. */
export function passStartLine(line: StartLine & Finding): number {
  const b = head;
  const token_ = token;
  line.methodStart = 0;
  line.methodEnd = line.uriStart = line.uriEnd = 0;
  line.status = 0;
  line.isRequest = true;
  let i = 0;
  while (token_[b[i]!]! === 1) i++;
  if (b[i]! === SLASH && i === 3 && isSip(0)) return passStatusLine(line);
  line.methodEnd = i;
  if (i === 0 || b[i]! !== SP) return breaks(line, holdsSip() ? "request-line" : "not-sip", i);
  i++;

  line.uriStart = i;
  const uriEnd = passUri(i, false);
  if (uriEnd < 0 || b[uriEnd]! !== SP) {
    const at = uriEnd < 0 ? ~uriEnd : uriEnd;
    if (!holdsSip()) return breaks(line, "not-sip", at);
    return breaks(line, b[at]! === CR || b[at]! === LF ? "request-line" : "request-uri", at);
  }
  line.uriEnd = uriEnd;
  i = uriEnd + 1;
  if (b[i]! === SP || b[i]! === HTAB) return breaks(line, "request-uri", i);

  const version = i;
  while (token_[b[i]!]! === 1 || b[i]! === SLASH) i++;
  if (b[i]! !== CR || b[i + 1]! !== LF) {
    if (!holdsSip()) return breaks(line, "not-sip", i);
    return goesOn(i) ? breaks(line, "request-uri", version) : breaks(line, "request-line", i);
  }
  const kind = versionAt(version, i);
  if (kind === "none") return breaks(line, "not-sip", version);
  if (kind === "other") return breaks(line, "version", version);
  return i + 2;
}

/** Nobody answers an ACK (RFC 3261 17.1.1.3). */
export function isAck({ methodStart: at, methodEnd }: StartLine): boolean {
  const b = head;
  return methodEnd - at === 3 && b[at]! === 0x41 && b[at + 1]! === 0x43 && b[at + 2]! === 0x4b;
}

function passStatusLine(line: StartLine & Finding): number {
  const b = head;
  const token_ = token;
  const digit_ = digit;
  const text_ = text;
  line.isRequest = false;
  let i = 4;
  while (token_[b[i]!]! === 1) i++;
  const kind = versionAt(0, i);
  if (kind !== "2.0") return breaks(line, kind === "other" ? "version" : "status-line", 0);
  if (b[i]! !== SP) return breaks(line, "status-line", i);
  const start = ++i;
  while (digit_[b[i]!]! === 1) i++;
  // The reason may be empty; some systems then leave out the blank before it too.
  if (i === start || (b[i]! !== SP && b[i]! !== CR)) return breaks(line, "status-line", i);
  if (i - start !== 3) return breaks(line, "status-code", start);
  line.status = (b[start]! - 0x30) * 100 + (b[start + 1]! - 0x30) * 10 + b[start + 2]! - 0x30;
  if (line.status < 100 || line.status > 699) return breaks(line, "status-code", start);
  while (text_[b[i]!]! === 1 || b[i]! === HTAB) i++;
  if (b[i]! === CR) return b[i + 1]! === LF ? i + 2 : breaks(line, "bare-cr", i);
  return breaks(line, b[i]! === LF ? "bare-lf" : "control-character", i);
}

function isSip(at: number): boolean {
  const b = head;
  return lowerCase[b[at]!]! === 0x73 && lowerCase[b[at + 1]!]! === 0x69 && lowerCase[b[at + 2]!]! === 0x70;
}

/** `SIP/2.0`, another version of SIP, or no version of SIP. */
function versionAt(start: number, end: number): "2.0" | "other" | "none" {
  const b = head;
  if (end - start < 5 || !isSip(start) || b[start + 3]! !== SLASH) return "none";
  if (end - start === 7 && b[start + 4]! === 0x32 && b[start + 5]! === DOT && b[start + 6]! === 0x30)
    return "2.0";
  let i = start + 4;
  while (i < end && (digit[b[i]!]! === 1 || b[i]! === DOT)) i++;
  return i === end ? "other" : "none";
}

/** Whether more than blanks stands between `at` and the end of the line: then the URI holds a blank. */
function goesOn(at: number): boolean {
  const b = head;
  let i = at;
  while (b[i]! === SP || b[i]! === HTAB) i++;
  return i > at && b[i]! > SP;
}

/** Whether the first line names SIP at all: what does not is no damaged message but something else. */
function holdsSip(): boolean {
  const b = head;
  for (let i = 0; b[i]! !== LF; i++) {
    if (b[i]! === SLASH && i >= 3 && isSip(i - 3)) return true;
  }
  return false;
}

const methods: ReadonlySet<string> = new Set([
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
]);

/** A method of the IANA registry; case counts (RFC 3261 7.1). */
export function isKnownMethod(start: number, end: number): boolean {
  return end - start <= 9 && methods.has(String.fromCharCode(...head.subarray(start, end)));
}

/** A known method but for the case of its letters: some readers take it for that method. */
export function mimicsMethod(start: number, end: number): boolean {
  const written = String.fromCharCode(...head.subarray(start, end));
  return !methods.has(written) && methods.has(written.toUpperCase());
}
