/** A page of `/metrics`, in the text format of Prometheus. */
export class MetricsPage {
  private readonly samples: readonly {
    readonly name: string;
    readonly labels: string;
    readonly value: number;
  }[];

  constructor(text: string) {
    this.samples = text.split("\n").flatMap((line) => {
      const match = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
      return match === null ? [] : [{ name: match[1]!, labels: match[2] ?? "", value: Number(match[3]) }];
    });
  }

  /** The sum over all samples of the name that have these labels. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return this.samples
      .filter(
        (sample) => sample.name === name && wanted.every((text) => sample.labels.split(",").includes(text)),
      )
      .reduce((sum, { value }) => sum + value, 0);
  }

  /** Sums by the values of one label. */
  by(name: string, label: string): ReadonlyMap<string, number> {
    const sums = new Map<string, number>();
    for (const sample of this.samples) {
      const value = new RegExp(`(?:^|,)${label}="([^"]*)"`).exec(sample.labels)?.[1];
      if (sample.name === name && value !== undefined) sums.set(value, (sums.get(value) ?? 0) + sample.value);
    }
    return sums;
  }
}
