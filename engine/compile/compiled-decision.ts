/**
 * A decision of the compiled engine. Verdict and bytes are there at once; the account of
 * how they came about is the law's, drawn up from the event when somebody reads it.
 */
import type { AppliedEdit, AppliedRule, Assessment, MessageDecision, SyntaxViolation } from "../decision.ts";
import type { Engine } from "../engine.ts";
import type { EnteringMessage, NetworkEnd } from "../event.ts";

export class CompiledDecision implements MessageDecision {
  readonly kind = "message";
  readonly verdict: MessageDecision["verdict"];
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly silent: boolean;
  readonly closes: boolean;
  readonly violation: SyntaxViolation | undefined;
  readonly from: Assessment;
  readonly to: Assessment;
  readonly bytes: Uint8Array | undefined;
  private readonly law: Engine;
  private readonly message: EnteringMessage;
  private readonly end: NetworkEnd | undefined;
  private account: MessageDecision | undefined;

  constructor(
    verdict: MessageDecision["verdict"],
    status: number | undefined,
    reason: string | undefined,
    silent: boolean,
    closes: boolean,
    violation: SyntaxViolation | undefined,
    from: Assessment,
    to: Assessment,
    bytes: Uint8Array | undefined,
    law: Engine,
    message: EnteringMessage,
    end: NetworkEnd | undefined,
  ) {
    this.verdict = verdict;
    this.status = status;
    this.reason = reason;
    this.silent = silent;
    this.closes = closes;
    this.violation = violation;
    this.from = from;
    this.to = to;
    this.bytes = bytes;
    this.law = law;
    this.message = message;
    this.end = end;
    this.account = undefined;
  }

  get rules(): readonly AppliedRule[] {
    return this.told().rules;
  }

  get edits(): readonly AppliedEdit[] {
    return this.told().edits;
  }

  get marks(): readonly string[] {
    return this.told().marks;
  }

  private told(): MessageDecision {
    if (this.account === undefined) {
      const entered = this.law.enter(this.message);
      this.account = this.end === undefined ? entered.refused! : this.law.leave(entered, this.end);
    }
    return this.account;
  }
}
