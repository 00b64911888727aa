/** The two readings of a head: the quick one with the careful one behind it, and the careful one alone. */
import assert from "node:assert/strict";
import { defaultScanLimits, type FieldTable, Scan } from "../../wire/index.ts";
import { methodAtMost } from "../../wire/sip/quick/layout.ts";

/** A scan that never asks the quick reading: that holds to longer methods than this one allows. */
export function carefulScan(table: FieldTable): Scan {
  return new Scan(table, { ...defaultScanLimits, methodBytes: methodAtMost - 1 });
}

/** All that a scan says of the message that it has just read. */
function toldBy(scan: Scan, accepted: boolean): unknown {
  const { rowCount } = scan;
  const column = (values: Int32Array): number[] => [...values.subarray(0, rowCount)];
  const chains: (readonly number[])[] = [];
  for (let field = 0; field <= scan.table.size; field++) {
    const chain: number[] = [];
    for (let row = scan.firstRow(field); row >= 0; row = scan.nextRow(row)) chain.push(row);
    if (chain.length > 0) chains.push([field, ...chain]);
  }
  return {
    accepted,
    violation: scan.violation,
    line: [scan.isRequest, scan.methodStart, scan.methodEnd, scan.uriStart, scan.uriEnd, scan.uriInitials],
    status: scan.status,
    ends: [scan.headEnd, scan.bodyStart, scan.end],
    // What a refused message holds beside its rows says nothing.
    counts: accepted ? [scan.vias, scan.present] : [],
    fields: column(scan.rowField),
    initials: accepted ? column(scan.rowInitials) : [],
    rows: [scan.rowStart, scan.nameEnd, scan.valueStart, scan.valueEnd, scan.rowEnd].map(column),
    chains,
  };
}

/** Throws where the two readings say different things of a message. Answers whether both accept it. */
export function assertSameReading(
  quick: Scan,
  careful: Scan,
  input: Uint8Array,
  framing: "datagram" | "stream",
): boolean {
  const accepted = quick.read(input, framing);
  const told = toldBy(quick, accepted);
  assert.deepEqual(
    told,
    toldBy(careful, careful.read(input, framing)),
    Buffer.from(input).toString("latin1"),
  );
  return accepted;
}
