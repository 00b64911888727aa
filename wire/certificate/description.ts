/** One certificate for people to look at: whose it is, by whom, how long, and for what. */
import { isAuthority, mayBeUsedFor } from "./authority.ts";
import { type Certificate, type GeneralName, readPeer } from "./certificate.ts";
import { MalformedDer } from "./der.ts";
import { usageIdentifiers } from "./facts.ts";
import { writeName } from "./name.ts";

export type CertificateDescription =
  | {
      readonly unreadable: undefined;
      /** RFC 4514. */
      readonly subject: string;
      readonly issuer: string;
      /** subjectAltName, each with its kind: `URI:sip:carrier-c.example`, `DNS:carrier-c.example`. */
      readonly names: readonly string[];
      /** Milliseconds since 1970. */
      readonly notBefore: number;
      /** Valid through this second (RFC 5280 4.1.2.5). */
      readonly notAfter: number;
      /** Words of policies, else object identifiers; undefined: no extended key usage. */
      readonly usages: readonly string[] | undefined;
      /** It may issue certificates (RFC 5280 4.2.1.3, 4.2.1.9). */
      readonly authority: boolean;
    }
  | { readonly unreadable: string };

/** Never throws. `unreadable` follows "the certificate". */
export function describeCertificate(der: Uint8Array): CertificateDescription {
  const certificate = readPeer(der);
  if (typeof certificate === "string") return { unreadable: certificate };
  try {
    return describe(certificate);
  } catch (error) {
    return { unreadable: error instanceof MalformedDer ? error.message : "is not DER" };
  }
}

/** Throws `MalformedDer`: extensions are read when they are asked for. */
function describe(certificate: Certificate): CertificateDescription {
  const { subject, issuer, alternativeNames, notBefore, notAfter, usages } = certificate;
  return {
    unreadable: undefined,
    subject: writeName(subject),
    issuer: writeName(issuer),
    names: (alternativeNames ?? []).map(nameText),
    notBefore,
    notAfter,
    usages: usages?.map((one) => words.get(one) ?? one),
    authority: isAuthority(certificate) && mayBeUsedFor("keyCertSign", certificate),
  };
}

const words: ReadonlyMap<string, string> = new Map(
  Object.entries(usageIdentifiers).map(([word, identifier]) => [identifier, word]),
);

const kinds = { uri: "URI", dns: "DNS", email: "email" } as const;

function nameText(name: GeneralName): string {
  switch (name.kind) {
    case "uri":
    case "dns":
    case "email":
      return `${kinds[name.kind]}:${visible(name.value)}`;
    case "address":
      return `IP:${addressText(Buffer.from(name.value, "latin1"))}`;
    case "directory":
      return `directory:${writeName(name.name)}`;
    case "other":
      return `kind ${name.tag}`;
  }
}

/** A peer may have written anything there: no control character reaches a terminal. */
const visible = (value: string): string =>
  value.replace(/[^ -~]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, "0")}`);

/** RFC 5280 4.2.1.6: 4 or 16 octets. */
function addressText(octets: Buffer): string {
  if (octets.length === 4) return octets.join(".");
  return octets.toString("hex").replace(/(.{4})(?!$)/g, "$1:");
}
