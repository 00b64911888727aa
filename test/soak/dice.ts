/** Seeded chance: each actor of a run has dice of its own, so that what one does moves no other's draws. */
import { Random } from "../fuzz/random.ts";

export class Dice extends Random {
  chance(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000;
  }

  /** Both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }
}

export function diceOf(seed: number, actor: string): Dice {
  let hash = 0x811c9dc5 ^ seed;
  for (const letter of actor) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  const dice = new Dice(hash);
  // Seeds that lie close together begin alike.
  for (let turn = 0; turn < 16; turn++) dice.below(2);
  return dice;
}
