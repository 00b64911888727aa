/** What DNS says of a published domain, against what the policy says (RFC 3263 4.1). */
import {
  dataText,
  foldName,
  type NaptrRecord,
  type Outcome,
  type OwnedRecord,
  type PublishedZone,
  type Question,
  type RecordType,
  type ResourceRecord,
} from "../../wire/index.ts";

export interface ZoneFinding {
  readonly domain: string;
  readonly name: string;
  readonly type: RecordType;
  readonly kind: "missing" | "different" | "surplus" | "contradiction" | "unknown";
  /** As in a master file: what was found, or what is missing. */
  readonly record?: string;
  readonly cause: string;
  readonly remedy: string;
}

export type Ask = (question: Question) => Promise<Outcome>;

/** Questions under way at a time. */
const atOnce = 16;

/** TTLs are not compared: in a cache they run down. Never rejects where `ask` doesn't. */
export async function verifyZone(zone: PublishedZone, ask: Ask): Promise<readonly ZoneFinding[]> {
  const questions = questionsFor(zone);
  const own = await inTurn(questions, async (one) => compare(zone, one, await ask(one)));
  const targets = await inTurn(foreignTargets(zone), (target) => lookFor(zone, target, ask));
  return [...own, ...targets].flat();
}

async function inTurn<T, R>(of: readonly T[], look: (one: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let at = 0; at < of.length; at += atOnce)
    results.push(...(await Promise.all(of.slice(at, at + atOnce).map(look))));
  return results;
}

/** Each once: what is published, and of hosts both families, one of which may be a leftover. */
function questionsFor({ records }: PublishedZone): readonly Question[] {
  const questions = new Map<string, Question>();
  for (const { owner: name, record } of records) {
    const types: readonly RecordType[] = "address" in record ? ["A", "AAAA"] : [record.type];
    for (const type of types) questions.set(`${name} ${type}`, { type, name });
  }
  return [...questions.values()];
}

function compare(zone: PublishedZone, question: Question, outcome: Outcome): readonly ZoneFinding[] {
  const place = { domain: zone.domain, ...question };
  if (outcome.kind === "failure" || outcome.kind === "truncated") {
    const cause = outcome.kind === "failure" ? outcome.cause : "the answer was cut short";
    const remedy = "look at the server and the way to it; --server names another one";
    return [{ ...place, kind: "unknown", cause, remedy }];
  }
  const found = outcome.kind === "records" ? outcome.records.filter(concernsSip) : [];
  const wanted = zone.records.filter((one) => isAsked(one, question)).map(({ record }) => record);
  const findings: ZoneFinding[] = [];
  for (const record of wanted) {
    const text = dataText(record);
    const same = found.find((one) => identity(one) === identity(record));
    if (same === undefined)
      findings.push({ ...place, kind: "missing", record: text, cause: "it is not there", remedy: "add it" });
    else if (content(same) !== content(record))
      findings.push({
        ...place,
        kind: "different",
        record: dataText(same),
        cause: "the policy publishes it with other numbers",
        remedy: `make it: ${text}`,
      });
  }
  for (const record of found) {
    if (wanted.some((one) => identity(one) === identity(record))) continue;
    const remedy = "take it out, or write it into the `publish` statement";
    findings.push({ ...place, kind: "surplus", record: dataText(record), cause: surplusOf(record), remedy });
  }
  return [...findings, ...precedence(found).map((one) => ({ ...place, ...one }))];
}

function isAsked({ owner, record }: OwnedRecord, { name, type }: Question): boolean {
  return owner === name && record.type === type;
}

/** NAPTR records of other applications are none of ours (RFC 3263 4.1). */
function concernsSip(record: ResourceRecord): boolean {
  return record.type !== "NAPTR" || /^sips?\+/i.test(record.services);
}

/** What makes two records the same one, if with other numbers. */
function identity(record: ResourceRecord): string {
  switch (record.type) {
    case "NAPTR":
      return `${record.services} ${record.replacement}`.toLowerCase();
    case "SRV":
      return `${foldName(record.target)} ${record.port}`;
    default:
      return record.address;
  }
}

/** Flags, services and names without regard to case (RFC 3403 4.1, RFC 4343). */
function content(record: ResourceRecord): string {
  return dataText(record).toLowerCase();
}

function surplusOf(record: ResourceRecord): string {
  switch (record.type) {
    case "NAPTR":
      return `the policy publishes no ${record.services} there`;
    case "SRV":
      return record.target === "." ? "the policy offers this service" : "the policy names no such server";
    default:
      return "the policy gives the host no such address";
  }
}

/** Whoever takes records in their order must meet TLS first (RFC 3263 4.1). */
function precedence(
  found: readonly ResourceRecord[],
): readonly Pick<ZoneFinding, "kind" | "record" | "cause" | "remedy">[] {
  const pointers = found.filter((one): one is NaptrRecord => one.type === "NAPTR");
  const isSips = ({ services }: NaptrRecord): boolean => /^sips\+/i.test(services);
  const best = Math.min(...pointers.filter(isSips).map(({ order }) => order));
  if (!Number.isFinite(best)) return [];
  return pointers
    .filter((one) => !isSips(one) && one.order <= best)
    .map((one) => ({
      kind: "contradiction",
      record: dataText(one),
      cause: `${one.services} has order ${one.order}, and TLS only ${best}: callers may come without TLS`,
      remedy: "give TLS the lower order",
    }));
}

/** Hosts of services whose addresses somebody else publishes. */
function foreignTargets({ domain, records }: PublishedZone): readonly string[] {
  const targets = records.flatMap(({ record }) => (record.type === "SRV" ? [record.target] : []));
  const isForeign = (name: string): boolean =>
    name !== "." && name !== domain && !name.endsWith(`.${domain}`);
  return [...new Set(targets.filter(isForeign))];
}

async function lookFor({ domain }: PublishedZone, name: string, ask: Ask): Promise<readonly ZoneFinding[]> {
  const outcomes = await Promise.all([ask({ type: "A", name }), ask({ type: "AAAA", name })]);
  if (!outcomes.every(({ kind }) => kind === "no-data" || kind === "no-such-name")) return [];
  const cause = "a server of this name is published, and it has no address";
  return [
    {
      domain,
      name,
      type: "A",
      kind: "missing",
      cause,
      remedy: "have one published there, or name another host",
    },
  ];
}
