/** The border's count of messages, held against itself and against what its peers wrote. */
import type { Ledger, Transport } from "./ledger.ts";
import { transports } from "./ledger.ts";
import type { MetricsPage } from "./metrics-page.ts";

export const outcomes = ["forwarded", "answered", "absorbed", "dropped", "failed"] as const;

interface Written {
  readonly transport: Transport;
  readonly certain: number;
  readonly possible: number;
  readonly received: number;
  readonly isExplained: boolean;
}

export interface Account {
  readonly written: readonly Written[];
  readonly received: number;
  readonly outcomes: ReadonlyMap<string, number>;
  /** Requests that were forwarded and came back: each has one more outcome. */
  readonly returned: number;
  /** Every message that came has one outcome, and one more for each time that it came back. */
  readonly isBalanced: boolean;
  /** Messages that the peers had from the border, and those of them that were its own pings. */
  readonly seen: number;
  readonly pings: number;
}

/** `lostDatagrams`: those that the system threw away before the border could read them. */
export function accountOf(page: MetricsPage, ledger: Ledger, lostDatagrams: number): Account {
  const came = page.by("privet_received_total", "transport");
  const written = transports.map((transport) => {
    const certain = ledger.certain[transport];
    const possible = ledger.possible[transport];
    const received = came.get(transport) ?? 0;
    const least = certain - (transport === "udp" ? lostDatagrams : 0);
    const isExplained = received >= least && received <= certain + possible;
    return { transport, certain, possible, received, isExplained };
  });
  const received = written.reduce((sum, one) => sum + one.received, 0);
  const returned = page.sum("privet_returned_total");
  const all = page.by("privet_messages_total", "outcome");
  const ended = [...all.values()].reduce((sum, count) => sum + count, 0);
  return {
    written,
    received,
    returned,
    outcomes: all,
    isBalanced: received > 0 && ended === received + returned && (all.get("failed") ?? 0) === 0,
    pings: ledger.pings,
    seen: transports.reduce((sum, transport) => sum + ledger.seen[transport], 0),
  };
}
