/** Whether an edit of the body could mean something in a message. It may say yes for nothing. */
import type { Edit } from "../../grammar/model.ts";
import type { FieldTable } from "../../wire/index.ts";
import { bytesOf, equalsCaseless } from "./byte-text.ts";
import type { Test } from "./condition-test.ts";
import type { MessageFacts } from "./message-facts.ts";

const slash = 0x2f;
const semicolon = 0x3b;

export function bodyTriggerOf(edit: Edit, table: FieldTable): Test {
  const test = partTrigger(edit, table);
  return (facts) => facts.scan.end > facts.scan.bodyStart && test(facts);
}

function partTrigger(edit: Edit, table: FieldTable): Test {
  switch (edit.kind) {
    case "drop-named-parts": {
      const field = table.id(edit.field);
      return (facts) => facts.firstRow(field) >= 0;
    }
    case "drop-parts":
      return typeTrigger([edit.type]);
    case "drop-other-parts": {
      const isListed = listedTest(edit.except);
      return (facts) => !isPlain(facts) || !isListed(facts);
    }
    case "redact-sdp":
      return typeTrigger(["application/sdp"]);
    case "redact-sipfrag":
      return typeTrigger(["message/sipfrag"]);
    default:
      return () => true;
  }
}

const multipart = bytesOf("multipart/");
const ciphertext = bytesOf("application/pkcs7");
const ciphertextToo = bytesOf("application/x-pkcs7");

function typeTrigger(types: readonly string[]): Test {
  const isListed = listedTest(types);
  return (facts) => !isPlain(facts) || isListed(facts);
}

/** Of a plain body: its type is one of these, where `*` stands for all subtypes. */
function listedTest(types: readonly string[]): Test {
  const wanted = types.map((type) => ({ any: type.endsWith("/*"), bytes: bytesOf(type.endsWith("/*") ? type.slice(0, -1) : type) }));
  const all = types.includes("*/*");
  return (facts) => {
    const { bytes } = facts.scan;
    const start = typeStart(facts);
    const end = typeEnd(facts, start);
    for (const type of wanted) {
      if (type.any ? startsWith(bytes, start, end, type.bytes) : equalsCaseless(bytes, start, end, type.bytes)) return true;
    }
    return all;
  };
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
  return !(
    startsWith(bytes, start, end, multipart) ||
    startsWith(bytes, start, end, ciphertext) ||
    startsWith(bytes, start, end, ciphertextToo)
  );
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
