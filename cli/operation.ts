/** Metrics and health of a border that runs, as border.json asks for them. */
import { type OperationPages, OperationServer } from "../border/index.ts";
import { type LoadedBorder, refuse } from "./border-load.ts";
import type { OperatorLog } from "./border-log.ts";
import type { Io } from "./io.ts";

export interface Operation {
  /** From now on the border is not ready. */
  drain(): void;
  close(): Promise<void>;
}

/** undefined where the address can't be bound: said on standard error. `pages.isReady`: but for the draining. */
export async function startOperation(
  path: string,
  { file }: LoadedBorder,
  pages: OperationPages,
  io: Io,
  log: OperatorLog,
): Promise<Operation | undefined> {
  const { operation } = file;
  if (operation === undefined) return { drain: () => {}, close: () => Promise.resolve() };
  let isDraining = false;
  const server = new OperationServer({ ...pages, isReady: () => !isDraining && pages.isReady() });
  try {
    const port = await server.listen(operation.address, operation.port);
    log.operation(operation.address, port);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const remedy = "look whether the port is free and the address is of this machine";
    return refuse([{ place: `${path} /operation`, cause, remedy }], io);
  }
  return {
    drain: () => {
      isDraining = true;
    },
    close: () => server.close(),
  };
}
