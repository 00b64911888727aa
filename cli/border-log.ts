/** What a running border says: lines for people, or JSON lines for machines, as border.json asks. */
import {
  type Border,
  BorderLog,
  type Comparison,
  hopText,
  type LogSettings,
  type Passage,
} from "../border/index.ts";
import { differenceLine } from "./difference-text.ts";
import type { Io } from "./io.ts";
import { painter, passageLine } from "./passage-text.ts";

export interface OperatorLog {
  /** The listeners are bound; `operation` is where HTTP is answered. */
  started(border: Border): void;
  operation(address: string, port: number): void;
  reloaded(path: string, title: string): void;
  /** What the shadow policy would have done. */
  compared(comparison: Comparison): void;
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
      io.out(`${clockOf(passage)} ${safeLine(passage, io, () => passageLine(passage, paint))}\n`);
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
    compared: (comparison) => {
      if (level !== "decisions" || comparison.result === "same" || !comparison.isTold) return;
      const { passage } = comparison;
      io.out(`${clockOf(passage)} ${safeLine(passage, io, () => differenceLine(comparison, paint))}\n`);
    },
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
    compared: (comparison) => log.compared(comparison),
    notReloaded: () => log.reloaded(false, "what was in force stays in force"),
    stopping: () => log.stopping(),
  };
}

/** The account of a decision is drawn up when it is read: a fault in it must not end the border. */
function safeLine(passage: Passage, io: Io, line: () => string): string {
  try {
    return line();
  } catch (error) {
    io.err(`fault: ${error instanceof Error ? error.stack : String(error)}\n`);
    return `${passage.kind}: what decided it can't be told`;
  }
}

function clockOf(passage: Passage): string {
  const at = passage.kind === "handshake" ? passage.event.at : passage.at;
  return new Date(at).toISOString().slice(11, 23);
}
