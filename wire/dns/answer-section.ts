/** What the records of an answer say of the name that was asked for, aliases followed (RFC 1034 3.6.2). */
import type { Answer } from "dns-packet";
import { type Frame, MalformedAnswer, type Sections } from "./frame.ts";
import { foldName } from "./name.ts";
import type { Outcome, Question, ResourceRecord } from "./record.ts";
import { decodeRecords, typeNumbers } from "./record-data.ts";

/** CNAME records from the name asked for to the one that has records. */
const mostAliases = 8;

interface Found {
  readonly records: readonly ResourceRecord[];
  /** Behind the last alias. */
  readonly aliases: number;
  /** Of all that was read; infinite if nothing was. */
  readonly ttl: number;
}

/** Throws `MalformedAnswer`. */
export function readOutcome(
  bytes: Uint8Array,
  sections: Sections,
  question: Question,
  nameExists: boolean,
): Outcome {
  const found = follow(bytes, sections.answers, question);
  if (found.records.length > 0) {
    if (!nameExists) throw new MalformedAnswer("has records of a name that it says doesn't exist");
    return { kind: "records", records: found.records, ttl: found.ttl };
  }
  const negative = negativeTtl(bytes, sections.authorities);
  if (nameExists && negative === undefined) {
    // RFC 2308 2.2: servers that know of no data don't name others to ask.
    if (sections.authorities.some(({ type }) => type === typeNumbers.NS))
      return { kind: "failure", cause: "the server names others to ask, and doesn't ask them itself" };
    if (found.aliases > 0)
      return { kind: "failure", cause: "the server gives an alias, and not what the alias leads to" };
  }
  const ttl = Math.min(found.ttl, negative ?? 0);
  return { kind: nameExists ? "no-data" : "no-such-name", ttl };
}

function follow(bytes: Uint8Array, answers: readonly Frame[], { name, type }: Question): Found {
  const byOwner = decodeAnswers(bytes, answers, typeNumbers[type]);
  let ttl = Number.POSITIVE_INFINITY;
  let owner = foldName(name);
  for (let aliases = 0; aliases <= mostAliases; aliases++) {
    const here = byOwner.get(owner) ?? [];
    ttl = Math.min(ttl, ...here.map(lifeOf));
    const alias = here.find((record) => record.type === "CNAME");
    if (alias?.type !== "CNAME") return { records: here.map(recordOf), aliases, ttl };
    if (here.length > 1) throw new MalformedAnswer(`has an alias and other records of ${owner}`);
    owner = foldName(alias.data);
  }
  throw new MalformedAnswer(`has more than ${mostAliases} aliases in a row, or some in a circle`);
}

/** Records of the type asked for, and aliases, by the folded names of their owners. */
function decodeAnswers(bytes: Uint8Array, answers: readonly Frame[], sought: number): Map<string, Answer[]> {
  const read = answers.filter(({ type }) => type === sought || type === typeNumbers.CNAME);
  const byOwner = new Map<string, Answer[]>();
  for (const record of decodeRecords(bytes, read)) {
    const owner = foldName(record.name);
    const others = byOwner.get(owner);
    if (others === undefined) byOwner.set(owner, [record]);
    else others.push(record);
  }
  return byOwner;
}

function recordOf(record: Answer): ResourceRecord {
  switch (record.type) {
    case "A":
    case "AAAA":
      return { type: record.type, address: record.data };
    case "SRV": {
      const { priority = 0, weight = 0, port, target } = record.data;
      return { type: "SRV", priority, weight, port, target };
    }
    case "NAPTR":
      return { type: "NAPTR", ...record.data };
    default:
      throw new MalformedAnswer(`has a ${record.type} record that wasn't asked for`);
  }
}

/** RFC 2181 8: a TTL whose top bit is set is 0. */
function lifeOf(record: Answer): number {
  const ttl = "ttl" in record ? (record.ttl ?? 0) : 0;
  return ttl > 0x7f_ff_ff_ff ? 0 : ttl;
}

/** How long it may be remembered that there is nothing (RFC 2308 5); undefined: not at all. */
function negativeTtl(bytes: Uint8Array, authorities: readonly Frame[]): number | undefined {
  const frame = authorities.find(({ type }) => type === typeNumbers.SOA);
  if (frame === undefined) return undefined;
  const [record] = decodeRecords(bytes, [frame]);
  if (record?.type !== "SOA") return undefined;
  const minimum = record.data.minimum ?? 0;
  return Math.min(lifeOf(record), minimum > 0x7f_ff_ff_ff ? 0 : minimum);
}
