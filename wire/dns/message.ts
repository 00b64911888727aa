/** Questions and answers of DNS as bytes (RFC 1035 4, RFC 6891), read strictly and held against each other. */
import { encode, RECURSION_DESIRED } from "dns-packet";
import { readOutcome } from "./answer-section.ts";
import { type Frame, headerLength, MalformedAnswer, readSections, viewOf } from "./frame.ts";
import { isDomainName } from "./name.ts";
import type { Outcome, Question } from "./record.ts";
import { typeNumbers } from "./record-data.ts";

/** What a UDP answer may have, so that no packet is cut in pieces on its way. */
export const datagramSize = 1232;
/** An OPT record without options. */
const optLength = 11;

export interface Query {
  readonly id: number;
  readonly question: Question;
  /** As sent, without the length that goes before it on TCP (RFC 1035 4.2.2). */
  readonly bytes: Uint8Array;
}

/** Not the answer to this query: the one that waits goes on waiting. */
export interface Foreign {
  readonly kind: "foreign";
  /** Follows "the message". */
  readonly cause: string;
  /** It would be the answer, had it kept the letter case: some servers don't (RFC 1034 3.1 asks for it). */
  readonly otherCase: boolean;
}

export type Reading = Outcome | Foreign;

/**
 * @param id random, 16 bits (RFC 5452 4.5).
 * @param question its name in random case, which the answer must repeat. Throws `RangeError` if it is
 *   no name that can be asked for.
 */
export function writeQuery(id: number, question: Question): Query {
  const { type, name } = question;
  if (!isDomainName(name)) throw new RangeError(`${JSON.stringify(name)} is no domain name`);
  const bytes = encode({
    type: "query",
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type, name, class: "IN" }],
    additionals: [
      {
        type: "OPT",
        name: ".",
        udpPayloadSize: datagramSize,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  });
  return { id, question, bytes: new Uint8Array(bytes) };
}

/** What a message says to a query. Never throws; whatever can't be read is a failure, never "no record". */
export function readAnswer(bytes: Uint8Array, query: Query): Reading {
  const stranger = foreignness(bytes, query);
  if (stranger !== undefined) return stranger;
  const flags = viewOf(bytes).getUint16(2);
  if ((flags & 0x02_00) !== 0) return { kind: "truncated" };
  try {
    return readWhole(bytes, query, flags & 0xf);
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error;
    return { kind: "failure", cause: `the answer ${error.message}` };
  }
}

/** Why the message can't be the answer: RFC 5452 9.1, and the question must be ours to the letter. */
function foreignness(bytes: Uint8Array, query: Query): Foreign | undefined {
  if (bytes.length < headerLength || bytes.length > 0xffff) return foreign(`has ${bytes.length} bytes`);
  const view = viewOf(bytes);
  if (view.getUint16(0) !== query.id) return foreign("has another id");
  const flags = view.getUint16(2);
  if ((flags & 0x80_00) === 0) return foreign("is no answer");
  if ((flags & 0x78_00) !== 0) return foreign("has another opcode");
  if (view.getUint16(4) !== 1) return foreign(`has ${view.getUint16(4)} questions`);
  const end = endOfQuestion(query);
  if (bytes.length < end) return foreign("has another question");
  let otherCase = false;
  for (let at = headerLength; at < end; at++) {
    if (bytes[at] === query.bytes[at]) continue;
    if (!differsInCase(bytes[at]!, query.bytes[at]!)) return foreign("has another question");
    otherCase = true;
  }
  return otherCase ? foreign("has the question in other letter case", true) : undefined;
}

const foreign = (cause: string, otherCase = false): Foreign => ({ kind: "foreign", cause, otherCase });

/** Letters of one name; no length of a label, type or class is as high as a letter. */
function differsInCase(a: number, b: number): boolean {
  const letter = a | 0x20;
  return (a ^ b) === 0x20 && letter >= 0x61 && letter <= 0x7a;
}

function endOfQuestion(query: Query): number {
  return query.bytes.length - optLength;
}

function readWhole(bytes: Uint8Array, query: Query, lowCode: number): Outcome {
  const sections = readSections(bytes, endOfQuestion(query));
  const code = (extendedCode(sections.additionals) << 4) | lowCode;
  if (code !== 0 && code !== nameError) return { kind: "failure", cause: describeCode(code) };
  return readOutcome(bytes, sections, query.question, code === 0);
}

/** The upper eight bits of the response code (RFC 6891 6.1.3). */
function extendedCode(additionals: readonly Frame[]): number {
  const options = additionals.filter(({ type }) => type === typeNumbers.OPT);
  if (options.length > 1) throw new MalformedAnswer("has several OPT records");
  const [option] = options;
  if (option === undefined) return 0;
  if (option.data - option.start !== optLength) throw new MalformedAnswer("has an OPT record with a name");
  return option.ttl >>> 24;
}

const nameError = 3;

function describeCode(code: number): string {
  switch (code) {
    case 1:
      return "the server could not read the question (FORMERR)";
    case 2:
      return "the server failed (SERVFAIL)";
    case 4:
      return "the server knows no such question (NOTIMP)";
    case 5:
      return "the server refused (REFUSED)";
    default:
      return `the server answered with code ${code}`;
  }
}
