import * as quick from "./quick/layout.ts";

/** The rows of a message, an array for each thing that is told of a row. All have the same length. */
export interface RowArrays {
  rowField: Int32Array;
  rowInitials: Int32Array;
  rowStart: Int32Array;
  nameEnd: Int32Array;
  valueStart: Int32Array;
  valueEnd: Int32Array;
  rowEnd: Int32Array;
  /** The next row of the same field; -1 behind the last. */
  chained: Int32Array;
}

/** In the order of the columns that the quick reading fills, and behind them what the scan fills itself. */
const inOrder = [
  [quick.columnField, "rowField"],
  [quick.columnInitials, "rowInitials"],
  [quick.columnStart, "rowStart"],
  [quick.columnNameEnd, "nameEnd"],
  [quick.columnValueStart, "valueStart"],
  [quick.columnValueEnd, "valueEnd"],
  [quick.columnRowEnd, "rowEnd"],
  [quick.columns, "chained"],
] as const;

/** Room for what the quick reading tells of a message, with the arrays that `takeRows` turns to. */
export function rowBlock(): Int32Array {
  return new Int32Array(quick.atRows + inOrder.length * quick.rowsAtMost);
}

/** Turns to the arrays that lie in `block`. */
export function takeRows(rows: RowArrays, block: Int32Array): void {
  for (const [column, name] of inOrder) {
    const at = quick.atRows + column * quick.rowsAtMost;
    rows[name] = block.subarray(at, at + quick.rowsAtMost);
  }
}

/** Makes room for twice as many rows, but no more than `atMost`. */
export function growRows(rows: RowArrays, atMost: number): void {
  const size = Math.min(rows.rowStart.length * 2, Math.max(atMost, rows.rowStart.length + 1));
  for (const [, name] of inOrder) {
    const array = new Int32Array(size);
    array.set(rows[name]);
    rows[name] = array;
  }
}
