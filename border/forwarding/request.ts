/** A request under way: what the border reads of it, once. */
import type { Entered } from "../../engine/index.ts";
import type { Scan } from "../../wire/index.ts";
import { textOf } from "../hash/message-bytes.ts";
import { completeTopVia, type TopVia } from "../via/top-via.ts";
import { ViaStack } from "../via/via-stack.ts";
import type { Arrival, BorderParts } from "./border-parts.ts";
import { requestMethod } from "./method.ts";
import { Transaction } from "./transaction.ts";

export interface Request {
  readonly arrival: Arrival;
  readonly entered: Entered;
  readonly method: string;
  /** Where it comes from. */
  readonly network: string;
  readonly toHasTag: boolean;
  /** To has the tag of our own answer to this transaction. */
  readonly isOurs: boolean;
  readonly topVia: TopVia;
  /** Max-Forwards; -1: there is none. */
  readonly hops: number;
}

/** Its stack and transaction are those of the request that was read last. */
export class RequestReader {
  readonly vias: ViaStack;
  readonly transaction: Transaction;

  constructor({ engine, hash }: BorderParts) {
    this.vias = new ViaStack(engine.fields);
    this.transaction = new Transaction(hash, engine.fields);
  }

  /** undefined: there is no topmost Via, so nobody could be answered. */
  read(arrival: Arrival, entered: Entered, network: string): Request | undefined {
    const { vias, transaction } = this;
    const { scan } = entered;
    const { remoteAddress, remotePort } = arrival.peer.connection;
    if (!vias.read(scan)) return undefined;
    transaction.read(scan, vias.top);
    const toHasTag = transaction.readTag(scan, scan.table.core.to);
    const tag = toHasTag ? textOf(scan.bytes, transaction.tagStart, transaction.tagEnd) : "";
    return {
      arrival,
      entered,
      method: requestMethod(scan),
      network,
      toHasTag,
      isOurs: toHasTag && tag === transaction.toTag(),
      topVia: completeTopVia(vias.top, scan.bytes, remoteAddress, remotePort),
      hops: readHops(scan),
    };
  }

  /** `Request.topVia` where the same message stands in other bytes. */
  topViaIn(scan: Scan, { peer: { connection } }: Arrival): TopVia {
    this.vias.read(scan);
    return completeTopVia(this.vias.top, scan.bytes, connection.remoteAddress, connection.remotePort);
  }
}

function readHops(scan: Scan): number {
  const row = scan.firstRow(scan.table.core.maxForwards);
  return row < 0 ? -1 : Number(textOf(scan.bytes, scan.valueStart[row]!, scan.valueEnd[row]!));
}
