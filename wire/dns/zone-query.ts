/** Questions as a name server gets them, read strictly (RFC 1035 4.1, 6891 6.1, 9619). Never throws. */
import { endOfName, type Frame, headerLength, MalformedAnswer, readSections, viewOf } from "./frame.ts";
import { typeNumbers } from "./record-data.ts";
import { nameKey } from "./zone.ts";

export const codes = { formatError: 1, nameError: 3, notImplemented: 4, refused: 5, badVersion: 16 } as const;

export type ReadQuery =
  /** To be met with silence: it is an answer, or has no header. */
  | { readonly kind: "unanswerable" }
  /** It can't be read, or asks for something else than records. */
  | { readonly kind: "fault"; readonly code: number }
  | ZoneQuery;

export interface ZoneQuery {
  readonly kind: "query";
  /** Where the question ends. */
  readonly end: number;
  /** As `nameKey` writes it. */
  readonly key: string;
  readonly type: number;
  readonly class: number;
  readonly edns: Edns | undefined;
}

/** RFC 6891 6.1.3. */
export interface Edns {
  /** What a UDP answer may have. */
  readonly size: number;
  readonly version: number;
  /** DO, which the answer repeats (RFC 3225 3). */
  readonly dnssec: boolean;
}

const isAnswer = 0x80_00;
const opcode = 0x78_00;

export function readZoneQuery(bytes: Uint8Array): ReadQuery {
  if (bytes.length < headerLength || bytes.length > 0xffff) return { kind: "unanswerable" };
  const view = viewOf(bytes);
  const flags = view.getUint16(2);
  if ((flags & isAnswer) !== 0) return { kind: "unanswerable" };
  if ((flags & opcode) !== 0) return { kind: "fault", code: codes.notImplemented };
  const [questions, answers, authorities] = [4, 6, 8].map((at) => view.getUint16(at));
  // Only an incremental transfer comes with a record, and it is refused all the same (RFC 1995 3).
  if (questions !== 1 || answers !== 0 || authorities! > 1) return { kind: "fault", code: codes.formatError };
  try {
    return readWhole(bytes, view);
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error;
    return { kind: "fault", code: codes.formatError };
  }
}

function readWhole(bytes: Uint8Array, view: DataView): ReadQuery {
  const endName = endOfName(bytes, headerLength, bytes.length);
  const end = endName + 4;
  if (end > bytes.length) throw new MalformedAnswer("ends inside its question");
  const { additionals } = readSections(bytes, end);
  return {
    kind: "query",
    end,
    key: nameKey(bytes.subarray(headerLength, endName)),
    type: view.getUint16(endName),
    class: view.getUint16(endName + 2),
    edns: readEdns(bytes, additionals),
  };
}

function readEdns(bytes: Uint8Array, additionals: readonly Frame[]): Edns | undefined {
  if (additionals.length > 1 || additionals.some(({ type }) => type !== typeNumbers.OPT))
    throw new MalformedAnswer("has other records than one OPT");
  const [option] = additionals;
  if (option === undefined) return undefined;
  if (bytes[option.start] !== 0) throw new MalformedAnswer("has an OPT record with a name");
  checkOptions(bytes, option);
  return {
    size: option.class,
    version: (option.ttl >>> 16) & 0xff,
    dnssec: (option.ttl & 0x80_00) !== 0,
  };
}

/** Each behind its number and its length (RFC 6891 6.1.2). None means anything here. */
function checkOptions(bytes: Uint8Array, { data, end }: Frame): void {
  const view = viewOf(bytes);
  let at = data;
  while (at + 4 <= end) at += 4 + view.getUint16(at + 2);
  if (at !== end) throw new MalformedAnswer("has an OPT record whose options don't end where it does");
}
