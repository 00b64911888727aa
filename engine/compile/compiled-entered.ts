/** A message between the gates of the compiled engine. */
import type { Scan } from "../../wire/index.ts";
import type { MessageDecision } from "../decision.ts";
import type { Entered } from "../engine.ts";
import type { EnteringMessage } from "../event.ts";

export class CompiledEntered implements Entered {
  readonly message: EnteringMessage;
  readonly refused: MessageDecision | undefined;
  readonly scan: Scan;
  readonly serial: number;
  /** The law's own passage, where the law decides. */
  readonly byLaw: Entered | undefined;

  constructor({ message, refused, scan }: Entered, serial: number, byLaw: Entered | undefined) {
    this.message = message;
    this.refused = refused;
    this.scan = scan;
    this.serial = serial;
    this.byLaw = byLaw;
  }
}
