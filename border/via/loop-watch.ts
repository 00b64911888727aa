/**
 * Loops (RFC 3261 16.3 step 4): a request that has passed here before and is bound the same way
 * again. One whose Request-URI, Route or networks have changed meanwhile spirals, as forwarded
 * calls honestly do.
 *
 * Nothing is remembered: each of our Via rows carries a number of what was asked and where it went.
 */
import { type FieldTable, type Scan, ValueCursor } from "../../wire/index.ts";
import { hashKind, type KeyedHash } from "../hash/keyed-hash.ts";
import type { FlowSeal } from "./flow.ts";
import { readReturnPath } from "./return-path.ts";
import { ViaReader } from "./via-reader.ts";

export class LoopWatch {
  private readonly hash: KeyedHash;
  private readonly flow: FlowSeal;
  private readonly table: FieldTable;
  private readonly route: number;
  private readonly values = new ValueCursor();
  private readonly one = new ViaReader();
  private readonly other = new ViaReader();

  constructor(hash: KeyedHash, flow: FlowSeal, table: FieldTable) {
    this.hash = hash;
    this.flow = flow;
    this.table = table;
    this.route = table.id("Route");
  }

  /** 24 bits. The request is without our own Route values; `from` and `to` are network numbers. */
  numberOf(scan: Scan, from: number, to: number): number {
    const { hash } = this;
    hash.begin(hashKind.loop);
    for (const network of [from, to]) {
      hash.number(network >>> 0);
      hash.number(Math.floor(network / 0x1_0000_0000));
    }
    hash.part(scan.bytes, scan.uriStart, scan.uriEnd);
    this.rows(scan, this.table.core.callId);
    this.rows(scan, this.route);
    return hash.finish()[0]! & 0xffffff;
  }

  private rows(scan: Scan, field: number): void {
    for (let row = scan.firstRow(field); row >= 0; row = scan.nextRow(row))
      this.hash.part(scan.bytes, scan.valueStart[row]!, scan.valueEnd[row]!);
  }

  /** One of our own Via rows on it carries that number. */
  hasPassed(scan: Scan, number: number, now: number): boolean {
    const { values } = this;
    const { bytes } = scan;
    let [above, below] = [this.one, this.other];
    let isOurs = false;
    for (let row = scan.firstRow(this.table.core.via); row >= 0; row = scan.nextRow(row)) {
      values.reset(bytes, scan.valueStart[row]!, scan.valueEnd[row]!, "values");
      while (values.next()) {
        if (!below.read(bytes, values.start, values.end)) return false;
        if (isOurs && this.isSame(bytes, above, below, number, now)) return true;
        isOurs = below.flowStart >= 0 && below.branchStart >= 0;
        [above, below] = [below, above];
      }
    }
    return false;
  }

  private isSame(bytes: Uint8Array, ours: ViaReader, next: ViaReader, number: number, now: number): boolean {
    const { flowStart, flowEnd, branchStart, branchEnd } = ours;
    const path = readReturnPath(next, bytes);
    return this.flow.read(bytes, flowStart, flowEnd, branchStart, branchEnd, path, now)?.loop === number;
  }
}
