/** Partner lists as JSON (RFC 8259): an object whose `partners` are a list. */
import type { Place, Report } from "../check/report.ts";
import type { Source } from "../source.ts";
import { type Candidate, plainCause } from "./candidate.ts";
import { elementsOf, mistakeIn, placeOf, startOf } from "./json-places.ts";

/** `partnersOf` gives the list, or reports why there is none. */
export function* readJson(
  source: Source,
  partnersOf: (value: unknown) => readonly unknown[],
  report: Report,
): Generator<Candidate> {
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
  const partners = partnersOf(value);
  if (partners.length === 0) return;
  const starts = elementsOf(text, startOf(text, ["partners"]));
  let line = 1;
  let lineEnd = text.indexOf("\n");
  for (const [index, row] of partners.entries()) {
    const start = starts[index] ?? 0;
    for (; lineEnd !== -1 && lineEnd < start; lineEnd = text.indexOf("\n", lineEnd + 1)) line++;
    yield new JsonEntry(row, line, source, index);
  }
}

class JsonEntry implements Candidate {
  readonly row: unknown;
  readonly flaw: undefined;
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

/** `agreement.from`, `domains.0`: the path to a value within an entry. */
function pathOf(column: string): (string | number)[] {
  return column.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** A whole entry is underlined on its first line only. */
function shorten(text: string, span: Place["span"]): Place["span"] {
  const end = text.indexOf("\n", span.start);
  return { start: span.start, end: end === -1 ? span.end : Math.min(span.end, end) };
}
