/** CRLs for tests (RFC 5280 5.1), as partners' authorities would issue them. */
import { sign, X509Certificate } from "node:crypto";
import type { IssuedCertificate, IssuingAuthority } from "../wire/index.ts";
import { now } from "./certificate-authority.ts";

const day = 86_400_000;

/** One DER value. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  const head = length < 0x80 ? [tag, length] : [tag, 0x80 + octets.length, ...octets];
  return Buffer.concat([Buffer.from(head), content]);
}

export const list = (...contents: readonly Uint8Array[]): Buffer => der(0x30, ...contents);
export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

/** UTCTime through 2049, GeneralizedTime from then on. */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\D/g, "").slice(0, 14);
  return digits < "2050"
    ? der(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : der(0x18, Buffer.from(`${digits}Z`));
}

/** `identifier` is the content of the OBJECT IDENTIFIER. */
export const extension = (identifier: string, value: Uint8Array, critical = false): Buffer =>
  list(der(0x06, hex(identifier)), ...(critical ? [hex("0101ff")] : []), der(0x04, value));

export const identifiers = {
  reasonCode: "551d15",
  crlNumber: "551d14",
  deltaCrlIndicator: "551d1b",
  issuingDistributionPoint: "551d1c",
  certificateIssuer: "551d1d",
} as const;

export const crlNumber: Buffer = extension(identifiers.crlNumber, hex("020101"));
export const reason = (code: number): Buffer =>
  list(extension(identifiers.reasonCode, Buffer.from([0x0a, 0x01, code])));

export const serialOf = (certificate: Pick<IssuedCertificate, "der">): Buffer => {
  const text = new X509Certificate(certificate.der).serialNumber;
  return der(0x02, hex(text.length % 2 === 0 ? text : `0${text}`));
};

/** An entry; `extensions` is the whole SEQUENCE. */
export const entry = (serial: Uint8Array, extensions?: Uint8Array): Buffer =>
  list(serial, time(now - day), ...(extensions === undefined ? [] : [extensions]));

export interface ListRequest {
  readonly revoked?: readonly Pick<IssuedCertificate, "der">[];
  /** In the place of `revoked`, as they are. */
  readonly entries?: readonly Uint8Array[];
  readonly thisUpdate?: number;
  /** undefined by name: there is none. */
  readonly nextUpdate?: number | undefined;
  /** Default: cRLNumber. An empty list: there are none, and no version. */
  readonly extensions?: readonly Uint8Array[];
  /** AlgorithmIdentifier that it claims. Default: that of the key. */
  readonly algorithm?: Uint8Array;
}

const ecdsaWithSha256 = hex("300a 06082a8648ce3d040302");
export const rsaWithSha256: Buffer = hex("300d 06092a864886f70d01010b 0500");

/** Signed by `by`; its name is the issuer's. */
export function makeRevocationList(by: IssuingAuthority, request: ListRequest = {}): Uint8Array {
  const { revoked = [], extensions = [crlNumber], thisUpdate = now - day } = request;
  const nextUpdate = "nextUpdate" in request ? request.nextUpdate : now + 6 * day;
  const entries = request.entries ?? revoked.map((one) => entry(serialOf(one)));
  const usual = by.issuer.key.asymmetricKeyType === "ec" ? ecdsaWithSha256 : rsaWithSha256;
  const { algorithm = usual } = request;
  const signed = list(
    ...(extensions.length === 0 ? [] : [hex("020101")]),
    algorithm,
    subjectOf(by.der),
    time(thisUpdate),
    ...(nextUpdate === undefined ? [] : [time(nextUpdate)]),
    ...(entries.length === 0 ? [] : [list(...entries)]),
    ...(extensions.length === 0 ? [] : [der(0xa0, list(...extensions))]),
  );
  return list(signed, algorithm, der(0x03, hex("00"), sign("sha256", signed, by.issuer.key)));
}

/** The Name of a certificate whose subject is one common name in UTF-8. */
function subjectOf(certificate: Uint8Array): Buffer {
  const name = /^CN=(.*)$/.exec(new X509Certificate(certificate).subject)![1]!;
  return list(der(0x31, list(hex("0603550403"), der(0x0c, Buffer.from(name)))));
}

export const writeList = (crl: Uint8Array): string =>
  `-----BEGIN X509 CRL-----\n${Buffer.from(crl).toString("base64").replace(/.{64}/g, "$&\n")}\n-----END X509 CRL-----\n`;
