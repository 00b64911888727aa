/**
 * The policy's TLS profile as the library takes it, for every connection, in and out (TS 33.210 6.2;
 * RFC 9325 4), and what no policy changes beside it.
 */
import { constants, createPrivateKey } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import { defaultTlsProfile, sameOffer, type TlsProfile } from "../../engine/trust/index.ts";

/** A certificate of ours. */
export interface TlsIdentity {
  /** The domains for which it is shown, compared with SNI (RFC 5922 7.8) and with `Target.identity`. */
  readonly domains: readonly string[];
  /** PEM: the leaf, then its intermediates. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

/** What OpenSSL calls the suites of TLS 1.2; those of TLS 1.3 have the same name there. */
const suiteNames: Readonly<Record<string, string>> = {
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: "ECDHE-ECDSA-AES256-GCM-SHA384",
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: "ECDHE-RSA-AES256-GCM-SHA384",
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: "ECDHE-ECDSA-AES128-GCM-SHA256",
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: "ECDHE-RSA-AES128-GCM-SHA256",
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-ECDSA-CHACHA20-POLY1305",
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-RSA-CHACHA20-POLY1305",
};

/** What OpenSSL calls the groups. */
const groupNames: Readonly<Record<string, string>> = {
  x25519: "X25519",
  secp256r1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521",
  x448: "X448",
};

/** No SHA-1 (RFC 9325 4.4; RFC 9155). */
const signatureAlgorithms = [
  "ecdsa_secp256r1_sha256",
  "ecdsa_secp384r1_sha384",
  "ecdsa_secp521r1_sha512",
  "ed25519",
  "rsa_pss_rsae_sha256",
  "rsa_pss_rsae_sha384",
  "rsa_pss_rsae_sha512",
  "rsa_pss_pss_sha256",
  "rsa_pss_pss_sha384",
  "rsa_pss_pss_sha512",
  "rsa_pkcs1_sha256",
  "rsa_pkcs1_sha384",
  "rsa_pkcs1_sha512",
];

/** No `ca`: no names of authorities are sent, and what the library thinks of a path decides nothing. */
export function profile(
  identity: TlsIdentity | undefined,
  { versions, suites, groups }: TlsProfile = defaultTlsProfile,
): SecureContextOptions {
  return {
    minVersion: versions.includes("1.2") ? "TLSv1.2" : "TLSv1.3",
    maxVersion: versions.includes("1.3") ? "TLSv1.3" : "TLSv1.2",
    ciphers: suites.map((name) => suiteNames[name] ?? name).join(":"),
    ecdhCurve: groups.map((name) => groupNames[name] ?? name).join(":"),
    sigalgs: signatureAlgorithms.join(":"),
    honorCipherOrder: true,
    // A renegotiation could bring another certificate behind the verdict (RFC 9325 3.5).
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
    ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.privateKey }),
  };
}

/** What was made of an identity. */
interface Made {
  readonly context: SecureContext;
  readonly kind: string | undefined;
}

function make(identity: TlsIdentity, offer: TlsProfile): Made {
  const { asymmetricKeyType } = createPrivateKey(identity.privateKey);
  return { context: createSecureContext(profile(identity, offer)), kind: asymmetricKeyType };
}

/**
 * Our certificates, each with its context. Throws where a certificate and its key do not
 * fit, and where keys are of two kinds: Node puts the certificate that SNI chooses beside
 * the first one, and the peer would choose between them by the kind of key.
 */
export class TlsIdentities {
  readonly #identities: readonly TlsIdentity[];
  readonly #offer: TlsProfile;
  readonly #byDomain = new Map<string, SecureContext>();
  /** By certificate and key. Making one takes milliseconds, and a listener may have hundreds. */
  readonly #made = new Map<string, Made>();
  /** Of the first identity, or none. */
  readonly #first: SecureContext;

  /** `earlier`: those that were in force; what stays is not made again. */
  constructor(
    identities: readonly TlsIdentity[],
    offer: TlsProfile = defaultTlsProfile,
    earlier?: TlsIdentities,
  ) {
    this.#identities = identities;
    this.#offer = offer;
    const same = earlier !== undefined && sameOffer(earlier.#offer, offer) ? earlier : undefined;
    for (const identity of identities) {
      const key = identity.certificate + identity.privateKey;
      const known = this.#made.get(key) ?? (same === undefined ? undefined : same.#made.get(key));
      const made = known ?? make(identity, offer);
      this.#made.set(key, made);
      for (const domain of identity.domains) {
        const name = domain.toLowerCase();
        if (!this.#byDomain.has(name)) this.#byDomain.set(name, made.context);
      }
    }
    const [first, ...others] = this.#made.values();
    const other = others.find(({ kind }) => kind !== first?.kind);
    if (other !== undefined)
      throw new RangeError(`own certificates need keys of one kind, not ${first?.kind} and ${other.kind}`);
    this.#first = first?.context ?? createSecureContext(profile(undefined, offer));
  }

  /** Where SNI names nothing of ours, or is absent. undefined: there is none. */
  get default(): SecureContextOptions | undefined {
    const [first] = this.#identities;
    return first === undefined ? undefined : profile(first, this.#offer);
  }

  /** SNI has something to choose. */
  get several(): boolean {
    return this.#made.size > 1;
  }

  /** Of connections that we open, in the name of that domain. */
  clientFor(domain: string | undefined): SecureContext {
    return (domain === undefined ? undefined : this.contextFor(domain)) ?? this.#first;
  }

  contextFor(sni: string): SecureContext | undefined {
    return this.#byDomain.get(sni.toLowerCase());
  }
}
