/**
 * A decision of the compiled engine. Verdict and bytes are there at once; the account of
 * how they came about is the law's, drawn up from the event when somebody reads it.
 */
import type { AppliedEdit, AppliedRule, Assessment, MessageDecision, SyntaxViolation } from "../decision.ts";
import type { Engine } from "../engine.ts";
import type { EnteringMessage, NetworkEnd } from "../event.ts";

/** What a rule of the policy answers to a message that does not leave. */
export interface RuleRefusal {
  readonly status: number;
  readonly reason: string;
  readonly rule: string | undefined;
  /** Nobody may be answered: a response, or an ACK. */
  readonly silent: boolean;
}

/** Where a message would have gone; without a connection it was refused before there was one. */
export interface RefusedEnd {
  readonly network: string;
  readonly connection?: NetworkEnd["connection"];
}

/** Most messages leave: what only a refusal has costs them nothing. */
export class CompiledDecision implements MessageDecision {
  readonly verdict: MessageDecision["verdict"];
  readonly from: Assessment;
  readonly to: Assessment;
  readonly bytes: Uint8Array | undefined;
  private readonly refusal: RuleRefusal | undefined;
  private readonly law: Engine;
  private readonly message: EnteringMessage;
  private readonly end: RefusedEnd | undefined;
  private account: MessageDecision | undefined;

  constructor(
    verdict: MessageDecision["verdict"],
    from: Assessment,
    to: Assessment,
    bytes: Uint8Array | undefined,
    refusal: RuleRefusal | undefined,
    law: Engine,
    message: EnteringMessage,
    end: RefusedEnd | undefined,
  ) {
    this.verdict = verdict;
    this.from = from;
    this.to = to;
    this.bytes = bytes;
    this.refusal = refusal;
    this.law = law;
    this.message = message;
    this.end = end;
    this.account = undefined;
  }

  get kind(): "message" {
    return "message";
  }

  get status(): number | undefined {
    return this.refusal?.status;
  }

  get reason(): string | undefined {
    return this.refusal?.reason;
  }

  get answeredBy(): string | undefined {
    return this.refusal?.rule;
  }

  get silent(): boolean {
    return this.refusal?.silent === true;
  }

  /** A rule of the policy closes no stream. */
  get closes(): boolean {
    return false;
  }

  /** What breaks a rule of syntax is refused before it comes to a compiled decision. */
  get violation(): SyntaxViolation | undefined {
    return undefined;
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
    this.account ??= this.drawUp();
    return this.account;
  }

  private drawUp(): MessageDecision {
    const entered = this.law.enter(this.message);
    if (this.end === undefined) return entered.refused!;
    const { network, connection } = this.end;
    if (connection === undefined) return this.law.refuses(entered, network)!;
    return this.law.leave(entered, { network, connection });
  }
}
