/** What every engine does: the interpreter is the law, and the compiled form keeps it. */
import { runAddresses } from "./behaviour/addresses.ts";
import { runBodies } from "./behaviour/bodies.ts";
import type { MakeEngine } from "./behaviour/case.ts";
import { runConditions } from "./behaviour/conditions.ts";
import { runEarly } from "./behaviour/early.ts";
import { runEnds } from "./behaviour/ends.ts";
import { runFields } from "./behaviour/fields.ts";
import { runGates } from "./behaviour/gates.ts";
import { runPrivacy } from "./behaviour/privacy.ts";

export type { MakeEngine } from "./behaviour/case.ts";

export function runBehaviour(makeEngine: MakeEngine): void {
  runFields(makeEngine);
  runAddresses(makeEngine);
  runBodies(makeEngine);
  runConditions(makeEngine);
  runEnds(makeEngine);
  runGates(makeEngine);
  runPrivacy(makeEngine);
  runEarly(makeEngine);
}
