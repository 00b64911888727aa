/** The network element: which network a message comes from and goes to, and how it is carried there. */
export { Border } from "./border.ts";
export {
  type BorderFile,
  type BorderFileResult,
  readBorderFile,
  readHop,
} from "./border-file.ts";
export type { FileMistake } from "./border-json.ts";
export {
  type BorderConfiguration,
  type BorderTransport,
  defaultQueue,
  type Hop,
  type ListenerSettings,
  type NetworkSettings,
  type QueueLimits,
} from "./configuration.ts";
export { type ConfigurationFindings, checkConfiguration } from "./configuration-check.ts";
export { packagePath } from "./package-path.ts";
export type { HandshakePassage, MessagePassage, Outcome, Passage, PassageEnd } from "./passage.ts";
export { DiskReader, type LoadOptions, loadPolicy, type PolicySource } from "./policy-source.ts";
