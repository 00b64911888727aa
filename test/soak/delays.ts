/** Round trips, in milliseconds. */
export class Delays {
  /** The slowest one: when it ended, and over what. */
  slowest = "";
  private readonly all: number[] = [];
  private most = 0;

  note(milliseconds: number, over: string): void {
    this.all.push(milliseconds);
    if (milliseconds <= this.most) return;
    this.most = milliseconds;
    this.slowest = `${over}, ${new Date().toISOString().slice(11, 19)}`;
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
