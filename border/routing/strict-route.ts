/**
 * A next hop that is a strict router: its Route URI has no `lr`, and so it wants itself in the
 * Request-URI, and the Request-URI at the end of Route (RFC 3261 16.6 step 6).
 */
import { AddressReader, EditList, type FieldTable, Scan, UriReader, ValueCursor } from "../../wire/index.ts";
import { bytesOf } from "../hash/message-bytes.ts";

export class StrictRoute {
  private readonly scan: Scan;
  private readonly route: number;
  private readonly edits = new EditList();
  private readonly values = new ValueCursor();
  private readonly address = new AddressReader();
  private readonly uri = new UriReader();

  constructor(table: FieldTable) {
    this.scan = new Scan(table);
    this.route = table.id("Route");
  }

  /** The request as a strict router wants it. Last of all, so that the policy has read it as it was. */
  rewrite(bytes: Uint8Array, framing: "datagram" | "stream"): Uint8Array {
    const { scan, edits, values, address, uri } = this;
    if (!scan.read(bytes, framing)) throw new Error("what is to leave can't be read");
    const first = scan.firstRow(this.route);
    // A policy may have taken it off.
    if (first < 0) return bytes;
    values.reset(bytes, scan.valueStart[first]!, scan.valueEnd[first]!, "addresses");
    if (!values.next() || !address.read(bytes, values.start, values.end)) return bytes;
    const { uriStart, uriEnd } = address;
    // A Request-URI has no header fields (RFC 3261 19.1.1).
    const end = uri.read(bytes, uriStart, uriEnd) && uri.headersStart >= 0 ? uri.headersStart : uriEnd;
    const { start } = values;
    const isAlone = !values.next();
    edits.clear();
    edits.replace(scan.uriStart, scan.uriEnd, bytes.slice(uriStart, end));
    if (isAlone) edits.remove(scan.rowStart[first]!, scan.rowEnd[first]!);
    else edits.remove(start, values.start);
    let last = first;
    for (let row = first; row >= 0; row = scan.nextRow(row)) last = row;
    const asked = Buffer.from(bytes.subarray(scan.uriStart, scan.uriEnd)).toString("latin1");
    edits.insert(scan.rowEnd[last]!, bytesOf(`Route: <${asked}>\r\n`));
    return edits.apply(bytes, scan.end);
  }
}
