/** What the language offers to the other stages. */
export { checkPartners, type PartnersResult } from "./bare-partners.ts";
export { type CheckResult, type CheckSettings, check } from "./check.ts";
export {
  type Diagnostic,
  diagnose,
  hasErrors,
  messageOf,
  type RelatedSpan,
  sortDiagnostics,
} from "./diagnostic.ts";
export { type CatalogueRow, catalogue, type Severity } from "./diagnostics.ts";
export { type FormatResult, format } from "./format.ts";
export { type ModuleReader, readerOf, resolvePath } from "./modules.ts";
export { nearName } from "./near-name.ts";
export { type ParseLimits, type ParseResult, parse, parseLimits } from "./parse.ts";
export {
  type DiagnosticJson,
  diagnosticToJson,
  type RenderOptions,
  renderDiagnostic,
  renderDiagnostics,
  type Sources,
} from "./render.ts";
export { type Position, Source } from "./source.ts";
export type { Span, SyntaxFile } from "./syntax.ts";
export { defaultTlsProfile, type TlsVersion, tlsGroupRows, tlsSuiteRows } from "./tls-vocabulary.ts";
export {
  type AnonymousForm,
  type FieldCategory,
  type FieldRow,
  type FieldShape,
  fieldRows,
  sdpLines,
} from "./vocabulary.ts";
export { type WithOptions, withOptions } from "./with-options.ts";
