/** Dates and instants of a policy: ISO 8601 text and milliseconds since 1970 (UTC). */

export const millisecondsOfDay: number = 24 * 60 * 60 * 1000;

/** `2026-06-01`: its first millisecond. undefined where there is no such day. */
export function readDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  const date = new Date(0);
  // Date.UTC would read the years before 100 as those of the last century.
  date.setUTCFullYear(year, month - 1, day);
  // 2026-02-30 rolls over into March.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

/** `2026-06-01T12:00:00Z`, or a date, which stands for its first millisecond. */
export function readInstant(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?Z$/.exec(text);
  if (match === null) return readDate(text);
  const day = readDate(match[1]!);
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3]), Number(match[4])];
  if (day === undefined || hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const milliseconds = Number((match[5] ?? "").padEnd(3, "0"));
  return day + ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}

export function writeDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
