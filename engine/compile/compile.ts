/**
 * The compiled engine. What ends and options decide is decided once for a connection; a
 * message is scanned once, and what the policy does not name is not looked at. Whatever
 * is too rare to be fast it hands to the interpreter, so that it never has a meaning of
 * its own.
 */
import type { Policy } from "../../grammar/model.ts";
import { type EditList, type FieldTable, keptResults, Scan } from "../../wire/index.ts";
import { consequence } from "../consequences/consequences.ts";
import { leavePrivacy, readPrivacy } from "../consequences/privacy.ts";
import type { Assessment, Decision, Explanation, HandshakeDecision, MessageDecision } from "../decision.ts";
import type { ByteEdit } from "../edits/render.ts";
import type { Engine, EngineContext, Entered } from "../engine.ts";
import type {
  ConnectionFacts,
  EnteringMessage,
  HandshakeEvent,
  MessageEvent,
  NetworkEnd,
  PolicyEvent,
} from "../event.ts";
import type { Rejection } from "../gate.ts";
import { Interpreter } from "../interpret.ts";
import { refuseSyntax, unrouted } from "../message-decision.ts";
import { type BoundEnd, EndBinder } from "./binding/bound-end.ts";
import { NetworkFinder } from "./binding/network-finder.ts";
import { readsOf } from "./binding/policy-reads.ts";
import { CompiledDecision, type RefusedEnd } from "./compiled-decision.ts";
import { CompiledEntered } from "./compiled-entered.ts";
import { ConditionCompiler } from "./conditions/condition-test.ts";
import { EarlyGate } from "./early-gate.ts";
import { bodyNeedsLaw, collectTouched, renderNodes, touchedTree } from "./field-edits.ts";
import { GateRun } from "./gate-run.ts";
import { MessageFacts } from "./message-facts.ts";
import { type AlsoEdits, MessageWriter } from "./message-writer.ts";
import type { GatePlan } from "./plan/gate-plan.ts";
import { MessageKinds } from "./plan/message-kind.ts";
import { PlanBuilder } from "./plan/plan-builder.ts";
import { SignatureWatch } from "./plan/signature-watch.ts";
import { PrivacyJudge, privacyOutcome } from "./privacy-outcome.ts";

/** Which way a message decision took: for tests that must know that the fast one was taken. */
export type DecisionPath = "none" | "rows" | "fields" | "law";

const noEdits: readonly ByteEdit[] = [];
const noAuthorities: EngineContext = { authorities: new Map() };

/** The engine of a policy, compiled. */
export function compile(policy: Policy, context: EngineContext = noAuthorities): CompiledEngine {
  return new CompiledEngine(policy, context);
}

export class CompiledEngine implements Engine {
  readonly policy: Policy;
  readonly fields: FieldTable;
  /** The way of the last message decision. */
  lastPath: DecisionPath = "none";

  private readonly law: Interpreter;
  private readonly fromEnds: EndBinder;
  private readonly toEnds: EndBinder;
  private readonly kinds: MessageKinds;
  private readonly plans: PlanBuilder;
  private readonly privacy: PrivacyJudge;
  private readonly signatures: SignatureWatch;
  private readonly early: EarlyGate;
  private readonly networks: NetworkFinder;
  private readonly geolocation: number;
  private readonly geolocationRouting: number;

  /** The message as it came, as the in gate leaves it where that wrote it anew, and as the out gate leaves it. */
  private readonly received: MessageFacts;
  private readonly between: MessageFacts;
  private readonly result: MessageFacts;
  private readonly inRun: GateRun;
  private readonly outRun: GateRun;
  private readonly writer: MessageWriter;

  // The message between the gates.
  private serial = 0;
  private message!: EnteringMessage;
  private from!: BoundEnd;
  private facts: MessageFacts;
  private kind = 0;
  private refusal: "no" | "syntax" | "rule" = "no";
  private lawDecides = false;
  private isEdited = false;
  private outEdits: readonly ByteEdit[] = noEdits;
  /** False until the result has been asked for; then it, or undefined where it can't be read. */
  private resultFacts: MessageFacts | undefined | false = false;

