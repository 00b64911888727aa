/**
 * Partner lists, as provisioning systems export them: CSV or JSON, by
 * docs/partners.schema.json. A mistake names its row and its column.
 */
import type { ErrorObject } from "ajv";
import type { Report } from "./check/report.ts";
import type { Candidate, PartnerEntry } from "./partners/candidate.ts";
import { readCsv } from "./partners/csv-list.ts";
import { readJson } from "./partners/json-list.ts";
import { placeOf } from "./partners/json-places.ts";
import { isPartner, isPartnerList } from "./partners/validators.generated.ts";
import type { Source } from "./source.ts";

/** Longer lists are not read. In UTF-16 units; a hundred thousand partners need about a tenth. */
const longestList = 268_435_456;

/** More wrong rows than these are counted, not shown. */
export const mostWrongRows = 20;

/** The entries that the schema allows, one after the other; the others are reported. */
export function* readPartners(source: Source, report: Report): Generator<PartnerEntry> {
  if (source.text.length > longestList) {
    const values = { format: "partner list", cause: `longer than ${longestList}` };
    report.add("P2020", { source, span: { start: 0, end: 0 } }, values);
    return;
  }
  let wrong = 0;
  const candidates = /^\s*[{[]/.test(source.text)
    ? readJson(source, (value) => partnersOf(value, source, report), report)
    : readCsv(source, report);
  for (const candidate of candidates) {
    if (isEntry(candidate)) yield candidate;
    else if (++wrong <= mostWrongRows) reportRow(isPartner.errors?.[0], candidate, report);
  }
  if (wrong > mostWrongRows) {
    report.add("P2022", { source, span: { start: 0, end: 0 } }, { count: wrong - mostWrongRows });
  }
}

function isEntry(candidate: Candidate): candidate is Candidate & PartnerEntry {
  return candidate.flaw === undefined && isPartner(candidate.row);
}

function partnersOf(value: unknown, source: Source, report: Report): readonly unknown[] {
  if (isPartnerList(value)) return value.partners;
  const error = isPartnerList.errors![0]!;
  const path = error.instancePath.split("/").slice(1);
  const values = { row: "the list", column: path.at(-1) ?? "the list", cause: causeOf(error) };
  report.add("P2021", { source, span: placeOf(source.text, path) }, values);
  return [];
}

function reportRow(error: ErrorObject | undefined, candidate: Candidate, report: Report): void {
  const { row, line, flaw } = candidate;
  if (flaw !== undefined || error === undefined) {
    report.add("P2021", candidate.place(), { row: `line ${line}`, column: "the row", cause: flaw ?? "" });
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
