/** Why a location ends without targets. */
import type { LocationFailureCause } from "./location.ts";
import type { Outcome, Question, ResourceRecord } from "./record.ts";

export class NotLocated extends Error {
  override readonly name = "NotLocated";
  override readonly cause: LocationFailureCause;

  constructor(cause: LocationFailureCause, message: string) {
    super(message);
    this.cause = cause;
  }
}

/** None where there are none. Throws `NotLocated` where that isn't known: silence is never "no record". */
export function recordsIn(outcome: Outcome | undefined, question: Question): readonly ResourceRecord[] {
  switch (outcome?.kind) {
    case "records":
      return outcome.records;
    case "no-data":
    case "no-such-name":
      return [];
    default:
      throw new NotLocated("temporary", unknownText(question, outcome));
  }
}

function unknownText({ type, name }: Question, outcome: Outcome | undefined): string {
  const cause = outcome?.kind === "failure" ? outcome.cause : "the answer was cut short";
  return `DNS doesn't tell the ${type} records of ${name}: ${cause}`;
}
