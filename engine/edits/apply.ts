/** Applies byte edits, and says of them what the decision says. */
import { EditList, type Scan } from "../../wire/index.ts";
import type { AppliedEdit } from "../decision.ts";
import { compareText } from "./node-edit.ts";
import type { ByteEdit } from "./render.ts";

/** The message with its edits; without any it is the message's own bytes, cut where the message ends. */
export function applyEdits(
  edits: readonly ByteEdit[],
  scan: Scan,
  also?: (scan: Scan, edits: EditList) => void,
): Uint8Array {
  const list = new EditList();
  for (const { start, end, bytes } of edits) {
    if (start === end) list.insert(start, bytes);
    else if (bytes.length === 0) list.remove(start, end);
    else list.replace(start, end, bytes);
  }
  also?.(scan, list);
  if (list.size > 0) return list.apply(scan.bytes, scan.end);
  return scan.end === scan.bytes.length ? scan.bytes : scan.bytes.subarray(0, scan.end);
}

/** Each (field, action, rule) once, in alphabetical order. */
export function appliedEdits(edits: readonly ByteEdit[]): readonly AppliedEdit[] {
  const all = [...new Set(edits.flatMap(({ credits }) => credits))];
  const byText = new Map(
    all.map((credit) => [[credit.field, credit.action, credit.rule, credit.because].join("\n"), credit]),
  );
  return [...byText]
    .toSorted(([one], [other]) => compareText(one, other))
    .map(([, credit]) => ({ ...credit }));
}
