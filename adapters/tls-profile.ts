/**
 * The TLS profile of every connection, in and out (TS 33.210 6.2; RFC 9325 4).
 */
import { constants, createPrivateKey } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";

/** A certificate of ours. */
export interface TlsIdentity {
  /** The domains for which it is shown, compared with SNI (RFC 5922 7.8) and with `Target.identity`. */
  readonly domains: readonly string[];
  /** PEM: the leaf, then its intermediates. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

/** RFC 8446 9.1, then RFC 9325 4.2: ECDHE with an AEAD. */
const suites = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_AES_128_GCM_SHA256",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
];

/** RFC 8446 9.1; TS 33.210 6.2.2 for secp384r1. */
const curves = ["X25519", "P-256", "P-384"];

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
export function profile(identity: TlsIdentity | undefined): SecureContextOptions {
  return {
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.3",
    ciphers: suites.join(":"),
    ecdhCurve: curves.join(":"),
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

function make(identity: TlsIdentity): Made {
  const { asymmetricKeyType } = createPrivateKey(identity.privateKey);
  return { context: createSecureContext(profile(identity)), kind: asymmetricKeyType };
}

/**
 * Our certificates, each with its context. Throws where a certificate and its key do not
 * fit, and where keys are of two kinds: Node puts the certificate that SNI chooses beside
 * the first one, and the peer would choose between them by the kind of key.
 */
export class TlsIdentities {
  readonly #identities: readonly TlsIdentity[];
  readonly #byDomain = new Map<string, SecureContext>();
  /** By certificate and key. Making one takes milliseconds, and a listener may have hundreds. */
  readonly #made = new Map<string, Made>();
  /** Of the first identity, or none. */
  readonly #first: SecureContext;

  /** `earlier`: those that were in force; what stays is not made again. */
  constructor(identities: readonly TlsIdentity[], earlier?: TlsIdentities) {
    this.#identities = identities;
    for (const identity of identities) {
      const key = identity.certificate + identity.privateKey;
      const known = this.#made.get(key) ?? (earlier === undefined ? undefined : earlier.#made.get(key));
      const made = known ?? make(identity);
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
    this.#first = first?.context ?? createSecureContext(profile(undefined));
  }

  /** Where SNI names nothing of ours, or is absent. */
  get default(): TlsIdentity | undefined {
    return this.#identities[0];
  }

  /** Of connections that we open, in the name of that domain. */
  clientFor(domain: string | undefined): SecureContext {
    return (domain === undefined ? undefined : this.contextFor(domain)) ?? this.#first;
  }

  contextFor(sni: string): SecureContext | undefined {
    return this.#byDomain.get(sni.toLowerCase());
  }
}
