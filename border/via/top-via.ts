/** What a receiver writes into the topmost Via of a request (RFC 3261 18.2.1, RFC 3581 4). */
import type { Insertion } from "../forwarding/answer.ts";
import { bytesOf, textOf } from "../hash/message-bytes.ts";
import { canonicalAddress } from "../routing/ip-address.ts";
import { type ReturnPath, returnPath } from "./return-path.ts";
import type { ViaReader } from "./via-reader.ts";

export interface TopVia {
  /** In ascending order; none where the Via says it all. */
  readonly insertions: readonly Insertion[];
  /** Where the response will go. */
  readonly path: ReturnPath;
}

/**
 * `received` where sent-by is a name or another address, or where the sender asks for `rport`;
 * a `received` or `rport` that the sender made up is overwritten. `remoteAddress` is canonical.
 */
export function completeTopVia(
  via: ViaReader,
  bytes: Uint8Array,
  remoteAddress: string,
  remotePort: number,
): TopVia {
  const insertions: Insertion[] = [];
  const wantsRport = via.rportParameterEnd >= 0;
  const sentBy = canonicalAddress(textOf(bytes, via.hostStart, via.hostEnd));
  const written = via.receivedStart < 0 ? undefined : textOf(bytes, via.receivedStart, via.receivedEnd);
  let append = "";
  if (written !== undefined) {
    if (canonicalAddress(written) !== remoteAddress) {
      insertions.push({ start: via.receivedStart, end: via.receivedEnd, bytes: bytesOf(remoteAddress) });
    }
  } else if (via.receivedParameterEnd >= 0) {
    // Without a value; a second one beside it could be read in two ways.
    insertions.push(at(via.receivedParameterEnd, `=${remoteAddress}`));
  } else if (sentBy !== remoteAddress || wantsRport) {
    append = `;received=${remoteAddress}`;
  }
  if (wantsRport) {
    const port = String(remotePort);
    if (via.rportStart < 0) {
      // One insertion where both would stand at the same place.
      const both = via.rportParameterEnd === via.end;
      insertions.push(at(via.rportParameterEnd, `=${port}${both ? append : ""}`));
      if (both) append = "";
    } else if (textOf(bytes, via.rportStart, via.rportEnd) !== port) {
      insertions.push({ start: via.rportStart, end: via.rportEnd, bytes: bytesOf(port) });
    }
  }
  if (append !== "") insertions.push(at(via.end, append));
  insertions.sort((one, other) => one.start - other.start);
  const received =
    via.receivedParameterEnd >= 0 || sentBy !== remoteAddress || wantsRport ? remoteAddress : undefined;
  return { insertions, path: returnPath(via, bytes, received, wantsRport ? remotePort : 0) };
}

function at(start: number, text: string): Insertion {
  return { start, end: start, bytes: bytesOf(text) };
}
