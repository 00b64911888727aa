/**
 * Partner lists, as provisioning systems export them: CSV or JSON, by
 * docs/partners.schema.json. A mistake names its row and its column.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
// A page takes `csv-parse/browser/esm/sync` in its place: the same code with a Buffer of its own, and slower.
import { CsvError, parse as parseCsv } from "csv-parse/sync";
import { readDate } from "./calendar.ts";
import type { Place, Report } from "./check/report.ts";
import { nearName } from "./near-name.ts";
import { elementsOf, mistakeIn, placeOf } from "./partners/json-places.ts";
import { partnersSchema } from "./partners/schema.ts";
import type { Source } from "./source.ts";

/** One partner of a list, as the schema has it. */
interface PartnerRow {
  readonly name: string;
  readonly domains: readonly string[];
  readonly listeners?: readonly string[];
  readonly addresses?: readonly string[];
  readonly agreement?: { readonly name: string; readonly from: string; readonly to: string };
  readonly authorities?: readonly string[];
  readonly "extended-key-usage"?: "rfc5924" | "lenient";
  readonly "shares-host"?: boolean;
  readonly "tls-required"?: boolean;
  readonly options?: Readonly<Record<string, string>>;
}

/** One partner of a list, and where it stands. */
export interface PartnerEntry {
  readonly row: PartnerRow;
  /** Line of the file, from 1. */
  readonly line: number;
  /** Where the value of a column stands; without one, the entry. Slow: for messages only. */
  place(column?: string): Place;
}

/** Longer lists are not read. In UTF-16 units; a hundred thousand partners need about a tenth. */
const longestList = 268_435_456;

/** More wrong rows than these are counted, not shown. */
export const mostWrongRows = 20;

let compiled:
  | {
      readonly list: ValidateFunction<{ readonly partners: readonly unknown[] }>;
      readonly partner: ValidateFunction<PartnerRow>;
    }
  | undefined;

function validators(): NonNullable<typeof compiled> {
  if (compiled === undefined) {
    const ajv = new Ajv({ allErrors: false, strict: true });
    ajv.addFormat("date", (text: string) => readDate(text) !== undefined);
    compiled = {
      list: ajv.compile<{ readonly partners: readonly unknown[] }>({
        ...partnersSchema,
        properties: { ...partnersSchema.properties, partners: { type: "array" } },
      }),
      partner: ajv.compile<PartnerRow>(partnersSchema.definitions.partner),
    };
  }
  return compiled;
}

