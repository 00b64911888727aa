/** Something that is done again and again, at random intervals, until it is told to stop. */
import { pause } from "./call.ts";
import type { Dice } from "./dice.ts";

export class Turns {
  private readonly dice: Dice;
  private readonly least: number;
  private readonly most: number;
  private readonly work: () => Promise<void> | void;
  private readonly open = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = true;

  /** Milliseconds between two beginnings; one turn may outlast the next. */
  constructor(dice: Dice, least: number, most: number, work: () => Promise<void> | void) {
    this.dice = dice;
    this.least = least;
    this.most = most;
    this.work = work;
  }

  start(): void {
    this.isStopped = false;
    this.plan();
  }

  /** Resolves when those that have begun are over. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await Promise.all(this.open);
  }

  /** Waits, but no longer than until it is told to stop. */
  async wait(milliseconds: number): Promise<void> {
    for (const end = Date.now() + milliseconds; Date.now() < end && !this.isStopped; )
      await pause(Math.min(100, end - Date.now()));
  }

  private plan(): void {
    this.timer = setTimeout(
      () => {
        const turn: Promise<void> = Promise.resolve(this.work())
          // A peer that is rude may find its own socket gone.
          .catch(() => {})
          .finally(() => this.open.delete(turn));
        this.open.add(turn);
        if (!this.isStopped) this.plan();
      },
      this.dice.between(this.least, this.most),
    );
  }
}
