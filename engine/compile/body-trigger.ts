/** Whether an edit of the body could mean something in a message. It may say yes for nothing. */
import type { Edit } from "../../grammar/model.ts";
import { bytesOf, equalsCaseless } from "./byte-text.ts";
import type { MessageFacts } from "./message-facts.ts";

const slash = 0x2f;
const semicolon = 0x3b;

export function bodyMayMean(edit: Edit, facts: MessageFacts): boolean {
  const { scan } = facts;
  if (scan.end <= scan.bodyStart) return false;
  switch (edit.kind) {
    case "drop-named-parts":
      return facts.firstRow(facts.table.id(edit.field)) >= 0;
    case "drop-parts":
      return mayHoldType(facts, edit.type);
    case "drop-other-parts":
      return !isPlain(facts) || !edit.except.some((type) => mayHoldType(facts, type));
    case "redact-sdp":
      return mayHoldType(facts, "application/sdp");
    case "redact-sipfrag":
      return mayHoldType(facts, "message/sipfrag");
    default:
      return true;
  }
}

const multipart = bytesOf("multipart/");
const ciphertext = bytesOf("application/pkcs7");
const cipherTextToo = bytesOf("application/x-pkcs7");

function mayHoldType(facts: MessageFacts, wanted: string): boolean {
  if (!isPlain(facts) || wanted === "*/*") return true;
  const { bytes } = facts.scan;
  const start = typeStart(facts);
  const end = typeEnd(facts, start);
  return wanted.endsWith("/*")
    ? startsWith(bytes, start, end, bytesOf(wanted.slice(0, -1)))
    : equalsCaseless(bytes, start, end, bytesOf(wanted));
}

/** A type written without blanks, neither multipart nor encrypted nor encoded: such a body is its own only part. */
function isPlain(facts: MessageFacts): boolean {
  const { scan, table } = facts;
  const { bytes } = scan;
  if (facts.firstRow(table.core.contentType) < 0 || facts.firstRow(table.core.contentEncoding) >= 0) return false;
  const start = typeStart(facts);
  const end = typeEnd(facts, start);
  let slashes = 0;
  for (let at = start; at < end; at++) {
    if (bytes[at]! <= 0x20) return false;
    if (bytes[at] === slash) slashes++;
  }
  if (slashes !== 1 || bytes[start] === slash || bytes[end - 1] === slash) return false;
  return ![multipart, ciphertext, cipherTextToo].some((prefix) => startsWith(bytes, start, end, prefix));
}

function typeStart({ scan, table }: MessageFacts): number {
  return scan.valueStart[scan.firstRow(table.core.contentType)]!;
}

/** The first semicolon, or the row's end. */
function typeEnd({ scan, table }: MessageFacts, start: number): number {
  const { bytes } = scan;
  const end = scan.valueEnd[scan.firstRow(table.core.contentType)]!;
  let at = start;
  while (at < end && bytes[at] !== semicolon) at++;
  return at;
}

function startsWith(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  return end - start >= prefix.length && equalsCaseless(bytes, start, start + prefix.length, prefix);
}
