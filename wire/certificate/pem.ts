/**
 * PEM, the textual encoding of certificates (RFC 7468).
 */

const block = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;

/** The DER of every certificate in the text, in order; anything between them is left out (RFC 7468 5.2). */
export const readPem = (text: string): Uint8Array[] =>
  [...text.matchAll(block)].map((match) => new Uint8Array(Buffer.from(match[1]!, "base64")));

/** One certificate, in lines of 64 characters (RFC 7468 2). */
export function writePem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
