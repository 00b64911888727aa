/** Bytes ⇄ structure: pure, bounded, no sockets. */
export * from "./certificate/index.ts";
export {
  type AddressFamily,
  type Locating,
  type Location,
  type LocationFailure,
  type LocationFailureCause,
  locateRequest,
  locateResponse,
  type SipsOffer,
  type SoughtRequest,
  type SoughtResponse,
  type Target,
  type Transport,
} from "./dns/location.ts";
export { locationLimits } from "./dns/location-limits.ts";
export { dataText, masterComment, masterLines } from "./dns/master-file.ts";
export {
  datagramSize,
  type Foreign,
  type Query,
  type Reading,
  readAnswer,
  writeQuery,
} from "./dns/message.ts";
export { foldName, isDomainName, mixCase } from "./dns/name.ts";
export { type OwnedRecord, type Published, type PublishedZone, publishedZones } from "./dns/published.ts";
export type {
  AddressRecord,
  NaptrRecord,
  Outcome,
  Question,
  RecordType,
  ResourceRecord,
  SrvRecord,
} from "./dns/record.ts";
export type { Draw } from "./dns/srv.ts";
export { wholeZone, Zone, type ZoneAuthority, type ZoneRecord, Zones } from "./dns/zone.ts";
export { answerQuery, cutShort, type ZoneReply } from "./dns/zone-answer.ts";
export { AddressReader } from "./sip/address.ts";
export { type BodyPart, type EntityFacts, type PartRow, readBody, readEntity } from "./sip/body.ts";
export { bytesOf, equalBytes, equalDecoded, equalFolded, isUnderDomain } from "./sip/comparison.ts";
export { EditList } from "./sip/edit-list.ts";
export { type CoreFieldIds, type FieldSyntax, FieldTable, type ValueShape } from "./sip/field-table.ts";
export { defaultFrameLimits, type FrameError, type FrameLimits, StreamFramer } from "./sip/framing.ts";
export { type BodyLimits, defaultBodyLimits, defaultScanLimits, type ScanLimits } from "./sip/limits.ts";
export { ParameterCursor } from "./sip/parameters.ts";
export { keptResults, ResultMemory } from "./sip/result-memory.ts";
export { Scan } from "./sip/scan.ts";
export { SdpCursor } from "./sip/sdp.ts";
export { type UriKind, UriReader } from "./sip/uri.ts";
export { ValueCursor } from "./sip/value-cursor.ts";
export { type RuleName, type SyntaxRule, syntaxRules, type Violation } from "./sip/violations.ts";
