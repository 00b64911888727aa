import {
  AT,
  addressCharacter,
  COLON,
  digit,
  hostCharacter,
  lowerCase,
  QUESTION,
  SEMICOLON,
  schemeCharacter,
  uriHeaders,
  uriRest,
} from "./characters.ts";

export type UriKind = "sip" | "sips" | "tel" | "urn" | "other";

const S = 0x73;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * The parts of one URI, as spans. An object is made once and read again and again.
 * All positions are -1 where a part is absent.
 */
export class UriReader {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  /** Index of the colon. */
  schemeEnd = -1;
  kind: UriKind = "other";
  /** The user of a sip URI without its password; the subscriber of a tel URI. */
  userStart = -1;
  userEnd = -1;
  /** Index of the `@`: behind the password, if there is one. */
  userinfoEnd = -1;
  /** With the brackets of an IPv6reference. */
  hostStart = -1;
  hostEnd = -1;
  port = -1;
  /** Behind host and port, or behind the number of a tel URI. */
  addressEnd = -1;
  /** From the first `;` to the end of the last parameter. */
  parametersStart = -1;
  parametersEnd = -1;
  /** From the `?` to the end of the last header field. */
  headersStart = -1;
  headersEnd = -1;
  end = 0;

  /** False where `bytes[start, end)` is no URI, or can be read in more than one way. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.schemeEnd = -1;
    this.kind = "other";
    this.userStart = this.userEnd = this.userinfoEnd = -1;
    this.hostStart = this.hostEnd = this.port = this.addressEnd = -1;
    this.parametersStart = this.parametersEnd = -1;
    this.headersStart = this.headersEnd = -1;
    if (end <= start) return false;

    const first = bytes[start]! | 0x20;
    if (first < 0x61 || first > 0x7a) return false;
    let i = start;
    while (i < end && schemeCharacter[bytes[i]!]! === 1) i++;
    if (i + 1 >= end || bytes[i]! !== COLON) return false;
    this.schemeEnd = i;
    this.kind = kindOf(bytes, start, i);
    for (let rest = i + 1; rest < end; rest++) if (uriHeaders[bytes[rest]!]! === 0) return false;
    switch (this.kind) {
      case "sip":
      case "sips":
        return this.#readSip(bytes, i + 1, end);
      case "tel":
        return this.#readTel(bytes, i + 1, end);
      case "urn":
      case "other":
        return true;
    }
  }

  #readSip(bytes: Uint8Array, at: number, end: number): boolean {
    let i = at;
    while (i < end && bytes[i]! !== AT) i++;
    if (i < end) {
      if (i === at) return false;
      this.userStart = at;
      this.userinfoEnd = i;
      const colon = bytes.indexOf(COLON, at);
      this.userEnd = colon >= 0 && colon < i ? colon : i;
      i++;
    } else {
      i = at;
    }
    this.hostStart = i;
    if (i < end && bytes[i]! === OPEN_BRACKET) {
      i++;
      const inside = i;
      while (i < end && addressCharacter[bytes[i]!]! === 1) i++;
      if (i >= end || bytes[i]! !== CLOSE_BRACKET || i === inside) return false;
      i++;
    } else {
      while (i < end && hostCharacter[bytes[i]!]! === 1) i++;
      if (i === this.hostStart) return false;
    }
    this.hostEnd = i;
    if (i < end && bytes[i]! === COLON) {
      const digits = ++i;
      let port = 0;
      while (i < end && digit[bytes[i]!]! === 1) port = port * 10 + bytes[i++]! - 0x30;
      if (i === digits || i - digits > 5) return false;
      this.port = port;
    }
    this.addressEnd = i;
    if (i < end && bytes[i]! === SEMICOLON) {
      this.parametersStart = i;
      while (i < end && uriRest[bytes[i]!]! === 1) i++;
      this.parametersEnd = i;
      if (i < end && bytes[i]! === AT) return false;
    }
    if (i < end && bytes[i]! === QUESTION) {
      this.headersStart = i;
      this.headersEnd = end;
      return true;
    }
    return i === end;
  }

  /** RFC 3966 3: the number, then parameters. */
  #readTel(bytes: Uint8Array, at: number, end: number): boolean {
    let i = at;
    while (i < end && bytes[i]! !== SEMICOLON) i++;
    if (i === at) return false;
    this.userStart = at;
    this.userEnd = this.userinfoEnd = this.addressEnd = i;
    if (i < end) {
      this.parametersStart = i;
      this.parametersEnd = end;
    }
    return true;
  }
}

function kindOf(bytes: Uint8Array, start: number, end: number): UriKind {
  const length = end - start;
  if (length !== 3 && length !== 4) return "other";
  const a = lowerCase[bytes[start]!]!;
  const b = lowerCase[bytes[start + 1]!]!;
  const c = lowerCase[bytes[start + 2]!]!;
  if (a === S && b === 0x69 && c === 0x70) {
    if (length === 3) return "sip";
    return lowerCase[bytes[start + 3]!]! === S ? "sips" : "other";
  }
  if (length === 4) return "other";
  if (a === 0x74 && b === 0x65 && c === 0x6c) return "tel";
  return a === 0x75 && b === 0x72 && c === 0x6e ? "urn" : "other";
}
