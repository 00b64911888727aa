/** Where a response goes by the Via below ours (RFC 3261 18.2.2, RFC 3581 4). */

import { textOf } from "../hash/message-bytes.ts";
import { defaultPort } from "../routing/default-port.ts";
import { canonicalAddress } from "../routing/ip-address.ts";
import { readPort, type ViaReader } from "./via-reader.ts";

export interface ReturnPath {
  /** Lower case, as the Via says. */
  readonly transport: string;
  /** Canonical address, or a host name in lower case. */
  readonly host: string;
  readonly numeric: boolean;
  readonly port: number;
}

/**
 * `received` before sent-by, `rport` before the port of sent-by, before the transport's own port.
 * `maddr` is never followed: it would let a sender point responses at anybody.
 */
export function readReturnPath(via: ViaReader, bytes: Uint8Array): ReturnPath {
  return returnPath(
    via,
    bytes,
    via.receivedStart < 0 ? undefined : textOf(bytes, via.receivedStart, via.receivedEnd),
    via.rportStart < 0 ? 0 : readPort(bytes, via.rportStart, via.rportEnd),
  );
}

/** The same for a request's topmost Via, as it reads once `received` and `rport` are written into it. */
export function returnPath(
  via: ViaReader,
  bytes: Uint8Array,
  received: string | undefined,
  rport: number,
): ReturnPath {
  const name = received ?? textOf(bytes, via.hostStart, via.hostEnd);
  const address = canonicalAddress(name);
  return {
    transport: via.transport,
    host: address ?? name.toLowerCase(),
    numeric: address !== undefined,
    port: rport || via.port || defaultPort(via.transport),
  };
}
