import assert from "node:assert/strict";
import { fieldRows } from "../../grammar/vocabulary.ts";
import { FieldTable, Scan } from "../../wire/index.ts";

export const fields: FieldTable = new FieldTable(fieldRows);

/** The lines of a message with CRLF behind each, and an empty one. */
export function messageOf(...lines: readonly string[]): Uint8Array {
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

/** A scan of a message that keeps every rule of syntax. */
export function scanOf(bytes: Uint8Array): Scan {
  const scan = new Scan(fields);
  assert.ok(scan.read(bytes, "datagram"), scan.violation?.rule);
  return scan;
}
