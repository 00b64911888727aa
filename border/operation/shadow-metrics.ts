/** What is counted of a shadow policy. Labels are names of the policy in force, verdicts and statuses. */
import { Counter, type Registry } from "prom-client";
import { labelOf } from "../shadow/comparer.ts";
import type { Comparison, Difference } from "../shadow/comparison.ts";
import { bySide } from "../shadow/difference.ts";

export class ShadowMetrics {
  private readonly comparisons: Counter;
  private readonly differences: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.comparisons = new Counter({
      name: "privet_shadow_total",
      help: "Messages and handshakes that the shadow policy decided too, by what came of the comparison.",
      labelNames: ["result"],
      registers,
    });
    // A counter that appears with its first event shows no increase.
    for (const result of ["same", "different", "fault"]) this.comparisons.inc({ result }, 0);
    this.differences = new Counter({
      name: "privet_shadow_differences_total",
      help: "Differences by networks, and by verdict or status of the policy in force and of the shadow policy.",
      labelNames: ["from", "to", "now", "then"],
      registers,
    });
  }

  /** Never throws. */
  compared(comparison: Comparison): void {
    const { result } = comparison;
    this.comparisons.inc({ result });
    if (result !== "different") return;
    const { inForce, onTrial } = comparison;
    this.differences.inc({ ...endsOf(comparison), ...bySide(labelOf(inForce), labelOf(onTrial)) });
  }
}

/** Of a handshake the partner that it bound, or was to reach. */
function endsOf(difference: Difference): { readonly from: string; readonly to: string } {
  if (difference.kind === "message") {
    const { from, to } = difference.passage;
    return { from: from.network, to: to?.network ?? "" };
  }
  const { event, decision } = difference.passage;
  return event.role === "server"
    ? { from: decision.partner ?? "", to: "" }
    : { from: "", to: event.partner ?? "" };
}