  constructor(policy: Policy, context: EngineContext) {
    this.policy = policy;
    this.law = new Interpreter(policy, context);
    this.fields = this.law.fields;
    const { fields } = this;
    const reads = readsOf(policy);
    const conditions = new ConditionCompiler(policy, fields);
    this.fromEnds = new EndBinder(policy, context, reads, "incoming");
    this.toEnds = new EndBinder(policy, context, reads, "outgoing");
    this.kinds = new MessageKinds(reads.methods);
    this.plans = new PlanBuilder(policy, context, fields, conditions);
    this.privacy = new PrivacyJudge(policy, fields, conditions);
    this.signatures = new SignatureWatch(policy, fields);
    this.networks = new NetworkFinder(policy, context);
    this.geolocation = fields.id("Geolocation");
    this.geolocationRouting = fields.id("Geolocation-Routing");
    const rows = new Map(policy.fields.map((row) => [row.name, row]));
    this.early = new EarlyGate(policy, context, fields, rows);
    this.received = new MessageFacts(fields, rows, new Scan(fields));
    this.between = new MessageFacts(fields, rows, new Scan(fields));
    this.result = new MessageFacts(fields, rows, new Scan(fields));
    this.writer = new MessageWriter(context.results ?? keptResults);
    this.inRun = new GateRun(fields.size);
    this.outRun = new GateRun(fields.size);
    this.facts = this.received;
  }

  networkOf(connection: ConnectionFacts, at: number): string {
    return this.networks.find(connection, at);
  }

  decide(event: MessageEvent): MessageDecision;
  decide(event: HandshakeEvent): HandshakeDecision;
  decide(event: PolicyEvent): Decision;
  decide(event: PolicyEvent): Decision {
    if (event.kind === "handshake") return this.law.decide(event);
    this.passIn(event, true);
    if (this.lawDecides) return this.byLaw(event, event.to, undefined, undefined);
    return this.passOut(event.to, undefined);
  }

  enter(message: EnteringMessage): Entered {
    this.passIn(message, false);
    if (this.lawDecides) {
      const byLaw = this.law.enter(message);
      return new CompiledEntered(byLaw, this.serial, byLaw);
    }
    const refused = this.refusal === "no" ? undefined : this.refuse(undefined, unrouted);
    return new CompiledEntered({ message, refused, scan: this.facts.scan }, this.serial, undefined);
  }

  leave(entered: Entered, to: NetworkEnd, also?: (scan: Scan, edits: EditList) => void): MessageDecision {
    const { byLaw, message } = this.lastEntered(entered);
    if (byLaw !== undefined) return this.byLaw(message, to, also, byLaw);
    return this.passOut(to, also);
  }

  refuses(entered: Entered, network: string): MessageDecision | undefined {
    const { byLaw, message, scan } = this.lastEntered(entered);
    if (byLaw !== undefined) return this.law.refuses(byLaw, network);
    const { early, from, refusal } = this;
    if (refusal === "no") {
      const rejection = early.refuses(scan, message, from.end, network);
      return rejection && this.reject(rejection, early.assess(network, message.at), { network });
    }
    return this.refuse({ network }, early.assess(network, message.at));
  }

  explain(event: PolicyEvent): readonly Explanation[] {
    return this.law.explain(event);
  }

  private lastEntered(entered: Entered): CompiledEntered {
    if (entered instanceof CompiledEntered && entered.serial === this.serial) return entered;
    throw new RangeError("the message is not the last one that entered this engine");
  }

  private byLaw(
    message: EnteringMessage,
    to: NetworkEnd,
    also: AlsoEdits,
    entered: Entered | undefined,
  ): MessageDecision {
    this.lastPath = "law";
    return this.law.leave(entered ?? this.law.enter(message), to, also);
  }

