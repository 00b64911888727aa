/** What is wrong with the certificates that stand behind a leaf of ours: they are sent with it, and partners build the path from them. */
import { X509Certificate } from "node:crypto";
import { describeCertificate } from "../../wire/certificate/index.ts";

const day = 86_400_000;
/** Time enough to have another one made. */
export const endsSoon: number = 30 * day;

/** `cause` follows the place of the PEM. */
export interface ChainFlaw {
  readonly cause: string;
  readonly remedy: string;
}

const renew = "put the authority's present certificate in its place";

/** @param chain DER: the leaf, which is not judged here, then what stands behind it in the file. */
export function flawsOfChain(chain: readonly Uint8Array[], now: number): readonly ChainFlaw[] {
  return chain.slice(1).flatMap((der, index) => {
    const number = index + 2;
    const said = describeCertificate(der);
    if (said.unreadable !== undefined) {
      const cause = `certificate ${number} in it can't be read: it ${said.unreadable}`;
      return [{ cause, remedy: "take it out, or put a whole one in its place" }];
    }
    const name = `certificate ${number} in it, ${said.subject},`;
    const flaws: ChainFlaw[] = [];
    // RFC 5280 4.1.2.5: valid through the second of notAfter.
    if (now >= said.notAfter + 1_000)
      flaws.push({
        cause: `${name} has expired on ${dateOf(said.notAfter)}: who needs it refuses ours`,
        remedy: renew,
      });
    else if (now < said.notBefore)
      flaws.push({
        cause: `${name} is not valid before ${dateOf(said.notBefore)}: who needs it refuses ours`,
        remedy: "look at the clock, or wait",
      });
    else if (said.notAfter - now < endsSoon)
      flaws.push({ cause: `${name} ends on ${dateOf(said.notAfter)}`, remedy: renew });
    if (!said.authority)
      flaws.push({
        cause: `${name} is no certificate authority (RFC 5280 4.2.1.9)`,
        remedy: "give the leaf alone, then the authorities that lead to the root",
      });
    else if (!hasIssued(der, chain[index]!))
      flaws.push({
        cause: `${name} has not signed the one before it`,
        remedy: "give the leaf, then its issuer, then the issuer of that (RFC 8446 4.4.2)",
      });
    return flaws;
  });
}

export const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Names, key identifiers and key usage, then the signature. */
function hasIssued(issuer: Uint8Array, signed: Uint8Array): boolean {
  try {
    const [above, below] = [new X509Certificate(issuer), new X509Certificate(signed)];
    return below.checkIssued(above) && below.verify(above.publicKey);
  } catch {
    return false;
  }
}
