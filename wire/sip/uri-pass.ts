import * as characters from "./characters.ts";
import { headBytes, headWords } from "./head.ts";
import { anyInitial, initialOf, initials, uriHeadersInitial } from "./initials.ts";
import { endsIn } from "./quads.ts";

const head = headBytes;
const words = headWords;
const passed = initials;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const QUESTION = 0x3f;
const AT = 0x40;
const S = 0x73;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const digit = characters.digit;
const schemeCharacter = characters.schemeCharacter;
const hostCharacter = characters.hostCharacter;
const addressCharacter = characters.addressCharacter;
const uriUser = characters.uriUser;
const uriParameter = characters.uriParameter;
const uriHeaders = characters.uriHeaders;

/**
 * Passes over a URI in the head, which begins at `at` and goes on to a blank, a quote, an
 * angle bracket or a control character. Answers the index of that byte, or
 * `~index` of the byte that makes the URI unreadable.
 *
 * In a sip URI the first `@` ends the userinfo (RFC 3261 19.1.1: nowhere else may one
 * stand unescaped), so a second one before the header fields is refused.
 */
export function passUri(at: number, headersAllowed: boolean): number {
  const b = head;
  const schemeCharacter_ = schemeCharacter;
  const uriHeaders_ = uriHeaders;
  let i = at;
  if ((b[i]! | 0x20) === S && (b[i + 1]! | 0x20) === 0x69 && (b[i + 2]! | 0x20) === 0x70) {
    const colon = (b[i + 3]! | 0x20) === S ? i + 4 : i + 3;
    if (b[colon]! === COLON) return passSipUri(colon + 1, headersAllowed);
  }
  const first = b[i]! | 0x20;
  if (first < 0x61 || first > 0x7a) return ~i;
  while (schemeCharacter_[b[i]!]! === 1) i++;
  if (b[i]! !== COLON) return ~i;
  const start = ++i;
  while (uriHeaders_[b[i]!]! === 1) i++;
  passed.seen = anyInitial;
  if (i === start || (b[start]! === SEMICOLON && isTel(at, start - 1))) return ~start;
  return i;
}

/** A tel URI has a number before its parameters (RFC 3966 3). */
function isTel(start: number, end: number): boolean {
  const b = head;
  return (
    end - start === 3 &&
    (b[start]! | 0x20) === 0x74 &&
    (b[start + 1]! | 0x20) === 0x65 &&
    (b[start + 2]! | 0x20) === 0x6c
  );
}

function passSipUri(at: number, headersAllowed: boolean): number {
  const b = head;
  const hostCharacter_ = hostCharacter;
  const uriUser_ = uriUser;
  let i = at;
  while (hostCharacter_[b[i]!]! === 1) i++;
  if (i > at) {
    // Most users are letters and digits, and so are hosts that stand alone.
    if (b[i]! === AT) return passHost(i + 1, i + 1, headersAllowed);
    const end = passHost(at, i, false);
    if (end >= 0) return end;
  }
  i = at;
  while (endsIn(words.getInt32(i, true)) === 0) i += 4;
  // Letters and digits stop the quads nowhere, so that most users end here.
  const plain = i;
  while (uriUser_[b[i]!]! === 1) i++;
  if (b[i]! !== AT) return passHost(at, at, headersAllowed);
  if (i === at) return ~i;
  for (let c = plain; c < i; c++) if (b[c]! === SEMICOLON) passed.seen = anyInitial;
  return passHost(i + 1, i + 1, headersAllowed);
}

/** Host and port, parameters, header fields. The host's bytes up to `known` are known to be letters and digits. */
function passHost(start: number, known: number, headersAllowed: boolean): number {
  const b = head;
  const hostCharacter_ = hostCharacter;
  const addressCharacter_ = addressCharacter;
  const digit_ = digit;
  const uriParameter_ = uriParameter;
  const uriHeaders_ = uriHeaders;
  let i = known;
  if (b[start]! === OPEN_BRACKET) {
    i++;
    while (addressCharacter_[b[i]!]! === 1) i++;
    if (b[i]! !== CLOSE_BRACKET || i === start + 1) return ~i;
    i++;
  } else {
    while (hostCharacter_[b[i]!]! === 1) i++;
    if (i === start) return ~i;
  }
  let c = b[i]!;
  if (c === COLON) {
    const port = ++i;
    while (digit_[b[i]!]! === 1) i++;
    if (i === port || i - port > 5) return ~i;
    c = b[i]!;
  }
  if (c === SEMICOLON) {
    let seen = 0;
    do {
      i++;
      seen |= initialOf(b[i]!);
      while (uriParameter_[b[i]!]! === 1) i++;
    } while (b[i]! === SEMICOLON);
    passed.seen |= seen;
    c = b[i]!;
    if (c === AT) return ~i;
  }
  if (c === QUESTION && headersAllowed) {
    passed.seen |= uriHeadersInitial;
    while (uriHeaders_[b[i]!]! === 1) i++;
    c = b[i]!;
  }
  return uriHeaders_[c]! === 1 ? ~i : i;
}
