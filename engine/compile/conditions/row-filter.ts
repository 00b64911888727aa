/**
 * A cheap look at a row that rules out most edits of parameters and URI header fields:
 * where no `;` is followed by the first letters of a name that some edit means, and no `?`
 * stands where an edit means what is behind it, nothing in the row can be meant. It may
 * say maybe for nothing; it never says no to what is there.
 */
const htab = 0x09;
const lf = 0x0a;
const cr = 0x0d;
const space = 0x20;
const percent = 0x25;
const question = 0x3f;
const semicolon = 0x3b;

export class RowFilter {
  /** By the low five bits of the first two letters, which are the same in both cases. */
  private readonly pairs = new Uint8Array(1024);
  /** The wire's bits of the names' first letters and of URI header fields. */
  private initials = 0;
  private wantsParameters = false;
  private wantsHeaders = false;

  addParameters(names: readonly string[]): void {
    this.wantsParameters = true;
    for (const name of names) {
      this.initials |= 1 << (name.charCodeAt(0) & 31);
      const first = (name.charCodeAt(0) & 31) << 5;
      if (name.length > 1) this.pairs[first | (name.charCodeAt(1) & 31)] = 1;
      else this.pairs.fill(1, first, first + 32);
    }
  }

  addUriHeaders(): void {
    this.wantsHeaders = true;
    this.initials |= 1 << 31;
  }

  get isEmpty(): boolean {
    return !this.wantsParameters && !this.wantsHeaders;
  }

  /** @param initials what the scan has gathered of `bytes[start, end)` */
  mayHold(bytes: Uint8Array, start: number, end: number, initials: number): boolean {
    return (initials & this.initials) !== 0 && this.find(bytes, start, end);
  }

  private find(bytes: Uint8Array, start: number, end: number): boolean {
    const { pairs, wantsHeaders, wantsParameters } = this;
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (byte > semicolon) {
        if (byte === question && wantsHeaders) return true;
        continue;
      }
      if (byte !== semicolon || !wantsParameters) continue;
      let name = at + 1;
      while (name < end && isBlank(bytes[name]!)) name++;
      if (name >= end) continue;
      const first = bytes[name]!;
      const second = name + 1 < end ? bytes[name + 1]! : 0;
      // An escaped letter may be any (RFC 3261 19.1.4).
      if (first === percent || second === percent || pairs[((first & 31) << 5) | (second & 31)] === 1)
        return true;
    }
    return false;
  }
}

function isBlank(byte: number): boolean {
  return byte === space || byte === htab || byte === cr || byte === lf;
}
