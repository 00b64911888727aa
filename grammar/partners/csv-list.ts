/** Partner lists as CSV (RFC 4180): a header, then a partner a row. */
// A page takes `csv-parse/browser/esm/sync` in its place: the same code with a Buffer of its own, and slower.
import { CsvError, parse as parseCsv } from "csv-parse/sync";
import type { Place, Report } from "../check/report.ts";
import { nearName } from "../near-name.ts";
import type { Source } from "../source.ts";
import { type Candidate, plainCause } from "./candidate.ts";

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
  "revocations",
  "extended-key-usage",
  "shares-host",
  "tls-required",
];
const lists: readonly string[] = ["domains", "listeners", "addresses", "authorities", "revocations"];

interface CsvRecord {
  readonly record: readonly string[];
  readonly line: number;
}

const csvOptions = { bom: true, relax_column_count: true, skip_empty_lines: true, trim: true };

export function* readCsv(source: Source, report: Report): Generator<Candidate> {
  let records: Iterator<CsvRecord>;
  try {
    records = parseRecords(source.text)[Symbol.iterator]();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : 1;
    report.add("P2020", linePlace(source, line), { format: "CSV", cause: plainCause(error.message) });
    return;
  }
  const first = records.next();
  if (first.done === true || !checkHeader(first.value, source, report)) return;
  const { record: header } = first.value;
  const columnsHere = header.map(columnOf);
  for (let next = records.next(); next.done !== true; next = records.next())
    yield new CsvEntry(source, header, columnsHere, next.value);
}

/** Each record with the line on which it ends. */
function parseRecords(text: string): Iterable<CsvRecord> {
  if (isPlain(text)) return plainRecords(text);
  if (text.includes('"')) {
    // A quoted cell may hold a line end. With `info` each record comes with its line; the library's types do not say so.
    const parsed: readonly unknown[] = parseCsv(text, { ...csvOptions, info: true });
    return parsed.filter(isInformed).map(({ record, info }) => ({ record, line: info.lines }));
  }
  const records = parseCsv(text, csvOptions);
  const lines = text.split("\n");
  let line = 0;
  return records.map((record) => {
    do line++;
    while (lines[line - 1]?.trim() === "");
    return { record, line };
  });
}

/** What the library would read from a text without quotes whose lines end in one way. */
export function* plainRecords(text: string): Generator<CsvRecord> {
  let line = 0;
  let comma = -1;
  for (let start = text.startsWith("\ufeff") ? 1 : 0, end = 0; end < text.length; start = end + 1) {
    end = indexOrEnd(text, "\n", start);
    line++;
    const record: string[] = [];
    for (let cell = start; cell <= end; cell = comma + 1) {
      // One that was found behind the line before is the next one still.
      if (comma < cell) comma = indexOrEnd(text, ",", cell);
      record.push(text.slice(cell, Math.min(comma, end)).trim());
      if (comma >= end) break;
    }
    if (record.length > 1 || record[0] !== "") yield { record, line };
  }
}

function indexOrEnd(text: string, sought: string, from: number): number {
  const at = text.indexOf(sought, from);
  return at < 0 ? text.length : at;
}

/** Such a text: nothing in it needs the library, which takes ten times as long. */
function isPlain(text: string): boolean {
  return !text.includes('"') && (!text.includes("\r") || !/\r(?!\n)|(?<!\r)\n/.test(text));
}

function isInformed(
  value: unknown,
): value is { readonly record: readonly string[]; readonly info: { readonly lines: number } } {
  return typeof value === "object" && value !== null && "record" in value && "info" in value;
}

function checkHeader({ record, line }: CsvRecord, source: Source, report: Report): boolean {
  const before = report.errors;
  for (const [index, name] of record.entries()) {
    const place = (): Place => cellPlace(source, line, name);
    if (record.indexOf(name) < index) report.add("P2006", place(), { kind: "column", name });
    else if (!columns.includes(name) && !name.startsWith("option ")) {
      report.add(
        "P2005",
        place(),
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

/** How a column's cells become a part of an entry, and which. */
interface Column {
  readonly as: "text" | "list" | "flag" | "agreement" | "option";
  readonly name: string;
}

function columnOf(name: string): Column {
  if (lists.includes(name)) return { as: "list", name };
  if (name === "agreement") return { as: "agreement", name: "name" };
  if (name === "from" || name === "to") return { as: "agreement", name };
  if (name === "shares-host" || name === "tls-required") return { as: "flag", name };
  if (name.startsWith("option ")) return { as: "option", name: name.slice("option ".length) };
  return { as: "text", name };
}

/** An empty cell says nothing. */
function entryOf(header: readonly Column[], record: readonly string[]): Record<string, unknown> {
  const entry: Record<string, unknown> = {};
  let agreement: Record<string, string> | undefined;
  let options: Record<string, string> | undefined;
  for (let index = 0; index < header.length; index++) {
    const text = record[index] ?? "";
    if (text === "") continue;
    const { as, name } = header[index]!;
    if (as === "text") entry[name] = text;
    else if (as === "list") entry[name] = /\s/.test(text) ? text.split(/\s+/) : [text];
    else if (as === "agreement") {
      agreement ??= {};
      agreement[name] = text;
    } else if (as === "flag") entry[name] = flags[text.toLowerCase()] ?? text;
    else {
      options ??= {};
      options[name] = text;
    }
  }
  if (agreement !== undefined) entry["agreement"] = agreement;
  if (options !== undefined) entry["options"] = options;
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

class CsvEntry implements Candidate {
  readonly row: unknown;
  readonly flaw: string | undefined;
  readonly line: number;
  readonly #source: Source;
  readonly #header: readonly string[];
  readonly #record: readonly string[];

  constructor(
    source: Source,
    header: readonly string[],
    columnsHere: readonly Column[],
    { record, line }: CsvRecord,
  ) {
    this.row = entryOf(columnsHere, record);
    if (record.length !== header.length) {
      this.flaw = `has ${record.length} cells, and the first row ${header.length}`;
    }
    this.line = line;
    this.#source = source;
    this.#header = header;
    this.#record = record;
  }

  place(column?: string): Place {
    return cellPlace(this.#source, this.line, cellOf(column, this.#header, this.#record));
  }
}
