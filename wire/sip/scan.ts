import { trimmedEnd } from "./blanks.ts";
import { COLON, COMMA, CR, HTAB, LF, SEMICOLON, SP, token } from "./characters.ts";
import type { FieldTable } from "./field-table.ts";
import { defaultScanLimits, type ScanLimits } from "./limits.ts";
import { cseqNumberEnd, isMediaType, isNumber, readNumber } from "./numbers.ts";
import { collectRows } from "./remnant.ts";
import { type AddressRules, breaks, broken, passAddresses, passText, passValues, passWords } from "./rows.ts";
import { isKnownMethod, passStartLine } from "./start-line.ts";
import { passVias } from "./via.ts";
import { type RuleName, type Violation, violationOf } from "./violations.ts";

/** How the value of a row is passed over; one number per field id. */
const reading = { text: 0, values: 1, words: 2, addresses: 3, address: 4, contact: 5, participant: 6, via: 7 } as const;

const addressList: AddressRules = { list: true, star: false, unique: false };
const oneAddress: AddressRules = { list: false, star: false, unique: false };
const contactList: AddressRules = { list: true, star: true, unique: false };
const participant: AddressRules = { list: false, star: false, unique: true };

/**
 * One SIP message as spans of its bytes, read in a single pass. No string is made, and
 * after the first messages nothing is allocated: the arrays are used again and grow up to
 * the limits. They are replaced when they grow, so take them from the scan each time.
 *
 * What a scan says holds until the next `read`.
 */
export class Scan {
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
  /** 0 in a request. */
  status = 0;

  rowCount = 0;
  /** Field id; 0 is an unknown field. */
  rowField: Uint16Array = new Uint16Array(64);
  rowStart: Int32Array = new Int32Array(64);
  nameEnd: Int32Array = new Int32Array(64);
  /** The value without the blanks and folds around it. */
  valueStart: Int32Array = new Int32Array(64);
  valueEnd: Int32Array = new Int32Array(64);
  /** Behind the row's last CRLF, folds included. */
  rowEnd: Int32Array = new Int32Array(64);

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

  readonly #reading: Uint8Array;
  readonly #single: Uint8Array;
  /** Rows of one field as a chain: `#base` + first and last row by field id, next row by row. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  #next: Int32Array = new Int32Array(64);
  /** Entries of `#first` below it are those of earlier messages. */
  #base = 1;
  readonly #countable: number;

  constructor(table: FieldTable, limits: ScanLimits = defaultScanLimits) {
    this.table = table;
    this.limits = limits;
    this.#first = new Int32Array(table.size + 1);
    this.#last = new Int32Array(table.size + 1);
    this.#reading = Uint8Array.from({ length: table.size + 1 }, (_, id) => readingOf(table, id));
    this.#single = Uint8Array.from({ length: table.size + 1 }, (_, id) => (table.single(id) ? 1 : 0));
    this.#countable = 2 * Math.min(limits.valuesPerRow, limits.parametersPerRow);
  }

