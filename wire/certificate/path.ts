/**
 * Certification path validation (RFC 5280 6.1) against given anchors, for the one purpose
 * of telling whether an authority stands behind a peer's certificate. Not done: certificate
 * policies, and CRLs that are not given.
 */
import { isAuthority, mayBeUsedFor, readBasicConstraints } from "./authority.ts";
import { type Certificate, extensionIdentifiers, readAuthority, readPeer } from "./certificate.ts";
import { MalformedDer } from "./der.ts";
import { type CertificateKey, isStrongSignature, keyOf, verifies, weaknessOf } from "./key.ts";
import { sameName, writeName } from "./name.ts";
import { constraintBroken } from "./name-constraints.ts";
import { Revocation, type RevocationFiles } from "./revocation.ts";

/** `cause` is a phrase that follows "refused:". The answer is the same for every clock from `from` and before `until`. */
export type PathResult = { readonly from: number; readonly until: number } & (
  | { readonly ok: true }
  | { readonly ok: false; readonly cause: string }
);

export interface PathOptions {
  /** An intermediate authority with an extended key usage must have one of these. Default: not looked at. */
  readonly usages?: readonly string[];
  /** Given, the issuer of the leaf must have a current CRL among them. Default: revocation is not looked at. */
  readonly revocation?: RevocationFiles;
}

/** Certificates that a peer may send, and signatures that we verify for it. */
const mostCertificates = 16;
const mostSignatures = 48;
/** Intermediate authorities in a path. */
const longestPath = 8;

/**
 * @param chain DER: the leaf, then what else the peer sent, in any order (RFC 8446 4.4.2).
 * @param anchors DER of the authorities. An anchor that is the leaf itself is accepted too.
 * @param at milliseconds since 1970. An anchor's own dates, path length and name constraints count.
 */
export function validatePath(
  chain: readonly Uint8Array[],
  anchors: readonly Uint8Array[],
  at: number,
  options: PathOptions = {},
): PathResult {
  const [first] = chain;
  if (first === undefined) return refusal("there is no certificate");
  if (chain.length > mostCertificates) return refusal(`more than ${mostCertificates} certificates came`);
  const leaf = readPeer(first);
  if (typeof leaf === "string") return refusal(`the certificate ${leaf}`);
  const sent = chain.length === 1 ? [] : readable(chain.slice(1), readPeer);
  const search = new PathSearch(sent, readable(anchors, readAuthority), at, options);
  const cause = search.run(leaf);
  const { from, until } = search.span(leaf);
  return cause === undefined ? { ok: true, from, until } : { ok: false, cause, from, until };
}

/** Whatever the clock says. */
const refusal = (cause: string): PathResult => ({
  ok: false,
  cause,
  from: Number.NEGATIVE_INFINITY,
  until: Number.POSITIVE_INFINITY,
});

function readable(
  ders: readonly Uint8Array[],
  read: (der: Uint8Array) => Certificate | string,
): Certificate[] {
  const certificates: Certificate[] = [];
  for (const der of ders) {
    const certificate = read(der);
    if (typeof certificate !== "string") certificates.push(certificate);
  }
  return certificates;
}

/** RFC 5280 4.1.2.5: valid through the second of notAfter. */
const endOf = ({ notAfter }: Certificate): number => notAfter + 1_000;

function bound(span: { from: number; until: number }, date: number, at: number): void {
  if (date > at) span.until = Math.min(span.until, date);
  else span.from = Math.max(span.from, date);
}

/** OpenSSL reads keys slowly, and anchors come again with every connection. */
const anchorKeys = new WeakMap<Certificate, CertificateKey | undefined>();

const names = new WeakMap<Certificate, string>();

/** Of an authority, for causes: drawn up once. */
function nameOf(certificate: Certificate): string {
  let name = names.get(certificate);
  if (name === undefined) {
    name = writeName(certificate.subject);
    names.set(certificate, name);
  }
  return name;
}

