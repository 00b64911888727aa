/**
 * Fields whose values are bare words (priv-values, option tags): read once a message into
 * a mask with a bit for each word that the policy speaks of, so that any number of
 * conditions on them costs one reading.
 */

import type { Scan } from "../../../wire/index.ts";
import type { FieldShape } from "../binding/policy-reads.ts";
import type { MessageFacts } from "../message-facts.ts";
import { bytesOf, equalsCaseless } from "./byte-text.ts";

/** Bits of a mask; a field of which a policy names more words is not read this way. */
const maxWords = 30;

/** Values up to this length are compared with the one before. */
const longestKnown = 64;

const slash = 0x2f;
const quote = 0x22;
const comma = 0x2c;
const semicolon = 0x3b;

/** What the words of one field are in one message. */
export interface WordReading {
  /** A bit for each known word that stands in it. */
  mask: number;
  /** All values, known or not. */
  count: number;
  /** Values that are no known word. */
  unknown: number;
  /** A known word stands twice. */
  repeats: boolean;
  /** A comma stands in a row. */
  hasComma: boolean;
  /** Some value has to be read by the law before it can be compared: the rest says nothing then. */
  unsure: boolean;
}

export class WordField {
  readonly id: number;
  readonly words: string[] = [];
  /** What stands between words beside the comma. */
  private readonly other: number;
  private readonly spellings: Uint8Array[] = [];
  private readonly reading: WordReading = {
    mask: 0,
    count: 0,
    unknown: 0,
    repeats: false,
    hasComma: false,
    unsure: false,
  };
  private message = -1;
  private reader: MessageFacts | undefined;

  constructor(id: number, shape: FieldShape) {
    this.id = id;
    this.other = shape === "priv-values" ? semicolon : comma;
  }

  /** The bit of a word in lower case; 0 where there is no room for one more. */
  bitOf(word: string): number {
    let index = this.words.indexOf(word);
    if (index < 0) {
      if (this.words.length === maxWords) return 0;
      index = this.words.push(word) - 1;
      this.spellings.push(bytesOf(word));
    }
    return 1 << index;
  }

  /** Good until the next message is read. */
  read(facts: MessageFacts): WordReading {
    if (this.message === facts.message && this.reader === facts) return this.reading;
    this.message = facts.message;
    this.reader = facts;
    const { reading } = this;
    const first = facts.firstRow(this.id);
    if (first >= 0 && this.isKnown(facts.scan, first)) return reading;
    reading.mask = reading.count = reading.unknown = 0;
    reading.repeats = reading.hasComma = reading.unsure = false;
    const { scan } = facts;
    for (let row = first; row >= 0; row = scan.nextRow(row)) {
      this.readRow(facts, scan.valueStart[row]!, scan.valueEnd[row]!);
    }
    const isAlone = first >= 0 && scan.nextRow(first) < 0;
    this.knownLength = isAlone ? this.learn(scan, first) : -1;
    return reading;
  }

  // Most messages ask for what the one before asked for, in one row.
  private readonly known = new Uint8Array(longestKnown);
  private knownLength = -1;

  private isKnown(scan: Scan, row: number): boolean {
    const { known, knownLength } = this;
    const { bytes } = scan;
    const start = scan.valueStart[row]!;
    if (scan.valueEnd[row]! - start !== knownLength || scan.nextRow(row) >= 0) return false;
    for (let at = 0; at < knownLength; at++) if (bytes[start + at] !== known[at]) return false;
    return true;
  }

  /** Keeps the row's value; answers its length, or -1 where it is too long to be kept. */
  private learn(scan: Scan, row: number): number {
    const start = scan.valueStart[row]!;
    const length = scan.valueEnd[row]! - start;
    if (length > longestKnown) return -1;
    for (let at = 0; at < length; at++) this.known[at] = scan.bytes[start + at]!;
    return length;
  }

  /** Splits as `ValueCursor` does: at commas, priv-values at semicolons too; empty elements say nothing. */
  private readRow({ scan }: MessageFacts, start: number, end: number): void {
    const { bytes } = scan;
    const { reading, other } = this;
    let from = start;
    for (let at = start; at <= end; at++) {
      const byte = at < end ? bytes[at]! : comma;
      if (byte !== comma && byte !== other) continue;
      if (byte === comma && at < end) reading.hasComma = true;
      let stop = at;
      while (from < stop && isBlank(bytes[from]!)) from++;
      while (stop > from && isBlank(bytes[stop - 1]!)) stop--;
      if (from < stop) this.note(bytes, from, stop);
      from = at + 1;
    }
  }

  private note(bytes: Uint8Array, start: number, end: number): void {
    const { reading, spellings } = this;
    reading.count++;
    for (let word = 0; word < spellings.length; word++) {
      if (!equalsCaseless(bytes, start, end, spellings[word]!)) continue;
      const bit = 1 << word;
      if ((reading.mask & bit) !== 0) reading.repeats = true;
      reading.mask |= bit;
      return;
    }
    reading.unknown++;
    if (needsLaw(bytes, start, end)) reading.unsure = true;
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
}

/** Blanks may be folds or stand around a slash; a quoted string has escapes. */
function needsLaw(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte <= 0x20 || byte === slash || byte === quote) return true;
  }
  return false;
}
