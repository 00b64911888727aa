/**
 * What a certificate says about its holder, in the shape that the engine's events carry.
 */
import { type Certificate, type GeneralName, readPeer } from "./certificate.ts";
import { commonNameOf, writeName } from "./name.ts";

/** The certificate of a peer. Structurally the `CertificateFacts` of an event. */
export interface CertificateReading {
  /** subjectAltName entries as they stand, one character a byte. */
  readonly uris: readonly string[];
  readonly dns: readonly string[];
  readonly hasSubjectAltName: boolean;
  /** Absent where there are several. */
  readonly commonName: string | undefined;
  /** RFC 4514: innermost first, `CN=Root,O=Carrier C,C=DE`. */
  readonly issuer: string;
  /** Object identifiers; undefined where the extension is absent. */
  readonly usages: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Why the certificate can't be read; then it has no names. */
  readonly unreadable: string | undefined;
  /** Leaf first, DER. */
  readonly chain: readonly Uint8Array[];
}

/** The words that policies use for extended key usages (RFC 5280 4.2.1.12, RFC 5924 4). */
export const usageIdentifiers = {
  any: "2.5.29.37.0",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  sipDomain: "1.3.6.1.5.5.7.3.20",
} as const;

/**
 * Reads a peer's certificate. Never throws: what can't be read names nobody and says why.
 * @param leaf DER.
 * @param rest the other certificates that the peer sent, DER, in any order.
 */
export function readCertificate(leaf: Uint8Array, rest: readonly Uint8Array[] = []): CertificateReading {
  const chain = [leaf, ...rest];
  let certificate: Certificate | string;
  try {
    certificate = readPeer(leaf);
  } catch {
    certificate = "is not DER";
  }
  if (typeof certificate === "string") return unreadable(certificate, chain);
  const names = certificate.alternativeNames ?? [];
  return {
    uris: valuesOf(names, "uri"),
    dns: valuesOf(names, "dns"),
    hasSubjectAltName: certificate.alternativeNames !== undefined,
    commonName: commonNameOf(certificate.subject),
    issuer: writeName(certificate.issuer),
    usages: certificate.usages,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    unreadable: undefined,
    chain,
  };
}

function valuesOf(names: readonly GeneralName[], kind: "uri" | "dns"): string[] {
  const values: string[] = [];
  for (const name of names) if (name.kind === kind) values.push(name.value);
  return values;
}

const unreadable = (cause: string, chain: readonly Uint8Array[]): CertificateReading => ({
  uris: [],
  dns: [],
  // Fail closed: nobody falls back to the common name of what could not be read.
  hasSubjectAltName: true,
  commonName: undefined,
  issuer: "",
  usages: [],
  notBefore: 0,
  notAfter: 0,
  unreadable: cause,
  chain,
});
