/**
 * The two readings of a head side by side: the quick one with the careful one behind it, and
 * the careful one alone. The comparison makes no objects, so that every message of a long
 * test can have it.
 */
import { defaultScanLimits, type FieldTable, Scan } from "../../wire/index.ts";
import { headCapacity, loadHead } from "../../wire/sip/head.ts";
import { callIdAtMost, methodAtMost } from "../../wire/sip/quick/layout.ts";
import { readQuickly } from "../../wire/sip/quick/quick-read.ts";
import { table, textOf } from "./messages.ts";

/** Whether the quick reading reads all of a message's head by itself. */
export function isReadQuickly(input: Uint8Array, names: FieldTable = table): boolean {
  const length = Math.min(input.length, headCapacity);
  loadHead(input, length);
  return readQuickly(length, names);
}

/** A scan that never asks the quick reading: that holds to longer methods than this one allows. */
export function carefulScan(names: FieldTable): Scan {
  return new Scan(names, { ...defaultScanLimits, methodBytes: methodAtMost - 1 });
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
  const acceptedWithCare = careful.read(input, framing);
  const difference = accepted === acceptedWithCare ? differenceOf(quick, careful, accepted) : "verdict";
  if (difference === undefined) return accepted;
  const rules = [quick, careful].map(({ violation }) => violation?.rule ?? "none");
  throw new Error(
    `the readings differ in ${difference} (broken: ${rules.join(", ")}): ${JSON.stringify(textOf(input))}`,
  );
}

/** What they say differently of the message that both have read. */
function differenceOf(one: Scan, other: Scan, accepted: boolean): string | undefined {
  if (!isAlikeAsWhole(one, other)) return "start line or ends";
  if (!isAlikeInRows(one, other, accepted)) return "rows";
  if (!isAlikeInChains(one, other)) return "chains";
  // What a refused message holds beside its rows says nothing.
  if (!accepted) return isAlikeInFault(one, other) ? undefined : "fault";
  return one.vias === other.vias && one.present === other.present ? undefined : "counts";
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
