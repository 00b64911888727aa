/** What a 420 names as unsupported (RFC 3261 16.3 step 5, 20.40). */
import { type FieldTable, type Scan, ValueCursor } from "../../wire/index.ts";
import { textOf } from "../hash/message-bytes.ts";

/** Option tags that say nothing new to a border: RFC 3323 5, RFC 3329 2.2. */
const understood = new Set(["privacy", "sec-agree"]);

export class ProxyExtensions {
  private readonly proxyRequire: number;
  private readonly values = new ValueCursor();

  constructor(table: FieldTable) {
    this.proxyRequire = table.id("Proxy-Require");
  }

  /** The row of an answer that names what the request demands of proxies and this one lacks; none or one. */
  unsupported(scan: Scan): readonly string[] {
    const tags: string[] = [];
    const { values } = this;
    for (let row = scan.firstRow(this.proxyRequire); row >= 0; row = scan.nextRow(row)) {
      values.reset(scan.bytes, scan.valueStart[row]!, scan.valueEnd[row]!, "values");
      while (values.next()) {
        const tag = textOf(scan.bytes, values.start, values.end);
        if (isToken(tag) && !understood.has(tag.toLowerCase())) tags.push(tag);
      }
    }
    return tags.length === 0 ? [] : [`Unsupported: ${tags.join(", ")}`];
  }
}

/** RFC 3261 25.1. */
function isToken(text: string): boolean {
  return /^[\w.!%*+`'~-]+$/.test(text);
}
