/** Whether a certificate has been revoked (RFC 5280 6.3), by CRLs that are at hand. */
import { mayBeUsedFor } from "./authority.ts";
import { type Certificate, readAuthority } from "./certificate.ts";
import { parseRevocationList, type RevocationList } from "./crl.ts";
import { covers } from "./crl-scope.ts";
import { MalformedDer } from "./der.ts";
import { type CertificateKey, isStrongSignature, keyOf, signatureHolds } from "./key.ts";
import { sameName, writeName } from "./name.ts";

/** CRLs in DER, by the files that hold them. A file that can't be read, or holds none, has none here. */
export type RevocationFiles = ReadonlyMap<string, readonly Uint8Array[]>;

interface GivenList {
  readonly file: string;
  readonly list: RevocationList;
}

/** An issuer whose own path has been validated. */
export interface Issuer {
  readonly certificate: Certificate;
  readonly key: CertificateKey;
}

/** The CRLs for the paths of one peer. */
export class Revocation {
  readonly #lists: readonly GivenList[];
  /** Why some files tell nothing. */
  readonly #unread: readonly string[];

  constructor(files: RevocationFiles) {
    const lists: GivenList[] = [];
    const unread: string[] = [];
    for (const [file, ders] of files) {
      if (ders.length === 0) unread.push(`${file} holds no CRL that can be read`);
      for (const der of ders) {
        const list = read(der);
        if (typeof list === "string") unread.push(`the CRL in ${file} ${list}`);
        else lists.push({ file, list });
      }
    }
    this.#lists = lists;
    this.#unread = unread;
  }

  /** When a list begins or ends to count. */
  get dates(): readonly number[] {
    return this.#lists.flatMap(({ list }) => [list.thisUpdate, endOf(list)]);
  }

  /**
   * Why the certificate can't pass: a CRL of its issuer lists it, or none that is current says
   * that it stands. Without any of its issuer an authority's certificate passes, a leaf does not.
   * Throws `MalformedDer`.
   */
  flawOf(
    certificate: Certificate,
    issuer: Issuer,
    at: number,
    name: string,
    isLeaf: boolean,
  ): string | undefined {
    const own = this.#lists.filter(
      ({ list }) => sameName(list.issuer, certificate.issuer) && covers(list.scope, certificate),
    );
    const flaws = own.map((one) => flawOfList(one, issuer, at));
    const usable = own.filter((_one, index) => flaws[index] === undefined);
    const listing = usable.find(({ list }) => list.revoked.has(certificate.serialNumber));
    if (listing !== undefined) return `${name} is revoked (RFC 5280 6.3): ${listing.file} lists it`;
    if (usable.length > 0) return undefined;
    // A file that can't be read may hold the CRL of any issuer.
    const causes = [...flaws, ...this.#unread];
    if (causes.length === 0 && !isLeaf) return undefined;
    const issuerName = writeName(certificate.issuer);
    const files = [...new Set(this.#lists.map(({ file }) => file))].join(", ");
    const why = causes.length > 0 ? causes.join("; ") : `in ${files} there is none of ${issuerName} for it`;
    return `whether ${name} is revoked is not known: ${why}`;
  }
}

/** Lists come again with every connection. */
const known = new WeakMap<Uint8Array, RevocationList | string>();

function read(der: Uint8Array): RevocationList | string {
  let list = known.get(der);
  if (list === undefined) {
    try {
      list = parseRevocationList(der);
    } catch (error) {
      if (!(error instanceof MalformedDer)) throw error;
      list = error.message;
    }
    known.set(der, list);
  }
  return list;
}

/** As of a certificate: good through the second of nextUpdate (RFC 5280 6.3.3 a). */
const endOf = ({ nextUpdate }: RevocationList): number => nextUpdate + 1_000;

/** Why this CRL tells nothing. The signature comes last: it costs. */
function flawOfList({ file, list }: GivenList, issuer: Issuer, at: number): string | undefined {
  const name = `the CRL in ${file}`;
  if (at < list.thisUpdate) return `${name} begins on ${dayOf(list.thisUpdate)}`;
  if (at >= endOf(list)) return `${name} ended on ${dayOf(list.nextUpdate)}`;
  return flawOfSignature(list, issuer, name);
}

function flawOfSignature(list: RevocationList, issuer: Issuer, name: string): string | undefined {
  const signer = writeName(issuer.certificate.subject);
  if (!isStrongSignature(list.algorithm))
    return `${name} is signed with the weak or unknown algorithm ${list.algorithm.identifier}`;
  // RFC 5280 6.3.3 f.
  if (!mayBeUsedFor("cRLSign", issuer.certificate)) return `${signer} may not sign CRLs`;
  return isSignedBy(list, issuer.key) ? undefined : `${name} is not signed by ${signer}`;
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** By the key, as text. To hash a list of many megabytes for each handshake would cost too much. */
const verified = new WeakMap<RevocationList, Map<string, boolean>>();
/** Of one list; more are forgotten. */
const mostKeys = 16;

function isSignedBy(list: RevocationList, key: CertificateKey): boolean {
  let answers = verified.get(list);
  if (answers === undefined || answers.size === mostKeys) {
    answers = new Map();
    verified.set(list, answers);
  }
  const text = key.publicKey.export({ type: "spki", format: "der" }).toString("latin1");
  let answer = answers.get(text);
  if (answer === undefined) {
    answer = signatureHolds(list.algorithm, list.signed, list.signature, key);
    answers.set(text, answer);
  }
  return answer;
}

/** What an operator should know of a CRL. */
export type RevocationListReading =
  | {
      readonly unreadable: undefined;
      /** RFC 4514. */
      readonly issuer: string;
      readonly thisUpdate: number;
      readonly nextUpdate: number;
      readonly entries: number;
    }
  | { readonly unreadable: string };

/** Never throws. `unreadable` follows "the CRL". */
export function readRevocationList(der: Uint8Array): RevocationListReading {
  const list = read(der);
  if (typeof list === "string") return { unreadable: list };
  const { issuer, thisUpdate, nextUpdate, revoked } = list;
  return { unreadable: undefined, issuer: writeName(issuer), thisUpdate, nextUpdate, entries: revoked.size };
}

/** Why none of these authorities stands behind the CRL, whatever its dates; undefined: one does. */
export function flawOfIssuer(der: Uint8Array, authorities: readonly Uint8Array[]): string | undefined {
  const list = read(der);
  if (typeof list === "string") return list;
  let flaw = `it is by ${writeName(list.issuer)}, which is none of them`;
  for (const authority of authorities) {
    const issuer = readIssuer(authority);
    if (issuer === undefined || !sameName(issuer.certificate.subject, list.issuer)) continue;
    const found = flawOfSignature(list, issuer, "it");
    if (found === undefined) return undefined;
    flaw = found;
  }
  return flaw;
}

function readIssuer(der: Uint8Array): Issuer | undefined {
  const certificate = readAuthority(der);
  if (typeof certificate === "string") return undefined;
  const key = keyOf(certificate);
  return key === undefined ? undefined : { certificate, key };
}
