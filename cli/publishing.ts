/** Answers by DNS for what the policy publishes, as border.json asks for them. */
import type { Observable } from "rxjs";
import { Responder, type ResponderEvent } from "../adapters/index.ts";
import { publishedZones, Zone, Zones } from "../wire/index.ts";
import { type LoadedBorder, refuse } from "./border-load.ts";
import type { OperatorLog } from "./border-log.ts";
import type { Io } from "./io.ts";

export interface Publishing {
  /** What a new version publishes, from the next question on. */
  take(next: LoadedBorder): void;
  close(): Promise<void>;
}

/** undefined where an address can't be bound: said on standard error. */
export async function startPublishing(
  path: string,
  loaded: LoadedBorder,
  io: Io,
  log: OperatorLog,
  count: (events$: Observable<ResponderEvent>) => void,
): Promise<Publishing | undefined> {
  const { publish } = loaded.file;
  if (publish === undefined) return { take: () => {}, close: () => Promise.resolve() };
  const responder = new Responder(publish, zonesOf(loaded, io.now()));
  count(responder.events$);
  try {
    for (const { address, port } of await responder.listen()) log.publishing(address, port);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const remedy =
      "look whether the port is free for UDP and TCP, and the address is of this machine; ports below 1024 need a privilege";
    return refuse([{ place: `${path} /publish`, cause, remedy }], io);
  }
  return {
    take: (next) => responder.serve(zonesOf(next, io.now())),
    close: () => responder.close(),
  };
}

/** The serial is the time in seconds: larger with each version, and alike on borders that read it together. */
function zonesOf({ inForce, file }: LoadedBorder, now: number): Zones {
  const authority = { serial: Math.floor(now / 1000), nameServers: file.publish?.nameServers ?? [] };
  return new Zones(publishedZones(inForce.policy.publications).map((zone) => new Zone(zone, authority)));
}