  /**
   * Reads one message: a whole datagram, or what the framing cut from a stream. False
   * where a rule of one reading is broken: `violation` says which. Start line and rows
   * are then those that could be read, so that an answer can be made.
   */
  read(bytes: Uint8Array, framing: "datagram" | "stream"): boolean {
    this.bytes = bytes;
    this.violation = undefined;
    this.#base += this.rowCount;
    if (this.#base > 0x3fffffff) {
      this.#first.fill(0);
      this.#base = 1;
    }
    this.rowCount = 0;
    this.found = undefined;
    this.vias = 0;
    this.headEnd = this.bodyStart = this.end = bytes.length;

    const length = bytes.length;
    const last = length > 0 && bytes[length - 1]! === LF ? length - 1 : bytes.lastIndexOf(LF);
    let at = 0;
    if (last < 0) {
      breaks(this, "not-sip", 0);
      this.isRequest = true;
      this.methodStart = this.methodEnd = this.uriStart = this.uriEnd = this.status = 0;
      return this.#refuse(framing, length);
    }
    at = passStartLine(bytes, last, this);
    if (at === broken) return this.#refuse(framing, 0);
    if (this.isRequest && !this.#startLineFits()) return this.#refuse(framing, at);
    if (at <= last && (bytes[at]! === SP || bytes[at]! === HTAB)) {
      breaks(this, "fold-before-first-row", at);
      return this.#refuse(framing, at);
    }
    at = this.#readRows(bytes, at, last);
    if (at < 0) return this.#refuse(framing, ~at);
    this.headEnd = at;
    this.bodyStart = at + 2;
    if (!this.#complete() || !this.#measure(framing)) return this.#refuse(framing, at);
    return true;
  }

  /** The first row of a field, long or compact; -1 if there is none. */
  firstRow(fieldId: number): number {
    const row = this.#first[fieldId]! - this.#base;
    return row >= 0 ? row : -1;
  }

  /** The next row of the same field; -1 behind the last. */
  nextRow(row: number): number {
    return this.#next[row]!;
  }

  /** Reads rows up to the empty line; answers the index of its CR, or `~index` of the row that breaks a rule. */
  #readRows(b: Uint8Array, from: number, last: number): number {
    const { headBytes, nameBytes, valueBytes, rows } = this.limits;
    const table = this.table;
    const countable = this.#countable;
    let at = from;
    for (;;) {
      if (at > last) {
        breaks(this, "head-unterminated", at);
        return ~at;
      }
      if (at + 2 > headBytes) {
        breaks(this, "limit-head-bytes", at);
        return ~at;
      }
      let i = at;
      while (token[b[i]!]! === 1) i++;
      const nameEnd = i;
      if (nameEnd === at) {
        if (b[at]! === CR && b[at + 1]! === LF) return at;
        this.#misnamed(b, at, at);
        return ~at;
      }
      while (b[i]! === SP || b[i]! === HTAB) i++;
      if (b[i]! !== COLON) {
        this.#misnamed(b, at, i);
        return ~at;
      }
      i++;
      if (nameEnd - at > nameBytes) {
        breaks(this, "limit-name-bytes", at);
        return ~at;
      }
      if (this.rowCount === rows) {
        breaks(this, "limit-rows", at);
        return ~at;
      }
      const id = table.recognise(b, at, nameEnd);
      const cr = this.#passValue(b, i, last, id);
      if (cr === broken) return ~at;
      if (cr - i > countable && !this.#rowFits(b, i, cr, id, valueBytes)) return ~at;
      this.#note(b, at, nameEnd, i, cr, id);
      if (this.#single[id]! === 1 && this.#next[this.firstRow(id)]! !== -1) {
        breaks(this, id === table.core.contentLength ? "content-length-repeated" : "repeated-field", at);
        return ~(cr + 2);
      }
      at = cr + 2;
    }
  }

  #passValue(b: Uint8Array, at: number, last: number, id: number): number {
    switch (this.#reading[id]!) {
      case reading.values:
        return passValues(b, at, last, this);
      case reading.words:
        return passWords(b, at, last, this);
      case reading.addresses:
        return passAddresses(b, at, last, this, addressList);
      case reading.address:
        return passAddresses(b, at, last, this, oneAddress);
      case reading.contact:
        return passAddresses(b, at, last, this, contactList);
      case reading.participant:
        return passAddresses(b, at, last, this, participant);
      case reading.via:
        return passVias(b, at, last, this, this.isRequest);
      default:
        return passText(b, at, last, this);
    }
  }

  /** Enters a row and chains it to those of the same field. `cr` is the CR that ends it. */
  #note(b: Uint8Array, at: number, nameEnd: number, behindColon: number, cr: number, id: number): void {
    const row = this.rowCount++;
    if (row === this.rowStart.length) this.#grow();
    let start = behindColon;
    while (start < cr && (b[start]! === SP || b[start]! === HTAB || b[start]! === CR || b[start]! === LF)) start++;
    this.rowField[row] = id;
    this.rowStart[row] = at;
    this.nameEnd[row] = nameEnd;
    this.valueStart[row] = start;
    this.valueEnd[row] = trimmedEnd(b, start, cr);
    this.rowEnd[row] = cr + 2;
    this.#next[row] = -1;
    const entry = this.#base + row;
    if (this.#first[id]! < this.#base) this.#first[id] = entry;
    else this.#next[this.#last[id]! - this.#base] = row;
    this.#last[id] = entry;
  }

  #grow(): void {
    const size = Math.min(this.rowStart.length * 2, Math.max(this.limits.rows, 64));
    const grown = (old: Int32Array): Int32Array => {
      const array = new Int32Array(size);
      array.set(old);
      return array;
    };
    const fields = new Uint16Array(size);
    fields.set(this.rowField);
    this.rowField = fields;
    this.rowStart = grown(this.rowStart);
    this.nameEnd = grown(this.nameEnd);
    this.valueStart = grown(this.valueStart);
    this.valueEnd = grown(this.valueEnd);
    this.rowEnd = grown(this.rowEnd);
    this.#next = grown(this.#next);
  }

