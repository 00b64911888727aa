/**
 * Passes over the value of one header row in the head (`head.ts`). Each function starts
 * behind the colon and answers the index of the CR that ends the row, or `broken`, having
 * noted in `finding` which rule of one reading does not hold.
 */
import { trimmedEnd } from "./blanks.ts";
import * as characters from "./characters.ts";
import { headBytes, headWords } from "./head.ts";
import { anyInitial, initialOf, initials as initialsPassed } from "./initials.ts";
import { ParameterCursor } from "./parameters.ts";
import { controlsIn, parameterEndsIn, quotesIn, valueEndsIn } from "./quads.ts";
import { passUri } from "./uri-pass.ts";
import type { Finding, RuleName } from "./violations.ts";

const head = headBytes;
const words = headWords;
const passed = initialsPassed;
const HTAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const AT = 0x40;
const BACKSLASH = 0x5c;
const text = characters.text;
const quoted = characters.quoted;
const valueText = characters.valueText;
const wordList = characters.wordList;
const nameText = characters.nameText;
const parameterText = characters.parameterText;
const uriHeaders = characters.uriHeaders;
const callIdText = characters.callIdText;

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
function passControl(at: number, finding: Finding): number {
  const b = head;
  const c = b[at]!;
  if (c === CR) {
    if (b[at + 1]! !== LF) return breaks(finding, "bare-cr", at);
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

/** At a CR: whether the row ends there and no damage or fold has to be looked for. */
function endsRow(at: number): boolean {
  const b = head;
  return b[at]! === CR && b[at + 1]! === LF && (b[at + 2]! > SP || b[at + 2]! === CR);
}

/** The next byte that is no blank: at the end of the row that is its CR. */
export function passBlanks(at: number, finding: Finding): number {
  const b = head;
  let i = at;
  for (;;) {
    const c = b[i]!;
    if (c === SP || c === HTAB) {
      i++;
    } else if (c === CR) {
      const next = passControl(i, finding);
      if (next === rowEnds) return i;
      if (next === broken) return broken;
      i = next;
    } else {
      return i;
    }
  }
}

/** From a quote to behind the quote that closes it. A pair of backslash and byte is text, but for CR and LF. */
function passQuoted(at: number, finding: Finding): number {
  const b = head;
  const quoted_ = quoted;
  let i = at + 1;
  for (;;) {
    while (quoted_[b[i]!]! === 1) i++;
    const c = b[i]!;
    if (c === QUOTE) return i + 1;
    if (c === BACKSLASH) {
      const escaped = b[i + 1]!;
      if (escaped === CR || escaped === LF) return breaks(finding, "unterminated-quote", at);
      i += 2;
    } else {
      const next = passControl(i, finding);
      if (next === rowEnds) return breaks(finding, "unterminated-quote", at);
      if (next === broken) return broken;
      i = next;
    }
  }
}

/** Opaque text: only its bytes are looked at. */
export function passText(at: number, finding: Finding): number {
  const b = head;
  const text_ = text;
  let i = at;
  for (;;) {
    while (controlsIn(words.getInt32(i, true)) === 0) i += 4;
    while (text_[b[i]!]! === 1) i++;
    if (endsRow(i)) return i;
    const next = passControl(i, finding);
    if (next === rowEnds) return i;
    if (next === broken) return broken;
    i = next;
  }
}

/** Words with commas or semicolons between them; a quote could hide one from another reader. */
export function passWords(at: number, finding: Finding): number {
  const b = head;
  const wordList_ = wordList;
  let i = at;
  for (;;) {
    while (quotesIn(words.getInt32(i, true)) === 0) i += 4;
    while (wordList_[b[i]!]! === 1) i++;
    if (endsRow(i)) return i;
    if (b[i]! === QUOTE) return breaks(finding, "stray-quote", i);
    const next = passControl(i, finding);
    if (next === rowEnds) return i;
    if (next === broken) return broken;
    i = next;
  }
}

/** One word without blanks (RFC 3261 25.1: callid, of which only the bounds are held to). */
export function passCallId(at: number, finding: Finding): number {
  const b = head;
  const callIdText_ = callIdText;
  let i = passBlanks(at, finding);
  if (i < 0) return broken;
  while (callIdText_[b[i]!]! === 1) i++;
  const end = i;
  i = passBlanks(i, finding);
  return i < 0 || b[i]! === CR ? i : unexpected(end, finding, "call-id");
}

/** Values with quoted strings and `<…>`, which must end. */
export function passValues(at: number, finding: Finding): number {
  const b = head;
  const valueText_ = valueText;
  const uriHeaders_ = uriHeaders;
  passed.seen = anyInitial;
  let i = at;
  for (;;) {
    while (valueEndsIn(words.getInt32(i, true)) === 0) i += 4;
    while (valueText_[b[i]!]! === 1) i++;
    if (endsRow(i)) return i;
    const c = b[i]!;
    if (c === QUOTE) {
      i = passQuoted(i, finding);
      if (i < 0) return broken;
    } else if (c === LESS) {
      const open = i++;
      while (uriHeaders_[b[i]!]! === 1) i++;
      if (b[i]! !== GREATER) return breaks(finding, "unbalanced-bracket", open);
      i++;
    } else if (c === GREATER) {
      return breaks(finding, "unbalanced-bracket", i);
    } else {
      const next = passControl(i, finding);
      if (next === rowEnds) return i;
      if (next === broken) return broken;
      i = next;
    }
  }
}

/** A comma list of addresses is allowed. */
export const list = 1;
/** `*` may stand alone (Contact, RFC 3261 20.10). */
export const star = 2;
/** No parameter may stand twice. */
export const unique = 4;

/** Addresses (RFC 3261 20, 25.1: name-addr or addr-spec with parameters). An empty row passes. */
export function passAddresses(at: number, finding: Finding, allowed: number): number {
  const b = head;
  let i = at;
  if (b[i]! === SP) i++;
  if (b[i]! <= SP) {
    i = passBlanks(i, finding);
    if (i < 0 || b[i]! === CR) return i;
  }
  const first = i;
  for (;;) {
    const start = i;
    let bare = false;
    if (b[i]! === QUOTE) {
      i = passQuoted(i, finding);
      if (i < 0) return broken;
      if (b[i]! !== LESS) {
        i = passBlanks(i, finding);
        if (i < 0) return broken;
        if (b[i]! !== LESS) return breaks(finding, "display-name", start);
      }
    } else if (b[i]! !== LESS) {
      i = passName(i, finding);
      if (i < 0) return broken;
      if (b[i]! === LESS) {
        for (let name = start; name < i; name++) {
          if (b[name]! === COLON) return breaks(finding, "display-name", name);
        }
      } else {
        bare = true;
      }
    }
    if (bare) {
      if (passBare(start, i, finding, start === first && (allowed & star) !== 0) < 0) return broken;
    } else {
      const open = i;
      i = passUri(i + 1, true);
      if (i < 0) return breaks(finding, "address-uri", ~i);
      if (b[i]! !== GREATER) return uriStops(i, open, finding);
      i++;
      if (endsRow(i)) return i;
      if (b[i]! <= SP) i = passBlanks(i, finding);
      if (i < 0) return broken;
    }
    if (b[i]! === SEMICOLON) {
      i = passParameters(i, finding, (allowed & unique) !== 0, bare);
      if (i < 0) return broken;
    }
    if (b[i]! === CR) return i;
    if (b[i]! !== COMMA) return unexpected(i, finding, "address");
    if ((allowed & list) === 0) return breaks(finding, "several-values", i);
    i = passBlanks(i + 1, finding);
    if (i < 0) return broken;
  }
}

/** To the byte that ends an unquoted name or an addr-spec; folds are part of it. */
function passName(at: number, finding: Finding): number {
  const b = head;
  const nameText_ = nameText;
  let i = at;
  for (;;) {
    while (nameText_[b[i]!]! === 1) i++;
    if (b[i]! >= SP && b[i]! !== 0x7f) return i;
    const next = passControl(i, finding);
    if (next === rowEnds) return i;
    if (next === broken) return broken;
    i = next;
  }
}

/** A URI without angle brackets, which ends before `stop`. */
function passBare(start: number, stop: number, finding: Finding, starAllowed: boolean): number {
  const b = head;
  const c = b[stop]!;
  if (c === QUOTE) return breaks(finding, "stray-quote", stop);
  if (c === GREATER) return breaks(finding, "unbalanced-bracket", stop);
  if (c === QUESTION) return breaks(finding, "addr-spec-headers", stop);
  const end = trimmedEnd(b, start, stop);
  // The head is a copy: for the moment a blank ends the URI where the field goes on.
  const behind = b[end]!;
  b[end] = SP;
  const uriEnd = passUri(start, false);
  b[end] = behind;
  if (uriEnd === end) return stop;
  const alone = starAllowed && end === start + 1 && b[start]! === 0x2a && c === CR;
  return alone ? stop : breaks(finding, "address", start);
}

/**
 * From a semicolon to the comma or CR behind the last parameter. Empty parameters (`;;`)
 * say nothing and pass.
 */
export function passParameters(at: number, finding: Finding, once: boolean, bare: boolean): number {
  const b = head;
  const parameterText_ = parameterText;
  let i = at;
  let initials = 0;
  let seen = 0;
  let doubtful = false;
  for (;;) {
    const c = b[i]!;
    if (c === SEMICOLON) {
      i++;
      seen |= initialOf(b[i]!);
      if (once) {
        // Parameters whose first letters differ are different; only others are compared.
        const bit = 1 << (b[i]! & 31);
        if (b[i]! < AT || (initials & bit) !== 0) doubtful = true;
        initials |= bit;
      }
    } else if (c === COMMA || endsRow(i)) {
      break;
    } else if (c === QUOTE) {
      if (beforeBlanks(i) !== EQUALS) return breaks(finding, "stray-quote", i);
      i = passQuoted(i, finding);
      if (i < 0) return broken;
      i = passBlanks(i, finding);
      if (i < 0) return broken;
      if (b[i]! !== SEMICOLON && b[i]! !== COMMA && b[i]! !== CR)
        return unexpected(i, finding, "stray-quote");
      continue;
    } else if (c === AT) {
      if (bare) return breaks(finding, "addr-spec-headers", i);
      i++;
    } else if (c === LESS || c === GREATER) {
      return breaks(finding, "unbalanced-bracket", i);
    } else {
      const next = passControl(i, finding);
      if (next === rowEnds) break;
      if (next === broken) return broken;
      i = next;
    }
    while (parameterEndsIn(words.getInt32(i, true)) === 0) i += 4;
    while (parameterText_[b[i]!]! === 1) i++;
  }
  passed.seen |= seen;
  if (doubtful) {
    const again = repeatedParameter(at, i);
    if (again >= 0) return breaks(finding, "repeated-parameter", again);
  }
  return i;
}

const parameters = new ParameterCursor();

/** Where a parameter's name stands for the second time; -1 if none does (RFC 3261 7.3.1). */
function repeatedParameter(start: number, end: number): number {
  const b = head;
  const seen = new Set<string>();
  parameters.reset(b, start, end, ";");
  while (parameters.next()) {
    let name = "";
    for (let i = parameters.nameStart; i < parameters.nameEnd; i++) name += String.fromCharCode(b[i]!);
    name = name.toLowerCase();
    if (seen.has(name)) return parameters.nameStart;
    seen.add(name);
  }
  return -1;
}

/** The byte before `at` that is neither blank nor line end. */
function beforeBlanks(at: number): number {
  const b = head;
  return b[trimmedEnd(b, 0, at) - 1]!;
}

/** A URI in angle brackets stops before `>`. */
function uriStops(at: number, open: number, finding: Finding): typeof broken {
  const b = head;
  if (b[at]! === CR && b[at + 1]! === LF) return breaks(finding, "unbalanced-bracket", open);
  return unexpected(at, finding, "address-uri");
}

/** A byte that no rule allows here; a damaged line end or a control character is named as such. */
export function unexpected(at: number, finding: Finding, rule: RuleName): typeof broken {
  const b = head;
  const c = b[at]!;
  if (c === LF) return breaks(finding, "bare-lf", at);
  if (c === CR && b[at + 1]! !== LF) return breaks(finding, "bare-cr", at);
  if ((c < SP && c !== HTAB && c !== CR) || c === 0x7f) return breaks(finding, "control-character", at);
  return breaks(finding, rule, at);
}
