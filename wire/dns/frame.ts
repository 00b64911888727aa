/**
 * Where the records of a DNS message stand (RFC 1035 4), read strictly: every byte belongs to one
 * record, every name and every record's data ends where it says. dns-packet reads what passes here.
 */

/** What is wrong with a message. `message` follows "the answer". */
export class MalformedAnswer extends Error {
  override readonly name = "MalformedAnswer";
}

export interface Frame {
  /** Of the owner's name. */
  readonly start: number;
  readonly type: number;
  /** Of an OPT record the size of packets. */
  readonly class: number;
  readonly ttl: number;
  readonly data: number;
  readonly end: number;
}

export interface Sections {
  readonly answers: readonly Frame[];
  readonly authorities: readonly Frame[];
  readonly additionals: readonly Frame[];
}

export const headerLength = 12;
/** In all sections. Far more than a packet of 1232 bytes holds. */
const mostRecords = 256;
/** Each of the 127 labels of the longest name may be reached by a pointer. */
const mostPointers = 127;
/** On the wire, with the root's zero (RFC 1035 2.3.4). */
const longestName = 255;

/**
 * Throws `MalformedAnswer`.
 *
 * @param start behind the question.
 */
export function readSections(bytes: Uint8Array, start: number): Sections {
  const view = viewOf(bytes);
  const counts = [6, 8, 10].map((at) => view.getUint16(at));
  if (counts.reduce((sum, count) => sum + count, 0) > mostRecords)
    throw new MalformedAnswer(`has more than ${mostRecords} records`);
  let at = start;
  const [answers = [], authorities = [], additionals = []] = counts.map((count) => {
    const frames: Frame[] = [];
    for (let i = 0; i < count; i++) {
      const frame = readFrame(bytes, view, at);
      frames.push(frame);
      at = frame.end;
    }
    return frames;
  });
  if (at !== bytes.length) throw new MalformedAnswer(`goes on behind its last record, at byte ${at}`);
  return { answers, authorities, additionals };
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readFrame(bytes: Uint8Array, view: DataView, start: number): Frame {
  const fixed = endOfName(bytes, start, bytes.length);
  const data = fixed + 10;
  if (data > bytes.length) throw new MalformedAnswer(`ends inside the record at byte ${start}`);
  const end = data + view.getUint16(fixed + 8);
  if (end > bytes.length) throw new MalformedAnswer(`ends inside the record at byte ${start}`);
  return {
    start,
    type: view.getUint16(fixed),
    class: view.getUint16(fixed + 2),
    ttl: view.getUint32(fixed + 4),
    data,
    end,
  };
}

/**
 * Where the name that starts at `start` ends; it does before `limit`. Pointers lead backward only
 * (RFC 1035 4.1.4), so none leads in a circle. Throws `MalformedAnswer`.
 *
 * @param plain refuse what can't be written as text without escapes: a dot inside a label.
 */
export function endOfName(bytes: Uint8Array, start: number, limit: number, plain = false): number {
  let end = 0;
  let at = start;
  let earliest = start;
  let length = 1;
  for (let pointers = 0; ; ) {
    const size = bytes[at];
    if (size === undefined || (end === 0 && at >= limit)) throw badName(start, "doesn't end");
    if (size === 0) {
      end ||= at + 1;
      break;
    }
    if (size >= 0xc0) {
      const low = bytes[at + 1];
      if (low === undefined) throw badName(start, "doesn't end");
      end ||= at + 2;
      at = ((size & 0x3f) << 8) | low;
      if (at >= earliest || at < headerLength) throw badName(start, "has a pointer that leads to no name");
      if (++pointers > mostPointers) throw badName(start, `has more than ${mostPointers} pointers`);
      earliest = at;
      continue;
    }
    if (size > 63) throw badName(start, "has a label of an unknown kind");
    length += size + 1;
    if (length > longestName) throw badName(start, `is longer than ${longestName} bytes`);
    if (plain && !isPlainLabel(bytes, at + 1, at + 1 + size))
      throw badName(start, "has a character that no host has");
    at += size + 1;
  }
  if (end > limit) throw badName(start, "doesn't end where its record does");
  return end;
}

/** Printable ASCII, no dot, no backslash. */
function isPlainLabel(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte <= 0x20 || byte >= 0x7f || byte === 0x2e || byte === 0x5c) return false;
  }
  return true;
}

function badName(start: number, what: string): MalformedAnswer {
  return new MalformedAnswer(`has a name at byte ${start} that ${what}`);
}
