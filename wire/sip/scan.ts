import { isBlank } from "./blanks.ts";
import { fitsItsLength, isComplete } from "./completeness.ts";
import { cutSpans } from "./cut-spans.ts";
import type { FieldTable } from "./field-table.ts";
import { headBytes, headCapacity, headLoads, headWords, loadHead } from "./head.ts";
import { anyInitial, initials } from "./initials.ts";
import { asSingle } from "./kinds.ts";
import { defaultScanLimits, type ScanLimits } from "./limits.ts";
import { endsIn, firstFlag } from "./quads.ts";
import * as quick from "./quick/layout.ts";
import { cutQuickly, isCutQuickly, quickResult, readQuickly } from "./quick/quick-read.ts";
import { collectRows } from "./remnant.ts";
import type { ResultMemory } from "./result-memory.ts";
import { growRows, type RowArrays, rowBlock, takeRows } from "./row-arrays.ts";
import { kindsOf, passValue } from "./row-kinds.ts";
import { misnamed, nameFits, rowFits, startLineFits } from "./row-limits.ts";
import { breaks, broken } from "./rows.ts";
import { isAck, passStartLine } from "./start-line.ts";
import { type RuleName, type Violation, violationOf } from "./violations.ts";

const head = headBytes;
const words = headWords;
const passed = initials;
const HTAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const COLON = 0x3a;
const single = asSingle;

/** Bytes of a message that are read at first: few heads are longer, and few bodies end in less. */
const firstLoad = 4_096;

/**
 * One SIP message as spans of its bytes, read in a single pass. No string is made, and
 * after the first messages nothing is allocated: the arrays are used again and grow up to
 * the limits. They are replaced when they grow, so take them from the scan each time.
 *
 * The quick reading (`quick/`) is asked first. What it doesn't accept is read here, with
 * care: only this reading finds faults, and it accepts whatever the quick one does.
 * What a scan says holds until the next `read`.
 */
export class Scan implements RowArrays {
  readonly table: FieldTable;
  readonly limits: ScanLimits;

  bytes: Uint8Array = new Uint8Array(0);
  /** The first rule of one reading that the message breaks. */
  violation: Violation | undefined;

  isRequest = true;
  methodStart = 0;
  methodEnd = 0;
  uriStart = 0;
  uriEnd = 0;
  /** The initials of the parameters of Request-URI. */
  uriInitials = 0;
  /** 0 in a request. */
  status = 0;

  rowCount = 0;
  /** Field id; 0 is an unknown field. */
  rowField!: Int32Array;
  /** The initials of the parameters in the row's value (`initials.ts`). */
  rowInitials!: Int32Array;
  rowStart!: Int32Array;
  nameEnd!: Int32Array;
  /** The value without the blanks and folds around it. */
  valueStart!: Int32Array;
  valueEnd!: Int32Array;
  /** Behind the row's last CRLF, folds included. */
  rowEnd!: Int32Array;
  /** See `nextRow`. */
  chained!: Int32Array;

  /** Offset of the CRLF that ends the head. */
  headEnd = 0;
  bodyStart = 0;
  /** Behind the message; a datagram's bytes beyond Content-Length are no part of it (RFC 3261 18.3). */
  end = 0;

  /** The rule found broken by a reader of values, and where. */
  found: RuleName | undefined;
  foundAt = 0;
  /** Via values so far. */
  vias = 0;
  /** The kinds (`row-kinds.ts`) of the rows with a value, joined. */
  present = 0;

  /** How the field's value is passed over, by field id. */
  readonly #kinds: Uint16Array;
  /** Rows of one field as a chain: `#base` + first and last row by field id. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  /** The arrays as the quick reading fills them, one behind the other. */
  readonly #block = rowBlock();
  /** No limit is tighter than what the quick reading holds to by itself. */
  readonly #isQuick: boolean;
  /** Entries of `#first` below it are those of earlier messages. */
  #base = 1;
  readonly #countable: number;
  /** The load of the head that brought this message, and how much of it. */
  #load = 0;
  #loaded = 0;

