import * as characters from "./characters.ts";
import { headBytes, headWords } from "./head.ts";

const lowerCase = characters.lowerCase;
const head = headBytes;
const words = headWords;
const COLON = 0x3a;

/** How the values of a header field are read; see `FieldShape` of the vocabulary. */
export type ValueShape = "text" | "value" | "values" | "tokens" | "address" | "addresses" | "priv-values";

/** What the wire has to know of a header field. */
export interface FieldSyntax {
  readonly name: string;
  readonly shape: ValueShape;
  /** The one-letter form (RFC 3261 7.3.3). */
  readonly compact?: string;
  /** A second row makes the message unreadable (RFC 4475 3.3.8). */
  readonly single?: true;
}

/** The fields without which no SIP message can be read (RFC 3261 8.1.1, 18.3, 20). */
const coreFields: readonly FieldSyntax[] = [
  { name: "Via", shape: "values", compact: "v" },
  { name: "From", shape: "address", compact: "f", single: true },
  { name: "To", shape: "address", compact: "t", single: true },
  { name: "Call-ID", shape: "text", compact: "i", single: true },
  { name: "CSeq", shape: "text", single: true },
  { name: "Max-Forwards", shape: "text", single: true },
  { name: "Contact", shape: "addresses", compact: "m" },
  { name: "Content-Length", shape: "text", compact: "l", single: true },
  { name: "Content-Type", shape: "value", compact: "c", single: true },
  { name: "Content-Encoding", shape: "tokens", compact: "e" },
  { name: "Content-ID", shape: "text" },
  { name: "In-Reply-To", shape: "tokens" },
];

/** Ids of the fields that the wire itself reads. */
export interface CoreFieldIds {
  readonly via: number;
  readonly from: number;
  readonly to: number;
  readonly callId: number;
  readonly cseq: number;
  readonly maxForwards: number;
  readonly contact: number;
  readonly contentLength: number;
  readonly contentType: number;
  readonly contentEncoding: number;
  readonly contentId: number;
  readonly inReplyTo: number;
}

/**
 * Header field names, recognised on bytes without regard to case, long and compact.
 *
 * A hash over length, first four and last four bytes of a name leads to a slot; the whole
 * name is then compared, in the head four bytes at a time. The multiplier of the hash is
 * chosen when the table is built, so that as few names as possible share a slot.
 *
 * Core fields that `rows` lack are added behind them, since no message can be read
 * without them. What the wire knows of a core field (single, compact) holds whatever a
 * row says.
 */
export class FieldTable {
  /** Ids run from 1 to `size`; 0 is an unknown field. */
  readonly size: number;
  readonly core: CoreFieldIds;
  readonly #fields: readonly FieldSyntax[];
  readonly #ids: ReadonlyMap<string, number>;

  /** The names one behind the other in lower case, each from a multiple of four on. */
  readonly #letters: Uint8Array;
  /** The same, four letters at once, with the bit set that tells lower from upper case. */
  readonly #quads: Int32Array;
  readonly #slotOffset: Uint16Array;
  /** 0 where the slot is empty. */
  readonly #slotLength: Uint8Array;
  /** The last four letters of a name, which may lie across two quads. */
  readonly #slotLast: Int32Array;
  readonly #slotField: Uint16Array;
  readonly #mask: number;
  /** No name holds a character that differs from another one, no control, in the case bit alone. */
  readonly #plain: boolean;
  readonly #multiplier: number;
  /** By field id: length of the long name, and where its checks begin. */
  readonly #nameLength: Uint8Array;
  readonly #nameChecks: Uint16Array;
  /** For each four letters of a long name: the case bits of letters, the bits that count, and what they then are. */
  readonly #checks: Int32Array;

