/** Single records, by dns-packet, after a look at their shape: it takes lengths on trust. */
import { type Answer, decode } from "dns-packet";
import { endOfName, type Frame, headerLength, MalformedAnswer } from "./frame.ts";

/** RFC 1035 3.2.2, 3596 2.1, 2782, 3403 4, 6891 6.1.1. */
export const typeNumbers: Readonly<
  Record<"A" | "NS" | "CNAME" | "SOA" | "AAAA" | "SRV" | "NAPTR" | "OPT", number>
> = { A: 1, NS: 2, CNAME: 5, SOA: 6, AAAA: 28, SRV: 33, NAPTR: 35, OPT: 41 };

/** Class IN. */
const internet = 1;

/** A, AAAA, CNAME, SRV, NAPTR and SOA, in their order. Throws `MalformedAnswer`. */
export function decodeRecords(bytes: Uint8Array, frames: readonly Frame[]): readonly Answer[] {
  for (const frame of frames) checkRecord(bytes, frame);
  // The package decodes whole messages: these records as one, behind the bytes that their pointers mean.
  const header = Buffer.alloc(headerLength);
  header.writeUInt16BE(frames.length, 6);
  const pieces = frames.map(({ start, end }) => bytes.subarray(start, end));
  const whole = Buffer.concat([bytes, header, ...pieces]);
  const { answers = [] } = decode(whole, bytes.length);
  if (decode.bytes !== whole.length - bytes.length)
    throw new MalformedAnswer("has a record with data of another length than it says");
  return answers;
}

function checkRecord(bytes: Uint8Array, frame: Frame): void {
  endOfName(bytes, frame.start, frame.end, true);
  if (frame.class !== internet) throw misshapen(frame, "is of another class than IN");
  if (endOfData(bytes, frame) !== frame.end)
    throw misshapen(frame, "has data of another length than it says");
}

/** Where the data ends by what it holds. */
function endOfData(bytes: Uint8Array, frame: Frame): number {
  const { data, end } = frame;
  switch (frame.type) {
    case typeNumbers.A:
      return data + 4;
    case typeNumbers.AAAA:
      return data + 16;
    case typeNumbers.CNAME:
      return endOfName(bytes, data, end, true);
    case typeNumbers.SRV:
      return endOfName(bytes, data + 6, end, true);
    case typeNumbers.NAPTR:
      return endOfName(bytes, endOfStrings(bytes, data + 4, 3, frame), end, true);
    case typeNumbers.SOA:
      return endOfName(bytes, endOfName(bytes, data, end), end) + 20;
    default:
      throw misshapen(frame, `is of type ${frame.type}, which location doesn't read`);
  }
}

/** Behind some character-strings (RFC 1035 3.3). */
function endOfStrings(bytes: Uint8Array, start: number, count: number, frame: Frame): number {
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at >= frame.end) throw misshapen(frame, "ends inside its texts");
    at += 1 + (bytes[at] ?? 0);
  }
  return at;
}

function misshapen(frame: Frame, what: string): MalformedAnswer {
  return new MalformedAnswer(`has a record at byte ${frame.start} that ${what}`);
}