/** The entries that the schema allows, one after the other; the others are reported. */
export function* readPartners(source: Source, report: Report): Generator<PartnerEntry> {
  if (source.text.length > longestList) {
    const values = { format: "partner list", cause: `longer than ${longestList}` };
    report.add("P2020", { source, span: { start: 0, end: 0 } }, values);
    return;
  }
  const { partner } = validators();
  let wrong = 0;
  const candidates = /^\s*[{[]/.test(source.text) ? readJson(source, report) : readCsv(source, report);
  for (const candidate of candidates) {
    if (isEntry(candidate, partner)) yield candidate;
    else if (++wrong <= mostWrongRows) reportRow(partner.errors?.[0], candidate, report);
  }
  if (wrong > mostWrongRows) {
    report.add("P2022", { source, span: { start: 0, end: 0 } }, { count: wrong - mostWrongRows });
  }
}

interface Candidate extends Omit<PartnerEntry, "row"> {
  /** A number: the row has so many cells, and the first row another number. */
  readonly row: unknown;
}

function isEntry(candidate: Candidate, partner: ValidateFunction<PartnerRow>): candidate is PartnerEntry {
  return partner(candidate.row);
}

class JsonEntry implements Candidate {
  readonly row: unknown;
  readonly line: number;
  readonly #source: Source;
  readonly #index: number;

  constructor(row: unknown, line: number, source: Source, index: number) {
    this.row = row;
    this.line = line;
    this.#source = source;
    this.#index = index;
  }

  place(column?: string): Place {
    const { text } = this.#source;
    const path = column === undefined ? [] : pathOf(column);
    return { source: this.#source, span: shorten(text, placeOf(text, ["partners", this.#index, ...path])) };
  }
}

class CsvEntry implements Candidate {
  readonly row: unknown;
  readonly line: number;
  readonly #source: Source;
  readonly #header: readonly string[];
  readonly #record: readonly string[];

  constructor(source: Source, header: readonly string[], { record, line }: CsvRecord) {
    this.row = record.length === header.length ? entryOf(header, record) : record.length;
    this.line = line;
    this.#source = source;
    this.#header = header;
    this.#record = record;
  }

  place(column?: string): Place {
    return cellPlace(this.#source, this.line, cellOf(column, this.#header, this.#record));
  }
}

function* readJson(source: Source, report: Report): Generator<Candidate> {
  const { text } = source;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const cause = plainCause(error instanceof Error ? error.message : String(error));
    const at = mistakeIn(text);
    report.add(
      "P2020",
      { source, span: { start: at, end: Math.min(at + 1, text.length) } },
      { format: "JSON", cause },
    );
    return;
  }
  const { list } = validators();
  if (!list(value)) {
    const error = list.errors![0]!;
    const path = error.instancePath.split("/").slice(1);
    const values = { row: "the list", column: path.at(-1) ?? "the list", cause: causeOf(error) };
    report.add("P2021", { source, span: placeOf(text, path) }, values);
    return;
  }
  const { partners } = value;
  const starts = elementsOf(text, placeOf(text, ["partners"]).start);
  let line = 1;
  let lineEnd = text.indexOf("\n");
  for (const [index, row] of partners.entries()) {
    const start = starts[index] ?? 0;
    for (; lineEnd !== -1 && lineEnd < start; lineEnd = text.indexOf("\n", lineEnd + 1)) line++;
    yield new JsonEntry(row, line, source, index);
  }
}

/** `agreement.from`, `domains.0`: the path to a value within an entry. */
function pathOf(column: string): (string | number)[] {
  return column.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** A whole entry is underlined on its first line only. */
function shorten(text: string, span: Place["span"]): Place["span"] {
  const end = text.indexOf("\n", span.start);
  return { start: span.start, end: end === -1 ? span.end : Math.min(span.end, end) };
}

const flags: Readonly<Record<string, boolean>> = {
  yes: true,
  true: true,
  "1": true,
  no: false,
  false: false,
  "0": false,
};

/** How the columns of a CSV file make an entry; blanks stand between the values of a list. */
const columns: readonly string[] = [
  "name",
  "domains",
  "listeners",
  "addresses",
  "agreement",
  "from",
  "to",
  "authorities",
  "extended-key-usage",
  "shares-host",
  "tls-required",
];
const lists: readonly string[] = ["domains", "listeners", "addresses", "authorities"];

interface CsvRecord {
  readonly record: readonly string[];
  readonly line: number;
}

const csvOptions = { bom: true, relax_column_count: true, skip_empty_lines: true, trim: true };

function* readCsv(source: Source, report: Report): Generator<Candidate> {
  let records: readonly CsvRecord[];
  try {
    records = parseRecords(source.text);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : 1;
    report.add("P2020", linePlace(source, line), { format: "CSV", cause: plainCause(error.message) });
    return;
  }
  const [header, ...rows] = records;
  if (header === undefined || !checkHeader(header, source, report)) return;
  for (const row of rows) yield new CsvEntry(source, header.record, row);
}

/** Each record with the line on which it ends. */
function parseRecords(text: string): readonly CsvRecord[] {
  if (text.includes('"')) {
    // A quoted cell may hold a line end. With `info` each record comes with its line; the library's types do not say so.
    const parsed: readonly unknown[] = parseCsv(text, { ...csvOptions, info: true });
    return parsed.filter(isInformed).map(({ record, info }) => ({ record, line: info.lines }));
  }
  const records = parseCsv(text, csvOptions);
  if (!/\n[ \t\r]*\n/.test(text)) return records.map((record, index) => ({ record, line: index + 1 }));
  const lines = text.split("\n");
  let line = 0;
  return records.map((record) => {
    do line++;
    while (lines[line - 1]?.trim() === "");
    return { record, line };
  });
}

function isInformed(
  value: unknown,
): value is { readonly record: readonly string[]; readonly info: { readonly lines: number } } {
  return typeof value === "object" && value !== null && "record" in value && "info" in value;
}

function checkHeader({ record, line }: CsvRecord, source: Source, report: Report): boolean {
  const before = report.errors;
  for (const [index, name] of record.entries()) {
    const place = cellPlace(source, line, name);
    if (record.indexOf(name) < index) report.add("P2006", place, { kind: "column", name });
    else if (!columns.includes(name) && !name.startsWith("option ")) {
      report.add(
        "P2005",
        place,
        { kind: "column of a partner list", name },
        {
          suggestion: nearName(name, columns),
          expected: [...columns, "option NAME"].map((one) => `\`${one}\``),
        },
      );
    }
  }
  for (const needed of ["name", "domains"]) {
    if (!record.includes(needed)) {
      const values = { row: "the first row", column: needed, cause: "is missing" };
      report.add("P2021", linePlace(source, line), values);
    }
  }
  return report.errors === before;
}

/** An empty cell says nothing. */
function entryOf(header: readonly string[], record: readonly string[]): Record<string, unknown> {
  const entry: Record<string, unknown> = {};
  const agreement: Record<string, string> = {};
  const options: Record<string, string> = {};
  for (let index = 0; index < header.length; index++) {
    const [column, text] = [header[index]!, record[index]!];
    if (text === "") continue;
    if (lists.includes(column)) entry[column] = text.split(/\s+/);
    else if (column === "agreement") agreement["name"] = text;
    else if (column === "from" || column === "to") agreement[column] = text;
    else if (column === "shares-host" || column === "tls-required")
      entry[column] = flags[text.toLowerCase()] ?? text;
    else if (column.startsWith("option ")) options[column.slice("option ".length)] = text;
    else entry[column] = text;
  }
  if (Object.keys(agreement).length > 0) entry["agreement"] = agreement;
  if (Object.keys(options).length > 0) entry["options"] = options;
  return entry;
}

/** The text of a cell, for a column as `PartnerEntry.place` names it. */
function cellOf(
  column: string | undefined,
  header: readonly string[],
  record: readonly string[],
): string | undefined {
  if (column === undefined) return undefined;
  const [outer, inner] = column.split(".");
  const name =
    outer === "options"
      ? `option ${inner}`
      : outer === "agreement" && inner !== undefined && inner !== "name"
        ? inner
        : outer!;
  const text = record[header.indexOf(name)];
  return lists.includes(name) && inner !== undefined ? text?.split(/\s+/)[Number(inner)] : text;
}

function cellPlace(source: Source, line: number, value: string | undefined): Place {
  const start = source.lineStart(line);
  const at = value === undefined || value === "" ? -1 : source.line(line).indexOf(value);
  return at === -1
    ? linePlace(source, line)
    : { source, span: { start: start + at, end: start + at + value!.length } };
}

function linePlace(source: Source, line: number): Place {
  const start = source.lineStart(line);
  return { source, span: { start, end: start + source.line(line).length } };
}

function reportRow(error: ErrorObject | undefined, candidate: Candidate, report: Report): void {
  const { row, line } = candidate;
  if (typeof row === "number" || error === undefined) {
    const cause = `has ${String(row)} cells, and the first row another number`;
    report.add("P2021", candidate.place(), { row: `line ${line}`, column: "the row", cause });
    return;
  }
  const path = error.instancePath.split("/").slice(1);
  const { missingProperty, additionalProperty } = error.params as {
    missingProperty?: string;
    additionalProperty?: string;
  };
  const column = [...path, missingProperty ?? additionalProperty]
    .filter((one) => one !== undefined)
    .join(".");
  const name =
    typeof row === "object" && row !== null && "name" in row && typeof row.name === "string" ? row.name : "";
  const values = {
    row: `line ${line}${name === "" ? "" : ` (${name})`}`,
    column: column || "the row",
    cause: causeOf(error),
  };
  report.add("P2021", candidate.place(column === "" ? undefined : column), values);
}

function causeOf({ keyword, message, params }: ErrorObject): string {
  switch (keyword) {
    case "required":
      return "is missing";
    case "additionalProperties":
      return "is no column of a partner list";
    case "enum":
      return `must be ${String(params["allowedValues"]).replaceAll(",", " or ")}`;
    case "pattern":
      return "has a character that can't stand there, or is empty";
    case "format":
      return "is no date such as 2026-12-31";
    default:
      return message ?? "is not what the schema says";
  }
}

/** The words of a library, in our style: no capital, no stop, no second line. */
function plainCause(message: string): string {
  const line = message.split("\n")[0]!.replace(/\.$/, "").replaceAll("`", "'");
  return line.charAt(0).toLowerCase() + line.slice(1);
}
