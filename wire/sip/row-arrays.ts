import * as quick from "./quick/layout.ts";

/** The rows of a message, an array for each thing that is told of a row. */
export interface RowArrays {
  rowField: Int32Array;
  rowInitials: Int32Array;
  rowStart: Int32Array;
  nameEnd: Int32Array;
  valueStart: Int32Array;
  valueEnd: Int32Array;
  rowEnd: Int32Array;
}

/** Turns to the arrays that lie in `block` as the quick reading fills them. */
export function takeRows(rows: RowArrays, block: Int32Array): void {
  const column = (index: number): Int32Array => {
    const at = quick.atRows + index * quick.rowsAtMost;
    return block.subarray(at, at + quick.rowsAtMost);
  };
  rows.rowField = column(quick.columnField);
  rows.rowInitials = column(quick.columnInitials);
  rows.rowStart = column(quick.columnStart);
  rows.nameEnd = column(quick.columnNameEnd);
  rows.valueStart = column(quick.columnValueStart);
  rows.valueEnd = column(quick.columnValueEnd);
  rows.rowEnd = column(quick.columnRowEnd);
}

/** Makes room for twice as many rows, but no more than `atMost`. */
export function growRows(rows: RowArrays, atMost: number): void {
  const size = Math.min(rows.rowStart.length * 2, Math.max(atMost, rows.rowStart.length + 1));
  const grown = (old: Int32Array): Int32Array => {
    const array = new Int32Array(size);
    array.set(old);
    return array;
  };
  rows.rowField = grown(rows.rowField);
  rows.rowInitials = grown(rows.rowInitials);
  rows.rowStart = grown(rows.rowStart);
  rows.nameEnd = grown(rows.nameEnd);
  rows.valueStart = grown(rows.valueStart);
  rows.valueEnd = grown(rows.valueEnd);
  rows.rowEnd = grown(rows.rowEnd);
}
