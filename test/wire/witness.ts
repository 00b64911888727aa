/** What must hold of every input, whatever it is: used by property tests and by the fuzzer. */
import {
  AddressReader,
  type BodyPart,
  ParameterCursor,
  readBody,
  type Scan,
  StreamFramer,
  UriReader,
  ValueCursor,
} from "../../wire/index.ts";
import { faultsOf, readSlowly } from "./slow-reader.ts";

const cursor = new ValueCursor();
const address = new AddressReader();
const uri = new UriReader();
const parameters = new ParameterCursor();

/** Throws where the spans of a scan are out of order or out of bounds. */
export function checkSpans(scan: Scan, accepted: boolean): void {
  const length = scan.bytes.length;
  if (accepted !== (scan.violation === undefined)) throw new Error("a violation and no violation");
  if (scan.violation && (scan.violation.at < 0 || scan.violation.at > length))
    throw new Error("violation out of bounds");
  let behind = 0;
  for (let row = 0; row < scan.rowCount; row++) {
    const start = scan.rowStart[row]!;
    const inOrder =
      behind <= start &&
      start < scan.nameEnd[row]! &&
      scan.nameEnd[row]! < scan.valueStart[row]! + 1 &&
      scan.valueStart[row]! <= scan.valueEnd[row]! &&
      scan.valueEnd[row]! < scan.rowEnd[row]! &&
      scan.rowEnd[row]! <= length;
    if (!inOrder) throw new Error(`row ${row} is out of order`);
    if (accepted && row > 0 && behind !== start) throw new Error(`a gap before row ${row}`);
    behind = scan.rowEnd[row]!;
    const next = scan.nextRow(row);
    if (next !== -1 && (next <= row || next >= scan.rowCount || scan.rowField[next] !== scan.rowField[row]))
      throw new Error(`row ${row} chains to ${next}`);
  }
  if (!accepted) return;
  if (
    behind !== scan.headEnd ||
    scan.bodyStart !== scan.headEnd + 2 ||
    scan.bodyStart > scan.end ||
    scan.end > length
  )
    throw new Error("head and body");
}

/** Throws where the slow reader finds other rows in an accepted message, or a fault. */
export function checkReading(scan: Scan): void {
  const text = Buffer.from(scan.bytes.buffer, scan.bytes.byteOffset, scan.bytes.byteLength).toString(
    "latin1",
  );
  const slow = readSlowly(text);
  if (slow === undefined) throw new Error("the slow reader can't read it");
  if (slow.rows.length !== scan.rowCount || slow.bodyStart !== scan.bodyStart)
    throw new Error("the slow reader finds other rows");
  slow.rows.forEach(({ name, value }, row) => {
    if (text.slice(scan.rowStart[row], scan.nameEnd[row]) !== name) throw new Error(`the name of row ${row}`);
    if (text.slice(scan.valueStart[row], scan.valueEnd[row]) !== value)
      throw new Error(`the value of row ${row}`);
    if (scan.table.id(name) !== scan.rowField[row]) throw new Error(`the field of row ${row}`);
  });
  const longName = (name: string): string => {
    const id = scan.table.id(name);
    return id === 0 ? name : scan.table.name(id);
  };
  const faults = faultsOf(slow, longName);
  if (faults.length > 0) throw new Error(`the slow reader finds fault: ${faults.join("; ")}`);
}