class PathSearch {
  readonly #sent: readonly Certificate[];
  readonly #anchors: readonly Certificate[];
  readonly #revocation: Revocation | undefined;
  readonly #at: number;
  readonly #usages: readonly string[] | undefined;
  readonly #keys = new Map<Certificate, CertificateKey | undefined>();
  #signatures = 0;
  /** The first obstacle on a way that led somewhere. */
  #obstacle: string | undefined;
  /** Where the longest way ended. */
  #missing = { depth: 0, cause: "" };

  constructor(
    sent: readonly Certificate[],
    anchors: readonly Certificate[],
    at: number,
    { usages, revocation }: PathOptions,
  ) {
    this.#sent = sent;
    this.#anchors = anchors;
    this.#at = at;
    this.#usages = usages;
    this.#revocation = revocation === undefined ? undefined : new Revocation(revocation);
  }

  /** Between two dates of these certificates, or of CRLs, nothing changes. */
  span(leaf: Certificate): { from: number; until: number } {
    const span = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
    for (const certificates of [[leaf], this.#sent, this.#anchors]) {
      for (const certificate of certificates) {
        bound(span, certificate.notBefore, this.#at);
        bound(span, endOf(certificate), this.#at);
      }
    }
    for (const date of this.#revocation?.dates ?? []) bound(span, date, this.#at);
    return span;
  }

  /** The cause of refusal, or undefined. */
  run(leaf: Certificate): string | undefined {
    const flaw = attempt(() => this.#flawOfLeaf(leaf));
    if (flaw !== undefined) return flaw;
    if (this.#anchors.length === 0) return "no authority is known for it";
    if (this.#anchors.some((anchor) => sameBytes(anchor.der, leaf.der))) return undefined;
    if (this.#extend([leaf])) return undefined;
    if (this.#signatures > mostSignatures) return "its chain has too many ways";
    return this.#obstacle ?? this.#missing.cause;
  }

  /** Depth first from the leaf up; true where an anchor was reached and all holds. */
  #extend(path: readonly Certificate[]): boolean {
    const last = path.at(-1)!;
    const anchors = this.#anchors.filter((one) => sameName(one.subject, last.issuer));
    for (const anchor of anchors) {
      if (this.#step(path, anchor) && this.#stands(path, anchor)) return true;
    }
    const others = this.#sent.filter(
      (one) => sameName(one.subject, last.issuer) && !path.some((below) => sameBytes(below.der, one.der)),
    );
    for (const issuer of path.length > longestPath ? [] : others) {
      if (this.#step(path, issuer) && this.#extend([...path, issuer])) return true;
    }
    if (anchors.length === 0 && others.length === 0 && path.length > this.#missing.depth) {
      this.#missing = {
        depth: path.length,
        cause: sameName(last.issuer, last.subject)
          ? `${writeName(last.subject)} is self-signed and no authority of the partner`
          : `its issuer ${writeName(last.issuer)} is missing`,
      };
    }
    return false;
  }

  #step(path: readonly Certificate[], issuer: Certificate): boolean {
    if (this.#signatures > mostSignatures) return false;
    const flaw = attempt(() => this.#flawOfIssuer(path, issuer));
    if (flaw !== undefined) this.#obstacle ??= flaw;
    return flaw === undefined;
  }

  /** Revocation comes behind all else: a CRL of megabytes is hashed for nobody but an issuer that has passed. */
  #stands(path: readonly Certificate[], anchor: Certificate): boolean {
    const revocation = this.#revocation;
    if (revocation === undefined) return true;
    const flaw = attempt(() => {
      for (const [depth, certificate] of path.entries()) {
        const above = path[depth + 1] ?? anchor;
        const issuer = { certificate: above, key: this.#key(above)! };
        const name = depth === 0 ? "it" : writeName(certificate.subject);
        const found = revocation.flawOf(certificate, issuer, this.#at, name, depth === 0);
        if (found !== undefined) return found;
      }
      return undefined;
    });
    if (flaw !== undefined) this.#obstacle ??= flaw;
    return flaw === undefined;
  }

  #flawOfLeaf(leaf: Certificate): string | undefined {
    // TS 33.310 6.1.1: X.509 version 3. TLS 1.3 (RFC 8446 4.4.2.2): the key signs.
    if (leaf.version !== 3) return "it is not of version 3";
    if (!mayBeUsedFor("digitalSignature", leaf)) {
      return "its key usage has no digitalSignature";
    }
    if (leaf.extensions.has(extensionIdentifiers.nameConstraints) && !isAuthority(leaf)) {
      return "it has name constraints, which only an authority may have";
    }
    return this.#flawOfAny(leaf, "it");
  }

  /** What keeps `issuer` from standing above the path. Signatures come last: they cost. */
  #flawOfIssuer(path: readonly Certificate[], issuer: Certificate): string | undefined {
    const name = nameOf(issuer);
    if (issuer.version !== 3) return `${name} is not of version 3`;
    const { authority, pathLength } = readBasicConstraints(issuer);
    if (!authority) return `${name} is no certificate authority`;
    if (pathLength < path.length - 1 && pathLength < intermediates(path))
      return `the path below ${name} is too long`;
    if (!mayBeUsedFor("keyCertSign", issuer)) {
      return `${name} may not sign certificates`;
    }
    if (this.#usages !== undefined && issuer.usages?.every((one) => !this.#usages!.includes(one)) === true) {
      return `the extended key usage of ${name} does not cover SIP`;
    }
    const constrains = issuer.extensions.has(extensionIdentifiers.nameConstraints);
    for (const [depth, certificate] of constrains ? path.entries() : []) {
      // RFC 5280 6.1.3 b: self-issued intermediates are exempt.
      if (depth > 0 && sameName(certificate.subject, certificate.issuer)) continue;
      const broken = constraintBroken(issuer, certificate, depth === 0 ? "leaf" : "authority");
      if (broken !== undefined) return broken;
    }
    return this.#flawOfAny(issuer, name) ?? this.#flawOfSignature(path.at(-1)!, issuer);
  }

  #flawOfAny(certificate: Certificate, name: string): string | undefined {
    for (const [extension, { critical }] of certificate.extensions) {
      if (critical && !understood.has(extension))
        return `${name} has the unknown critical extension ${extension}`;
    }
    if (certificate.issuer.parts.length === 0) return `${name} names no issuer`;
    if (this.#at < certificate.notBefore) return `${name} is not valid yet`;
    if (this.#at >= endOf(certificate)) return `${name} has expired`;
    const key = this.#key(certificate);
    if (key === undefined) return `the key of ${name} can't be read`;
    const weakness = weaknessOf(key);
    return weakness === undefined ? undefined : `${name} has ${weakness}`;
  }

  #flawOfSignature(signed: Certificate, issuer: Certificate): string | undefined {
    if (!isStrongSignature(signed.signature)) {
      return `${writeName(signed.subject)} is signed with the weak or unknown algorithm ${signed.signature.identifier}`;
    }
    if (++this.#signatures > mostSignatures) return "its chain has too many ways";
    return verifies(this.#key(signed)!, this.#key(issuer)!)
      ? undefined
      : `the signature on ${writeName(signed.subject)} is not by ${writeName(issuer.subject)}`;
  }

  #key(certificate: Certificate): CertificateKey | undefined {
    const keys = this.#anchors.includes(certificate) ? anchorKeys : this.#keys;
    if (!keys.has(certificate)) keys.set(certificate, keyOf(certificate));
    return keys.get(certificate);
  }
}

/** RFC 5280 6.1.4 l: self-issued certificates do not count. */
const intermediates = (path: readonly Certificate[]): number =>
  path.slice(1).filter((one) => !sameName(one.subject, one.issuer)).length;

/** Critical ones that are judged here. Policies are not asked for, so any policy will do (6.1.1 c). */
const understood: ReadonlySet<string> = new Set(Object.values(extensionIdentifiers));

/** An extension that can't be read is a flaw like any other. */
function attempt(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    if (error instanceof MalformedDer) return error.message;
    throw error;
  }
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && Buffer.compare(a, b) === 0;
