import * as characters from "./characters.ts";
import { bestMultiplier, nameHash } from "./name-hash.ts";

const lowerCase = characters.lowerCase;

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
 * name is then compared. The multiplier of the hash is chosen when the table is built, so
 * that as few names as possible share a slot.
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

  /** The names one behind the other in lower case. */
  readonly #letters: Uint8Array;
  readonly #slotOffset: Uint16Array;
  /** 0 where the slot is empty. */
  readonly #slotLength: Uint8Array;
  readonly #slotField: Uint16Array;
  readonly #mask: number;
  readonly #multiplier: number;

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

    let slots = 64;
    while (slots < ids.size * 4) slots *= 2;
    this.#mask = slots - 1;
    const names = [...ids.keys()].map((name) => Uint8Array.from(name, (letter) => letter.charCodeAt(0)));
    this.#multiplier = bestMultiplier(names, this.#mask);
    const letters = new Uint8Array(names.reduce((sum, name) => sum + name.length, 0));
    this.#letters = letters;
    this.#slotOffset = new Uint16Array(slots);
    this.#slotLength = new Uint8Array(slots);
    this.#slotField = new Uint16Array(slots);
    let offset = 0;
    [...ids.values()].forEach((id, index) => {
      const name = names[index]!;
      let slot = nameHash(name, 0, name.length, this.#multiplier) & this.#mask;
      while (this.#slotLength[slot] !== 0) slot = (slot + 1) & this.#mask;
      letters.set(name, offset);
      this.#slotOffset[slot] = offset;
      this.#slotLength[slot] = name.length;
      this.#slotField[slot] = id;
      offset += name.length;
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
    let slot = nameHash(bytes, start, end, this.#multiplier) & mask;
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
