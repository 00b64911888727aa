/**
 * What Prometheus is told of the partners' agreements: how many there are in each state, and which end
 * soon. With a hundred thousand partners, one series for each would be more than anybody reads.
 */
import { Gauge, type Registry } from "prom-client";
import { indexOf, type Networks } from "../../engine/index.ts";

/** Milliseconds before its end in which an agreement has a series of its own. */
const soon = 60 * 24 * 60 * 60 * 1000;

/** So many of them, the soonest first. */
const mostSeries = 1_000;

export class AgreementMetrics {
  private networks: Networks = new Map();

  /** `clock`: milliseconds since 1970, when the metrics are asked for. */
  constructor(registers: Registry[], clock: () => number = Date.now) {
    const counts: Gauge = new Gauge({
      name: "privet_agreements",
      help: "Partners by the state of their agreement: pending (not begun), in-force, ended, or none.",
      labelNames: ["state"],
      registers,
      // Of several processes all tell of the same partners.
      aggregator: "max",
      collect: () => {
        const states = indexOf(this.networks).agreementsAt(clock());
        for (const [state, count] of Object.entries(states)) counts.set({ state }, count);
      },
    });
    const ends: Gauge = new Gauge({
      name: "privet_agreement_end_timestamp_seconds",
      help: "When a partner's agreement ends: of those that end within 60 days, 1000 at most, the soonest first.",
      labelNames: ["partner"],
      registers,
      aggregator: "min",
      collect: () => {
        ends.reset();
        const now = clock();
        for (const { name, agreement } of indexOf(this.networks).agreementsEnding(
          now,
          now + soon,
          mostSeries,
        ))
          if (agreement !== undefined) ends.set({ partner: name }, agreement.until / 1000);
      },
    });
  }

  /** From now on. */
  inForce(networks: Networks): void {
    this.networks = networks;
  }
}
