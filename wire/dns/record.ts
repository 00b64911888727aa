/** What is asked of DNS for location (RFC 3263), and what comes of it. */

export type RecordType = "A" | "AAAA" | "SRV" | "NAPTR";

export interface Question {
  readonly type: RecordType;
  /** Without the root's dot. */
  readonly name: string;
}

export interface AddressRecord {
  readonly type: "A" | "AAAA";
  /** RFC 5952 spelling, no brackets. */
  readonly address: string;
}

/** RFC 2782. */
export interface SrvRecord {
  readonly type: "SRV";
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** `.`: the service is not offered. */
  readonly target: string;
}

/** RFC 3403 4.1. */
export interface NaptrRecord {
  readonly type: "NAPTR";
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly services: string;
  readonly regexp: string;
  /** `.`: none. */
  readonly replacement: string;
}

export type ResourceRecord = AddressRecord | SrvRecord | NaptrRecord;

/** What is known after a question. `ttl` in seconds; 0: good for this once. */
export type Outcome =
  | { readonly kind: "records"; readonly records: readonly ResourceRecord[]; readonly ttl: number }
  /** NXDOMAIN: neither this name nor any below it exists (RFC 8020). */
  | { readonly kind: "no-such-name"; readonly ttl: number }
  | { readonly kind: "no-data"; readonly ttl: number }
  /** There is more: ask again over TCP (RFC 7766 5). It tells nothing of what exists. */
  | { readonly kind: "truncated" }
  /** Nothing is known. `cause` follows the question: `refused`, `no answer in 2 s`. */
  | { readonly kind: "failure"; readonly cause: string };

/** The records of one type. */
export function recordsOf<T extends "SRV" | "NAPTR">(
  records: readonly ResourceRecord[],
  type: T,
): readonly Extract<ResourceRecord, { readonly type: T }>[] {
  return records.filter(
    (record): record is Extract<ResourceRecord, { readonly type: T }> => record.type === type,
  );
}
