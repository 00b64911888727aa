/** The method of a message as text: that of the request line, or of CSeq in a response. */
import type { Scan } from "../../wire/index.ts";
import { textOf } from "../hash/message-bytes.ts";

export function requestMethod({ bytes, methodStart, methodEnd }: Scan): string {
  return textOf(bytes, methodStart, methodEnd);
}

/** No registered method comes near it; a sender decides how long the field is. */
const longestMethod = 64;

/** Empty where CSeq is absent, or does not end in a method. */
export function cseqMethod(scan: Scan): string {
  const row = scan.firstRow(scan.table.core.cseq);
  if (row < 0) return "";
  const end = scan.valueEnd[row]!;
  const tail = textOf(scan.bytes, Math.max(scan.valueStart[row]!, end - longestMethod - 1), end);
  return /\s([\w.!%*+`'~-]+)$/.exec(tail)?.[1] ?? "";
}
