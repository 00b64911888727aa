/**
 * Where a request or a response goes (RFC 3263 4 and 5, RFC 7984), as questions that somebody else
 * asks. No sockets, no time, no chance of its own: the same answers and the same draw give the same
 * targets.
 */
import { LocationSearch } from "./location-search.ts";
import type { Outcome, Question } from "./record.ts";
import type { Draw } from "./srv.ts";

export type Transport = "udp" | "tcp" | "tls";
export type AddressFamily = "A" | "AAAA";

export interface SoughtRequest {
  readonly scheme: "sip" | "sips";
  /** Of the URI; IPv6 with or without brackets. `maddr` is never followed: any sender can write it. */
  readonly host: string;
  readonly port?: number | undefined;
  /** The URI's transport parameter. `tls` is of old peers (RFC 5630 3.1.4). */
  readonly transport?: string | undefined;
  /** Ours, most preferred first. */
  readonly supported: readonly Transport[];
  /** A sip URI too may go over TLS only. */
  readonly tlsDemanded: boolean;
  /** Ours, most preferred first: the order inside one server of a name, never across (RFC 7984 4). */
  readonly families: readonly AddressFamily[];
  readonly draw: Draw;
}

/** A response whose connection is gone: by the sent-by of its topmost Via. */
export interface SoughtResponse {
  readonly host: string;
  readonly port?: number | undefined;
  /** Of the Via. */
  readonly transport: string;
  readonly supported: readonly Transport[];
  readonly families: readonly AddressFamily[];
  readonly draw: Draw;
}

export interface Target {
  readonly transport: Transport;
  /** Without brackets. */
  readonly address: string;
  readonly port: number;
}

export type LocationFailureCause =
  /** The name doesn't exist, or can't. */
  | "no-such-domain"
  /** It does, and offers no SIP, or its servers have no address. */
  | "no-service"
  /** DNS didn't tell: what exists is not known. */
  | "temporary"
  /** We don't speak the transport that the URI names. */
  | "transport-not-supported"
  /** A sips URI and no way by TLS: 480 with Warning 380 "SIPS Not Allowed" (RFC 5630 5.3). */
  | "sips-not-possible"
  /** TLS is demanded and not offered: 480 with Warning 381 "SIPS Required" (RFC 5630 5.3). */
  | "tls-not-offered";

export interface LocationFailure {
  readonly cause: LocationFailureCause;
  /** For a log: the place and the reason. */
  readonly text: string;
}

/**
 * Whether the domain asks for TLS: who remembers that it did can tell a downgrade (RFC 3263 7). By its
 * NAPTR records; where none is of SIP, by SRV. The same whatever the URI says: `not-known` where that,
 * or a failure, has kept them from being read.
 */
export type SipsOffer = "offered" | "not-offered" | "not-known";

interface Located {
  /**
   * What a server's certificate must name: the domain of the URI before any DNS (RFC 5922 7.3).
   * Lower case, no root's dot; an address without brackets.
   */
  readonly domain: string;
  readonly sips: SipsOffer;
}

export type Location = Located &
  (
    | { readonly targets: readonly Target[]; readonly failure?: undefined }
    | { readonly targets?: undefined; readonly failure: LocationFailure }
  );

/**
 * Yields questions that may be asked at once; takes their outcomes in the same order. A truncated
 * answer is for the asker to ask again over TCP: here it counts as a failure.
 */
export type Locating = Generator<readonly Question[], Location, readonly Outcome[]>;

/** RFC 3263 4. */
export function locateRequest(sought: SoughtRequest): Locating {
  return new LocationSearch(sought).request(sought);
}

/** RFC 3263 5. */
export function locateResponse(sought: SoughtResponse): Locating {
  return new LocationSearch(sought).response(sought);
}
