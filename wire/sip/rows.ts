/**
 * Passes over the value of one header row. Each function starts behind the colon and
 * answers the index of the CR that ends the row, or `broken`, having noted in `finding`
 * which rule of one reading does not hold.
 *
 * INVARIANT: `last` is the index of an LF and no reader goes beyond it: every loop stops
 * at a control character, so no loop has to look for the end of the bytes.
 */
import { isBlank, trimmedEnd } from "./blanks.ts";
import {
  AT,
  BACKSLASH,
  COLON,
  COMMA,
  CR,
  EQUALS,
  GREATER,
  HTAB,
  LESS,
  LF,
  nameText,
  parameterText,
  QUESTION,
  QUOTE,
  quoted,
  SEMICOLON,
  SP,
  text,
  uriHeaders,
  valueText,
  wordList,
} from "./characters.ts";
import { ParameterCursor } from "./parameters.ts";
import { passUri, UriReader } from "./uri.ts";
import type { Finding, RuleName } from "./violations.ts";

export const broken = -1;
const rowEnds = -2;

export function breaks(finding: Finding, rule: RuleName, at: number): typeof broken {
  finding.found = rule;
  finding.foundAt = at;
  return broken;
}

/**
 * At a control character inside a value: behind it if it is a tab or a fold (a line end
 * and blanks count as one SP, RFC 3261 7.3.1), else `rowEnds` or `broken`.
 */
function passControl(b: Uint8Array, at: number, last: number, finding: Finding): number {
  const c = b[at]!;
  if (c === CR) {
    if (b[at + 1]! !== LF) return breaks(finding, "bare-cr", at);
    if (at + 1 === last) return rowEnds;
    const next = b[at + 2]!;
    if (next !== SP && next !== HTAB) return rowEnds;
    let i = at + 3;
    while (b[i]! === SP || b[i]! === HTAB) i++;
    if (b[i]! === CR && b[i + 1]! === LF) return breaks(finding, "blank-fold", at + 2);
    return i;
  }
  if (c === HTAB) return at + 1;
  return breaks(finding, c === LF ? "bare-lf" : "control-character", at);
}

/** The next byte that is no blank: at the end of the row that is its CR. */
export function passBlanks(b: Uint8Array, at: number, last: number, finding: Finding): number {
  let i = at;
  for (;;) {
    const c = b[i]!;
    if (c === SP || c === HTAB) {
      i++;
    } else if (c === CR) {
      const next = passControl(b, i, last, finding);
      if (next === rowEnds) return i;
      if (next === broken) return broken;
      i = next;
    } else {
      return i;
    }
  }
}

/** From a quote to behind the quote that closes it. A pair of backslash and byte is text, but for CR and LF. */
export function passQuoted(b: Uint8Array, at: number, last: number, finding: Finding): number {
  let i = at + 1;
  for (;;) {
    while (quoted[b[i]!]! === 1) i++;
    const c = b[i]!;
    if (c === QUOTE) return i + 1;
    if (c === BACKSLASH) {
      const escaped = b[i + 1]!;
      if (escaped === CR || escaped === LF) return breaks(finding, "unterminated-quote", at);
      i += 2;
    } else {
      const next = passControl(b, i, last, finding);
      if (next === rowEnds) return breaks(finding, "unterminated-quote", at);
      if (next === broken) return broken;
      i = next;
    }
  }
}

/** Opaque text: only its bytes are looked at. */
export function passText(b: Uint8Array, at: number, last: number, finding: Finding): number {
  let i = at;
  for (;;) {
    while (text[b[i]!]! === 1) i++;
    const next = passControl(b, i, last, finding);
    if (next === rowEnds) return i;
    if (next === broken) return broken;
    i = next;
  }
}

/** Words with commas or semicolons between them; a quote could hide one from another reader. */
export function passWords(b: Uint8Array, at: number, last: number, finding: Finding): number {
  let i = at;
  for (;;) {
    while (wordList[b[i]!]! === 1) i++;
    if (b[i]! === QUOTE) return breaks(finding, "stray-quote", i);
    const next = passControl(b, i, last, finding);
    if (next === rowEnds) return i;
    if (next === broken) return broken;
    i = next;
  }
}

/** Values with quoted strings and `<…>`, which must end. */
export function passValues(b: Uint8Array, at: number, last: number, finding: Finding): number {
  let i = at;
  for (;;) {
    while (valueText[b[i]!]! === 1) i++;
    const c = b[i]!;
    if (c === QUOTE) {
      i = passQuoted(b, i, last, finding);
      if (i < 0) return broken;
    } else if (c === LESS) {
      const open = i++;
      while (uriHeaders[b[i]!]! === 1) i++;
      if (b[i]! !== GREATER) return breaks(finding, "unbalanced-bracket", open);
      i++;
    } else if (c === GREATER) {
      return breaks(finding, "unbalanced-bracket", i);
    } else {
      const next = passControl(b, i, last, finding);
      if (next === rowEnds) return i;
      if (next === broken) return broken;
      i = next;
    }
  }
}

/** What an address field allows beyond one name-addr or addr-spec. */
export interface AddressRules {
  /** A comma list. */
  readonly list: boolean;
  /** `*` may stand alone (Contact, RFC 3261 20.10). */
  readonly star: boolean;
  /** No parameter may stand twice. */
  readonly unique: boolean;
}

const bareUri = new UriReader();