  /** @param mayHide whole rows that go may stay in the bytes, out of the out gate's sight */
  private passIn(message: EnteringMessage, mayHide: boolean): void {
    const facts = this.received;
    this.serial++;
    this.message = message;
    this.facts = facts;
    this.refusal = "no";
    this.lawDecides = this.isEdited = false;
    this.from = this.fromEnds.bind(message.from, message.at);
    if (!facts.scan.read(message.bytes, message.framing)) {
      this.refusal = "syntax";
      return;
    }
    facts.begin();
    this.kind = this.kinds.kindOf(facts);
    const plan = this.inPlanOf(this.from);
    const run = this.inRun;
    run.begin();
    if (plan.isIdle) return;
    run.pass(plan, facts);
    if (run.rejection !== undefined) {
      this.refusal = "rule";
      return;
    }
    // What either means for the consequences would have to be remembered.
    if (plan.honours.length + plan.fulfilments.length > 0 || (run.bodyTouched && bodyNeedsLaw(run, facts))) {
      this.lawDecides = true;
      return;
    }
    if (run.onlyRows && run.removedCount === 0) return;
    if (run.onlyRows && mayHide && !this.describesBody(run)) {
      facts.hide(run.removed);
      this.isEdited = true;
      return;
    }
    this.rewriteBetween(plan, run, facts);
  }

  /** Writes the message as the in gate leaves it, and turns to that. */
  private rewriteBetween(plan: GatePlan, run: GateRun, facts: MessageFacts): void {
    const tree = touchedTree(run, plan, facts);
    const edits = renderNodes(collectTouched(run, plan, facts, tree), tree);
    if (edits.length === 0 && run.removedCount === 0) return;
    const { between } = this;
    if (!between.scan.read(this.writer.write(facts, run.removed, edits, undefined), this.message.framing)) {
      this.lawDecides = true;
      return;
    }
    between.begin();
    this.facts = between;
    this.isEdited = true;
  }

  private passOut(end: NetworkEnd, also: AlsoEdits): MessageDecision {
    const { facts, outRun: run, message } = this;
    const to = this.toEnds.bind(end, message.at);
    if (this.refusal !== "no") return this.refuse(end, to.end.assessment);
    const plan = this.outPlanOf(this.from, to);
    run.begin();
    this.outEdits = noEdits;
    this.resultFacts = false;
    if (!plan.isIdle) {
      run.pass(plan, facts);
      if (run.rejection !== undefined) return this.reject(run.rejection, to.end.assessment, end);
      if (run.bodyTouched && bodyNeedsLaw(run, facts)) return this.byLaw(message, end, also, undefined);
      if (!run.onlyRows) this.outEdits = this.editsInside(plan, run);
    }
    const shrinks =
      plan.honours.length > 0 && !this.privacy.isQuiet(plan, facts) && this.honours(plan)
        ? this.privacy.judge(plan, facts, run, this.readResult)
        : privacyOutcome.stays;
    if (shrinks === privacyOutcome.law || this.signatures.mayBreak(this.received, facts, run)) {
      return this.byLaw(message, end, also, undefined);
    }
    // What can't be read as it leaves does not leave.
    if (this.outEdits.length > 0 && this.readResult() === undefined)
      return this.byLaw(message, end, also, undefined);
    if (!this.followLocation(run)) return this.byLaw(message, end, also, undefined);
    this.lastPath = run.onlyRows ? "rows" : "fields";
    if (shrinks === privacyOutcome.shrinks) {
      this.lastPath = "fields";
      this.outEdits = this.editsWithPrivacy(plan, run);
    }
    return this.write(end, to, also);
  }

  /** Some rule of either gate makes this border the privacy service for the message. */
  private honours(plan: GatePlan): boolean {
    for (const test of plan.honours) if (test(this.facts)) return true;
    return false;
  }

  /** What the rules of the out gate make of the touched fields. */
  private editsInside(plan: GatePlan, run: GateRun): readonly ByteEdit[] {
    const tree = touchedTree(run, plan, this.facts);
    return renderNodes(collectTouched(run, plan, this.facts, tree), tree);
  }

