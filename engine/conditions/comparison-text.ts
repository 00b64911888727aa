/**
 * How text of a message and text of a policy are brought to one form before they are
 * compared. Message text is held one character a byte; policy text is brought to the same
 * form by way of UTF-8. So a comparison is one of bytes, whatever the bytes mean.
 */

/** Bytes `start` to `end` as one character each (U+0000 to U+00FF). */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}

const encoder = new TextEncoder();

export function policyText(text: string): string {
  const bytes = encoder.encode(text);
  return readText(bytes, 0, bytes.length);
}

const noBytes = new Uint8Array(0);

/** The bytes of a text that is held one character a byte. */
export function textBytes(text: string): Uint8Array {
  if (text === "") return noBytes;
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** ASCII letters only: a token of SIP has no others (RFC 3261 7.3.1). */
export function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A fold counts as one space (RFC 3261 7.3.1). */
export function unfold(text: string): string {
  return text.replace(/[ \t]*\r\n[ \t]+/g, " ");
}

/** `%41` is `A`, decoded once (RFC 3261 19.1.2). What is no escape stays. */
export function decodePercent(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

export function isQuoted(text: string): boolean {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"');
}

/** The content of a quoted string, or the text itself (RFC 3261 25.1). */
export function unquote(text: string): string {
  return isQuoted(text) ? text.slice(1, -1).replace(/\\([\s\S])/g, "$1") : text;
}
