/**
 * Which certificates a CRL speaks of (RFC 5280 5.2.5, 6.3.3 b): all of its issuer's, or those
 * of a distribution point, of end entities, of authorities.
 */
import { isAuthority } from "./authority.ts";
import { type Certificate, explicit } from "./certificate.ts";
import { contextTag, type DerNode, decodeDer, encodeDer, MalformedDer, primitive, sequence } from "./der.ts";

export interface ListScope {
  /** Names of the distribution point, DER; undefined: of every one. */
  readonly points: readonly string[] | undefined;
  readonly only: "end entities" | "authorities" | undefined;
}

export const everyCertificate: ListScope = { points: undefined, only: undefined };

const part = { point: 0, endEntities: 1, authorities: 2, reasons: 3, indirect: 4, attributes: 5 } as const;

/** @param value issuingDistributionPoint. Throws `MalformedDer` where the CRL can't tell that a certificate is good. */
export function readScope(value: string): ListScope {
  const parts = new Map(
    sequence(decodeDer(value), "issuingDistributionPoint").map((one) => [contextTag(one), one]),
  );
  const flag = (tag: number): boolean => {
    const node = parts.get(tag);
    return node !== undefined && primitive(node, "issuingDistributionPoint") !== "\0";
  };
  if (flag(part.indirect)) throw new MalformedDer("is indirect: it speaks of others' certificates too");
  if (flag(part.attributes)) throw new MalformedDer("is for attribute certificates");
  if (parts.has(part.reasons)) throw new MalformedDer("speaks of some reasons of revocation alone");
  if (flag(part.endEntities) && flag(part.authorities))
    throw new MalformedDer("issuingDistributionPoint is malformed");
  const point = parts.get(part.point);
  return {
    points: point === undefined ? undefined : readPoint(point),
    only: flag(part.endEntities) ? "end entities" : flag(part.authorities) ? "authorities" : undefined,
  };
}

/** DistributionPointName: the full names; none where it is told relative to the issuer. */
function readPoint(node: DerNode): readonly string[] {
  const [name] = explicit(node, "distributionPoint");
  return contextTag(name) === 0 && Array.isArray(name!.value) ? name!.value.map(encodeDer) : [];
}

/** Throws `MalformedDer`. */
export function covers({ points, only }: ListScope, certificate: Certificate): boolean {
  if (only !== undefined && (only === "authorities") !== isAuthority(certificate)) return false;
  return points === undefined || pointsOf(certificate).some((name) => points.includes(name));
}

/** Names under which the CRL of a certificate is found, for all reasons and from its own issuer (RFC 5280 4.2.1.13). */
function pointsOf({ extensions }: Certificate): readonly string[] {
  const extension = extensions.get("2.5.29.31");
  if (extension === undefined) return [];
  return sequence(decodeDer(extension.value), "cRLDistributionPoints").flatMap((one) => {
    const parts = sequence(one, "cRLDistributionPoints");
    const [point] = parts;
    return parts.length === 1 && contextTag(point) === 0 ? readPoint(point!) : [];
  });
}
