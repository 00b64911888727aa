/** The policy on trial of a border that runs: its differences are counted and told. */
import { type Border, type BorderMetrics, Shadow, ShadowMetrics, type Trial } from "../border/index.ts";
import type { TrafficLog } from "./traffic-log.ts";

/** From now on; without a shadow policy it waits for a reload that brings one. */
export function watchShadow(
  border: Border,
  trial: Trial | undefined,
  log: TrafficLog,
  metrics: BorderMetrics,
): Shadow {
  const shadow = new Shadow();
  const counts = new ShadowMetrics(metrics.registry);
  shadow.comparisons$.subscribe((comparison) => {
    counts.compared(comparison);
    log.compared(comparison);
  });
  shadow.try(trial);
  border.passages$.subscribe((passage) => shadow.see(passage));
  return shadow;
}
