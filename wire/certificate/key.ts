/**
 * Keys and signatures: which are strong enough, and whether one verifies. The arithmetic
 * is Node's crypto.
 */
import { type KeyObject, X509Certificate } from "node:crypto";
import type { Certificate, SignatureAlgorithm } from "./certificate.ts";

/** RFC 9325 4.5, TS 33.310 6.1: SHA-256 or better. */
const signatures: ReadonlySet<string> = new Set([
  "1.2.840.113549.1.1.11", // sha256WithRSAEncryption
  "1.2.840.113549.1.1.12", // sha384WithRSAEncryption
  "1.2.840.113549.1.1.13", // sha512WithRSAEncryption
  "1.2.840.10045.4.3.2", // ecdsa-with-SHA256
  "1.2.840.10045.4.3.3", // ecdsa-with-SHA384
  "1.2.840.10045.4.3.4", // ecdsa-with-SHA512
  "1.3.101.112", // Ed25519
  "1.3.101.113", // Ed448
]);

/** Of RSASSA-PSS. */
const hashes: ReadonlySet<string> = new Set([
  "2.16.840.1.101.3.4.2.1", // SHA-256
  "2.16.840.1.101.3.4.2.2", // SHA-384
  "2.16.840.1.101.3.4.2.3", // SHA-512
]);

const curves: ReadonlySet<string> = new Set(["prime256v1", "secp384r1", "secp521r1"]);

/** RFC 9325 4.5; the upper bound keeps a hostile key from costing seconds. */
const rsaBits = { least: 2048, most: 8192 };

export const isStrongSignature = ({ identifier, hash }: SignatureAlgorithm): boolean =>
  hash === undefined ? signatures.has(identifier) : hashes.has(hash);

/** OpenSSL's view of a certificate; undefined where it can't read it or its key. */
export interface CertificateKey {
  readonly x509: X509Certificate;
  readonly publicKey: KeyObject;
}

export function keyOf(certificate: Certificate): CertificateKey | undefined {
  try {
    const x509 = new X509Certificate(certificate.der);
    return { x509, publicKey: x509.publicKey };
  } catch {
    return undefined;
  }
}

/** Why the key is too weak, or undefined. */
export function weaknessOf({ publicKey }: CertificateKey): string | undefined {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  switch (publicKey.asymmetricKeyType) {
    case "rsa":
    case "rsa-pss":
      return modulusLength !== undefined && modulusLength >= rsaBits.least && modulusLength <= rsaBits.most
        ? undefined
        : `an RSA key of ${modulusLength} bits`;
    case "ec":
      return namedCurve !== undefined && curves.has(namedCurve)
        ? undefined
        : `a key on the curve ${namedCurve}`;
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
