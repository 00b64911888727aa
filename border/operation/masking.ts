/**
 * Text of a log line, without what tells who a subscriber is. A cause or a reason may quote the
 * message that it speaks of, so every word that stands in one of the message's values is hidden.
 */
import { createHmac, randomBytes } from "node:crypto";

/** In the place of one or more hidden words. */
export const hidden = "…";

/** Runs of ASCII letters and digits, and of letters and signs beyond ASCII: all else parts words. */
const word = /[0-9A-Za-z]+|[^\p{ASCII}\p{P}\p{Z}]+/gu;

/** An address or a number by its shape alone, wherever it came from. */
const identity = /\b(?:sips?|tel|urn|mailto|xmpp|im|pres|https?):[^\s,;>"']+|[^\s<>"',;:]+@[^\s<>"',;]+/giu;
const longNumber = /\+?[0-9](?:[-.() ]?[0-9]){6,}/gu;
const addressOfHost = /^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$/u;

/** Words of SIP and of the border's own sentences: they tell nobody. */
const neutral: ReadonlySet<string> = new Set(
  (
    "a an and are be by can cannot for from has have in is it its no not of on one or t s that the there to was way " +
    "with 0 sip sips tel urn uri udp tcp tls via route record max forwards contact cseq call id privacy header " +
    "session user none critical history transport message request response border certificate"
  ).split(" "),
);

/** Shorter words are compared as a whole; longer ones also as a part of each other. */
const partLength = 3;
/** Nothing that the border says of itself has longer words. */
const longestWord = 48;

/** A text as a line tells it. */
export type Hide = (text: string) => string;

/** Hides nothing. */
export const plainly: Hide = (text) => text;

/**
 * Hides what the values told of hold, and identities by their shape. The words of `shown` stay, and
 * those of which `isShown` says so; it is asked for words in lower case.
 */
export class Mask {
  private readonly words = new Set<string>();
  private readonly all: string;
  private readonly shown: ReadonlySet<string>;
  private readonly isShown: (word: string) => boolean;

  constructor(
    values: readonly string[],
    shown: readonly string[] = [],
    isShown: (word: string) => boolean = () => false,
  ) {
    const text = values.flatMap(spellings).join("\n").toLowerCase();
    for (const [one] of text.matchAll(word)) this.words.add(one);
    this.all = text;
    this.shown = new Set(shown.flatMap((name) => name.toLowerCase().match(word) ?? []));
    this.isShown = isShown;
  }

  hide(text: string): string {
    return text
      .replace(identity, hidden)
      .replace(longNumber, (number) => (addressOfHost.test(number) ? number : hidden))
      .replace(word, (one) => (this.isTelling(one.toLowerCase()) ? hidden : one))
      .replace(/…(?:[^\s…]*…)+/gu, hidden);
  }

  private isTelling(one: string): boolean {
    if (this.stays(one)) return false;
    if (one.length > longestWord || one.includes("\ufffd") || this.words.has(one)) return true;
    const least = /^[0-9a-z]/u.test(one) ? partLength : 1;
    return one.length >= least && (this.all.includes(one) || this.holdsWord(one, least));
  }

  /** A word of the message with something before or behind it. */
  private holdsWord(one: string, least: number): boolean {
    for (let start = 0; start + least <= one.length; start++) {
      for (let end = start + least; end <= one.length; end++) {
        const part = one.slice(start, end);
        if (this.words.has(part) && !this.stays(part)) return true;
      }
    }
    return false;
  }

  private stays(one: string): boolean {
    return neutral.has(one) || this.shown.has(one) || this.isShown(one);
  }
}

/** The mask of a message. The names of fields are not values, but of those that nobody knows. */
export function maskOfMessage(
  bytes: Uint8Array,
  shown: readonly string[],
  isShown?: (word: string) => boolean,
): Mask {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Whoever quotes it may have read it either way.
  return new Mask(
    [withoutKnownNames(view.toString("latin1")), withoutKnownNames(view.toString("utf8"))],
    shown,
    isShown,
  );
}

/** As it stands, and with escapes resolved (RFC 3261 25.1 `escaped`, `quoted-pair`). */
function spellings(text: string): readonly string[] {
  const found = [text];
  if (text.includes("\\")) found.push(text.replaceAll("\\", ""));
  if (text.includes("%")) {
    const bytes = text.replace(/%([0-9a-f]{2})/giu, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    );
    found.push(bytes, Buffer.from(bytes, "latin1").toString("utf8"));
  }
  return found;
}

const knownNames =
  /^(?:Via|Route|Record-Route|Max-Forwards|From|To|Call-ID|CSeq|Contact|Privacy|Content-(?:Type|Length)|P-[a-z-]+-(?:Identity|Id|ID|Info|Vector)|Identity|History-Info|Referred-By|Reply-To|Subject|[vftimclsrb])[ \t]*:/gimu;

function withoutKnownNames(text: string): string {
  return text.replace(knownNames, "");
}

/** One text, the same digits under one key; nobody without the key can try texts out. */
export class Pseudonyms {
  private readonly key: Uint8Array;

  /** Without a key: one that lives as long as the process. */
  constructor(key: Uint8Array = randomBytes(32)) {
    this.key = key;
  }

  /** The first 12 hexadecimal digits of HMAC-SHA-256. */
  of(text: Uint8Array): string {
    return createHmac("sha256", this.key).update(text).digest("hex").slice(0, 12);
  }
}
