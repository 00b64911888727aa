/** What a running border says of its own life: lines for people, or JSON lines for machines, as border.json asks. */
import { type Border, BorderLog, type Listening, type LogSettings } from "../border/index.ts";
import type { Io } from "./io.ts";
import { logTraffic, type TrafficLog } from "./traffic-log.ts";

export interface OperatorLog {
  /** All of them are bound. */
  started(listeners: readonly Listening[]): void;
  /** Where HTTP is answered. */
  operation(address: string, port: number): void;
  /** Where DNS is answered for published domains. */
  publishing(address: string, port: number): void;
  reloaded(path: string, title: string): void;
  /** `detail`: what stays as it was. The mistakes have been told on standard error. */
  notReloaded(detail: string): void;
  /** One of several processes serves; or has ended without being told to, which standard error tells too. */
  worker(number: number, process: number, ended?: string): void;
  stopping(): void;
}

/** From now on every message and handshake of the border is told. */
export function startLog(border: Border, settings: LogSettings, io: Io): OperatorLog & TrafficLog {
  return { ...operatorLog(settings, io), ...logTraffic(border, settings, io) };
}

/** Of a border whose messages others tell. */
export function operatorLog(settings: LogSettings, io: Io): OperatorLog {
  return settings.format === "json" ? jsonLines(settings, io) : textLines(io);
}

function textLines(io: Io): OperatorLog {
  return {
    started: (listeners) => {
      for (const { name, transport, address, port } of listeners)
        io.out(`listening ${name} ${transport} ${address}:${port}\n`);
    },
    operation: (address, port) => io.out(`operation http ${address}:${port}\n`),
    publishing: (address, port) => io.out(`publishing dns ${address}:${port}\n`),
    reloaded: (path, title) => io.out(`reloaded ${path}: policy ${title}\n`),
    notReloaded: () => {},
    worker: (number, process, ended) => {
      if (ended === undefined) io.out(`worker ${number} process ${process}\n`);
    },
    stopping: () => {},
  };
}

/** Nothing but JSON stands on standard output. */
function jsonLines({ level }: Extract<LogSettings, { format: "json" }>, io: Io): OperatorLog {
  const log = new BorderLog({ destination: { write: (line) => io.out(line) }, level });
  return {
    started: (listeners) => log.started(listeners),
    operation: (address, port) => io.err(`operation http ${address}:${port}\n`),
    publishing: (address, port) => io.err(`publishing dns ${address}:${port}\n`),
    reloaded: (path, title) => log.reloaded(true, `${path}: policy ${title}`),
    notReloaded: (detail) => log.reloaded(false, detail),
    worker: (number, process, ended) => log.worker(number, process, ended),
    stopping: () => log.stopping(),
  };
}
