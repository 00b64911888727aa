/**
 * The quick reading of one row's value: as the functions of `rows.ts` and `via.ts`, from
 * behind the colon to the CR that ends the row. 0 is "not read": a fault, or something so
 * rare (a fold, a tab, a blank where few write one) that the careful reading may have it.
 */
import {
  addressCharacter,
  byte,
  callIdText,
  endsRow,
  hostCharacter,
  nameText,
  parameterText,
  pastMembers,
  pastSpaces,
  pastText,
  quoted,
  token,
  untilControl,
  uriHeaders,
  valueText,
  wordList,
} from "./bytes";
import { anyInitial, initialOf, see } from "./initials";
import { pastPort, pastUri } from "./uri";

/** Via values so far. */
export let vias: u32 = 0;

export function forgetVias(): void {
  vias = 0;
}

function rowEnd(at: usize): usize {
  return endsRow(at) ? at : 0;
}

export function pastTextRow(at: usize): usize {
  return rowEnd(untilControl(at));
}

export function pastWords(at: usize): usize {
  return rowEnd(pastText(at, wordList));
}

export function pastCallId(at: usize): usize {
  return rowEnd(pastSpaces(pastText(pastSpaces(at), callIdText)));
}

export function pastValues(at: usize): usize {
  see(anyInitial);
  let i = at;
  while (true) {
    i = pastText(i, valueText);
    const c = byte(i);
    if (c == 0x22) {
      i = pastQuoted(i);
      if (i == 0) return 0;
    } else if (c == 0x3c) {
      i = pastText(i + 1, uriHeaders);
      if (byte(i) != 0x3e) return 0;
      i++;
    } else {
      return rowEnd(i);
    }
  }
}

/** From a quote to behind the one that closes it. */
function pastQuoted(at: usize): usize {
  let i = at + 1;
  while (true) {
    i = pastText(i, quoted);
    const c = byte(i);
    if (c == 0x22) return i + 1;
    if (c != 0x5c) return 0;
    const escaped = byte(i + 1);
    if (escaped == 0x0d || escaped == 0x0a) return 0;
    i += 2;
  }
}

export function pastAddresses(at: usize, isList: bool, starAllowed: bool, unique: bool): usize {
  let i = pastSpaces(at);
  if (byte(i) == 0x0d) return rowEnd(i);
  const first = i;
  while (true) {
    const start = i;
    let bare = false;
    let c = byte(i);
    if (c == 0x22) {
      i = pastQuoted(i);
      if (i == 0) return 0;
      i = pastSpaces(i);
      if (byte(i) != 0x3c) return 0;
    } else if (c != 0x3c) {
      i = pastText(i, nameText);
      if (byte(i) == 0x3c) {
        for (let name = start; name < i; name++) if (byte(name) == 0x3a) return 0;
      } else {
        bare = true;
      }
    }
    if (bare) {
      if (!isBare(start, i, starAllowed && start == first)) return 0;
    } else {
      i = pastUri(i + 1, true);
      if (i == 0 || byte(i) != 0x3e) return 0;
      i = pastSpaces(i + 1);
    }
    c = byte(i);
    if (c == 0x3b) {
      i = pastParameters(i, unique, bare);
      if (i == 0) return 0;
      c = byte(i);
    }
    if (c == 0x0d) return rowEnd(i);
    if (c != 0x2c || !isList) return 0;
    i = pastSpaces(i + 1);
  }
}

/** A URI without angle brackets, which ends before `stop`; or `*`. */
function isBare(start: usize, stop: usize, starAllowed: bool): bool {
  const c = byte(stop);
  if (c != 0x0d && c != 0x2c && c != 0x3b) return false;
  let end = stop;
  while (end > start && byte(end - 1) == 0x20) end--;
  // For the moment a blank ends the URI where the field goes on.
  store<u8>(end, 0x20);
  const uriEnd = pastUri(start, false);
  store<u8>(end, end == stop ? c : 0x20);
  return uriEnd == end || (starAllowed && end == start + 1 && byte(start) == 0x2a && c == 0x0d);
}

/** From a semicolon to the comma or CR behind the last parameter. */
function pastParameters(at: usize, once: bool, bare: bool): usize {
  let i = at;
  let initials: u32 = 0;
  while (true) {
    const c = byte(i);
    if (c == 0x3b) {
      i++;
      const letter = byte(i);
      see(initialOf(letter));
      if (once) {
        const bit: u32 = 1 << (letter & 31);
        // Names that may be the same are compared by the careful reading.
        if (letter < 0x40 || ((initials & bit) != 0 && !isNew(at, i))) return 0;
        initials |= bit;
      }
    } else if (c == 0x2c || c == 0x0d) {
      return i;
    } else if (c == 0x22) {
      if (byte(i - 1) != 0x3d) return 0;
      i = pastQuoted(i);
      if (i == 0) return 0;
      i = pastSpaces(i);
      const next = byte(i);
      if (next != 0x3b && next != 0x2c && next != 0x0d) return 0;
      continue;
    } else if (c == 0x40 && !bare) {
      i++;
    } else {
      return 0;
    }
    i = pastText(i, parameterText);
  }
}

/**
 * Whether the parameter named at `name` surely differs from all behind the semicolons from `at`
 * on, as `received` and `rport` do: both go on with a letter where they begin to differ.
 */
function isNew(at: usize, name: usize): bool {
  // Each name looks at all before it: a long row is left to the careful reading.
  if (name - at > 256) return false;
  for (let i = at; i < name - 1; i++) {
    if (byte(i) != 0x3b) continue;
    let one = i + 1;
    let other = name;
    while ((byte(one) | 0x20) == (byte(other) | 0x20) && isLetter(byte(one))) {
      one++;
      other++;
    }
    if (!isLetter(byte(one)) || !isLetter(byte(other))) return false;
  }
  return true;
}

function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26;
}

/** Via values (RFC 3261 20.42), written without blanks but for the one behind the protocol. */
export function pastVias(at: usize, isRequest: bool): usize {
  let i = at;
  while (true) {
    i = pastSpaces(i);
    // `SIP/` in either case, `2.0/`, and the transport.
    if ((load<u32>(i) | 0x00202020) != 0x2f706973 || load<u32>(i, 4) != 0x2f302e32) return 0;
    const transport = i + 8;
    const blank = pastMembers(transport, token);
    const host = pastSpaces(blank);
    if (blank == transport || host == blank) return 0;
    if (byte(host) == 0x5b) {
      i = pastMembers(host + 1, addressCharacter);
      if (byte(i) != 0x5d || i == host + 1) return 0;
      i++;
    } else {
      i = pastMembers(host, hostCharacter);
      if (i == host) return 0;
    }
    vias++;
    // 255.255.255.255 is looked for by the careful reading.
    if (vias == 2 && !isRequest && i - host == 15 && load<u32>(host) == 0x2e353532) return 0;
    if (byte(i) == 0x3a) {
      i = pastPort(i + 1);
      if (i == 0) return 0;
    }
    i = pastSpaces(i);
    if (byte(i) == 0x3b) {
      i = pastParameters(i, true, false);
      if (i == 0) return 0;
    }
    const c = byte(i);
    if (c == 0x0d) return rowEnd(i);
    if (c != 0x2c) return 0;
    i++;
  }
}
