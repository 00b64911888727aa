/**
 * Keys and signatures: which are strong enough, and whether one verifies. The arithmetic
 * is Node's crypto.
 */
import { constants, type KeyObject, verify, X509Certificate } from "node:crypto";
import type { Certificate, SignatureAlgorithm } from "./certificate.ts";
import { Recent } from "./recent.ts";

/** RFC 9325 4.5, TS 33.310 6.1: SHA-256 or better. With Node's name of the hash, and the kind of key. */
const signatures: ReadonlyMap<string, readonly [hash: string | null, key: string]> = new Map([
  ["1.2.840.113549.1.1.11", ["sha256", "rsa"]], // sha256WithRSAEncryption
  ["1.2.840.113549.1.1.12", ["sha384", "rsa"]], // sha384WithRSAEncryption
  ["1.2.840.113549.1.1.13", ["sha512", "rsa"]], // sha512WithRSAEncryption
  ["1.2.840.10045.4.3.2", ["sha256", "ec"]], // ecdsa-with-SHA256
  ["1.2.840.10045.4.3.3", ["sha384", "ec"]], // ecdsa-with-SHA384
  ["1.2.840.10045.4.3.4", ["sha512", "ec"]], // ecdsa-with-SHA512
  ["1.3.101.112", [null, "ed25519"]],
  ["1.3.101.113", [null, "ed448"]],
]);

/** Of RSASSA-PSS. */
const hashes: ReadonlyMap<string, string> = new Map([
  ["2.16.840.1.101.3.4.2.1", "sha256"],
  ["2.16.840.1.101.3.4.2.2", "sha384"],
  ["2.16.840.1.101.3.4.2.3", "sha512"],
]);

/** P-256, P-384, P-521 (RFC 5480 2.1.1.1). */
const curves: ReadonlySet<string> = new Set(["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"]);

const isGoodCurve = (curve: string | undefined): boolean => curve !== undefined && curves.has(curve);

/** RFC 9325 4.5; the upper bound keeps a hostile key from costing seconds. */
const rsaBits = { least: 2048, most: 8192 };

export const isStrongSignature = ({ identifier, hash }: SignatureAlgorithm): boolean =>
  hash === undefined ? signatures.has(identifier) : hashes.has(hash);

/** OpenSSL's view of a certificate. */
export class CertificateKey {
  readonly x509: X509Certificate;
  /** As the certificate names it. OpenSSL is slow to say. */
  readonly curve: string | undefined;
  #publicKey: KeyObject | undefined;

  constructor(x509: X509Certificate, curve: string | undefined) {
    this.x509 = x509;
    this.curve = curve;
  }

  /** Throws where it can't be read. */
  get publicKey(): KeyObject {
    this.#publicKey ??= this.x509.publicKey;
    return this.#publicKey;
  }
}

/** What OpenSSL has made of a certificate's bytes already. */
interface ReadByOpenssl {
  readonly x509: X509Certificate;
  /** It has read the key too. */
  readonly hasKey: boolean;
}

/** The last ones of handshakes. */
const recent = new Recent<ReadByOpenssl>(32);

/**
 * Its DER. The certificate of a handshake has been read once; a path that is looked for at once
 * need not have that done again.
 * @param hasSigned the peer has proved in its handshake that it has the key.
 */
export function derOf(certificate: X509Certificate, hasSigned = false): Uint8Array {
  const { buffer, byteOffset, length } = certificate.raw;
  const der = new Uint8Array(buffer, byteOffset, length);
  recent.set(der, { x509: certificate, hasKey: hasSigned });
  return der;
}

/** undefined where OpenSSL can't read the certificate, or its key. */
export function keyOf({ der, curve }: Certificate): CertificateKey | undefined {
  try {
    const { x509, hasKey } = recent.get(der) ?? { x509: new X509Certificate(der), hasKey: false };
    const key = new CertificateKey(x509, curve);
    // Of one that has been read, and is on a good curve, nothing more is asked.
    if (!hasKey || !isGoodCurve(curve)) void key.publicKey;
    return key;
  } catch {
    return undefined;
  }
}

/** Why the key is too weak, or undefined. */
export function weaknessOf(key: CertificateKey): string | undefined {
  const { curve } = key;
  if (isGoodCurve(curve)) return undefined;
  const { publicKey } = key;
  switch (publicKey.asymmetricKeyType) {
    case "rsa":
    case "rsa-pss": {
      const { modulusLength } = publicKey.asymmetricKeyDetails ?? {};
      return modulusLength !== undefined && modulusLength >= rsaBits.least && modulusLength <= rsaBits.most
        ? undefined
        : `an RSA key of ${modulusLength} bits`;
    }
    case "ec":
      return `a key on the curve ${publicKey.asymmetricKeyDetails?.namedCurve}`;
    case "ed25519":
    case "ed448":
      return undefined;
    default:
      return `a key of the kind ${publicKey.asymmetricKeyType}`;
  }
}

export function verifies(signed: CertificateKey, by: CertificateKey): boolean {
  try {
    return signed.x509.verify(by.publicKey);
  } catch {
    return false;
  }
}

/** Whether the signature over `signed` is strong, and by the key: of a CRL, which Node's certificates know nothing of. */
export function signatureHolds(
  algorithm: SignatureAlgorithm,
  signed: Uint8Array,
  signature: Uint8Array,
  by: CertificateKey,
): boolean {
  try {
    const { publicKey } = by;
    if (algorithm.hash !== undefined) {
      const hash = hashes.get(algorithm.hash);
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      const saltLength = constants.RSA_PSS_SALTLEN_AUTO;
      return hash !== undefined && verify(hash, signed, { key: publicKey, padding, saltLength }, signature);
    }
    const [hash, key] = signatures.get(algorithm.identifier) ?? [null, "unknown"];
    return publicKey.asymmetricKeyType === key && verify(hash, signed, publicKey, signature);
  } catch {
    return false;
  }
}
