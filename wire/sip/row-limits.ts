/**
 * What a start line or a row may be before its value is looked at: the limits of a scan, and
 * a name that can be told. Each function notes in `finding` the rule that does not hold.
 */
import * as characters from "./characters.ts";
import { headBytes } from "./head.ts";
import { asText, manner } from "./kinds.ts";
import type { ScanLimits } from "./limits.ts";
import { breaks } from "./rows.ts";
import type { StartLine } from "./start-line.ts";
import type { Finding, RuleName } from "./violations.ts";

const head = headBytes;
const token = characters.token;
const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;

/** Method and Request-URI. */
export function startLineFits(line: StartLine & Finding, limits: ScanLimits): boolean {
  if (line.methodEnd > limits.methodBytes) return fails(line, "limit-method-bytes", 0);
  const isLong = line.uriEnd - line.uriStart > limits.uriBytes;
  return !isLong || fails(line, "limit-uri-bytes", line.uriStart);
}

/** An unknown name: whether it is a token, and not too long. */
export function nameFits(start: number, end: number, limits: ScanLimits, finding: Finding): boolean {
  const b = head;
  for (let i = start; i < end; i++) if (token[b[i]!]! === 0) return fails(finding, "field-name", start);
  return end - start <= limits.nameBytes || fails(finding, "limit-name-bytes", start);
}

/** Notes why no name and colon stand where a row should begin: the name ends at `stop`. */
export function misnamed(at: number, stop: number, length: number, finding: Finding): void {
  const b = head;
  const c = b[stop]!;
  if (at >= length) breaks(finding, "head-unterminated", length);
  else if (c === LF) breaks(finding, "bare-lf", stop);
  else if (c === CR && b[stop + 1]! !== LF) breaks(finding, "bare-cr", stop);
  else if (c < SP && c !== CR) breaks(finding, "control-character", stop);
  else breaks(finding, "field-name", at);
}

/** The value from behind the colon to its CR, and how many values and parameters it can hold. */
export function rowFits(
  start: number,
  cr: number,
  kind: number,
  limits: ScanLimits,
  finding: Finding,
): boolean {
  const b = head;
  if (cr - start > limits.valueBytes) return fails(finding, "limit-value-bytes", start);
  if ((kind & manner) === asText) return true;
  let commas = 0;
  let semicolons = 0;
  for (let i = start; i < cr; i++) {
    if (b[i]! === COMMA) commas++;
    else if (b[i]! === SEMICOLON) semicolons++;
  }
  if (commas >= limits.valuesPerRow) return fails(finding, "limit-values", start);
  return semicolons <= limits.parametersPerRow || fails(finding, "limit-parameters", start);
}

function fails(finding: Finding, rule: RuleName, at: number): false {
  breaks(finding, rule, at);
  return false;
}
