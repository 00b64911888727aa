/** Reads the Route rows of a request: our own values on top, and the next one that is not (RFC 3261 16.4). */
import {
  AddressReader,
  type FieldTable,
  ParameterCursor,
  type Scan,
  UriReader,
  ValueCursor,
} from "../wire/index.ts";
import { canonicalAddress } from "./ip-address.ts";
import { textOf } from "./message-bytes.ts";
import type { NextUri } from "./route.ts";
import type { RouteMark } from "./route-mark.ts";
import { isName } from "./via-reader.ts";

/** The parameter of our Record-Route URIs (route-mark.ts). */
export const markParameter = "pr";

export type IsOurs = (host: string, port: number) => boolean;

interface Removal {
  readonly start: number;
  readonly end: number;
}

export class RouteReader {
  /** Spans of our own values, to be taken off. */
  removals: readonly Removal[] = [];
  /** The topmost value that is not ours. */
  next: NextUri | undefined;
  /** The network that the last of our values names: the side that the request is to leave by. */
  marked: string | undefined;
  /** One of our values has a mark that we did not make for this Call-ID. */
  forged = false;
  /** A value could not be read. */
  broken = false;

  private readonly route: number;
  private readonly callId: number;
  private readonly isOurs: IsOurs;
  private readonly mark: RouteMark;
  private readonly values = new ValueCursor();
  private readonly address = new AddressReader();
  private readonly uri = new UriReader();
  private readonly parameters = new ParameterCursor();

  constructor(table: FieldTable, isOurs: IsOurs, mark: RouteMark) {
    this.route = table.id("Route");
    this.callId = table.core.callId;
    this.isOurs = isOurs;
    this.mark = mark;
  }

  read(scan: Scan): void {
    this.removals = [];
    this.next = this.marked = undefined;
    this.forged = this.broken = false;
    for (let row = scan.firstRow(this.route); row >= 0; row = scan.nextRow(row)) {
      if (!this.readRow(scan, row)) return;
    }
  }

  /** False: the topmost foreign value has been found. */
  private readRow(scan: Scan, row: number): boolean {
    const { values, address } = this;
    const { bytes } = scan;
    values.reset(bytes, scan.valueStart[row]!, scan.valueEnd[row]!, "addresses");
    const start = scan.valueStart[row]!;
    while (values.next()) {
      if (!address.read(bytes, values.start, values.end)) {
        this.broken = true;
        return false;
      }
      const next = this.readUri(bytes, address.uriStart, address.uriEnd);
      if (next.ours) {
        this.readMark(scan, address.uriEnd);
        continue;
      }
      this.next = next;
      if (values.start > start) this.removals = [...this.removals, { start, end: values.start }];
      return false;
    }
    this.removals = [...this.removals, { start: scan.rowStart[row]!, end: scan.rowEnd[row]! }];
    return true;
  }

  /** Also for a Request-URI. */
  readUri(bytes: Uint8Array, start: number, end: number): NextUri {
    const { uri, parameters } = this;
    const readable = uri.read(bytes, start, end);
    if (!readable || uri.hostStart < 0) {
      const kind = readable ? uri.kind : "other";
      return { kind, user: false, host: "", address: undefined, port: 0, transport: undefined, ours: false };
    }
    const host = textOf(bytes, uri.hostStart, uri.hostEnd).toLowerCase();
    const port = Math.max(0, uri.port);
    let transport: string | undefined;
    if (uri.parametersStart >= 0) {
      parameters.reset(bytes, uri.parametersStart, uri.parametersEnd, ";");
      while (parameters.next()) {
        if (
          parameters.valueStart >= 0 &&
          isName(bytes, parameters.nameStart, parameters.nameEnd, "transport")
        ) {
          transport = textOf(bytes, parameters.valueStart, parameters.valueEnd).toLowerCase();
        }
      }
    }
    return {
      kind: uri.kind,
      user: uri.userStart >= 0,
      host: host.startsWith("[") ? host.slice(1, -1) : host,
      address: canonicalAddress(host),
      port,
      transport,
      ours: this.isOurs(host, port),
    };
  }

  /** Of the URI that `readUri` has just read. */
  private readMark(scan: Scan, end: number): void {
    const { bytes } = scan;
    const callIdRow = scan.firstRow(this.callId);
    if (this.uri.parametersStart < 0 || callIdRow < 0) return;
    this.parameters.reset(bytes, this.uri.parametersStart, Math.min(end, this.uri.parametersEnd), ";");
    while (this.parameters.next()) {
      const { nameStart, nameEnd, valueStart, valueEnd } = this.parameters;
      if (valueStart < 0 || !isName(bytes, nameStart, nameEnd, markParameter)) continue;
      const [from, to] = [scan.valueStart[callIdRow]!, scan.valueEnd[callIdRow]!];
      const network = this.mark.read(bytes, valueStart, valueEnd, from, to);
      if (network === undefined) this.forged = true;
      else this.marked = network;
    }
  }
}
