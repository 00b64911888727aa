/**
 * PEM, the textual encoding of certificates and CRLs (RFC 7468).
 */

const block = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;

/** The DER of every certificate in the text, in order; anything between them is left out (RFC 7468 5.2). */
export const readPem = (text: string): Uint8Array[] =>
  [...text.matchAll(block)].map((match) => new Uint8Array(Buffer.from(match[1]!, "base64")));

const listBlock = /-----BEGIN X509 CRL-----([^-]*)-----END X509 CRL-----/g;

/** The DER of every CRL in a file, which holds one as DER, or any number as PEM. What looks like one is not checked. */
export function readRevocationFile(bytes: Uint8Array): Uint8Array[] {
  // A SEQUENCE; the first character of PEM can be a digit too, but not with a length behind it.
  if (bytes[0] === 0x30 && bytes[1]! > 0x7f) return [bytes];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return [...text.matchAll(listBlock)].map((match) => new Uint8Array(Buffer.from(match[1]!, "base64")));
}

/** One certificate, in lines of 64 characters (RFC 7468 2). */
export function writePem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
