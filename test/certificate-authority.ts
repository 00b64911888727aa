/** Certificates for tests, as partners' authorities would issue them. */
import { type CertificateRequest, type IssuingAuthority, issueCertificate } from "../wire/index.ts";

const day = 86_400_000;

/** The clock around which the certificates are valid. */
export const now: number = Date.now();

const validity = { notBefore: now - day, notAfter: now + 30 * day };

export const makeAuthority = (
  commonName: string,
  request: Partial<CertificateRequest> = {},
): IssuingAuthority => issueCertificate({ commonName, authority: true, ...validity, ...request });

/** A certificate for SIP (RFC 5922 7.1, RFC 5924 4): one sip URI, usages sipDomain, serverAuth, clientAuth. */
export const makeCertificate = (
  domain: string,
  by: IssuingAuthority | undefined,
  request: Partial<CertificateRequest> = {},
): IssuingAuthority =>
  issueCertificate({ commonName: domain, uris: [`sip:${domain}`], ...validity, ...request }, by);
