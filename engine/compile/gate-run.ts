/**
 * One gate over one message. Rows that go whole are flagged; fields in which an edit may
 * change something are listed, for `field-edits.ts` to draw up. An object is made once and
 * runs again and again.
 */
import type { Rejection } from "../gate.ts";
import type { MessageFacts } from "./message-facts.ts";
import { type FieldPlan, type GatePlan, rowAction } from "./plan/gate-plan.ts";

/** What became of a field in this run; `first` and more are kept as offsets from the run's number. */
const fate = { stays: 0, gone: 1, touched: 2 } as const;

export class GateRun {
  rejection: Rejection | undefined;
  /** By row: 1 where it goes. */
  removed: Uint8Array = new Uint8Array(64);
  removedCount = 0;
  private rowCount = 0;
  /** Ids of fields in which some edit may change something. */
  readonly touched: number[] = [];
  uriTouched = false;
  /** Some edit may add a row. */
  mayGrow = false;
  /** Some edit may change the body. */
  bodyTouched = false;

  /** By field id: the run's number and the field's fate. */
  private readonly fates: Int32Array;
  private run = 0;

  constructor(fieldCount: number) {
    this.fates = new Int32Array(fieldCount + 1);
  }

  /** Forgets the message before. */
  begin(): void {
    this.rejection = undefined;
    // Only rows of the message before can be flagged.
    if (this.removedCount > 0) for (let row = 0; row < this.rowCount; row++) this.removed[row] = 0;
    this.removedCount = 0;
    if (this.touched.length > 0) this.touched.length = 0;
    this.uriTouched = this.mayGrow = this.bodyTouched = false;
    this.run += 4;
    if (this.run > 0x3fffffff) {
      this.run = 4;
      this.fates.fill(0);
    }
  }

  pass(plan: GatePlan, facts: MessageFacts): void {
    if (plan.rejections.length > 0) {
      this.rejection = plan.rejections[plan.rejectionTests.first(facts)];
      if (this.rejection !== undefined) return;
    }
    this.passRows(plan, facts);
    const { requestUri } = plan;
    if (requestUri !== undefined && facts.scan.isRequest) {
      const { bytes, uriStart, uriEnd, uriInitials } = facts.scan;
      this.uriTouched =
        requestUri.filter?.mayHold(bytes, uriStart, uriEnd, uriInitials) === true ||
        isTriggered(requestUri, facts);
    }
    for (const { edit, test } of plan.newRows) {
      if (edit.kind === "set-field" && facts.firstRow(facts.table.id(edit.field)) >= 0) continue;
      if (test === undefined || test(facts)) this.mayGrow = true;
    }
    if (facts.scan.end <= facts.scan.bodyStart) return;
    this.bodyTouched = plan.body.mayChange(facts);
  }

  private passRows({ rowActions, fields }: GatePlan, facts: MessageFacts): void {
    const { scan } = facts;
    const { rowField, rowCount } = scan;
    if (this.removed.length < rowCount) this.removed = new Uint8Array(rowCount * 2);
    this.rowCount = rowCount;
    const { removed, run, fates } = this;
    const { hidesAny } = facts;
    let removedCount = 0;
    for (let row = 0; row < rowCount; row++) {
      const id = rowField[row]!;
      const action = rowActions[id]!;
      if (action === rowAction.keep || (hidesAny && facts.isHidden(row))) continue;
      if (action === rowAction.remove) {
        removed[row] = 1;
        removedCount++;
        fates[id] = run + fate.gone;
        continue;
      }
      const plan = fields[id]!;
      let state = fates[id]! - run;
      if (state < 0) {
        state = this.decideField(plan, facts, id);
        fates[id] = run + state;
      }
      if (state === fate.gone) {
        removed[row] = 1;
        removedCount++;
      } else if (state === fate.stays && plan.filter !== undefined) {
        if (
          plan.filter.mayHold(scan.bytes, scan.valueStart[row]!, scan.valueEnd[row]!, scan.rowInitials[row]!)
        ) {
          fates[id] = run + fate.touched;
          this.touched.push(id);
        }
      }
    }
    this.removedCount += removedCount;
  }

  /** Asked once a field, at its first row. */
  private decideField(plan: FieldPlan, facts: MessageFacts, id: number): number {
    if (plan.removals.length > 0 && plan.removals.first(facts) >= 0) return fate.gone;
    if (!isTriggered(plan, facts)) return fate.stays;
    this.touched.push(id);
    return fate.touched;
  }

  /** Takes every row of a field, as a consequence. */
  removeField(id: number, { scan }: MessageFacts): void {
    if (this.isGone(id)) return;
    this.fates[id] = this.run + fate.gone;
    if (this.removed.length < scan.rowCount) this.removed = new Uint8Array(scan.rowCount * 2);
    this.rowCount = scan.rowCount;
    for (let row = scan.firstRow(id); row >= 0; row = scan.nextRow(row)) {
      this.removed[row] = 1;
      this.removedCount++;
    }
  }

  /** All rows of the field went in this run. */
  isGone(id: number): boolean {
    return this.fates[id] === this.run + fate.gone;
  }

  isTouched(id: number): boolean {
    return this.fates[id] === this.run + fate.touched;
  }

  /** Nothing but whole rows can change, if anything does. */
  get onlyRows(): boolean {
    return this.touched.length === 0 && !this.uriTouched && !this.mayGrow && !this.bodyTouched;
  }
}

function isTriggered({ triggers }: FieldPlan, facts: MessageFacts): boolean {
  for (const trigger of triggers) if (trigger(facts)) return true;
  return false;
}
