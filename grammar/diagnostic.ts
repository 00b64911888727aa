/**
 * What is wrong with a policy, as data. Text is made last, by `render`; the wording of
 * each code is in the catalogue (`diagnostics.ts`), its page in `docs/diagnostics/`.
 */
import { catalogue, type Severity } from "./diagnostics.ts";
import type { Span } from "./syntax.ts";

export interface Diagnostic {
  /** `P1…` syntax, `P2…` names and imports, `P3…` meaning, `P4…` warnings. */
  readonly code: string;
  readonly severity: Severity;
  readonly file: string;
  readonly span: Span;
  /** What the catalogue's message speaks of, by the names in its braces. */
  readonly arguments: Readonly<Record<string, string | number>>;
  /** What could have stood there, each in words: "a condition", "`remove`". */
  readonly expected: readonly string[];
  /** Text that most likely was meant, to stand in the span's place. */
  readonly suggestion: string | undefined;
  /** The remedy; the catalogue's, where the place has none of its own. */
  readonly help: string;
  readonly related: readonly RelatedSpan[];
}

/** Another place that the diagnostic speaks of, with a few words: "first declared here". */
export interface RelatedSpan {
  readonly file: string;
  readonly span: Span;
  readonly message: string;
}

/** What a diagnostic may say beyond its code, place and arguments. */
export interface DiagnosticDetail {
  readonly expected?: readonly string[] | undefined;
  readonly suggestion?: string | undefined;
  readonly help?: string | undefined;
  readonly related?: readonly RelatedSpan[] | undefined;
}

/**
 * Makes a diagnostic of the catalogue's row `code`.
 * @throws RangeError if the catalogue has no such row: a mistake in Privet, not in a policy.
 */
export function diagnose(
  code: string,
  file: string,
  span: Span,
  values: Readonly<Record<string, string | number>> = {},
  detail: DiagnosticDetail = {},
): Diagnostic {
  const row = catalogue[code];
  if (row === undefined) throw new RangeError(`no diagnostic has the code ${code}`);
  return {
    code,
    severity: row.severity,
    file,
    span,
    arguments: values,
    expected: detail.expected ?? [],
    suggestion: detail.suggestion,
    help: fill(detail.help ?? row.help, values),
    related: detail.related ?? [],
  };
}

/** The message: lower case, no full stop. */
export function messageOf(diagnostic: Diagnostic): string {
  return fill(catalogue[diagnostic.code]?.message ?? diagnostic.code, diagnostic.arguments);
}

function fill(template: string, values: Diagnostic["arguments"]): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** By file as the files were read, then by place. */
export function sortDiagnostics(
  diagnostics: readonly Diagnostic[],
  files: readonly string[],
): readonly Diagnostic[] {
  const rank = new Map(files.map((file, index) => [file, index]));
  return diagnostics.toSorted(
    (a, b) =>
      (rank.get(a.file) ?? files.length) - (rank.get(b.file) ?? files.length) ||
      a.span.start - b.span.start ||
      a.span.end - b.span.end,
  );
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}
