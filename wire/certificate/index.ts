/** X.509 certificates: read, issued, their paths validated. For whom the rest of the wire is too much to load. */
export { type CertificateDescription, describeCertificate } from "./description.ts";
export { type CertificateReading, readCertificate, usageIdentifiers } from "./facts.ts";
export { type CertificateNames, domainName, sipIdentities } from "./identities.ts";
export {
  type CertificateRequest,
  type IssuedCertificate,
  type IssuingAuthority,
  issueCertificate,
} from "./issue.ts";
export { derOf } from "./key.ts";
export { type PathOptions, type PathResult, validatePath } from "./path.ts";
export { readPem, readRevocationFile, writePem } from "./pem.ts";
export {
  flawOfIssuer,
  type RevocationFiles,
  type RevocationListReading,
  readRevocationList,
} from "./revocation.ts";
