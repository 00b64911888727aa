/** The kind of key that a certificate is for. */
import { X509Certificate } from "node:crypto";

/** Of a leaf, as DER or PEM: `ec`, `rsa`, …; undefined where it can't be read. */
export function kindOfKey(leaf: Uint8Array | string): string | undefined {
  try {
    return new X509Certificate(leaf).publicKey.asymmetricKeyType;
  } catch {
    return undefined;
  }
}
