/** So many a second, and as many at once: what is not taken fills up again with time. */
export class Rate {
  private readonly perSecond: number;
  private left: number;
  /** When so many were left. */
  private at: number;

  /** `at` in milliseconds. */
  constructor(perSecond: number, at: number) {
    this.perSecond = perSecond;
    this.left = perSecond;
    this.at = at;
  }

  /** One more; false where it is one too many. */
  take(at: number): boolean {
    // A clock that goes back fills nothing.
    const filled = (Math.max(0, at - this.at) * this.perSecond) / 1000;
    this.left = Math.min(this.perSecond, this.left + filled);
    this.at = at;
    if (this.left < 1) return false;
    this.left--;
    return true;
  }
}
