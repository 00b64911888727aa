/** Which NAPTR records lead to a SIP server (RFC 3263 4.1, RFC 3403 4.1). */
import type { Transport } from "./location.ts";
import { compareNames, isDomainName } from "./name.ts";
import type { NaptrRecord } from "./record.ts";

/** A service that a domain offers, and where its SRV records are. */
export interface OfferedService {
  readonly transport: Transport;
  /** The owner of SRV records. */
  readonly replacement: string;
}

export interface NaptrSelection {
  /** Those of the lowest order that can be used at all, most preferred first; no others count. */
  readonly services: readonly OfferedService[];
  /** Whether any record is of SIP, usable or not. */
  readonly hasSip: boolean;
  /** Whether the domain asks for TLS by SIPS+D2T, usable or not. */
  readonly offersSips: boolean;
}

/** Literals of a grammar are case-insensitive (RFC 5234 2.3). */
const sipServices: Readonly<Record<string, Transport | "other">> = {
  "sip+d2u": "udp",
  "sip+d2t": "tcp",
  "sips+d2t": "tls",
  // RFC 4168 and 7118: SIP too, over what the border doesn't speak.
  "sip+d2s": "other",
  "sips+d2s": "other",
  "sip+d2w": "other",
  "sips+d2w": "other",
};

interface Candidate {
  readonly record: NaptrRecord;
  readonly transport: Transport | "other";
}

interface Supported extends Candidate {
  readonly transport: Transport;
  /** Among what we prefer. */
  readonly rank: number;
}

/** @param usable transports, most preferred first; for sips only `tls`. */
export function selectServices(
  records: readonly NaptrRecord[],
  usable: readonly Transport[],
): NaptrSelection {
  const candidates = records.flatMap((record): Candidate[] => {
    const service = record.services.toLowerCase();
    const transport = Object.hasOwn(sipServices, service) ? sipServices[service] : undefined;
    return transport !== undefined && leadsToSrv(record) ? [{ record, transport }] : [];
  });
  const supported = candidates
    .flatMap(({ record, transport }): Supported[] => {
      const rank = usable.findIndex((one) => one === transport);
      return rank < 0 ? [] : [{ record, transport: usable[rank]!, rank }];
    })
    .toSorted(compare);
  const order = supported[0]?.record.order;
  return {
    services: supported
      .filter(({ record }) => record.order === order)
      .map(({ record, transport }) => ({ transport, replacement: record.replacement })),
    hasSip: candidates.length > 0,
    offersSips: candidates.some(({ transport }) => transport === "tls"),
  };
}

/** Terminal, with SRV next: flag s, no expression, a name that can be asked for. */
function leadsToSrv({ flags, regexp, replacement }: NaptrRecord): boolean {
  return flags.toLowerCase() === "s" && regexp === "" && isDomainName(replacement);
}

/**
 * Equal ones by what we prefer, then by name, so that the same records have the same order each time
 * (RFC 3263 4.4).
 */
function compare(a: Supported, b: Supported): number {
  return (
    a.record.order - b.record.order ||
    a.record.preference - b.record.preference ||
    a.rank - b.rank ||
    compareNames(a.record.replacement, b.record.replacement)
  );
}
