/** What is fuzzed. */

export interface FuzzOutcome {
  readonly accepted: boolean;
  /** The rule that is broken, or why else it is not accepted, or an empty string. */
  readonly rule: string;
}

export interface FuzzTarget {
  /** Of the code whose coverage counts, as it stands in paths. */
  readonly folder: string;
  /** What inputs are damaged with. */
  readonly pieces: readonly Uint8Array[];
  readSeeds(): readonly Uint8Array[];
  /** Throws where a witness objects. `round` decides which of the slower ones are asked: 0 asks all. */
  run(input: Uint8Array, round: number): FuzzOutcome;
}
