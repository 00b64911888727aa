/** Round trips, in milliseconds. */
export class Delays {
  private readonly all: number[] = [];

  note(milliseconds: number): void {
    this.all.push(milliseconds);
  }

  get count(): number {
    return this.all.length;
  }

  /** 0 where there is none. */
  quantile(part: number): number {
    const sorted = this.all.toSorted((one, other) => one - other);
    return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  }
}
