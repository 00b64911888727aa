/** What a running border says of messages, handshakes and hops, as border.json asks. */
import {
  type Border,
  BorderLog,
  type Comparison,
  hopText,
  type LogSettings,
  type Passage,
  serverText,
} from "../border/index.ts";
import { indexOf } from "../engine/index.ts";
import { differenceLine } from "./difference-text.ts";
import type { Io } from "./io.ts";
import { painter, passageLine } from "./passage-text.ts";

export interface TrafficLog {
  /** What the shadow policy would have done. */
  readonly compared: (comparison: Comparison) => void;
}

/** From now on. `pseudonymKey`: as in `BorderLogSettings`. */
export function logTraffic(
  border: Border,
  settings: LogSettings,
  io: Io,
  pseudonymKey?: Uint8Array,
): TrafficLog {
  if (settings.format === "text") return logText(border, settings, io);
  const { level, identities, accounts } = settings;
  const log = new BorderLog({
    destination: { write: (line) => io.out(line) },
    level,
    identities,
    accounts,
    isNetworkWord: (word) => indexOf(border.policy.networks).holdsWord(word),
    pseudonymKey,
  });
  border.passages$.subscribe((passage) => log.log(passage));
  border.hopStates$.subscribe((state) => log.hop(state));
  border.dns?.withdrawn$.subscribe((withdrawn) => log.sipsWithdrawn(withdrawn));
  border.dns?.events$.subscribe((event) => {
    if (event.kind === "passed-over" || event.kind === "back")
      log.nameServer(serverText(event.server), event.kind === "back");
  });
  return { compared: (comparison) => log.compared(comparison) };
}

function logText(border: Border, { level }: Extract<LogSettings, { format: "text" }>, io: Io): TrafficLog {
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
  border.dns?.withdrawn$.subscribe(({ network, domain, isRefused }) =>
    io.out(
      `${domain} (${network}) asks for TLS by SIPS records no longer: ${isRefused ? "nothing goes there in clear" : "it may be sent to in clear"}\n`,
    ),
  );
  border.dns?.events$.subscribe((event) => {
    if (event.kind === "passed-over" || event.kind === "back")
      io.out(
        `name server ${serverText(event.server)} ${event.kind === "back" ? "answers again" : "does not answer"}\n`,
      );
  });
  return {
    compared: (comparison) => {
      if (level !== "decisions" || comparison.result === "same" || !comparison.isTold) return;
      const { passage } = comparison;
      io.out(`${clockOf(passage)} ${safeLine(passage, io, () => differenceLine(comparison, paint))}\n`);
    },
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
