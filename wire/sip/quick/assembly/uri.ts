/** The quick reading of a URI: as `passUri` of `uri-pass.ts`, but 0 where that finds a fault. */
import {
  addressCharacter,
  byte,
  hostCharacter,
  pastMembers,
  pastText,
  schemeCharacter,
  uriHeaders,
  uriParameter,
  uriUser,
} from "./bytes";
import { anyInitial, initialOf, see, uriHeadersInitial } from "./initials";

export function pastUri(at: usize, headersAllowed: bool): usize {
  // "sip:" and "sips" in lower case; only letters have a case.
  const first = load<u32>(at);
  if ((first | 0x00202020) == 0x3a706973) return pastSipUri(at + 4, headersAllowed);
  if ((first | 0x20202020) == 0x73706973 && byte(at + 4) == 0x3a) return pastSipUri(at + 5, headersAllowed);
  const letter = byte(at) | 0x20;
  if (letter < 0x61 || letter > 0x7a) return 0;
  const colon = pastMembers(at, schemeCharacter);
  if (byte(colon) != 0x3a) return 0;
  const start = colon + 1;
  const end = pastText(start, uriHeaders);
  see(anyInitial);
  // A tel URI has a number before its parameters (RFC 3966 3).
  if (end == start || byte(start) == 0x3b) return 0;
  return end;
}

function pastSipUri(at: usize, headersAllowed: bool): usize {
  let i = pastMembers(at, hostCharacter);
  if (byte(i) != 0x40) {
    if (i > at) {
      const end = pastHost(at, i, false);
      if (end != 0) return end;
    }
    i = pastText(at, uriUser);
    if (byte(i) != 0x40) return pastHost(at, at, headersAllowed);
    if (i == at) return 0;
    for (let c = at; c < i; c++) if (byte(c) == 0x3b) see(anyInitial);
  } else if (i == at) {
    return 0;
  }
  return pastHost(i + 1, i + 1, headersAllowed);
}

/** Host and port, parameters, header fields. The host's bytes up to `known` are known to be letters and digits. */
function pastHost(start: usize, known: usize, headersAllowed: bool): usize {
  let i = known;
  if (byte(start) == 0x5b) {
    i = pastMembers(start + 1, addressCharacter);
    if (byte(i) != 0x5d || i == start + 1) return 0;
    i++;
  } else {
    i = pastMembers(i, hostCharacter);
    if (i == start) return 0;
  }
  if (byte(i) == 0x3a) {
    i = pastPort(i + 1);
    if (i == 0) return 0;
  }
  let c = byte(i);
  if (c == 0x3b) {
    do {
      i++;
      see(initialOf(byte(i)));
      i = pastText(i, uriParameter);
    } while (byte(i) == 0x3b);
    c = byte(i);
    if (c == 0x40) return 0;
  }
  if (c == 0x3f && headersAllowed) {
    see(uriHeadersInitial);
    i = pastText(i, uriHeaders);
    c = byte(i);
  }
  // Only a blank, a quote, an angle bracket or a control character ends a URI.
  const ends = c <= 0x20 || c == 0x22 || c == 0x3c || c == 0x3e || c == 0x7f;
  return ends ? i : 0;
}

/** One to five digits; 0 where there are none or more. */
export function pastPort(at: usize): usize {
  let i = at;
  while (byte(i) - 0x30 < 10) i++;
  return i == at || i - at > 5 ? 0 : i;
}
