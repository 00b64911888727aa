/**
 * A next hop that is a strict router: its Route URI has no `lr`, and so it wants itself in the
 * Request-URI, and the Request-URI at the end of Route (RFC 3261 16.6 step 6).
 */
import {
  AddressReader,
  EditList,
  type FieldTable,
  ParameterCursor,
  Scan,
  UriReader,
  ValueCursor,
} from "../../wire/index.ts";
import { bytesOf } from "../hash/message-bytes.ts";
import { isName } from "../via/via-reader.ts";

export class StrictRoute {
  private readonly scan: Scan;
  private readonly route: number;
  private readonly edits = new EditList();
  private readonly values = new ValueCursor();
  private readonly address = new AddressReader();
  private readonly uri = new UriReader();
  private readonly parameters = new ParameterCursor();

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
    // A policy may have taken the strict one off, and left a loose one.
    if (!uri.read(bytes, address.uriStart, address.uriEnd) || this.find("lr")) return bytes;
    const hop = this.requestUri(bytes);
    const { start } = values;
    const isAlone = !values.next();
    edits.clear();
    edits.replace(scan.uriStart, scan.uriEnd, hop);
    if (isAlone) edits.remove(scan.rowStart[first]!, scan.rowEnd[first]!);
    else edits.remove(start, values.start);
    let last = first;
    for (let row = first; row >= 0; row = scan.nextRow(row)) last = row;
    const asked = Buffer.from(bytes.subarray(scan.uriStart, scan.uriEnd)).toString("latin1");
    edits.insert(scan.rowEnd[last]!, bytesOf(`Route: <${asked}>\r\n`));
    return edits.apply(bytes, scan.end);
  }

  /** The URI that was read, without what no Request-URI has: header fields, and a method (RFC 3261 19.1.1). */
  private requestUri(bytes: Uint8Array): Uint8Array {
    const { uri, parameters } = this;
    const end = uri.headersStart >= 0 ? uri.headersStart : uri.end;
    if (!this.find("method")) return bytes.slice(uri.start, end);
    // From the semicolon before its name.
    const before = bytes.subarray(uri.start, bytes.lastIndexOf(0x3b, parameters.nameStart));
    return Buffer.concat([before, bytes.subarray(parameters.end, end)]);
  }

  /** A parameter of the URI that was read; `parameters` stands on it then. */
  private find(name: string): boolean {
    const { uri, parameters } = this;
    if (uri.parametersStart < 0) return false;
    parameters.reset(uri.bytes, uri.parametersStart, uri.parametersEnd, ";");
    while (parameters.next())
      if (isName(uri.bytes, parameters.nameStart, parameters.nameEnd, name)) return true;
    return false;
  }
}
