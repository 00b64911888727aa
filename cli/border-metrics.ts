/** The metrics of the border that runs in this process. */
import { type Border, BorderMetrics, countDns } from "../border/index.ts";
import type { LoadedBorder } from "./border-load.ts";

/** From now on they count, where border.json has somebody who may ask. */
export function startMetrics(
  border: Border,
  { file, inForce, revocationEnds }: LoadedBorder,
  now: number,
): BorderMetrics {
  const metrics = new BorderMetrics(border);
  metrics.watchHops(() => border.hopStates());
  if (border.dns !== undefined) countDns(border.dns, metrics.registry);
  if (file.operation === undefined) return metrics;
  metrics.inForce(inForce.policy, file.configuration.listeners, now);
  metrics.revocationLists(revocationEnds);
  border.passages$.subscribe((passage) => metrics.count(passage));
  return metrics;
}
