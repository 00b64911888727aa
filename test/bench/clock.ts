/** A clock for code that takes from a microsecond to a millisecond, contestants taking turns. */

/** One thing to be timed. `run` does it once, for the input at that index, and lets its result escape. */
export interface Contestant {
  readonly name: string;
  readonly run: (index: number) => unknown;
}

export interface Timing {
  readonly name: string;
  /** Nanoseconds a run: the middle of all turns, and the fastest turn. */
  readonly median: number;
  readonly best: number;
}

export interface TurnOptions {
  /** How often each contestant has its turn. */
  readonly turns: number;
  /** Milliseconds a turn. */
  readonly turn: number;
}

// What the contestants return is written here, so that no run can be optimised away.
const escaped: unknown[] = Array.from({ length: 64 });

/** How many results are kept: a reader of the module can see that they are used. */
export function escapedResults(): number {
  return escaped.filter((one) => one !== undefined).length;
}

/**
 * Times the contestants side by side: in every round each has one turn, so that a machine
 * that slows down slows all of them. The number of runs in a turn is found beforehand,
 * while the code warms up; the clock is read only at the ends of a turn.
 */
export function time(contestants: readonly Contestant[], options: TurnOptions): Timing[] {
  const runs = contestants.map((contestant) => warmUp(contestant, options.turn));
  const samples: number[][] = contestants.map(() => []);
  for (let round = 0; round < options.turns; round++) {
    for (const [at, contestant] of contestants.entries()) {
      samples[at]!.push(turn(contestant, runs[at]!));
    }
  }
  return contestants.map((contestant, at) => {
    const sorted = samples[at]!.toSorted((a, b) => a - b);
    return { name: contestant.name, median: sorted[sorted.length >> 1]!, best: sorted[0]! };
  });
}

/** Milliseconds of warming up: the compiler works beside the code, and takes its time. */
const warming = 600;

/** Runs until the code is warm, and says how many runs fill a turn. */
function warmUp(contestant: Contestant, milliseconds: number): number {
  let runs = 16;
  let spent = 0;
  let least = Number.POSITIVE_INFINITY;
  while (spent < warming) {
    const each = turn(contestant, runs);
    least = Math.min(least, each);
    spent += (each * runs) / 1e6;
    if (each * runs < milliseconds * 1e6) runs *= 2;
  }
  return Math.max(1, Math.round((milliseconds * 1e6) / least));
}

/**
 * Nanoseconds of processor time a run: another process that takes the core away costs
 * nothing, and what the runtime does beside (garbage collection, compilation) counts.
 */
function turn(contestant: Contestant, runs: number): number {
  const { run } = contestant;
  const start = process.cpuUsage();
  for (let index = 0; index < runs; index++) escaped[index & 63] = run(index);
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / runs;
}
