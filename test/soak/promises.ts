/** What was promised to honest peers, by kind, and what became of it. */
interface Kind {
  begun: number;
  kept: number;
  broken: number;
}

/** Told in the report; the rest is counted. */
const mostTold = 20;

export class Promises {
  readonly kinds: Map<string, Kind> = new Map();
  readonly told: string[] = [];
  private readonly open = new Set<Promise<void>>();

  /** `work` rejects with what was not kept. */
  follow(name: string, work: Promise<void>): void {
    const kind = this.kinds.get(name) ?? { begun: 0, kept: 0, broken: 0 };
    this.kinds.set(name, kind);
    kind.begun++;
    const followed: Promise<void> = work
      .then(
        () => {
          kind.kept++;
        },
        (error: unknown) => {
          kind.broken++;
          const why = error instanceof Error ? error.message : String(error);
          if (this.told.length < mostTold)
            this.told.push(`${new Date().toISOString().slice(11, 19)} ${name}: ${why}`);
        },
      )
      .finally(() => this.open.delete(followed));
    this.open.add(followed);
  }

  /** Resolves when each has been kept or broken; all of them are bounded in time. */
  async settled(): Promise<void> {
    while (this.open.size > 0) await Promise.allSettled(this.open);
  }

  get broken(): number {
    return [...this.kinds.values()].reduce((sum, { broken }) => sum + broken, 0);
  }
}
