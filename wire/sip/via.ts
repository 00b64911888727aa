import {
  addressCharacter,
  COLON,
  COMMA,
  CR,
  digit,
  hostCharacter,
  SEMICOLON,
  SLASH,
  token,
} from "./characters.ts";
import { breaks, broken, passBlanks, passParameters } from "./rows.ts";
import type { Finding } from "./violations.ts";

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
export function passVias(
  b: Uint8Array,
  at: number,
  last: number,
  finding: Finding & ViaCount,
  isRequest: boolean,
): number {
  let i = at;
  for (;;) {
    i = passBlanks(b, i, last, finding);
    if (i < 0) return broken;
    i = passProtocol(b, i, last, finding);
    if (i < 0) return broken;

    const hostStart = i;
    if (b[i]! === OPEN_BRACKET) {
      i++;
      while (addressCharacter[b[i]!]! === 1) i++;
      if (b[i]! !== CLOSE_BRACKET || i === hostStart + 1) return breaks(finding, "via", i);
      i++;
    } else {
      while (hostCharacter[b[i]!]! === 1) i++;
      if (i === hostStart) return breaks(finding, "via", i);
    }
    finding.vias++;
    if (finding.vias === 2 && !isRequest && isBroadcast(b, hostStart, i)) {
      return breaks(finding, "via-broadcast", hostStart);
    }

    i = passBlanks(b, i, last, finding);
    if (i < 0) return broken;
    if (b[i]! === COLON) {
      i = passBlanks(b, i + 1, last, finding);
      if (i < 0) return broken;
      const port = i;
      while (digit[b[i]!]! === 1) i++;
      if (i === port || i - port > 5) return breaks(finding, "via", i);
      i = passBlanks(b, i, last, finding);
      if (i < 0) return broken;
    }
    if (b[i]! === SEMICOLON) {
      i = passParameters(b, i, last, finding, true, false);
      if (i < 0) return broken;
    }
    if (b[i]! === CR) return i;
    if (b[i]! !== COMMA) return breaks(finding, "via", i);
    i++;
  }
}

/** `SIP / 2.0 / UDP` and the blank behind it. */
function passProtocol(b: Uint8Array, at: number, last: number, finding: Finding): number {
  let i = at;
  for (let part = 0; part < 3; part++) {
    const start = i;
    while (token[b[i]!]! === 1) i++;
    if (i === start) return breaks(finding, "via", i);
    if (part === 2) break;
    i = passBlanks(b, i, last, finding);
    if (i < 0) return broken;
    if (b[i]! !== SLASH) return breaks(finding, "via", i);
    i = passBlanks(b, i + 1, last, finding);
    if (i < 0) return broken;
  }
  const behind = passBlanks(b, i, last, finding);
  return behind === i ? breaks(finding, "via", i) : behind;
}

function isBroadcast(b: Uint8Array, start: number, end: number): boolean {
  if (end - start !== broadcast.length) return false;
  for (let i = 0; i < broadcast.length; i++) if (b[start + i]! !== broadcast[i]!) return false;
  return true;
}