  constructor(table: FieldTable, limits: ScanLimits = defaultScanLimits) {
    this.table = table;
    this.limits = limits;
    if (limits.headBytes > headCapacity) throw new RangeError(`headBytes is at most ${headCapacity}`);
    this.#first = new Int32Array(table.size + 1);
    this.#last = new Int32Array(table.size + 1);
    this.#kinds = kindsOf(table);
    this.#countable = Math.min(limits.valueBytes, 2 * Math.min(limits.valuesPerRow, limits.parametersPerRow));
    this.#isQuick =
      limits.rows >= quick.rowsAtMost &&
      limits.nameBytes >= quick.unknownNameAtMost &&
      limits.methodBytes >= quick.methodAtMost &&
      limits.uriBytes >= quick.uriAtMost &&
      limits.callIdBytes >= quick.callIdAtMost;
    takeRows(this, this.#block);
  }

  /**
   * Reads one message: a whole datagram, or what the framing cut from a stream. False
   * where a rule of one reading is broken: `violation` says which. Start line and rows
   * are then those that could be read, so that an answer can be made.
   */
  read(bytes: Uint8Array, framing: "datagram" | "stream"): boolean {
    this.bytes = bytes;
    const loadable = Math.min(bytes.length, headCapacity);
    let loaded = Math.min(loadable, firstLoad);
    this.#begin(bytes);
    loadHead(bytes, loaded);
    this.#load = headLoads.count;
    this.#loaded = loaded;
    if (this.#readQuickly(loaded)) {
      if (fitsItsLength(this, framing)) return true;
      return this.#refuse(framing, this.headEnd);
    }
    let at = this.#readHead(loaded);
    if (at < 0 && loaded < loadable) {
      loaded = loadable;
      loadHead(bytes, loaded);
      at = this.#readHead(loaded);
    }
    if (at < 0) {
      if (at !== ~0 && this.foundAt >= loaded) this.#endsEarly(loaded);
      return this.#refuse(framing, ~at);
    }
    this.headEnd = at;
    this.bodyStart = at + 2;
    if (!isComplete(this) || !fitsItsLength(this, framing)) return this.#refuse(framing, at);
    return true;
  }

  /** A rule seems broken where the bytes end: the fault is that they do. */
  #endsEarly(loaded: number): void {
    const long = loaded < this.bytes.length || loaded > this.limits.headBytes;
    breaks(this, long ? "limit-head-bytes" : "head-unterminated", loaded);
  }

