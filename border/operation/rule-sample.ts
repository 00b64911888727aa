/**
 * Which rules apply to what passes. The account of a decision is drawn up when it is read, which
 * costs 0.4 ms: that of the first few messages of each second is, and stands for the others.
 */
import { Counter, type Registry } from "prom-client";
import type { MessageDecision } from "../../engine/index.ts";
import { PerSecond } from "./per-second.ts";

const samplesPerSecond = 5;

export class RuleSample {
  private readonly share = new PerSecond(samplesPerSecond);
  private readonly sampled: Counter;
  private readonly rules: Counter;

  constructor(registers: Registry[]) {
    this.sampled = new Counter({
      name: "privet_sampled_messages_total",
      help: `Decisions whose rules were counted: the first ${samplesPerSecond} of each second.`,
      labelNames: ["verdict"],
      registers,
    });
    this.rules = new Counter({
      name: "privet_sampled_rules_total",
      help: "Rules that applied to the sampled messages, by the verdict on the message.",
      labelNames: ["rule", "verdict"],
      registers,
    });
  }

  /** `at` in milliseconds. Never throws. */
  look(decision: MessageDecision, at: number): void {
    // What can't be read met no rule.
    if (decision.violation !== undefined || !this.share.take(at)) return;
    const { verdict } = decision;
    try {
      const names = new Set(decision.rules.map(({ name }) => name));
      this.sampled.inc({ verdict });
      for (const rule of names) this.rules.inc({ rule, verdict });
    } catch {
      // A fault in the account is told by the log.
    }
  }
}
