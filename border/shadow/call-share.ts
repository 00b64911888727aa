/** Chooses a share of the calls by a keyed hash of Call-ID: every message of a call is in, or none. */
import type { EnteringMessage } from "../../engine/index.ts";
import { type FieldTable, Scan } from "../../wire/index.ts";
import { hashKind, KeyedHash } from "../hash/keyed-hash.ts";

export class CallShare {
  private readonly limit: number;
  private readonly scan: Scan;
  private readonly hash: KeyedHash;

  /** @param share from 0 (no call) to 1 (every call); borders with the same secret choose the same */
  constructor(share: number, secret: Uint8Array, fields: FieldTable) {
    this.limit = share * 2 ** 32;
    this.scan = new Scan(fields);
    this.hash = new KeyedHash(secret);
  }

  /** What has no Call-ID is of no call, and counts. */
  includes({ bytes, framing }: Pick<EnteringMessage, "bytes" | "framing">): boolean {
    const { scan, hash } = this;
    // What breaks a rule is read as far as the rule.
    scan.read(bytes, framing);
    const row = scan.firstRow(scan.table.core.callId);
    if (row < 0) return true;
    hash.begin(hashKind.shadowedCall);
    hash.part(scan.bytes, scan.valueStart[row]!, scan.valueEnd[row]!);
    return hash.finish()[0]! < this.limit;
  }
}
