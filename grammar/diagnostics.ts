/**
 * The catalogue of diagnostics. A new one is one entry in the file of its series, and one
 * page `docs/diagnostics/<code>.md`; a test fails while either is missing.
 *
 * Messages: lower case, no full stop, the user's text in backticks, `{name}` stands for
 * an argument. The help says what to do, not what is wrong.
 */
import { meaningRows } from "./diagnostics/meaning.ts";
import { namesRows } from "./diagnostics/names.ts";
import { syntaxRows } from "./diagnostics/syntax.ts";
import { warningRows } from "./diagnostics/warnings.ts";

export type Severity = "error" | "warning";

export interface CatalogueRow {
  readonly severity: Severity;
  readonly message: string;
  readonly help: string;
}

export const catalogue: Readonly<Record<string, CatalogueRow>> = {
  ...syntaxRows,
  ...namesRows,
  ...meaningRows,
  ...warningRows,
};