  /** No name and colon where a row should begin. */
  #misnamed(b: Uint8Array, at: number, stop: number): void {
    const c = b[stop]!;
    if (c === LF) breaks(this, "bare-lf", stop);
    else if (c === CR && b[stop + 1]! !== LF) breaks(this, "bare-cr", stop);
    else if (c < SP && c !== CR && c !== HTAB) breaks(this, "control-character", stop);
    else breaks(this, "field-name", at);
  }

  #startLineFits(): boolean {
    const { methodBytes, uriBytes } = this.limits;
    if (this.methodEnd > methodBytes) breaks(this, "limit-method-bytes", 0);
    else if (this.uriEnd - this.uriStart > uriBytes) breaks(this, "limit-uri-bytes", this.uriStart);
    else return true;
    return false;
  }

  /** The limits of one row; only rows long enough to break one are counted. */
  #rowFits(b: Uint8Array, start: number, cr: number, id: number, valueBytes: number): boolean {
    const { valuesPerRow, parametersPerRow } = this.limits;
    if (cr - start > valueBytes) {
      breaks(this, "limit-value-bytes", start);
      return false;
    }
    if (this.#reading[id]! === reading.text) return true;
    let commas = 0;
    let semicolons = 0;
    for (let i = start; i < cr; i++) {
      if (b[i]! === COMMA) commas++;
      else if (b[i]! === SEMICOLON) semicolons++;
    }
    if (commas >= valuesPerRow) breaks(this, "limit-values", start);
    else if (semicolons > parametersPerRow) breaks(this, "limit-parameters", start);
    else return true;
    return false;
  }

  /** The fields that every message has, and those that are numbers (RFC 3261 8.1.1, 20). */
  #complete(): boolean {
    const b = this.bytes;
    const { via, from, to, callId, cseq, maxForwards, contentType } = this.table.core;
    if (this.vias === 0 || this.#isMissing(via)) return this.#fails("missing-field", this.headEnd);
    if (this.#isMissing(from) || this.#isMissing(to)) return this.#fails("missing-field", this.headEnd);
    if (this.#isMissing(callId) || this.#isMissing(cseq)) return this.#fails("missing-field", this.headEnd);

    let row = this.firstRow(callId);
    let start = this.valueStart[row]!;
    let end = this.valueEnd[row]!;
    if (end - start > this.limits.callIdBytes) return this.#fails("limit-call-id-bytes", start);
    for (let i = start; i < end; i++) {
      if (b[i]! <= SP || b[i]! === COMMA) return this.#fails("call-id", i);
    }

    row = this.firstRow(cseq);
    start = this.valueStart[row]!;
    end = this.valueEnd[row]!;
    const numberEnd = cseqNumberEnd(b, start, end);
    if (numberEnd < 0) return this.#fails("cseq", start);
    const number = readNumber(b, start, numberEnd);
    if (number < 0 || number > 0x7fffffff) return this.#fails("cseq-range", start);
    if (this.isRequest && !this.#namesMethod(end)) {
      const known = isKnownMethod(b, this.methodStart, this.methodEnd);
      return this.#fails(known ? "cseq-method" : "cseq-unknown-method", start);
    }

    row = this.firstRow(maxForwards);
    if (row >= 0) {
      start = this.valueStart[row]!;
      const hops = readNumber(b, start, this.valueEnd[row]!);
      if (hops < 0 || hops > 255) return this.#fails("max-forwards", start);
    }
    row = this.firstRow(contentType);
    if (row >= 0 && !isMediaType(b, this.valueStart[row]!, this.valueEnd[row]!)) {
      return this.#fails("content-type", this.valueStart[row]!);
    }
    return true;
  }

  #isMissing(id: number): boolean {
    const row = this.firstRow(id);
    return row < 0 || this.valueStart[row]! === this.valueEnd[row]!;
  }

  /** Whether the CSeq value that ends at `end` ends in the request's method, behind a blank. */
  #namesMethod(end: number): boolean {
    const b = this.bytes;
    let i = this.methodEnd;
    let j = end;
    while (i > this.methodStart) if (b[--i]! !== b[--j]!) return false;
    return token[b[j - 1]!]! === 0;
  }

  /** Where the message ends (RFC 3261 18.3, 20.14). */
  #measure(framing: "datagram" | "stream"): boolean {
    const available = this.bytes.length - this.bodyStart;
    const row = this.firstRow(this.table.core.contentLength);
    let body = available;
    if (row >= 0) {
      const start = this.valueStart[row]!;
      if (!isNumber(this.bytes, start, this.valueEnd[row]!)) return this.#fails("content-length", start);
      body = readNumber(this.bytes, start, this.valueEnd[row]!);
      if (body < 0 || body > this.limits.bodyBytes) return this.#fails("limit-body-bytes", start);
      if (body > available) return this.#fails("short-body", start);
      if (framing === "stream" && body < available) return this.#fails("content-length-mismatch", start);
    } else {
      if (framing === "stream") return this.#fails("content-length-missing", this.headEnd);
      if (body > this.limits.bodyBytes) return this.#fails("limit-body-bytes", this.bodyStart);
    }
    this.end = this.bodyStart + body;
    return true;
  }

  #fails(rule: RuleName, at: number): false {
    breaks(this, rule, at);
    return false;
  }

  /** Makes the violation, and reads what rows can still be read from `at` on. */
  #refuse(framing: "datagram" | "stream", at: number): false {
    const drop = this.found === "not-sip" || !this.isRequest || this.#isAck();
    this.violation = violationOf(this.found!, this.foundAt, framing === "stream", drop);
    if (this.headEnd === this.bytes.length) {
      const from = at === 0 ? this.bytes.indexOf(LF) + 1 : at;
      collectRows(this.bytes, from, this.limits.rows - this.rowCount, (start, nameEnd, behindColon, cr) => {
        this.#note(this.bytes, start, nameEnd, behindColon, cr, this.table.recognise(this.bytes, start, nameEnd));
      });
    }
    return false;
  }

  #isAck(): boolean {
    const b = this.bytes;
    const at = this.methodStart;
    return this.methodEnd - at === 3 && b[at]! === 0x41 && b[at + 1]! === 0x43 && b[at + 2]! === 0x4b;
  }
}

function readingOf(table: FieldTable, id: number): number {
  const { via, from, to, contact, inReplyTo } = table.core;
  if (id === via) return reading.via;
  if (id === from || id === to) return reading.participant;
  if (id === contact) return reading.contact;
  // Its words may hold quotes (RFC 3261 25.1: callid).
  if (id === inReplyTo) return reading.text;
  switch (table.shape(id)) {
    case "value":
    case "values":
      return reading.values;
    case "tokens":
    case "priv-values":
      return reading.words;
    case "address":
      return reading.address;
    case "addresses":
      return reading.addresses;
    case "text":
      return reading.text;
  }
}
