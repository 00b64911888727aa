/** The metrics of several processes that serve as one border: counts add up, also those of processes that have ended. */
import { AggregatorRegistry, type Counter, Gauge, Registry } from "prom-client";
import type { Observable } from "rxjs";
import type { ResponderEvent } from "../../adapters/index.ts";
import { countAnswers } from "./answer-metrics.ts";
import { reloadCounter } from "./metrics.ts";

/** What `BorderMetrics.registry.getMetricsAsJSON` gives: plain data. */
export type ProcessMetrics = Awaited<ReturnType<Registry["getMetricsAsJSON"]>>;

export class MergedMetrics {
  readonly contentType: string = Registry.PROMETHEUS_CONTENT_TYPE;
  /** What is known of the border as a whole. */
  private readonly registry = new Registry();
  private readonly reloads: Counter;
  /** By the number of the process. */
  private readonly last = new Map<number, ProcessMetrics>();
  /** The sum of the counts of those that have ended. */
  private ended: Promise<ProcessMetrics> = Promise.resolve([]);

  /** `serving` says how many processes serve. */
  constructor(serving: () => number) {
    const registers = [this.registry];
    this.reloads = reloadCounter(registers);
    const workers: Gauge = new Gauge({
      name: "privet_workers",
      help: "Processes that serve.",
      registers,
      collect: () => {
        workers.set(serving());
      },
    });
  }

  reloaded(result: "taken" | "refused"): void {
    this.reloads.inc({ result });
  }

  /** Of published domains, by DNS: in this process alone. */
  watchAnswers(events$: Observable<ResponderEvent>): void {
    countAnswers(this.registry, events$);
  }

  /** What the process has counted so far. */
  tell(process: number, metrics: ProcessMetrics): void {
    this.last.set(process, metrics);
  }

  /** A count never goes back: what the process was last known to have counted stays in the sum. */
  end(process: number): void {
    const metrics = this.last.get(process);
    if (metrics === undefined) return;
    this.last.delete(process);
    const counts = metrics.filter(({ type }) => String(type) === "counter");
    this.ended = this.ended.then((sum) => merged([sum, counts]).getMetricsAsJSON());
  }

  /** In the text format of Prometheus. */
  async text(): Promise<string> {
    // Together, before anything is waited for: a process that ends meanwhile counts once.
    const [living, ended] = [[...this.last.values()], this.ended];
    const own = await this.registry.getMetricsAsJSON();
    return merged([...living, await ended, own]).metrics();
  }
}

function merged(metrics: readonly ProcessMetrics[]): Registry {
  return AggregatorRegistry.aggregate([...metrics]);
}