/** Throws where a value of an accepted message can't be read on, or a reader leaves its span. */
export function checkValues(scan: Scan): void {
  const { bytes, table } = scan;
  for (let row = 0; row < scan.rowCount; row++) {
    const shape = table.shape(scan.rowField[row]!);
    const rowEnd = scan.valueEnd[row]!;
    let behind = scan.valueStart[row]!;
    cursor.reset(bytes, behind, rowEnd, shape);
    while (cursor.next()) {
      if (cursor.start < behind || cursor.end <= cursor.start || cursor.end > rowEnd)
        throw new Error(`value of row ${row}`);
      behind = cursor.end;
      let tail = cursor.start;
      const told = scan.rowInitials[row]!;
      if (shape === "address" || shape === "addresses") {
        if (!address.read(bytes, cursor.start, cursor.end)) throw new Error(`address of row ${row}`);
        const star = address.uriEnd - address.uriStart === 1;
        if (!star && !uri.read(bytes, address.uriStart, address.uriEnd)) throw new Error(`URI of row ${row}`);
        tail = address.parametersStart;
        if (!star) checkInitials(bytes, told, row);
      } else if (shape !== "value" && shape !== "values") {
        continue;
      }
      walkParameters(bytes, tail, cursor.end, row, told);
    }
  }
  if (scan.isRequest && !uri.read(bytes, scan.uriStart, scan.uriEnd)) throw new Error("Request-URI");
}

/** Throws where a parameter of the URI just read begins with a letter that the scan has not told of. */
function checkInitials(bytes: Uint8Array, told: number, row: number): void {
  if (uri.headersStart >= 0 && told >= 0) throw new Error(`untold header fields of the URI in row ${row}`);
  if (uri.parametersStart >= 0) walkParameters(bytes, uri.parametersStart, uri.parametersEnd, row, told);
  const userParameters = uri.userStart < 0 ? -1 : bytes.indexOf(0x3b, uri.userStart);
  if (uri.kind !== "tel" && userParameters >= 0 && userParameters < uri.userEnd)
    walkParameters(bytes, userParameters, uri.userEnd, row, told);
}

function walkParameters(bytes: Uint8Array, start: number, end: number, row: number, told: number): void {
  parameters.reset(bytes, start, end, ";");
  let behind = start;
  while (parameters.next()) {
    const { valueStart, valueEnd } = parameters;
    const inOrder =
      behind <= parameters.start &&
      parameters.start < parameters.nameStart &&
      parameters.nameStart <= parameters.nameEnd &&
      (valueStart < 0 || (parameters.nameEnd < valueStart && valueStart <= valueEnd)) &&
      parameters.end <= end;
    if (!inOrder) throw new Error(`parameters of row ${row}`);
    if (((told >> (bytes[parameters.nameStart]! & 31)) & 1) === 0)
      throw new Error(`an untold parameter in row ${row}`);
    behind = parameters.end;
  }
}

/** Throws where the spans of a body's parts leave it or overlap. */
export function checkBody(scan: Scan): void {
  const body = readBody(scan);
  if (body !== undefined) checkPart(body, scan.bodyStart, scan.end);
}

function checkPart(part: BodyPart, start: number, end: number): void {
  if (part.contentStart < start || part.contentEnd < part.contentStart || part.contentEnd > end)
    throw new Error("part out of bounds");
  let behind = part.contentStart;
  for (const inner of part.parts) {
    if (inner.start < behind || inner.headStart < inner.start || inner.contentStart < inner.headEnd)
      throw new Error("parts out of order");
    behind = inner.contentEnd;
    checkPart(inner, part.contentStart, part.contentEnd);
  }
  if (part.closeStart >= 0 && (part.closeStart < behind || part.closeEnd > end))
    throw new Error("close out of order");
}

/** What a framer makes of `bytes`, cut at `cuts`, as text. */
export function framed(bytes: Uint8Array, cuts: readonly number[]): string {
  const framer = new StreamFramer({ headBytes: 8_192, bodyBytes: 8_192 });
  let events = "";
  let pings = 0;
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    framer.push(bytes.subarray(at, cut));
    at = cut;
    for (;;) {
      const message = framer.next();
      for (; pings < framer.pings; pings++) events += "ping|";
      if (message === undefined) break;
      events += `${Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString("latin1")}|`;
    }
  }
  return events + (framer.error ? `${framer.error.rule} at ${framer.error.at}` : "");
}
