/**
 * What forwarding changes in a request, added to the policy's own edits so that the message is
 * written once (RFC 3261 16.6): our Via on top, `received` and `rport` in the Via below,
 * Max-Forwards, our Record-Route.
 */
import type { EditList, FieldTable, Scan } from "../../wire/index.ts";
import { bytesOf } from "../hash/message-bytes.ts";
import { hostText } from "../routing/ip-address.ts";
import { markParameter } from "../routing/own-route.ts";
import type { Side } from "../routing/topology.ts";
import { flowLetters } from "../via/flow.ts";
import { flowParameter } from "../via/via-reader.ts";
import type { Insertion } from "./answer.ts";
import { branchLetters } from "./transaction.ts";

/** RFC 3261 16.6 step 3. */
const startHops = 70;

export interface RequestEdits {
  readonly via: Uint8Array;
  /** Rows, each with its line end; empty: none. */
  readonly recordRoute: string;
  readonly topVia: readonly Insertion[];
  /** -1: there is no Max-Forwards. */
  readonly hops: number;
}

export function applyRequestEdits(
  scan: Scan,
  edits: EditList,
  table: FieldTable,
  wanted: RequestEdits,
): void {
  const { via, recordRoute, topVia, hops } = wanted;
  const below = hops < 0 ? `${recordRoute}Max-Forwards: ${startHops}\r\n` : recordRoute;
  // Before every row: others' Record-Route may stand above their Via, and ours goes on top of it.
  edits.insert(scan.rowStart[0]!, below === "" ? via : Buffer.concat([via, bytesOf(below)]));
  for (const { start, end, bytes } of topVia) {
    if (start === end) edits.insert(start, bytes);
    else edits.replace(start, end, bytes);
  }
  if (hops >= 0) {
    const row = scan.firstRow(table.core.maxForwards);
    edits.replace(scan.valueStart[row]!, scan.valueEnd[row]!, bytesOf(String(hops - 1)));
  }
}

/**
 * The start of our Via row by side; branch and flow follow. Over TLS a peer may send its requests
 * to us over the connection that we opened (RFC 5923 8.1).
 */
export function viaPrefix({ transport, host, port }: Side): Uint8Array {
  const alias = transport === "tls" ? ";alias" : "";
  return bytesOf(`Via: SIP/2.0/${transport.toUpperCase()} ${hostText(host)}:${port}${alias};branch=`);
}

const flowPrefix = bytesOf(`;${flowParameter}=`);

/** A Via row with room for the flow's letters; gives the row and where they go. */
export function viaRow(
  prefix: Uint8Array,
  branch: Uint8Array,
): { readonly row: Uint8Array; readonly flowAt: number } {
  const flowAt = prefix.length + branchLetters + flowPrefix.length;
  const row = new Uint8Array(flowAt + flowLetters + 2);
  row.set(prefix);
  row.set(branch, prefix.length);
  row.set(flowPrefix, prefix.length + branchLetters);
  row[row.length - 2] = 13;
  row[row.length - 1] = 10;
  return { row, flowAt };
}

/**
 * One of our Record-Route rows. `transport=tls` is deprecated (RFC 5630 3.1.4) and yet the only
 * word by which a peer that asks no DNS comes back over TLS; a sips URI needs none.
 */
export function recordRouteRow(side: Side, secure: boolean, mark: string): string {
  const transport =
    side.transport === "udp" || (secure && side.transport === "tls") ? "" : `;transport=${side.transport}`;
  const scheme = secure ? "sips" : "sip";
  return `Record-Route: <${scheme}:${hostText(side.host)}:${side.port}${transport};lr;${markParameter}=${mark}>\r\n`;
}
