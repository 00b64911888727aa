/** In seconds. */
const longestWait = 60;

/** Lets so many pass in a second. Its clock is that of the messages. */
export class PerSecond {
  private readonly limit: number;
  private second = Number.NEGATIVE_INFINITY;
  private taken = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** `at` in milliseconds since 1970. */
  take(at: number): boolean {
    const second = Math.floor(at / 1000);
    // A message that waited comes later than its time; a clock that was set back by more starts anew.
    if (second > this.second || second < this.second - longestWait) {
      this.second = second;
      this.taken = 0;
    }
    this.taken++;
    return this.taken <= this.limit;
  }
}
