/** Why no TLS connection came about, and what helps. */
import { isIPv6 } from "node:net";
import type { FileMistake } from "../border/index.ts";
import type { LivePeer } from "./live-peer.ts";
import type { Meeting } from "./meeting.ts";

export function placeOf({ host, port }: LivePeer, { address }: Meeting): string {
  const name = isIPv6(host) ? `[${host}]` : host;
  return `${name}:${port}${address === undefined || address === host ? "" : ` (${address})`}`;
}

/** `failure` as an adapter or the resolver words it: a code of the system, or OpenSSL's words. */
export function whyNoConnection(peer: LivePeer, meeting: Meeting, failure: string): FileMistake {
  const place = placeOf(peer, meeting);
  const [, cause, remedy] = causes.find(([pattern]) => pattern.test(failure)) ?? unknown;
  const shown = cause === "" ? failure : `${cause} (${failure})`;
  const own =
    peer.identity === undefined
      ? "it may want a certificate of ours: give one with --certificate-of-ours and --key"
      : "it may not believe the certificate of ours: ask its operator for the reason in its log";
  return { place, cause: shown, remedy: remedy === "" ? own : remedy };
}

/** No remedy: one about our own certificate. */
const unknown: readonly [RegExp, string, string] = [/^/, "", ""];

const causes: readonly (readonly [pattern: RegExp, cause: string, remedy: string])[] = [
  [
    /^(ENOTFOUND|EAI_)|not resolved/,
    "the name has no address",
    "check its spelling and this machine's resolver, or give the address and the name as --domain",
  ],
  [
    /^ECONNREFUSED$/,
    "nobody listens there",
    "check host and port (SIP over TLS has 5061), and that the peer is running",
  ],
  [
    /^E(HOST|NET)(UNREACH|DOWN)$|^EADDRNOTAVAIL$/,
    "there is no way to it",
    "check the address, and this machine's routes and firewall",
  ],
  [
    /within the time|^ETIMEDOUT$/,
    "it does not answer, or does not shake hands",
    "check the port and the firewalls on the way, or give it more time with --timeout",
  ],
  [
    /wrong version number|packet length too long|record layer failure|http request/,
    "what answers there does not speak TLS",
    "check the port: 5060 is SIP in clear, 5061 SIP over TLS",
  ],
  [
    /protocol version|unsupported protocol/,
    "it speaks neither TLS 1.2 nor TLS 1.3",
    "ask its operator to allow TLS 1.2 or later; the border goes no lower (RFC 9325 3.1.1)",
  ],
  [
    /unrecognized name/,
    "it does not know the domain that was asked for",
    "check --domain, or ask its operator for a certificate of that domain",
  ],
  [
    /alert certificate required|peer did not return a certificate/,
    "it wants a certificate of ours",
    "give one with --certificate-of-ours and --key",
  ],
  [
    /unknown ca|bad certificate|certificate (unknown|expired|revoked)|unsupported certificate|access denied/,
    "it does not believe the certificate of ours",
    "have its operator name our authority, and look at our certificate's names, dates and chain",
  ],
  [
    /no shared cipher|insufficient security|no suitable|illegal parameter|(dh|ee|ca|ecdh) key too small|unsupported signature|sigalg/,
    "the two have no suite, group or signature in common",
    "ask its operator for ECDHE with AES-GCM, and a key of at least 2,048 bits (RSA) or P-256 (RFC 9325 4)",
  ],
  [
    /handshake failure/,
    "it refuses: no suite in common, or no certificate of ours",
    "ask its operator for ECDHE with AES-GCM (RFC 9325 4.2); if it asks for a certificate, give one with --certificate-of-ours and --key",
  ],
  [/^(ECONNRESET|EPIPE)$|peer (ended|closed)/, "it closed the connection without saying why", ""],
];
