/** A comparison of the two readings that makes no objects, so that every message of a long test can have it. */
import { defaultScanLimits, type FieldTable, Scan } from "../../wire/index.ts";
import { headCapacity, loadHead } from "../../wire/sip/head.ts";
import { callIdAtMost, methodAtMost } from "../../wire/sip/quick/layout.ts";
import { readQuickly } from "../../wire/sip/quick/quick-read.ts";
import { table } from "./messages.ts";
import { assertSameReading, carefulScan } from "./readings.ts";

/** Whether the quick reading reads all of a message's head by itself. */
export function isReadQuickly(input: Uint8Array, names: FieldTable = table): boolean {
  const length = Math.min(input.length, headCapacity);
  loadHead(input, length);
  return readQuickly(length, names);
}

/**
 * Scans that never ask the quick reading, each because of another limit that is tighter than
 * what that reading holds to. A message is beyond one of these limits, or the other, or none.
 */
export class CarefulScans {
  readonly #shortMethods: Scan;
  readonly #shortCallIds: Scan;

  constructor(names: FieldTable) {
    this.#shortMethods = carefulScan(names);
    this.#shortCallIds = new Scan(names, { ...defaultScanLimits, callIdBytes: callIdAtMost - 1 });
  }

  /** The one whose limit does not tell on the message that `quick` has read; none where both do. */
  suited(quick: Scan): Scan | undefined {
    if (quick.methodEnd < methodAtMost) return this.#shortMethods;
    const row = quick.firstRow(quick.table.core.callId);
    const isShort = row < 0 || quick.valueEnd[row]! - quick.valueStart[row]! < callIdAtMost;
    return isShort ? this.#shortCallIds : undefined;
  }
}

/**
 * Throws where the two readings say different things of a message; `careful` is a scan that
 * never asks the quick one. Answers whether both accept it.
 */
export function readAlike(
  quick: Scan,
  careful: Scan,
  input: Uint8Array,
  framing: "datagram" | "stream",
): boolean {
  const accepted = quick.read(input, framing);
  const same = careful.read(input, framing) === accepted && isAlike(quick, careful, accepted);
  if (!same) {
    assertSameReading(quick, careful, input, framing);
    throw new Error("the readings differ, and then again they don't");
  }
  return accepted;
}

function isAlike(one: Scan, other: Scan, accepted: boolean): boolean {
  return (
    isAlikeAsWhole(one, other) &&
    isAlikeInRows(one, other, accepted) &&
    isAlikeInChains(one, other) &&
    // What a refused message holds beside its rows says nothing.
    (accepted ? one.vias === other.vias && one.present === other.present : isAlikeInFault(one, other))
  );
}

function isAlikeAsWhole(one: Scan, other: Scan): boolean {
  return (
    one.isRequest === other.isRequest &&
    one.methodStart === other.methodStart &&
    one.methodEnd === other.methodEnd &&
    one.uriStart === other.uriStart &&
    one.uriEnd === other.uriEnd &&
    one.uriInitials === other.uriInitials &&
    one.status === other.status &&
    one.headEnd === other.headEnd &&
    one.bodyStart === other.bodyStart &&
    one.end === other.end &&
    one.rowCount === other.rowCount
  );
}

function isAlikeInRows(one: Scan, other: Scan, accepted: boolean): boolean {
  for (let row = 0; row < one.rowCount; row++) {
    if (
      one.rowField[row] !== other.rowField[row] ||
      (accepted && one.rowInitials[row] !== other.rowInitials[row]) ||
      one.rowStart[row] !== other.rowStart[row] ||
      one.nameEnd[row] !== other.nameEnd[row] ||
      one.valueStart[row] !== other.valueStart[row] ||
      one.valueEnd[row] !== other.valueEnd[row] ||
      one.rowEnd[row] !== other.rowEnd[row] ||
      one.nextRow(row) !== other.nextRow(row)
    )
      return false;
  }
  return true;
}

function isAlikeInChains(one: Scan, other: Scan): boolean {
  for (let field = 0; field <= one.table.size; field++) {
    if (one.firstRow(field) !== other.firstRow(field)) return false;
  }
  return true;
}

function isAlikeInFault({ violation: one }: Scan, { violation: other }: Scan): boolean {
  return (
    one !== undefined &&
    other !== undefined &&
    one.rule === other.rule &&
    one.clause === other.clause &&
    one.at === other.at &&
    one.status === other.status &&
    one.closes === other.closes &&
    one.drop === other.drop
  );
}
