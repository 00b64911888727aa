/**
 * One certificate revocation list (RFC 5280 5.1), complete and of the issuer's own
 * certificates. It is read where it stands: a list of a million entries keeps its bytes and
 * four more for each.
 */
import { type Extension, readAlgorithm, readExtensionList, type SignatureAlgorithm } from "./certificate.ts";
import { everyCertificate, type ListScope, readScope } from "./crl-scope.ts";
import { time as decodeTime, MalformedDer } from "./der.ts";
import { DerCursor, tags } from "./der-bytes.ts";
import { type DistinguishedName, readName } from "./name.ts";
import { longestSerial, SerialNumbers } from "./serial-numbers.ts";

export interface RevocationList {
  readonly issuer: DistinguishedName;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly scope: ListScope;
  readonly revoked: SerialNumbers;
  /** What is signed, by what, and how. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  readonly algorithm: SignatureAlgorithm;
}

/** A file beyond this is not read. */
const longestList = 134_217_728;
const mostEntries = 2_000_000;

const listExtensions = {
  number: "2.5.29.20",
  delta: "2.5.29.27",
  scope: "2.5.29.28",
} as const;

/** Throws `MalformedDer`, whose message follows "the CRL". */
export function parseRevocationList(der: Uint8Array): RevocationList {
  if (der.length > longestList) throw new MalformedDer(`is longer than ${longestList} bytes`);
  const whole = new DerCursor(der);
  whole.next(tags.sequence, "CertificateList").close("CertificateList");
  const outer = new DerCursor(der).enter(whole);
  outer.next(tags.sequence, "tbsCertList");
  const signed = der.subarray(outer.from, outer.end);
  const fields = new DerCursor(der).enter(outer);
  // RFC 5280 5.1.2.1: version 2 is the number 1; without the field it is version 1, which has no extensions.
  if (fields.nextTag === tags.integer && !fields.next(tags.integer, "version").holds([1]))
    throw new MalformedDer("version is unknown");
  const algorithm = readAlgorithm(fields.next(tags.sequence, "signature").node(), "signature");
  const issuer = readName(fields.next(tags.sequence, "issuer").node(), "issuer");
  const thisUpdate = readTime(fields, "thisUpdate");
  // RFC 5280 5.1.2.5: it is there; without it nobody knows when the list is old.
  const nextUpdate = readTime(fields, "nextUpdate");
  const revoked = readRevoked(fields);
  const scope = fields.more ? readExtensions(fields) : noExtensions();
  fields.close("tbsCertList");

  const declared = readAlgorithm(
    outer.next(tags.sequence, "signatureAlgorithm").node(),
    "signatureAlgorithm",
  );
  // RFC 5280 5.1.1.2: both say the same.
  if (declared.identifier !== algorithm.identifier || declared.hash !== algorithm.hash)
    throw new MalformedDer("signature and signatureAlgorithm differ");
  outer.next(tags.bitString, "signatureValue").close("CertificateList");
  if (outer.start === outer.end || der[outer.start] !== 0)
    throw new MalformedDer("signatureValue is malformed");
  const signature = der.subarray(outer.start + 1, outer.end);
  return { issuer, thisUpdate, nextUpdate, scope, revoked, signed, signature, algorithm };
}

function readTime(fields: DerCursor, what: string): number {
  const tag = fields.nextTag === tags.utcTime ? tags.utcTime : tags.generalizedTime;
  return decodeTime(fields.next(tag, what).node(), what);
}

function noExtensions(): never {
  throw new MalformedDer("has no cRLNumber (RFC 5280 5.2.3)");
}

function readExtensions(fields: DerCursor): ListScope {
  const holder = new DerCursor(fields.bytes).enter(fields.next(tags.first, "crlExtensions"));
  const extensions = readExtensionList(holder.next(tags.sequence, "crlExtensions").node());
  holder.close("crlExtensions");
  if (extensions.has(listExtensions.delta))
    throw new MalformedDer("is a delta CRL, and only complete ones are taken");
  for (const [extension, { critical }] of extensions) {
    // RFC 5280 5.2: such a list must not be used.
    if (critical && extension !== listExtensions.scope && extension !== listExtensions.number)
      throw new MalformedDer(`has the unknown critical extension ${extension}`);
  }
  checkNumber(extensions.get(listExtensions.number));
  const scope = extensions.get(listExtensions.scope);
  return scope === undefined ? everyCertificate : readScope(scope.value);
}

/** RFC 5280 5.2.3: there, not critical, and at most 20 octets. */
function checkNumber(number: Extension | undefined): void {
  if (number === undefined) noExtensions();
  if (number.critical) throw new MalformedDer("has a critical cRLNumber (RFC 5280 5.2.3)");
  const value = new DerCursor(Buffer.from(number.value, "latin1")).next(tags.integer, "cRLNumber");
  value.close("cRLNumber");
  const length = value.end - value.start;
  if (length === 0 || length > 20) throw new MalformedDer("cRLNumber is malformed");
}

/** RFC 5280 5.1.2.6: absent where nothing is revoked. */
function readRevoked(fields: DerCursor): SerialNumbers {
  const { bytes } = fields;
  if (fields.nextTag !== tags.sequence) return new SerialNumbers(bytes, new Uint32Array(0));
  const list = new DerCursor(bytes).enter(fields.next(tags.sequence, "revokedCertificates"));
  const reader = new EntryReader(bytes);
  let places = new Uint32Array(1024);
  let count = 0;
  while (list.more) {
    list.next(tags.sequence, "revokedCertificates");
    const place = reader.read(list);
    if (place === -1) continue;
    if (count === mostEntries) throw new MalformedDer(`lists more than ${mostEntries} certificates`);
    if (count === places.length) {
      const more = new Uint32Array(count * 2);
      more.set(places);
      places = more;
    }
    places[count++] = place;
  }
  return new SerialNumbers(bytes, places.subarray(0, count));
}

/** id-ce-cRLReasons 2.5.29.21 and id-ce-invalidityDate 2.5.29.24. */
const reasonCode = [0x55, 0x1d, 0x15];
const invalidityDate = [0x55, 0x1d, 0x18];
const removeFromCrl = 8;

/** Entries, one after the other, by the same cursors. */
class EntryReader {
  readonly #entry: DerCursor;
  readonly #list: DerCursor;
  readonly #extension: DerCursor;
  readonly #value: DerCursor;

