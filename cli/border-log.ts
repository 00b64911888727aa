/** What a running border says: lines for people, or JSON lines for machines, as border.json asks. */
import { type Border, BorderLog, hopText, type LogSettings, type Passage } from "../border/index.ts";
import type { Io } from "./io.ts";
import { type Paint, painter, passageLine } from "./passage-text.ts";

export interface OperatorLog {
  /** The listeners are bound; `operation` is where HTTP is answered. */
  started(border: Border): void;
  operation(address: string, port: number): void;
  reloaded(path: string, title: string): void;
  /** The mistakes have been told on standard error. */
  notReloaded(): void;
  stopping(): void;
}

/** From now on every message and handshake of the border is told. */
export function startLog(border: Border, settings: LogSettings, io: Io): OperatorLog {
  return settings.format === "json" ? jsonLog(border, settings, io) : textLog(border, settings, io);
}

function textLog(border: Border, { level }: Extract<LogSettings, { format: "text" }>, io: Io): OperatorLog {
  const paint = painter(io.color);
  if (level === "decisions") {
    border.passages$.subscribe((passage) => {
      const at = passage.kind === "handshake" ? passage.event.at : passage.at;
      io.out(`${new Date(at).toISOString().slice(11, 23)} ${lineOf(passage, paint, io)}\n`);
    });
  }
  border.passages$.subscribe((passage) => {
    if (passage.kind === "message" && passage.outcome.kind === "failed")
      io.err(`fault: ${passage.outcome.stack}\n`);
  });
  border.hopStates$.subscribe(({ network, hop, up }) =>
    io.out(`hop ${network} ${hopText(hop)} ${up ? "answers again" : "does not answer"}\n`),
  );
  return {
    started: ({ sides }) => {
      for (const { name, transport, address, port } of sides)
        io.out(`listening ${name} ${transport} ${address}:${port}\n`);
    },
    operation: (address, port) => io.out(`operation http ${address}:${port}\n`),
    reloaded: (path, title) => io.out(`reloaded ${path}: policy ${title}\n`),
    notReloaded: () => {},
    stopping: () => {},
  };
}

/** Nothing but JSON stands on standard output. */
function jsonLog(
  border: Border,
  { level, identities, accounts }: Extract<LogSettings, { format: "json" }>,
  io: Io,
): OperatorLog {
  const log = new BorderLog({
    destination: { write: (line) => io.out(line) },
    level,
    identities,
    accounts,
    networks: () => border.policy.networks.keys(),
  });
  border.passages$.subscribe((passage) => log.log(passage));
  border.hopStates$.subscribe((state) => log.hop(state));
  return {
    started: ({ sides }) => log.started(sides),
    operation: (address, port) => io.err(`operation http ${address}:${port}\n`),
    reloaded: (path, title) => log.reloaded(true, `${path}: policy ${title}`),
    notReloaded: () => log.reloaded(false, "what was in force stays in force"),
    stopping: () => log.stopping(),
  };
}

/** The account of a decision is drawn up when it is read: a fault in it must not end the border. */
function lineOf(passage: Passage, paint: Paint, io: Io): string {
  try {
    return passageLine(passage, paint);
  } catch (error) {
    io.err(`fault: ${error instanceof Error ? error.stack : String(error)}\n`);
    return `${passage.kind}: what decided it can't be told`;
  }
}
