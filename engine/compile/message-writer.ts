/** Writes what leaves: the message without the rows that go, with the edits inside fields. */
import { EditList, type ResultMemory, type Scan } from "../../wire/index.ts";
import type { ByteEdit } from "../edits/render.ts";
import type { MessageFacts } from "./message-facts.ts";

/** The caller's own edits of the same message. */
export type AlsoEdits = ((scan: Scan, edits: EditList) => void) | undefined;

export class MessageWriter {
  private readonly list = new EditList();
  /** Starts and ends of what goes from a message that only loses rows. */
  private gaps = new Int32Array(128);
  private readonly results: ResultMemory;

  constructor(results: ResultMemory) {
    this.results = results;
  }

  /**
   * Rows that the in gate hid and those flagged in `removed` go. A message that nothing
   * changes is its own bytes, cut where it ends.
   */
  write(facts: MessageFacts, removed: Uint8Array, edits: readonly ByteEdit[], also: AlsoEdits): Uint8Array {
    const { scan } = facts;
    const gaps = this.findGaps(facts, removed);
    if (also === undefined && edits.length === 0) {
      return gaps === 0 ? wholeOf(scan) : scan.without(this.gaps, gaps, this.results);
    }
    const { list } = this;
    list.clear();
    for (let gap = 0; gap < gaps; gap++) list.remove(this.gaps[2 * gap]!, this.gaps[2 * gap + 1]!);
    for (const { start, end, bytes } of edits) {
      if (start === end) list.insert(start, bytes);
      else if (bytes.length === 0) list.remove(start, end);
      else list.replace(start, end, bytes);
    }
    also?.(scan, list);
    return list.size > 0 ? list.apply(scan.bytes, scan.end, this.results) : wholeOf(scan);
  }

  /** Fills `gaps` with what goes, adjacent rows as one; answers how many gaps there are. */
  private findGaps({ scan, hiddenRows, hidesAny }: MessageFacts, removed: Uint8Array): number {
    const { rowCount, rowStart, rowEnd } = scan;
    if (this.gaps.length < 2 * rowCount) this.gaps = new Int32Array(4 * rowCount);
    const { gaps } = this;
    let count = 0;
    let isOpen = false;
    for (let row = 0; row < rowCount; row++) {
      const goes = removed[row] === 1 || (hidesAny && hiddenRows[row] === 1);
      if (goes) {
        if (!isOpen) gaps[2 * count++] = rowStart[row]!;
        gaps[2 * count - 1] = rowEnd[row]!;
      }
      isOpen = goes;
    }
    return count;
  }
}

/** What leaves untouched: the message's own bytes, cut where the message ends. */
function wholeOf({ bytes, end }: Scan): Uint8Array {
  return end === bytes.length ? bytes : bytes.subarray(0, end);
}