  /** Throws RangeError where two rows share a name or a compact form. */
  constructor(rows: readonly FieldSyntax[]) {
    const fields = rows.map(completed);
    const present = new Set(fields.map(({ name }) => name.toLowerCase()));
    for (const core of coreFields) if (!present.has(core.name.toLowerCase())) fields.push(core);
    this.#fields = fields;
    this.size = fields.length;

    const ids = new Map<string, number>();
    fields.forEach((field, index) => {
      for (const name of field.compact === undefined ? [field.name] : [field.name, field.compact]) {
        const key = name.toLowerCase();
        if (ids.has(key)) throw new RangeError(`two fields are named ${name}`);
        if (key.length === 0 || key.length > 255) throw new RangeError(`no field name: ${name}`);
        ids.set(key, index + 1);
      }
    });
    this.#ids = ids;
    this.core = coreIds(ids);

    this.#plain = [...ids.keys()].every((name) => !/[_~`^@[\]{|}\\]/.test(name));
    let slots = 64;
    while (slots < ids.size * 4) slots *= 2;
    this.#mask = slots - 1;
    const names = [...ids.keys()].map((name) => Uint8Array.from(name, (letter) => letter.charCodeAt(0)));
    this.#multiplier = bestMultiplier(names, this.#mask);
    const letters = new Uint8Array(names.reduce((sum, name) => sum + padded(name.length), 0));
    this.#letters = letters;
    this.#slotOffset = new Uint16Array(slots);
    this.#slotLength = new Uint8Array(slots);
    this.#slotLast = new Int32Array(slots);
    this.#slotField = new Uint16Array(slots);
    let offset = 0;
    [...ids.values()].forEach((id, index) => {
      const name = names[index]!;
      let slot =
        hash(firstQuad(name, 0, name.length), lastQuad(name, 0, name.length), name.length, this.#multiplier) &
        this.#mask;
      while (this.#slotLength[slot] !== 0) slot = (slot + 1) & this.#mask;
      letters.set(name, offset);
      this.#slotOffset[slot] = offset;
      this.#slotLength[slot] = name.length;
      this.#slotLast[slot] = lastQuad(name, 0, name.length);
      this.#slotField[slot] = id;
      offset += padded(name.length);
    });
    this.#quads = Int32Array.from(new Int32Array(letters.buffer), (quad) => quad | caseBits);

    this.#nameLength = Uint8Array.from([0, ...fields.map(({ name }) => name.length)]);
    const checks = fields.map(({ name }) => checksOf(name.toLowerCase()));
    this.#checks = Int32Array.from(checks.flat());
    this.#nameChecks = new Uint16Array(fields.length + 1);
    checks.forEach((one, index) => {
      if (index + 2 < this.#nameChecks.length)
        this.#nameChecks[index + 2] = this.#nameChecks[index + 1]! + one.length;
    });
  }

  /** Of a long or compact name, in any case; 0 if unknown. */
  id(name: string): number {
    return this.#ids.get(name.toLowerCase()) ?? 0;
  }

  /** As registered. Throws RangeError for 0 and ids that the table lacks. */
  name(id: number): string {
    return this.#field(id).name;
  }

  /** Unknown fields are opaque text (RFC 4475 3.1.1.1). */
  shape(id: number): ValueShape {
    return id === 0 ? "text" : this.#field(id).shape;
  }

  compact(id: number): string | undefined {
    return this.#field(id).compact;
  }

  single(id: number): boolean {
    return id !== 0 && this.#field(id).single === true;
  }

  /** The field named by `bytes[start, end)`; 0 if unknown. A non-empty span is expected. */
  recognise(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    const mask = this.#mask;
    const lengths = this.#slotLength;
    const letters = this.#letters;
    let slot =
      hash(firstQuad(bytes, start, end), lastQuad(bytes, start, end), length, this.#multiplier) & mask;
    for (;;) {
      const candidate = lengths[slot]!;
      if (candidate === 0) return 0;
      if (candidate === length) {
        let letter = this.#slotOffset[slot]!;
        let at = start;
        while (at < end && lowerCase[bytes[at]!]! === letters[letter]!) {
          at++;
          letter++;
        }
        if (at === end) return this.#slotField[slot]!;
      }
      slot = (slot + 1) & mask;
    }
  }

  /**
   * The index of the colon where the head (`head.ts`) holds a field's long name at `at` and
   * a colon right behind it; else -1. Every bit is compared.
   */
  colonBehind(id: number, at: number): number {
    const end = at + this.#nameLength[id]!;
    if (head[end]! !== COLON) return -1;
    const checks = this.#checks;
    let check = this.#nameChecks[id]!;
    for (let i = at; i < end; i += 4) {
      if (((words.getInt32(i, true) | checks[check]!) & checks[check + 1]!) !== checks[check + 2]!) return -1;
      check += 3;
    }
    return end;
  }

  /**
   * The same as `recognise` for a name in the head without control characters. Four letters
   * are compared at once, the bit that tells cases apart left out: where a name's own
   * characters don't allow that, it is compared again.
   */
  recogniseName(start: number, end: number): number {
    const multiplier = this.#multiplier | 0;
    const length = end - start;
    const mask = this.#mask;
    const lengths = this.#slotLength;
    const offsets = this.#slotOffset;
    const quads = this.#quads;
    let first = words.getInt32(start, true) | caseBits;
    if (length < 4) first = (first & ((1 << (length * 8)) - 1)) | caseBits;
    const last = length < 4 ? first : words.getInt32(end - 4, true) | caseBits;
    let slot = hash(first, last, length, multiplier) & mask;
    for (;;) {
      const candidate = lengths[slot]!;
      if (candidate === 0) return 0;
      if (candidate === length) {
        let quad = offsets[slot]! >> 2;
        if (quads[quad]! === first) {
          let at = start + 4;
          const stop = end - 3;
          quad++;
          while (at < stop && (words.getInt32(at, true) | caseBits) === quads[quad]!) {
            at += 4;
            quad++;
          }
          if (at >= stop && (at >= end || this.#slotLast[slot]! === last)) {
            return this.#plain ? this.#slotField[slot]! : this.recognise(headBytes, start, end);
          }
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  #field(id: number): FieldSyntax {
    const field = this.#fields[id - 1];
    if (field === undefined) throw new RangeError(`no field has the id ${id}`);
    return field;
  }
}

function completed(row: FieldSyntax): FieldSyntax {
  const core = coreFields.find(({ name }) => name.toLowerCase() === row.name.toLowerCase());
  if (core === undefined) return row;
  return {
    ...row,
    shape: core.shape,
    ...(core.compact === undefined ? {} : { compact: core.compact }),
    ...(core.single === undefined ? {} : { single: core.single }),
  };
}

function coreIds(ids: ReadonlyMap<string, number>): CoreFieldIds {
  return {
    via: ids.get("via")!,
    from: ids.get("from")!,
    to: ids.get("to")!,
    callId: ids.get("call-id")!,
    cseq: ids.get("cseq")!,
    maxForwards: ids.get("max-forwards")!,
    contact: ids.get("contact")!,
    contentLength: ids.get("content-length")!,
    contentType: ids.get("content-type")!,
    contentEncoding: ids.get("content-encoding")!,
    contentId: ids.get("content-id")!,
    inReplyTo: ids.get("in-reply-to")!,
  };
}

/** Bit 0x20 of four bytes: it tells the cases of a letter apart. */
const caseBits = 0x20202020;

function padded(length: number): number {
  return (length + 3) & ~3;
}

/** The first four bytes of a name, fewer if it is shorter, as one number. */
function firstQuad(b: Uint8Array, start: number, end: number): number {
  let quad = 0;
  for (let i = Math.min(end, start + 4) - 1; i >= start; i--) quad = (quad << 8) | b[i]!;
  return quad | caseBits;
}

/** The last four bytes of a name; the first, where it has no more. */
function lastQuad(b: Uint8Array, start: number, end: number): number {
  return end - start < 4 ? firstQuad(b, start, end) : firstQuad(b, end - 4, end);
}

function hash(first: number, last: number, length: number, multiplier: number): number {
  return Math.imul(first ^ (last << 5) ^ (last >>> 27) ^ (length << 13), multiplier) >>> 18;
}

/** What `colonBehind` compares of a name in lower case. */
function checksOf(name: string): number[] {
  const checks: number[] = [];
  for (let at = 0; at < name.length; at += 4) {
    let cases = 0;
    let counts = 0;
    let letters = 0;
    for (let i = 0; i < 4 && at + i < name.length; i++) {
      const code = name.charCodeAt(at + i);
      if (code >= 0x61 && code <= 0x7a) cases |= 0x20 << (8 * i);
      counts |= 0xff << (8 * i);
      letters |= code << (8 * i);
    }
    checks.push(cases, counts, letters);
  }
  return checks;
}

/** Of some odd numbers the one by which the fewest names share a slot. */
function bestMultiplier(names: readonly Uint8Array[], mask: number): number {
  let best = 0;
  let fewest = Number.POSITIVE_INFINITY;
  let candidate = 0x9e3779b1 | 0;
  for (let round = 0; round < 400 && fewest > 0; round++) {
    candidate = (Math.imul(candidate, 0x2c9277b5) + 0x3504f333) | 1;
    const taken = new Set<number>();
    for (const name of names) {
      const { length } = name;
      taken.add(hash(firstQuad(name, 0, length), lastQuad(name, 0, length), length, candidate) & mask);
    }
    const shared = names.length - taken.size;
    if (shared < fewest) {
      fewest = shared;
      best = candidate;
    }
  }
  return best;
}
