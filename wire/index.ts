export { type CertificateReading, readCertificate, usageIdentifiers } from "./certificate/facts.ts";
export { type CertificateNames, domainName, sipIdentities } from "./certificate/identities.ts";
export { type PathOptions, type PathResult, validatePath } from "./certificate/path.ts";
