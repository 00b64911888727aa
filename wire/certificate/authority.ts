/** What a certificate says that its holder and its key may do. */
import { type Certificate, extensionIdentifiers } from "./certificate.ts";
import { decodeDer, MalformedDer, namedBit, sequence, smallInteger } from "./der.ts";

/** RFC 5280 4.2.1.9. */
export function readBasicConstraints({ extensions }: Certificate): {
  authority: boolean;
  pathLength: number;
} {
  const extension = extensions.get(extensionIdentifiers.basicConstraints);
  if (extension === undefined) return { authority: false, pathLength: 0 };
  const [authority, length, ...rest] = sequence(decodeDer(extension.value), "basicConstraints");
  if (rest.length > 0) throw new MalformedDer("basicConstraints is malformed");
  return {
    authority: authority?.value === "\xff",
    pathLength: length === undefined ? Number.POSITIVE_INFINITY : smallInteger(length, "pathLenConstraint"),
  };
}

export const isAuthority = (certificate: Certificate): boolean => readBasicConstraints(certificate).authority;

/** RFC 5280 4.2.1.3. */
const keyUsageBits = { digitalSignature: 0, keyCertSign: 5, cRLSign: 6 } as const;

/** Without the extension the key may do everything. Throws `MalformedDer`. */
export function mayBeUsedFor(usage: keyof typeof keyUsageBits, { extensions }: Certificate): boolean {
  const extension = extensions.get(extensionIdentifiers.keyUsage);
  return extension === undefined || namedBit(extension.value, keyUsageBits[usage], "keyUsage");
}
