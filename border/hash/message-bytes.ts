/** Text of ours as bytes, and bytes of a message as text. Header text that we write is ASCII. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

/** One byte, one character. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}
