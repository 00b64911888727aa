/**
 * A policy on trial: it decides beside the one in force, from the same facts, and differences
 * are told. It sees what has already been dealt with, so it can change, hold up and refuse nothing.
 */
import { type Observable, Subject } from "rxjs";
import type { Engine } from "../../engine/index.ts";
import type { Passage } from "../forwarding/passage.ts";
import { PerSecond } from "../operation/per-second.ts";
import { CallShare } from "./call-share.ts";
import { Comparer, type FoundInHandshake, type FoundInMessage } from "./comparer.ts";
import type { Comparison } from "./comparison.ts";

/** More differences in one second are only counted: a policy that differs in all must not fill a disk. */
const toldASecond = 100;

export interface Trial {
  /** Of the policy in force, but not the border's own engine: with that a message may be under way. */
  readonly inForce: Engine;
  readonly shadow: Engine;
  /** Of the calls that are compared: more than 0, 1 for all. Handshakes always are. */
  readonly share: number;
  /** 16 bytes. Borders that have the same compare the same calls. */
  readonly secret: Uint8Array;
}

export class Shadow {
  /** Hot; one for each message and handshake that was compared. Never errors. */
  readonly comparisons$: Observable<Comparison>;
  private readonly told = new Subject<Comparison>();
  private readonly lines = new PerSecond(toldASecond);
  private comparer: Comparer | undefined;
  private calls: CallShare | undefined;

  constructor() {
    this.comparisons$ = this.told.asObservable();
  }

  /** What is on trial from now on; undefined: nothing. */
  try(trial: Trial | undefined): void {
    this.comparer = trial && new Comparer(trial.inForce, trial.shadow);
    const isPart = trial !== undefined && trial.share < 1;
    this.calls = isPart ? new CallShare(trial.share, trial.secret, trial.shadow.fields) : undefined;
  }

  /** Never throws: what goes wrong here is a comparison of its own kind. */
  see(passage: Passage): void {
    const { comparer } = this;
    if (comparer === undefined) return;
    try {
      this.compare(comparer, passage);
    } catch (error) {
      this.told.next({ result: "fault", passage, error, isTold: this.lines.take(timeOf(passage)) });
    }
  }

  private compare(comparer: Comparer, passage: Passage): void {
    let found: FoundInMessage | FoundInHandshake | "unasked";
    if (passage.kind === "handshake") found = comparer.ofHandshake(passage);
    else found = this.isChosen(passage) ? comparer.ofMessage(passage) : "unasked";
    if (found === "unasked") return;
    if (found === undefined) this.told.next({ result: "same" });
    else this.told.next({ ...found, isTold: this.lines.take(timeOf(passage)) });
  }

  private isChosen({ asked }: Extract<Passage, { kind: "message" }>): boolean {
    return asked !== undefined && (this.calls === undefined || this.calls.includes(asked));
  }
}

function timeOf(passage: Passage): number {
  return passage.kind === "handshake" ? passage.event.at : passage.at;
}