  constructor(bytes: Uint8Array) {
    this.#entry = new DerCursor(bytes);
    this.#list = new DerCursor(bytes);
    this.#extension = new DerCursor(bytes);
    this.#value = new DerCursor(bytes);
  }

  /** The place of its serial number for `SerialNumbers`; -1: the entry takes a certificate off the list. */
  read(entry: DerCursor): number {
    const fields = this.#entry.enter(entry).next(tags.integer, "userCertificate");
    const { bytes, start } = fields;
    const length = fields.end - start;
    const first = bytes[start]!;
    const isPadded =
      length > 1 && (first === 0 ? bytes[start + 1]! < 0x80 : first === 0xff && bytes[start + 1]! >= 0x80);
    if (length === 0 || length > longestSerial || isPadded)
      throw new MalformedDer("a serial number is malformed");
    const time = fields.nextTag === tags.utcTime ? tags.utcTime : tags.generalizedTime;
    fields.next(time, "revocationDate");
    if (!fields.more) return start - 1;
    this.#list.enter(fields.next(tags.sequence, "crlEntryExtensions"));
    fields.close("revokedCertificates");
    return this.#isTakenOff() ? -1 : start - 1;
  }

  /** RFC 5280 5.3.1, 6.3.3 k: removeFromCRL. Every other reason counts alike, certificateHold too. */
  #isTakenOff(): boolean {
    let reason = -1;
    while (this.#list.more) {
      const extension = this.#extension.enter(this.#list.next(tags.sequence, "crlEntryExtensions"));
      extension.next(tags.identifier, "crlEntryExtensions");
      const isReason = extension.holds(reasonCode);
      const isKnown = isReason || extension.holds(invalidityDate);
      if (extension.nextTag === tags.boolean && !extension.next(tags.boolean, "critical").holds([0])) {
        // RFC 5280 5.3: such a list must not be used. An indirect CRL is the usual one.
        if (!isKnown) throw new MalformedDer("has an entry with an unknown critical extension");
      }
      extension.next(tags.octetString, "crlEntryExtensions").close("crlEntryExtensions");
      if (!isReason) continue;
      const value = this.#value.enter(extension).next(tags.enumerated, "reasonCode");
      value.close("reasonCode");
      if (reason !== -1 || value.end - value.start !== 1) throw new MalformedDer("reasonCode is malformed");
      reason = value.bytes[value.start]!;
    }
    return reason === removeFromCrl;
  }
}
