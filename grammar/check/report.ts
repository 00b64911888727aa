/** What the checker has found so far. */
import { type Diagnostic, type DiagnosticDetail, diagnose, type RelatedSpan } from "../diagnostic.ts";
import type { Origin } from "../model.ts";
import type { Source } from "../source.ts";
import type { Span } from "../syntax.ts";

/** A place in a file of the policy. */
export interface Place {
  readonly source: Source;
  readonly span: Span;
}

export class Report {
  readonly diagnostics: Diagnostic[] = [];
  readonly #seen = new Set<string>();
  #errors = 0;

  add(
    code: string,
    place: Place,
    values: Readonly<Record<string, string | number>> = {},
    detail: DiagnosticDetail = {},
  ): void {
    // A treatment is looked at once for each rule that applies it: its mistakes count once.
    const key = `${code} ${place.source.file} ${place.span.start} ${place.span.end} ${JSON.stringify(values)}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const diagnostic = diagnose(code, place.source.file, place.span, values, detail);
    this.diagnostics.push(diagnostic);
    if (diagnostic.severity === "error") this.#errors++;
  }

  /** Errors so far: what was built meanwhile is sound if the number has not grown. */
  get errors(): number {
    return this.#errors;
  }
}

export function originOf({ source, span }: Place): Origin {
  return source.origin(span);
}

export function relatedTo({ source, span }: Place, message: string): RelatedSpan {
  return { file: source.file, span, message };
}
