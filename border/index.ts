/** The network element: which network a message comes from and goes to, and how it is carried there. */
export { Border } from "./border.ts";
export {
  type BorderConfiguration,
  type BorderTransport,
  type ConnectionLimits,
  type DnsSettings,
  defaultQueue,
  type Hop,
  type ListenerSettings,
  type NetworkSettings,
  type QueueLimits,
  type SourceLimits,
} from "./configuration/configuration.ts";
export * from "./configuration/index.ts";
export { checkOperation, checkReload, type RunningBorder } from "./configuration/reload-check.ts";
export type { HandedResponse, Siblings } from "./forwarding/handed-response.ts";
export { type HopState, hopText } from "./forwarding/hop-health.ts";
export type { HandshakePassage, MessagePassage, Outcome, Passage, PassageEnd } from "./forwarding/passage.ts";
export { drawsOf, usableFor } from "./forwarding/request-location.ts";
export type { Listening } from "./forwarding/sides.ts";
export { type SipsWithdrawn, serverText } from "./location/dns-location.ts";
export { Foresight, readUri, type TargetVerdict } from "./location/foresight.ts";
export { countDns } from "./operation/dns-metrics.ts";
export { BorderLog, type BorderLogSettings, type LogLevel } from "./operation/log.ts";
export { MergedMetrics, type ProcessMetrics } from "./operation/merged-metrics.ts";
export { type ChangedRow, differenceOf, forwardingFields } from "./operation/message-difference.ts";
export { BorderMetrics } from "./operation/metrics.ts";
export { type OperationPages, OperationServer } from "./operation/operation-server.ts";
export { ShadowMetrics } from "./operation/shadow-metrics.ts";
export type { Locate, NextUri } from "./routing/route.ts";
export { labelOf } from "./shadow/comparer.ts";
export type { Comparison, Difference, HandshakeDifference, MessageDifference } from "./shadow/comparison.ts";
export { differingFields, tellingRules } from "./shadow/difference.ts";
export { Shadow, type Trial } from "./shadow/shadow.ts";
