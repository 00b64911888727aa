/** The first letters of parameters passed over (`initials.ts` of the scan says what they are for). */

export const anyInitial: i32 = -1;
export const uriHeadersInitial: i32 = 1 << 31;

/** Those of the row, or of Request-URI, that is being read. */
export let seen: i32 = 0;

export function forget(): void {
  seen = 0;
}

export function see(bits: i32): void {
  seen |= bits;
}

export function initialOf(byte: u32): i32 {
  return byte <= 0x20 || byte == 0x25 ? anyInitial : 1 << (byte & 31);
}
