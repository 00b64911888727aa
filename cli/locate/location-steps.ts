/** A location, asked step by step (RFC 3263), with all that was asked and told. */
import type { Locating, Location, Outcome, Question } from "../../wire/index.ts";

export interface Asking {
  readonly question: Question;
  readonly outcome: Outcome;
  /** Until it was told. */
  readonly milliseconds: number;
}

export interface Steps {
  /** What was asked at once stands together. */
  readonly steps: readonly (readonly Asking[])[];
  readonly location: Location;
}

export async function locateInSteps(
  locating: Locating,
  ask: (question: Question) => Promise<Outcome>,
): Promise<Steps> {
  const steps: (readonly Asking[])[] = [];
  for (let step = locating.next(); ; ) {
    if (step.done === true) return { steps, location: step.value };
    const asked = await Promise.all(
      step.value.map(async (question): Promise<Asking> => {
        const since = performance.now();
        const outcome = await ask(question);
        return { question, outcome, milliseconds: Math.round(performance.now() - since) };
      }),
    );
    steps.push(asked);
    step = locating.next(asked.map(({ outcome }) => outcome));
  }
}