/** Addresses (RFC 3261 20, 25.1: name-addr or addr-spec with parameters). An empty row passes. */
export function passAddresses(b: Uint8Array, at: number, last: number, finding: Finding, rules: AddressRules): number {
  let i = passBlanks(b, at, last, finding);
  if (i < 0 || b[i]! === CR) return i;
  for (;;) {
    let bare = false;
    const start = i;
    let c = b[i]!;
    if (c === QUOTE) {
      i = passQuoted(b, i, last, finding);
      if (i < 0) return broken;
      i = passBlanks(b, i, last, finding);
      if (i < 0) return broken;
      c = b[i]!;
      if (c !== LESS) return breaks(finding, "display-name", start);
    } else if (c !== LESS) {
      i = passName(b, i, last, finding);
      if (i < 0) return broken;
      c = b[i]!;
      if (c === LESS) {
        for (let at = start; at < i; at++) {
          if (b[at]! === COLON) return breaks(finding, "display-name", at);
        }
      } else {
        bare = true;
      }
    }
    if (bare) {
      if (c === QUOTE) return breaks(finding, "stray-quote", i);
      if (c === GREATER) return breaks(finding, "unbalanced-bracket", i);
      if (c === QUESTION) return breaks(finding, "addr-spec-headers", i);
      const end = trimmedEnd(b, start, i);
      if (!bareUri.read(b, start, end)) {
        const alone = rules.star && end === start + 1 && b[start]! === 0x2a && c === CR;
        return alone ? i : breaks(finding, "address", start);
      }
    } else {
      const open = i;
      i = passUri(b, i + 1, true);
      if (i < 0) return breaks(finding, "address-uri", ~i);
      if (b[i]! !== GREATER) return uriStops(b, i, open, finding);
      i = passBlanks(b, i + 1, last, finding);
      if (i < 0) return broken;
    }
    if (b[i]! === SEMICOLON) {
      i = passParameters(b, i, last, finding, rules.unique, bare);
      if (i < 0) return broken;
    }
    c = b[i]!;
    if (c === CR) return i;
    if (c !== COMMA) return unexpected(b, i, finding, "address");
    if (!rules.list) return breaks(finding, "several-values", i);
    i = passBlanks(b, i + 1, last, finding);
    if (i < 0) return broken;
  }
}

/** To the byte that ends an unquoted name or an addr-spec; folds are part of it. */
function passName(b: Uint8Array, at: number, last: number, finding: Finding): number {
  let i = at;
  for (;;) {
    while (nameText[b[i]!]! === 1) i++;
    if (b[i]! >= SP && b[i]! !== 0x7f) return i;
    const next = passControl(b, i, last, finding);
    if (next === rowEnds) return i;
    if (next === broken) return broken;
    i = next;
  }
}

/**
 * From a semicolon to the comma or CR behind the last parameter. Empty parameters (`;;`)
 * say nothing and pass.
 */
export function passParameters(
  b: Uint8Array,
  at: number,
  last: number,
  finding: Finding,
  unique: boolean,
  bare: boolean,
): number {
  let i = at;
  let initials = 0;
  let doubtful = false;
  for (;;) {
    let c = b[i]!;
    if (c === SEMICOLON) {
      i++;
      if (unique) {
        const bit = 1 << (b[i]! & 31);
        if (b[i]! < 0x41 || (initials & bit) !== 0) doubtful = true;
        initials |= bit;
      }
    } else if (c === QUOTE) {
      if (beforeBlanks(b, i) !== EQUALS) return breaks(finding, "stray-quote", i);
      i = passQuoted(b, i, last, finding);
      if (i < 0) return broken;
      i = passBlanks(b, i, last, finding);
      if (i < 0) return broken;
      c = b[i]!;
      if (c !== SEMICOLON && c !== COMMA && c !== CR) return unexpected(b, i, finding, "stray-quote");
      continue;
    } else if (c === COMMA) {
      break;
    } else if (c === AT) {
      if (bare) return breaks(finding, "addr-spec-headers", i);
      i++;
    } else if (c === LESS || c === GREATER) {
      return breaks(finding, "unbalanced-bracket", i);
    } else if (c < SP || c === 0x7f) {
      const next = passControl(b, i, last, finding);
      if (next === rowEnds) break;
      if (next === broken) return broken;
      i = next;
    }
    while (parameterText[b[i]!]! === 1) i++;
  }
  if (doubtful) {
    const again = repeatedParameter(b, at, i);
    if (again >= 0) return breaks(finding, "repeated-parameter", again);
  }
  return i;
}

const later = new ParameterCursor();

/** Where a parameter's name stands for the second time; -1 if none does (RFC 3261 7.3.1). */
function repeatedParameter(b: Uint8Array, start: number, end: number): number {
  const seen = new Set<string>();
  later.reset(b, start, end, ";");
  while (later.next()) {
    let name = "";
    for (let i = later.nameStart; i < later.nameEnd; i++) name += String.fromCharCode(b[i]!);
    name = name.toLowerCase();
    if (seen.has(name)) return later.nameStart;
    seen.add(name);
  }
  return -1;
}

/** The byte before `at` that is neither blank nor line end. */
function beforeBlanks(b: Uint8Array, at: number): number {
  let i = at - 1;
  while (i > 0 && isBlank(b[i]!)) i--;
  return b[i]!;
}

function uriStops(b: Uint8Array, at: number, open: number, finding: Finding): typeof broken {
  const c = b[at]!;
  if (c === CR) return breaks(finding, b[at + 1]! === LF ? "unbalanced-bracket" : "bare-cr", b[at + 1]! === LF ? open : at);
  return unexpected(b, at, finding, "address-uri");
}

function unexpected(b: Uint8Array, at: number, finding: Finding, rule: RuleName): typeof broken {
  const c = b[at]!;
  if (c === LF) return breaks(finding, "bare-lf", at);
  if ((c < SP && c !== HTAB) || c === 0x7f) return breaks(finding, "control-character", at);
  return breaks(finding, rule, at);
}
