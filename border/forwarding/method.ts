/** The method of a message as text: that of the request line, or of CSeq in a response. */
import type { Scan } from "../../wire/index.ts";
import { textOf } from "../hash/message-bytes.ts";

export function requestMethod({ bytes, methodStart, methodEnd }: Scan): string {
  return textOf(bytes, methodStart, methodEnd);
}

/** Empty where there is no CSeq. */
export function cseqMethod(scan: Scan): string {
  const row = scan.firstRow(scan.table.core.cseq);
  if (row < 0) return "";
  const value = textOf(scan.bytes, scan.valueStart[row]!, scan.valueEnd[row]!);
  return /[^\s\d]\S*$/.exec(value)?.[0] ?? "";
}
