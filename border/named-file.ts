/** Where a policy names a file: for warnings about what the file holds. */
import type { Source, Sources, Span } from "../grammar/index.ts";
import type { Network } from "../grammar/model.ts";

/** The path of what a file calls so. */
export type Resolve = (from: string, path: string) => string | undefined;

/** Longer than a partner's statement or row that a person would write. */
const searchedLength = 10_000;

/** The network's own place where the path is not found behind it; undefined where its text is not at hand. */
export function placeOfFile(
  file: string,
  { origin }: Network,
  sources: Sources,
  resolve: Resolve,
): { readonly source: Source; readonly span: Span } | undefined {
  const source = sources.get(origin.file);
  if (source === undefined) return undefined;
  const start = source.lineStart(origin.line) + origin.column - 1;
  // A partner's place is its name; the path stands behind it, in quotes or in a cell.
  const text = source.text.slice(start, start + searchedLength);
  for (const { 0: word, index } of text.matchAll(/[^\s",;]+/g)) {
    if (resolve(source.file, word) === file)
      return { source, span: { start: start + index, end: start + index + word.length } };
  }
  return { source, span: { start, end: start + Math.max(origin.length, 1) } };
}
