/** Reads Request-URI and Route of a request: what of them is ours, and where they lead (RFC 3261 16.4). */
import { AddressReader, type EditList, type FieldTable, type Scan, ValueCursor } from "../../wire/index.ts";
import { type IsOurs, NextUriReader, noUri } from "./next-uri.ts";
import type { NextUri } from "./route.ts";
import type { RouteMark } from "./route-mark.ts";

/** The parameter of our Record-Route URIs (route-mark.ts). */
export const markParameter = "pr";

interface RouteValue {
  readonly row: number;
  readonly start: number;
  readonly end: number;
  readonly uriStart: number;
  readonly uriEnd: number;
}

export class RouteReader {
  /** Request-URI; behind a strict router that of the last Route value. */
  uri: NextUri = noUri;
  /** The topmost Route value that is not ours. */
  next: NextUri | undefined;
  /** The network that the last of our values names: the side that the request is to leave by. */
  marked: string | undefined;
  /** One of our values has a mark that we did not make for this Call-ID. */
  forged = false;
  /** A Route value could not be read. */
  broken = false;
  /** Something of ours is to be taken off, by `edit`. */
  changes = false;

  private readonly route: number;
  private readonly callId: number;
  private readonly uris: NextUriReader;
  private readonly mark: RouteMark;
  private readonly cursor = new ValueCursor();
  private readonly address = new AddressReader();
  private values: readonly RouteValue[] = [];
  /** Of `values`: how many on top are ours, and whether the last one becomes the Request-URI. */
  private own = 0;
  private strict = false;

  constructor(table: FieldTable, isOurs: IsOurs, mark: RouteMark) {
    this.route = table.id("Route");
    this.callId = table.core.callId;
    this.uris = new NextUriReader(isOurs);
    this.mark = mark;
  }

  read(scan: Scan): void {
    this.next = this.marked = undefined;
    this.forged = this.broken = this.strict = false;
    this.own = 0;
    this.uri = this.uris.read(scan.bytes, scan.uriStart, scan.uriEnd);
    // A URI of ours in the place of Request-URI, with a mark: a strict router was on the way.
    const isMarked = this.uri.ours && this.readMark(scan);
    this.values = this.readValues(scan);
    this.strict = isMarked && this.values.length > 0;
    const last = this.values.length - (this.strict ? 1 : 0);
    if (this.strict) {
      const { uriStart, uriEnd } = this.values[last]!;
      this.uri = this.uris.read(scan.bytes, uriStart, uriEnd);
    }
    for (; this.own < last; this.own++) {
      const { uriStart, uriEnd } = this.values[this.own]!;
      const next = this.uris.read(scan.bytes, uriStart, uriEnd);
      if (!next.ours) {
        this.next = next;
        break;
      }
      this.readMark(scan);
    }
    this.changes = this.own > 0 || this.strict;
  }

  /** Takes our own values off, and undoes what a strict router did. */
  edit(scan: Scan, edits: EditList): void {
    const { values, own, strict } = this;
    const kept = values.length - (strict ? 1 : 0);
    for (let at = 0, behind = 0; at < values.length; at = behind) {
      const { row, start } = values[at]!;
      while (behind < values.length && values[behind]!.row === row) behind++;
      const first = Math.max(at, own);
      const end = Math.min(behind, kept);
      if (first >= end) {
        edits.remove(scan.rowStart[row]!, scan.rowEnd[row]!);
        continue;
      }
      if (first > at) edits.remove(start, values[first]!.start);
      if (end < behind) edits.remove(values[end - 1]!.end, values[behind - 1]!.end);
    }
    if (!strict) return;
    const { uriStart, uriEnd } = values.at(-1)!;
    edits.replace(scan.uriStart, scan.uriEnd, scan.bytes.slice(uriStart, uriEnd));
  }

  private readValues(scan: Scan): readonly RouteValue[] {
    let row = scan.firstRow(this.route);
    if (row < 0) return [];
    const { cursor, address } = this;
    const values: RouteValue[] = [];
    for (; row >= 0; row = scan.nextRow(row)) {
      cursor.reset(scan.bytes, scan.valueStart[row]!, scan.valueEnd[row]!, "addresses");
      while (cursor.next()) {
        const { start, end } = cursor;
        if (address.read(scan.bytes, start, end)) {
          values.push({ row, start, end, uriStart: address.uriStart, uriEnd: address.uriEnd });
        } else {
          this.broken = true;
        }
      }
    }
    return values;
  }

  /** Of the URI that was read last. True: it has a mark, good or forged. */
  private readMark(scan: Scan): boolean {
    const row = scan.firstRow(this.callId);
    if (row < 0 || !this.uris.findValue(scan.bytes, markParameter)) return false;
    const { valueStart, valueEnd } = this.uris.parameters;
    const [from, to] = [scan.valueStart[row]!, scan.valueEnd[row]!];
    const network = this.mark.read(scan.bytes, valueStart, valueEnd, from, to);
    if (network === undefined) this.forged = true;
    else this.marked = network;
    return true;
  }
}
