/** Records as the text of a master file (RFC 1035 5), as BIND, NSD and Knot load it. */
import type { ZoneRecord } from "./zone.ts";

/**
 * A record a line. Each has its whole name and its TTL: where the lines are included, they change
 * nothing for those that follow.
 */
export function masterLines(records: readonly ZoneRecord[]): readonly string[] {
  const rows = records.map(({ owner, ttl, record }) => [
    absolute(owner),
    String(ttl),
    "IN",
    record.type,
    dataText(record),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
}

/** A comment may hold anything but the end of its line. */
export function masterComment(text: string): string {
  return `; ${text.replaceAll(/[^\P{Cc}\t]|[\u2028\u2029]/gu, " ")}`;
}

/** One line of what the record holds, as it stands in a master file. */
export function dataText(record: ZoneRecord["record"]): string {
  switch (record.type) {
    case "A":
    case "AAAA":
      return record.address;
    case "SRV":
      return `${record.priority} ${record.weight} ${record.port} ${absolute(record.target)}`;
    case "NAPTR": {
      const texts = [record.flags, record.services, record.regexp].map(quoted);
      return `${record.order} ${record.preference} ${texts.join(" ")} ${absolute(record.replacement)}`;
    }
    case "NS":
      return absolute(record.target);
    case "SOA": {
      const { primary, mailbox, serial, refresh, retry, expire, minimum } = record;
      return `${absolute(primary)} ${absolute(mailbox)} ${serial} ${refresh} ${retry} ${expire} ${minimum}`;
    }
  }
}

const absolute = (name: string): string => (name.endsWith(".") ? name : `${name}.`);

/** A character-string (RFC 1035 5.1); also of what somebody else has published. */
function quoted(text: string): string {
  const escaped = text.replaceAll(/["\\]/g, "\\$&").replaceAll(/[^ -~]/g, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 256 ? `\\${String(code).padStart(3, "0")}` : "?";
  });
  return `"${escaped}"`;
}
