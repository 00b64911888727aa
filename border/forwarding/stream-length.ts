/**
 * A datagram may end without a Content-Length, a message on a stream may not (RFC 3261 7.4.2, 18.3,
 * 20.14): who reads the stream would take its body for the next message, or give the stream up.
 */
import { EditList, type FieldTable, Scan } from "../../wire/index.ts";
import { bytesOf } from "../hash/message-bytes.ts";

export class StreamLength {
  private readonly scan: Scan;
  private readonly edits = new EditList();

  constructor(table: FieldTable) {
    this.scan = new Scan(table);
  }

  /** What came in a datagram, as it leaves on a stream. Last of all: the policy may have changed the body. */
  complete(bytes: Uint8Array): Uint8Array {
    const { scan, edits } = this;
    if (!scan.read(bytes, "datagram")) throw new Error("what is to leave can't be read");
    if (scan.firstRow(scan.table.core.contentLength) >= 0) return bytes;
    edits.clear();
    edits.insert(scan.headEnd, bytesOf(`Content-Length: ${scan.end - scan.bodyStart}\r\n`));
    return edits.apply(bytes, scan.end);
  }
}
