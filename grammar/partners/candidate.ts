/** One entry of a partner list, before and after the schema has allowed it. */
import type { Place } from "../check/report.ts";

/** One partner of a list, as the schema has it. */
export interface PartnerRow {
  readonly name: string;
  readonly domains: readonly string[];
  readonly listeners?: readonly string[];
  readonly addresses?: readonly string[];
  readonly agreement?: { readonly name: string; readonly from: string; readonly to: string };
  readonly authorities?: readonly string[];
  readonly revocations?: readonly string[];
  readonly "extended-key-usage"?: "rfc5924" | "lenient";
  readonly "shares-host"?: boolean;
  readonly "tls-required"?: boolean;
  readonly options?: Readonly<Record<string, string>>;
}

/** One partner of a list, and where it stands. */
export interface PartnerEntry {
  readonly row: PartnerRow;
  /** Line of the file, from 1. */
  readonly line: number;
  /** Where the value of a column stands; without one, the entry. Slow: for messages only. */
  place(column?: string): Place;
}

export interface Candidate extends Omit<PartnerEntry, "row"> {
  readonly row: unknown;
  /** What is wrong with it whatever it holds. */
  readonly flaw: string | undefined;
}

/** The words of a library, in our style: no capital, no stop, no second line. */
export function plainCause(message: string): string {
  const line = message.split("\n")[0]!.replace(/\.$/, "").replaceAll("`", "'");
  return line.charAt(0).toLowerCase() + line.slice(1);
}
