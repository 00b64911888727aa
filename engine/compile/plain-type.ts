/** The Content-Type of a body that is its own only part, read on the bytes. */
import { bytesOf, equalsCaseless, equalsExactly } from "./conditions/byte-text.ts";
import type { MessageFacts } from "./message-facts.ts";

const longestKnown = 64;
const slash = 0x2f;
const semicolon = 0x3b;
const multipart = bytesOf("multipart/");
const ciphertext = bytesOf("application/pkcs7");
const ciphertextToo = bytesOf("application/x-pkcs7");

/** Numbers of spellings, each used once. */
let spellings = 0;

export class PlainType {
  /** The message for which this holds. */
  message = -1;
  /** A type written without blanks, neither multipart nor encrypted nor encoded. */
  isPlain = false;
  /** Where type and subtype stand, if it is plain. */
  start = 0;
  end = 0;
  /** Equal numbers stand for types with the same bytes; 0 for all that are not plain. */
  spelling = 0;
  private typeLength = 0;

  read(facts: MessageFacts): void {
    const { scan, table } = facts;
    const row = facts.firstRow(table.core.contentType);
    this.isPlain =
      row >= 0 &&
      facts.firstRow(table.core.contentEncoding) < 0 &&
      this.readType(scan.bytes, scan.valueStart[row]!, scan.valueEnd[row]!);
    this.spelling = this.isPlain ? this.knownSpelling : 0;
  }

  // Most bodies are of the type of the one before.
  private known = new Uint8Array(0);
  private isKnownPlain = false;
  private knownSpelling = 0;

  private readType(bytes: Uint8Array, start: number, end: number): boolean {
    if (equalsExactly(bytes, start, end, this.known)) {
      this.start = start;
      this.end = start + this.typeLength;
      return this.isKnownPlain;
    }
    const isPlain = this.readSpelling(bytes, start, end);
    this.typeLength = this.end - start;
    this.isKnownPlain = isPlain;
    this.knownSpelling = ++spellings;
    // A spelling that is long is read each time: this one is compared with all that come.
    this.known = end - start <= longestKnown ? bytes.slice(start, end) : new Uint8Array(0);
    return isPlain;
  }

  private readSpelling(bytes: Uint8Array, start: number, end: number): boolean {
    this.end = start;
    let at = start;
    let slashes = 0;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === semicolon) break;
      if (byte <= 0x20) return false;
      if (byte === slash) slashes++;
    }
    this.start = start;
    this.end = at;
    if (slashes !== 1 || bytes[start] === slash || bytes[at - 1] === slash) return false;
    return !(
      startsWith(bytes, start, at, multipart) ||
      startsWith(bytes, start, at, ciphertext) ||
      startsWith(bytes, start, at, ciphertextToo)
    );
  }
}

export function startsWith(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  return end - start >= prefix.length && equalsCaseless(bytes, start, start + prefix.length, prefix);
}
