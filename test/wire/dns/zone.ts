/** Zones in memory, from master files (RFC 1035 5), which answer in bytes like a server that knows nothing else. */
import dnsPacket, { type Answer } from "dns-packet";
import type { Outcome, Query, Question } from "../../../wire/index.ts";
import { foldName, mixCase, readAnswer, writeQuery } from "../../../wire/index.ts";

interface Row {
  readonly owner: string;
  readonly ttl: number;
  readonly type: string;
  readonly data: readonly string[];
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const types = new Set(["SOA", "NS", "A", "AAAA", "CNAME", "SRV", "NAPTR"]);

function seconds(text: string): number {
  return [...text.matchAll(/(\d+)([smhdw]?)/gi)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit!.toLowerCase() || "s"]!,
    0,
  );
}

const isTtl = (text: string | undefined): boolean => /^(?:\d+[smhdw]?)+$/i.test(text ?? "");

function absolute(name: string, origin: string): string {
  if (name === "@") return origin;
  if (name.endsWith(".")) return name.slice(0, -1) || ".";
  return `${name}.${origin}`;
}

/** Lines of words, parentheses joined and comments gone; a quoted word keeps its quotes. */
function* lines(text: string): Generator<readonly string[]> {
  let words: string[] = [];
  let open = false;
  for (const line of text.split(/\r?\n/)) {
    if (!open) words = /^\s/.test(line) ? [""] : [];
    for (const [word] of line
      .replace(/^((?:[^";]|"[^"]*")*);.*$/, "$1")
      .matchAll(/"[^"]*"|[()]|[^\s()"]+/g)) {
      if (word === "(") open = true;
      else if (word === ")") open = false;
      else words.push(word);
    }
    if (!open && words.some((word) => word !== "")) yield words;
  }
}

function readRows(text: string, zone: string): readonly Row[] {
  const rows: Row[] = [];
  let origin = zone;
  let ttl = 0;
  let owner = zone;
  for (const words of lines(text)) {
    if (words[0] === "$TTL") ttl = seconds(words[1]!);
    else if (words[0] === "$ORIGIN") origin = absolute(words[1]!, origin);
    else {
      const [name, ...rest] = words;
      if (name !== "") owner = absolute(name!, origin);
      const own = isTtl(rest[0]) ? seconds(rest.shift()!) : ttl;
      if (rest[0]?.toUpperCase() === "IN") rest.shift();
      const [type, ...data] = rest;
      if (types.has(type!.toUpperCase()))
        rows.push({ owner, ttl: own, type: type!, data: named(type!, data, origin) });
    }
  }
  return rows;
}

/** Names in the data made absolute, quotes gone. */
function named(type: string, data: readonly string[], origin: string): readonly string[] {
  const names: Readonly<Record<string, readonly number[]>> = {
    SOA: [0, 1],
    NS: [0],
    CNAME: [0],
    SRV: [3],
    NAPTR: [5],
  };
  return data.map((word, index) =>
    names[type]?.includes(index) ? absolute(word, origin) : word.replaceAll('"', ""),
  );
}

function answerOf({ owner: name, ttl, type, data }: Row): Answer {
  const number = data.map(Number);
  switch (type) {
    case "SOA":
      return {
        name,
        ttl,
        type,
        class: "IN",
        data: {
          mname: data[0]!,
          rname: data[1]!,
          serial: number[2],
          refresh: seconds(data[3]!),
          retry: seconds(data[4]!),
          expire: seconds(data[5]!),
          minimum: seconds(data[6]!),
        },
      };
    case "SRV":
      return {
        name,
        ttl,
        type,
        class: "IN",
        data: { priority: number[0], weight: number[1], port: number[2]!, target: data[3]! },
      };
    case "NAPTR":
      return {
        name,
        ttl,
        type,
        class: "IN",
        data: {
          order: number[0]!,
          preference: number[1]!,
          flags: data[2]!,
          services: data[3]!,
          regexp: data[4]!,
          replacement: data[5]!,
        },
      };
    default:
      return { name, ttl, type: type as "A", class: "IN", data: data[0]! };
  }
}

export class Zone {
  readonly #rows: readonly Row[];
  /** What was asked, as `TYPE name`, in order. */
  readonly asked: string[] = [];
  /** Owners of questions that get no answer, as `TYPE name`. */
  readonly silent: ReadonlySet<string>;

  constructor(text: string, origin: string, silent: Iterable<string> = []) {
    this.#rows = readRows(text, origin);
    this.silent = new Set(silent);
  }

  /** The outcome of a question, by way of its bytes. */
  ask({ type, name }: Question): Outcome {
    const text = `${type} ${foldName(name)}`;
    this.asked.push(text);
    if (this.silent.has(text)) return { kind: "failure", cause: "no answer in 2 s" };
    const query = writeQuery(4_711, { type, name: mixCase(name, Uint8Array.of(0b0110_1001)) });
    const reading = readAnswer(this.answer(query), query);
    if (reading.kind === "foreign") throw new Error(`the zone's own answer is foreign: it ${reading.cause}`);
    return reading;
  }

  /** In letter case of its own wherever the question doesn't fix it. */
  answer({ id, question: { type, name } }: Query): Uint8Array {
    const answers: Row[] = [];
    let owner = foldName(name);
    for (let hops = 0; hops < 4; hops++) {
      const here = this.#rows.filter((row) => foldName(row.owner) === owner);
      answers.push(...here.filter((row) => row.type === type || row.type === "CNAME"));
      const alias = here.find((row) => row.type === "CNAME");
      if (alias === undefined) break;
      owner = foldName(alias.data[0]!);
    }
    const exists = this.#rows.some((row) => `.${foldName(row.owner)}`.endsWith(`.${owner}`));
    const found = answers.some((row) => row.type === type);
    const authorities = found ? [] : this.#rows.filter((row) => row.type === "SOA");
    return dnsPacket.encode({
      type: "response",
      id,
      flags: dnsPacket.AUTHORITATIVE_ANSWER | (exists ? 0 : 3),
      questions: [{ type, name, class: "IN" }],
      answers: answers.map((row) =>
        answerOf({ ...row, owner: mixCase(row.owner, Uint8Array.of(0b1010_0101)) }),
      ),
      authorities: authorities.map(answerOf),
    });
  }
}
