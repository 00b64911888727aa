/** Metrics and health of a border that runs, as border.json asks for them. */
import { type Border, BorderMetrics, OperationServer } from "../border/index.ts";
import { type LoadedBorder, refuse } from "./border-load.ts";
import type { OperatorLog } from "./border-log.ts";
import type { Io } from "./io.ts";

export interface Operation {
  readonly metrics: BorderMetrics;
  /** From now on the border is not ready. */
  drain(): void;
  close(): Promise<void>;
}

/** undefined where the address can't be bound: said on standard error. */
export async function startOperation(
  path: string,
  border: Border,
  { file, engine, revocationEnds }: LoadedBorder,
  io: Io,
  log: OperatorLog,
): Promise<Operation | undefined> {
  const metrics = new BorderMetrics(border);
  metrics.watchHops(() => border.hopStates());
  const server = new OperationServer({
    metrics: () => metrics.registry.metrics(),
    metricsType: metrics.registry.contentType,
    isReady: () => isReady,
  });
  let isReady = true;
  const { operation, configuration } = file;
  const operating: Operation = {
    metrics,
    drain: () => {
      isReady = false;
    },
    close: () => (operation === undefined ? Promise.resolve() : server.close()),
  };
  if (operation === undefined) return operating;
  metrics.inForce(engine.policy, configuration.listeners, io.now());
  metrics.revocationLists(revocationEnds);
  border.passages$.subscribe((passage) => metrics.count(passage));
  try {
    const port = await server.listen(operation.address, operation.port);
    log.operation(operation.address, port);
    return operating;
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const remedy = "look whether the port is free and the address is of this machine";
    return refuse([{ place: `${path} /operation`, cause, remedy }], io);
  }
}
