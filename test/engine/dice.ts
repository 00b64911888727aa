/** A seeded source of choices (mulberry32): the same seed gives the same policy and the same event. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to, but not including, `bound`. */
  below(bound: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  }

  /** True `percent` times of a hundred. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  /** Between `least` and `most` of them, in their order, none twice. */
  some<T>(from: readonly T[], least: number, most: number): T[] {
    const wanted = least + this.below(most - least + 1);
    const left = [...from.keys()];
    const chosen: number[] = [];
    while (chosen.length < wanted && left.length > 0) {
      chosen.push(...left.splice(this.below(left.length), 1));
    }
    return chosen.toSorted((a, b) => a - b).map((at) => from[at]!);
  }

  times<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make);
  }
}
