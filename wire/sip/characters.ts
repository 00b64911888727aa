/**
 * Classes of bytes as lookup tables: `table[byte]` is 1 for a member, else 0.
 * Loops of the form `while (table[b[i]] === 1) i++` are the inner loops of the wire; they
 * need no bounds check of their own as long as some byte ahead is not a member.
 */

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const SLASH = 0x2f;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const LESS = 0x3c;
export const EQUALS = 0x3d;
export const GREATER = 0x3e;
export const QUESTION = 0x3f;
export const AT = 0x40;
export const BACKSLASH = 0x5c;

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function members(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** Every byte but the controls, DEL and the named characters. */
function allBut(characters: string): Uint8Array {
  const table = new Uint8Array(256).fill(1, 0x20);
  table[0x7f] = 0;
  for (const character of characters) table[character.charCodeAt(0)] = 0;
  return table;
}

/** token (RFC 3261 25.1). */
export const token: Uint8Array = members(`${alphanumeric}-.!%*_+\`'~`);
export const digit: Uint8Array = members("0123456789");
/** The letters, digits, `+`, `-` and `.` of a scheme (RFC 3261 25.1). */
export const schemeCharacter: Uint8Array = members(`${alphanumeric}+-.`);
/** hostname and IPv4address (RFC 3261 25.1), with the underscore that real networks use. */
export const hostCharacter: Uint8Array = members(`${alphanumeric}-._`);
/** Between the brackets of an IPv6reference (RFC 3261 25.1). */
export const addressCharacter: Uint8Array = members("0123456789abcdefABCDEF:.");

/** Text of a row: anything but a control character. HTAB is looked at by itself. */
export const text: Uint8Array = allBut("");
/** Inside a quoted string, up to its end or an escape. */
export const quoted: Uint8Array = allBut('"\\');
/** A value that may hold quoted strings and `<…>`. */
export const valueText: Uint8Array = allBut('"<>');
/** A list of words: quotes have no meaning there. */
export const wordList: Uint8Array = allBut('"');
/** An unquoted display name or an addr-spec, up to what ends it. */
export const nameText: Uint8Array = allBut('"<>,;?');
/** Parameters behind an address. */
export const parameterText: Uint8Array = allBut('"<>,;@');
/** Call-ID: other readers might take a blank or a comma for its end. */
export const callIdText: Uint8Array = allBut(" ,");
/** userinfo of a URI, or all of a URI that has none. */
export const uriUser: Uint8Array = allBut(' "<>@');
/** What stands behind the host in a URI. */
export const uriRest: Uint8Array = allBut(' "<>@?');
/** One parameter of a URI. */
export const uriParameter: Uint8Array = allBut(' "<>@?;');
/** Header fields of a URI; a stray `@` there hides nothing. */
export const uriHeaders: Uint8Array = allBut(' "<>');

/** ASCII letters to lower case, every other byte to itself. */
export const lowerCase: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte,
);
