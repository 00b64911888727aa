/** Text of ours as bytes, and bytes of a message as text. Header text that we write is ASCII. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

/** One byte, one character. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}

/** `SIP/`: a status line (RFC 3261 7.2). */
export function startsWithVersion(bytes: Uint8Array): boolean {
  return bytes[0] === 0x53 && bytes[1] === 0x49 && bytes[2] === 0x50 && bytes[3] === 0x2f;
}