  /** The same, with the priv-values that leave (RFC 3323 5). */
  private editsWithPrivacy(plan: GatePlan, run: GateRun): readonly ByteEdit[] {
    const { facts, privacy } = this;
    const tree = touchedTree(
      run,
      plan,
      facts,
      run.isGone(privacy.proxyRequire) ? ["Privacy"] : ["Privacy", "Proxy-Require"],
    );
    const asker = consequence("RFC 3323 5", this);
    const leaves = leavePrivacy(readPrivacy(tree)!, privacy.leaving, privacy.anyFulfilled, tree, asker);
    return renderNodes([...collectTouched(run, plan, facts, tree), ...leaves], tree);
  }

  /** The message with the edits of the out gate, before consequences; undefined where it can't be read. */
  private readonly readResult = (): MessageFacts | undefined => {
    if (this.resultFacts !== false) return this.resultFacts;
    const { result, facts, outRun: run, outEdits } = this;
    this.resultFacts = facts;
    if (run.removedCount > 0 || outEdits.length > 0) {
      const isRead = result.scan.read(
        this.writer.write(facts, run.removed, outEdits, undefined),
        this.message.framing,
      );
      if (isRead) result.begin();
      this.resultFacts = isRead ? result : undefined;
    }
    return this.resultFacts;
  };

  /** Geolocation-Routing goes with the last Geolocation (RFC 6442 4.2). False where only the law can tell. */
  private followLocation(run: GateRun): boolean {
    const { facts, geolocation, geolocationRouting } = this;
    if (facts.firstRow(geolocationRouting) < 0 || this.received.scan.firstRow(geolocation) < 0) return true;
    if (run.isTouched(geolocation) || run.isTouched(geolocationRouting)) return false;
    if (facts.firstRow(geolocation) < 0 || run.isGone(geolocation))
      run.removeField(geolocationRouting, facts);
    return true;
  }

  private write(end: NetworkEnd, to: BoundEnd, also: AlsoEdits): MessageDecision {
    const { facts, outRun: run, outEdits } = this;
    const isEdited = this.isEdited || run.removedCount > 0 || outEdits.length > 0;
    const bytes = this.writer.write(facts, run.removed, outEdits, also);
    const { from, law, message } = this;
    const verdict = isEdited ? "rewrite" : "allow";
    return new CompiledDecision(
      verdict,
      from.end.assessment,
      to.end.assessment,
      bytes,
      undefined,
      law,
      message,
      end,
    );
  }

  /** What was refused on entering. */
  private refuse(end: RefusedEnd | undefined, to: Assessment): MessageDecision {
    if (this.refusal === "rule") return this.reject(this.inRun.rejection!, to, end);
    this.lastPath = "rows";
    const from = this.from.end.assessment;
    return refuseSyntax(this.facts.scan.violation!, { from, to, rules: [], marks: [], edits: [] });
  }

  private reject(
    { status, reason, rule }: Rejection,
    to: Assessment,
    end: RefusedEnd | undefined,
  ): MessageDecision {
    const { law, message, facts } = this;
    const from = this.from.end.assessment;
    this.lastPath = "rows";
    const silent = !facts.scan.isRequest || facts.methodIs(ackMethod);
    return new CompiledDecision(
      "reject",
      from,
      to,
      undefined,
      { status, reason, rule, silent },
      law,
      message,
      end,
    );
  }

  /** A row goes that says how the body is read: then it must not be read as before. */
  private describesBody(run: GateRun): boolean {
    const { contentType, contentEncoding, contentId } = this.fields.core;
    return run.isGone(contentType) || run.isGone(contentEncoding) || run.isGone(contentId);
  }

  private inPlanOf(from: BoundEnd): GatePlan {
    const { inPlans } = from.endClass;
    return (inPlans[this.kind] ??= this.plans.build({
      gate: "in",
      from: from.endClass,
      to: undefined,
      ...this.kinds.kinds[this.kind]!,
    }));
  }

  private outPlanOf(from: BoundEnd, to: BoundEnd): GatePlan {
    const byKind = (from.endClass.outPlans[to.endClass.id] ??= []);
    return (byKind[this.kind] ??= this.plans.build({
      gate: "out",
      from: from.endClass,
      to: to.endClass,
      ...this.kinds.kinds[this.kind]!,
    }));
  }
}

const ackMethod = Uint8Array.from("ACK", (letter) => letter.charCodeAt(0));
