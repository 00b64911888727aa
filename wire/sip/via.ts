import * as characters from "./characters.ts";
import { headBytes, headWords } from "./head.ts";
import { breaks, broken, passBlanks, passParameters, unexpected } from "./rows.ts";
import type { Finding } from "./violations.ts";

const head = headBytes;
const words = headWords;
/** `SIP/` in lower case, the bits that tell the cases of its letters apart, and `2.0/`. */
const sipSlash = 0x2f706973;
const caseBits = 0x00202020;
const versionSlash = 0x2f302e32;
const CR = 0x0d;
const SP = 0x20;
const COMMA = 0x2c;
const SLASH = 0x2f;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const token = characters.token;
const digit = characters.digit;
const hostCharacter = characters.hostCharacter;
const addressCharacter = characters.addressCharacter;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const broadcast = Uint8Array.from("255.255.255.255", (character) => character.charCodeAt(0));

/** What has been seen of the Via rows of a message so far. */
export interface ViaCount {
  vias: number;
}

/**
 * A row of Via values: protocol, version and transport with slashes, a blank, host and
 * port, parameters (RFC 3261 20.42, 25.1). Answers as the functions of `rows.ts` do. In a
 * response the second value of all may not be the broadcast address (RFC 4475 3.3.10).
 */
export function passVias(at: number, finding: Finding & ViaCount, isRequest: boolean): number {
  const b = head;
  const hostCharacter_ = hostCharacter;
  const addressCharacter_ = addressCharacter;
  const digit_ = digit;
  let i = at;
  for (;;) {
    i = passBlanks(i, finding);
    if (i < 0) return broken;
    i = passProtocol(i, finding);
    if (i < 0) return broken;

    const hostStart = i;
    if (b[i]! === OPEN_BRACKET) {
      i++;
      while (addressCharacter_[b[i]!]! === 1) i++;
      if (b[i]! !== CLOSE_BRACKET || i === hostStart + 1) return unexpected(i, finding, "via");
      i++;
    } else {
      while (hostCharacter_[b[i]!]! === 1) i++;
      if (i === hostStart) return unexpected(i, finding, "via");
    }
    finding.vias++;
    if (finding.vias === 2 && !isRequest && isBroadcast(hostStart, i)) {
      return breaks(finding, "via-broadcast", hostStart);
    }

    if (b[i]! <= SP) i = passBlanks(i, finding);
    if (i < 0) return broken;
    if (b[i]! === COLON) {
      i = passBlanks(i + 1, finding);
      if (i < 0) return broken;
      const port = i;
      while (digit_[b[i]!]! === 1) i++;
      if (i === port || i - port > 5) return unexpected(i, finding, "via");
      if (b[i]! <= SP) i = passBlanks(i, finding);
      if (i < 0) return broken;
    }
    if (b[i]! === SEMICOLON) {
      i = passParameters(i, finding, true, false);
      if (i < 0) return broken;
    }
    if (b[i]! === CR) return i;
    if (b[i]! !== COMMA) return unexpected(i, finding, "via");
    i++;
  }
}

/** `SIP / 2.0 / UDP` and the blank behind it. */
function passProtocol(at: number, finding: Finding): number {
  const b = head;
  const token_ = token;
  let i = at;
  let part = 0;
  if (
    (words.getInt32(i, true) | caseBits) === sipSlash &&
    words.getInt32(i + 4, true) === versionSlash &&
    token_[b[i + 8]!]! === 1
  ) {
    i += 8;
    part = 2;
  }
  for (; ; part++) {
    const start = i;
    while (token_[b[i]!]! === 1) i++;
    if (i === start) return unexpected(i, finding, "via");
    if (part === 2) break;
    if (b[i]! !== SLASH) {
      i = passBlanks(i, finding);
      if (i < 0) return broken;
      if (b[i]! !== SLASH) return unexpected(i, finding, "via");
    }
    i++;
    if (b[i]! <= SP) {
      i = passBlanks(i, finding);
      if (i < 0) return broken;
    }
  }
  const behind = passBlanks(i, finding);
  return behind === i ? unexpected(i, finding, "via") : behind;
}

function isBroadcast(start: number, end: number): boolean {
  const b = head;
  if (end - start !== broadcast.length) return false;
  for (let i = 0; i < broadcast.length; i++) if (b[start + i]! !== broadcast[i]!) return false;
  return true;
}
