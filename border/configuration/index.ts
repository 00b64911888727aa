/** What is read, checked and made ready before there is a border: nothing of it carries messages. */
export { packagePath } from "../package-path.ts";
export { loadPartners, type PartnerSource } from "../partner-source.ts";
export { DiskReader, type LoadOptions, loadPolicy, type PolicySource } from "../policy-source.ts";
export { lastOfEach } from "../revocation-files.ts";
export { buffersOfNumbers, type NumberTables, networkNumbers } from "../routing/network-number.ts";
export {
  type BorderFile,
  type BorderFileResult,
  type LogSettings,
  readBorderFile,
  readHop,
} from "./border-file.ts";
export { type BorderJsonResult, type FileMistake, readBorderJson } from "./border-json.ts";
export { type ConfigurationFindings, checkConfiguration } from "./configuration-check.ts";
export { readNameServer } from "./dns-settings.ts";
export { checkOwnCertificates } from "./own-certificates.ts";
export { checkPublishing, checkPublishingReload } from "./publishing.ts";
export { checkShadow } from "./shadow-check.ts";
