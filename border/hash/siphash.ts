/**
 * SipHash-2-4 with 128 bits of output (Aumasson, Bernstein: "SipHash: a fast short-input PRF").
 *
 * Each 64-bit lane is a pair of 32-bit integers: BigInt would cost more than the whole
 * decision that a hash belongs to. Words are little-endian.
 */
export class SipHash {
  private readonly key: Int32Array;

  /** `key` has 16 bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== 16) throw new RangeError(`a SipHash key has 16 bytes, not ${key.length}`);
    const view = new DataView(key.buffer, key.byteOffset, 16);
    this.key = Int32Array.from([0, 4, 8, 12], (at) => view.getInt32(at, true));
  }

  /** Hashes `bytes[start, end)`; the result's bytes are `out`'s words, each little-endian. */
  hash(bytes: Uint8Array, start: number, end: number, out: Uint32Array): void {
    const key = this.key;
    const k0l = key[0]!;
    const k0h = key[1]!;
    const k1l = key[2]!;
    const k1h = key[3]!;
    let v0l = k0l ^ 0x70736575;
    let v0h = k0h ^ 0x736f6d65;
    let v1l = k1l ^ 0x6e646f6d ^ 0xee;
    let v1h = k1h ^ 0x646f7261;
    let v2l = k0l ^ 0x6e657261;
    let v2h = k0h ^ 0x6c796765;
    let v3l = k1l ^ 0x79746573;
    let v3h = k1h ^ 0x74656462;

    const length = end - start;
    const lastWord = start + (length & ~7);
    let at = start;
    // Phases: each whole word, the padded last word, then the two halves of the output.
    let phase = 0;
    while (phase < 3) {
      let low = 0;
      let high = 0;
      let rounds = 2;
      if (phase === 0) {
        if (at < lastWord) {
          low = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
          high = bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24);
          at += 8;
        } else {
          high = (length & 0xff) << 24;
          for (let i = 0; at + i < end; i++) {
            if (i < 4) low |= bytes[at + i]! << (8 * i);
            else high |= bytes[at + i]! << (8 * (i - 4));
          }
          phase = 1;
        }
        v3l ^= low;
        v3h ^= high;
      } else {
        if (phase === 1) v2l ^= 0xee;
        else v1l ^= 0xdd;
        rounds = 4;
        phase++;
      }

      for (let round = 0; round < rounds; round++) {
        let sum = (v0l + v1l) | 0;
        v0h = (v0h + v1h + (sum >>> 0 < v0l >>> 0 ? 1 : 0)) | 0;
        v0l = sum;
        let turn = (v1l << 13) | (v1h >>> 19);
        v1h = ((v1h << 13) | (v1l >>> 19)) ^ v0h;
        v1l = turn ^ v0l;
        turn = v0l;
        v0l = v0h;
        v0h = turn;

        sum = (v2l + v3l) | 0;
        v2h = (v2h + v3h + (sum >>> 0 < v2l >>> 0 ? 1 : 0)) | 0;
        v2l = sum;
        turn = (v3l << 16) | (v3h >>> 16);
        v3h = ((v3h << 16) | (v3l >>> 16)) ^ v2h;
        v3l = turn ^ v2l;

        sum = (v0l + v3l) | 0;
        v0h = (v0h + v3h + (sum >>> 0 < v0l >>> 0 ? 1 : 0)) | 0;
        v0l = sum;
        turn = (v3l << 21) | (v3h >>> 11);
        v3h = ((v3h << 21) | (v3l >>> 11)) ^ v0h;
        v3l = turn ^ v0l;

        sum = (v2l + v1l) | 0;
        v2h = (v2h + v1h + (sum >>> 0 < v2l >>> 0 ? 1 : 0)) | 0;
        v2l = sum;
        turn = (v1l << 17) | (v1h >>> 15);
        v1h = ((v1h << 17) | (v1l >>> 15)) ^ v2h;
        v1l = turn ^ v2l;
        turn = v2l;
        v2l = v2h;
        v2h = turn;
      }

      if (rounds === 2) {
        v0l ^= low;
        v0h ^= high;
      } else {
        const half = phase === 2 ? 0 : 2;
        out[half] = v0l ^ v1l ^ v2l ^ v3l;
        out[half + 1] = v0h ^ v1h ^ v2h ^ v3h;
      }
    }
  }
}
