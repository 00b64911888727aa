/** The two topmost Via values of a message, over rows and commas alike (RFC 3261 7.3.1). */
import { type FieldTable, type Scan, ValueCursor } from "../../wire/index.ts";
import { ViaReader } from "./via-reader.ts";

export class ViaStack {
  readonly top: ViaReader = new ViaReader();
  readonly second: ViaReader = new ViaReader();
  /** What goes when the top value is taken off: its row, or the value with the comma behind it. */
  popStart = -1;
  popEnd = -1;
  /** The values that could be read: 0, 1 or 2. */
  depth = 0;

  private readonly via: number;
  private readonly values = new ValueCursor();

  constructor(table: FieldTable) {
    this.via = table.core.via;
  }

  /** False: there is no topmost Via that can be read. */
  read(scan: Scan): boolean {
    this.depth = 0;
    this.popStart = this.popEnd = -1;
    const { values } = this;
    const { bytes } = scan;
    for (let row = scan.firstRow(this.via); row >= 0 && this.depth < 2; row = scan.nextRow(row)) {
      values.reset(bytes, scan.valueStart[row]!, scan.valueEnd[row]!, "values");
      let inRow = 0;
      while (this.depth < 2 && values.next()) {
        const reader = this.depth === 0 ? this.top : this.second;
        if (!reader.read(bytes, values.start, values.end)) return this.depth > 0;
        if (this.depth === 0) {
          this.popStart = scan.rowStart[row]!;
          this.popEnd = scan.rowEnd[row]!;
        } else if (inRow > 0) {
          this.popStart = this.top.start;
          this.popEnd = values.start;
        }
        inRow++;
        this.depth++;
      }
    }
    return this.depth > 0;
  }
}
