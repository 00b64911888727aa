/** What a message lost and gained on its way, row by row. */
import { fieldRows } from "../../grammar/index.ts";

export interface ChangedRow {
  /** Registered name, `Request-URI`, or `body`. */
  readonly field: string;
  readonly text: string;
  readonly kind: "removed" | "added";
}

/** What every forwarding changes (RFC 3261 16.6). */
export const forwardingFields: ReadonlySet<string> = new Set([
  "Via",
  "Max-Forwards",
  "Record-Route",
  "Route",
]);
const names = new Map(
  fieldRows.flatMap(({ name, compact }) => [
    [name.toLowerCase(), name],
    [(compact ?? name).toLowerCase(), name],
  ]),
);

/**
 * In the order of the message; what was added stands behind what was removed of the same field.
 * @param unless fields that are left out
 */
export function differenceOf(
  received: Uint8Array,
  sent: Uint8Array,
  unless: ReadonlySet<string> = new Set(),
): readonly ChangedRow[] {
  const before = partsOf(received).filter(({ field }) => !unless.has(field));
  const after = partsOf(sent).filter(({ field }) => !unless.has(field));
  const removed = without(before, after).map((part) => ({ ...part, kind: "removed" as const }));
  const added = without(after, before).map((part) => ({ ...part, kind: "added" as const }));
  const fields = [...new Set([...removed, ...added].map(({ field }) => field))];
  return fields.flatMap((field) => [...removed, ...added].filter((row) => row.field === field));
}

interface Part {
  readonly field: string;
  readonly text: string;
}

/** The start line's URI, each row on one line, each line of the body. */
function partsOf(bytes: Uint8Array): readonly Part[] {
  const text = Buffer.from(bytes).toString("utf8");
  const end = text.indexOf("\r\n\r\n");
  const [start = "", ...rows] = text
    .slice(0, end < 0 ? undefined : end)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const body = end < 0 ? "" : text.slice(end + 4);
  const uri = start.startsWith("SIP/") ? [] : [{ field: "Request-URI", text: start.split(" ")[1] ?? "" }];
  const fields = rows.map((row) => ({ field: fieldOf(row), text: row }));
  const lines = body.split(/\r?\n/).filter((line) => line !== "");
  return [...uri, ...fields, ...lines.map((line) => ({ field: "body", text: line }))];
}

function fieldOf(row: string): string {
  const name = row.slice(0, Math.max(0, row.indexOf(":"))).trim();
  return names.get(name.toLowerCase()) ?? name;
}

/** Those of `parts` that `others` lacks, counted. */
function without(parts: readonly Part[], others: readonly Part[]): readonly Part[] {
  const left = new Map<string, number>();
  for (const { text } of others) left.set(text, (left.get(text) ?? 0) + 1);
  return parts.filter(({ text }) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
}