  /** Forgets the message before. */
  #begin(bytes: Uint8Array): void {
    this.violation = undefined;
    this.#base += this.rowCount;
    if (this.#base > 0x3fffffff) {
      this.#first.fill(0);
      this.#base = 1;
    }
    this.rowCount = 0;
    this.found = undefined;
    this.headEnd = this.bodyStart = this.end = bytes.length;
  }

  /** False leaves the message to `#readHead`. */
  #readQuickly(length: number): boolean {
    if (!this.#isQuick || !readQuickly(length, this.table)) return false;
    const block = this.#block;
    block.set(quickResult);
    if (block[quick.atHeadEnd]! + 2 > this.limits.headBytes) return false;
    if (this.rowStart.length > quick.rowsAtMost) takeRows(this, this.#block);
    const rows = block[quick.atRowCount]!;
    if (!this.#chain(rows)) return false;
    if (block[quick.atLongest]! > this.#countable && !this.#longRowsFit(rows)) return false;
    this.rowCount = rows;
    this.methodStart = 0;
    this.methodEnd = block[quick.atMethodEnd]!;
    this.uriStart = block[quick.atUriStart]!;
    this.uriEnd = block[quick.atUriEnd]!;
    this.uriInitials = block[quick.atUriInitials]!;
    this.status = block[quick.atStatus]!;
    this.isRequest = this.status === 0;
    this.vias = block[quick.atVias]!;
    this.present = block[quick.atPresent]!;
    this.headEnd = block[quick.atHeadEnd]!;
    this.bodyStart = this.headEnd + 2;
    return true;
  }

  /** Chains the rows of each field; false where one stands twice that may not. */
  #chain(rows: number): boolean {
    const first = this.#first;
    const kinds = this.#kinds;
    const base = this.#base;
    const { rowField, chained } = this;
    for (let row = rows - 1; row >= 0; row--) {
      const id = rowField[row]!;
      const behind = first[id]! - base;
      first[id] = base + row;
      chained[row] = behind >= 0 ? behind : -1;
      if (behind >= 0 && (kinds[id]! & single) !== 0) {
        // The careful reading starts with chains of its own.
        this.#base += rows;
        return false;
      }
    }
    return true;
  }

  #longRowsFit(rows: number): boolean {
    const { nameEnd, rowEnd, rowField } = this;
    for (let row = 0; row < rows; row++) {
      const start = nameEnd[row]! + 1;
      const cr = rowEnd[row]! - 2;
      if (
        cr - start <= this.#countable ||
        rowFits(start, cr, this.#kinds[rowField[row]!]!, this.limits, this)
      )
        continue;
      this.#base += rows;
      return false;
    }
    return true;
  }

  /** Answers the index of the empty line, or `~index` of the row (0: the start line) that breaks a rule. */
  #readHead(length: number): number {
    const b = head;
    this.#base += this.rowCount;
    this.rowCount = 0;
    this.found = undefined;
    this.vias = 0;
    this.present = 0;
    passed.seen = 0;
    const at = passStartLine(this);
    this.uriInitials = passed.seen;
    if (at === broken) return ~0;
    if (this.isRequest && !startLineFits(this, this.limits)) return ~at;
    if (b[at]! === SP || b[at]! === HTAB) return this.#breaksRow("fold-before-first-row", at, at);
    return this.#readRows(at, length);
  }

  /** The first row of a field, long or compact; -1 if there is none. */
  firstRow(fieldId: number): number {
    const row = this.#first[fieldId]! - this.#base;
    return row >= 0 ? row : -1;
  }

  /** The next row of the same field; -1 behind the last. */
  nextRow(row: number): number {
    return this.chained[row]!;
  }

  /**
   * The message without `count` spans, as bytes in `results`. `spans` holds start and end of each,
   * in order; none may touch the one before.
   */
  without(spans: Int32Array, count: number, results: ResultMemory): Uint8Array {
    const isInHead = this.#load === headLoads.count && this.end <= this.#loaded;
    return isInHead && isCutQuickly(this.end, count)
      ? cutQuickly(this.end, spans, count, results)
      : cutSpans(this.bytes, this.end, spans, count, results);
  }

  /** Reads rows up to the empty line; answers as `#readHead` does. */
  #readRows(from: number, length: number): number {
    const b = head;
    const table = this.table;
    const kinds = this.#kinds;
    const countable = this.#countable;
    const first = this.#first;
    const last = this.#last;
    const base = this.#base;
    let { rowField, rowInitials, rowStart, nameEnd, valueStart, valueEnd, rowEnd, chained } = this;
    let present = 0;
    let at = from;
    let row = 0;
    for (;;) {
      let i = at;
      let ends = endsIn(words.getInt32(i, true));
      while (ends === 0) {
        i += 4;
        ends = endsIn(words.getInt32(i, true));
      }
      i += firstFlag(ends);
      while (b[i]! > SP && b[i]! !== COLON) i++;
      const nameStop = i;
      if (b[i]! !== COLON || i === at) {
        if (i === at && b[i]! === CR && b[i + 1]! === LF && i + 1 < length) {
          this.present = present;
          return i + 2 <= this.limits.headBytes ? i : this.#breaksRow("limit-head-bytes", at, at);
        }
        while (b[i]! === SP || b[i]! === HTAB) i++;
        if (nameStop === at || b[i]! !== COLON) {
          misnamed(at, i, length, this);
          return ~at;
        }
      }
      const id = table.recognise(b, at, nameStop);
      if (id === 0 && !nameFits(at, nameStop, this.limits, this)) return ~at;
      i++;
      const kind = kinds[id]!;
      passed.seen = 0;
      const cr = passValue(i, kind, this);
      if (cr === broken) return ~at;
      if (cr - i > countable && !rowFits(i, cr, kind, this.limits, this)) return ~at;

      if (row >= this.limits.rows) return this.#breaksRow("limit-rows", at, at);
      if (row === rowField.length) {
        growRows(this, this.limits.rows);
        ({ rowField, rowInitials, rowStart, nameEnd, valueStart, valueEnd, rowEnd, chained } = this);
      }
      rowField[row] = id;
      rowInitials[row] = passed.seen;
      rowStart[row] = at;
      nameEnd[row] = nameStop;
      at = cr + 2;
      rowEnd[row] = at;
      let stop = i;
      while (b[stop]! <= SP && stop < cr) stop++;
      valueStart[row] = stop;
      stop = cr;
      while (b[stop - 1]! <= SP && stop > valueStart[row]!) stop--;
      valueEnd[row] = stop;
      if (stop > valueStart[row]!) present |= kind;
      chained[row] = -1;
      if (first[id]! < base) {
        first[id] = base + row;
      } else {
        if ((kind & single) !== 0) return this.#repeated(id, rowStart[row]!, at);
        chained[last[id]! - base] = row;
      }
      last[id] = base + row;
      this.rowCount = ++row;
    }
  }

  /** Enters a row and chains it to those of the same field. `cr` is the CR that ends it. */
  #note(at: number, nameEnd: number, behindColon: number, cr: number, id: number): void {
    const b = head;
    const row = this.rowCount++;
    if (row === this.rowStart.length) growRows(this, this.limits.rows);
    let start = behindColon;
    while (start < cr && b[start]! <= SP && isBlank(b[start]!)) start++;
    let end = cr;
    while (end > start && b[end - 1]! <= SP && isBlank(b[end - 1]!)) end--;
    this.rowField[row] = id;
    this.rowInitials[row] = anyInitial;
    this.rowStart[row] = at;
    this.nameEnd[row] = nameEnd;
    this.valueStart[row] = start;
    this.valueEnd[row] = end;
    this.rowEnd[row] = cr + 2;
    this.chained[row] = -1;
    const base = this.#base;
    if (this.#first[id]! < base) this.#first[id] = base + row;
    else this.chained[this.#last[id]! - base] = row;
    this.#last[id] = base + row;
  }

  /** Notes a broken rule; answers from where rows may still be collected. */
  #breaksRow(rule: RuleName, at: number, from: number): number {
    breaks(this, rule, at);
    return ~from;
  }

  #repeated(id: number, at: number, from: number): number {
    const isLength = id === this.table.core.contentLength;
    return this.#breaksRow(isLength ? "content-length-repeated" : "repeated-field", at, from);
  }

  /** Makes the violation, and reads what rows can still be read from `at` on. */
  #refuse(framing: "datagram" | "stream", at: number): false {
    const b = head;
    const drop = this.found === "not-sip" || !this.isRequest || isAck(this);
    this.violation = violationOf(this.found!, this.foundAt, framing === "stream", drop);
    if (this.headEnd === this.bytes.length) {
      const read = b.subarray(0, Math.min(this.bytes.length, headCapacity));
      collectRows(
        read,
        at === 0 ? b.indexOf(LF) + 1 : at,
        this.limits.rows - this.rowCount,
        (start, nameEnd, behindColon, cr) => {
          this.#note(start, nameEnd, behindColon, cr, this.table.recognise(b, start, nameEnd));
        },
      );
    }
    return false;
  }
}
