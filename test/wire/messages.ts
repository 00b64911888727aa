/** Messages of the wire's tests: written as text, read as bytes. */
import { fieldRows } from "../../grammar/vocabulary.ts";
import { FieldTable, Scan } from "../../wire/index.ts";

/** Latin-1, so that every byte can be written as `\xNN`. */
export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function textOf(b: Uint8Array, start = 0, end: number = b.length): string {
  return Buffer.from(b.subarray(start, end)).toString("latin1");
}

export const table: FieldTable = new FieldTable(fieldRows);

/** The rows of a message that says only what every message must. */
export const leastRows: readonly string[] = [
  "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa",
  "Max-Forwards: 70",
  "From: <sip:alice@home1.example>;tag=f",
  "To: <sip:bob@open-d.example>",
  "Call-ID: a@192.0.2.1",
  "CSeq: 1 INVITE",
];

export interface Parts {
  readonly start?: string;
  /** Take the place of the least row with the same name, or stand behind them. */
  readonly rows?: readonly string[];
  readonly body?: string;
  /** Left out of the least rows. */
  readonly without?: readonly string[];
}

const nameOf = (row: string): string => row.slice(0, row.indexOf(":")).trim().toLowerCase();

/** A request, unless `start` says otherwise; no Content-Length unless a row gives it. */
export function message({
  start = "INVITE sip:bob@open-d.example SIP/2.0",
  rows = [],
  body = "",
  without = [],
}: Parts = {}): Uint8Array {
  const gone = new Set([...rows.map(nameOf), ...without.map((name) => name.toLowerCase())]);
  const all = [...leastRows.filter((row) => !gone.has(nameOf(row))), ...rows];
  return bytes([start, ...all, "", body].join("\r\n"));
}

/** Values of a field as a scan finds them, row by row. */
export function rowsOf(scan: Scan, name: string): string[] {
  const found: string[] = [];
  for (let row = scan.firstRow(scan.table.id(name)); row >= 0; row = scan.nextRow(row)) {
    found.push(textOf(scan.bytes, scan.valueStart[row], scan.valueEnd[row]));
  }
  return found;
}
