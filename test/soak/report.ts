/** What a soak has found: tables, and one line for each thing that was checked. */
import { printTable } from "../bench/table.ts";
import { type Account, outcomes } from "./accounting.ts";
import type { Check } from "./checks.ts";
import type { Delays } from "./delays.ts";
import type { Ledger } from "./ledger.ts";
import type { Memory } from "./memory.ts";
import type { Promises } from "./promises.ts";

const whole = (figure: number): string => Math.round(figure).toLocaleString("en");
const tenth = (figure: number): string => figure.toFixed(1);

export function printMessages(
  account: Account,
  ledger: Ledger,
  overflown: { readonly ofBorder: number; readonly ofPeers: number },
): void {
  printTable(
    "Messages to the border",
    ["transport", "written for certain", "on streams broken off", "received by the border"],
    account.written.map(({ transport, certain, possible, received }) => [
      transport,
      whole(certain),
      whole(possible),
      whole(received),
    ]),
  );
  printTable(
    "What became of them",
    ["received", "came back", ...outcomes, "seen by the peers", "pings among these"],
    [
      [
        whole(account.received),
        whole(account.returned),
        ...outcomes.map((outcome) => whole(account.outcomes.get(outcome) ?? 0)),
        whole(account.seen),
        whole(account.pings),
      ],
    ],
  );
  const { lost, repeated } = ledger;
  console.log(
    `\ndatagrams: ${whole(lost.unsent)} kept back and ${whole(lost.unread)} thrown away on purpose, ` +
      `${whole(overflown.ofBorder)} lost in front of the border and ${whole(overflown.ofPeers)} in front of its peers by the system; repeated: ${whole(repeated.byTimer)} by timers, ${whole(repeated.atOnce)} at once`,
  );
}

export function printCauses(title: string, counts: ReadonlyMap<string, number>): void {
  const rows = [...counts].toSorted(([, one], [, other]) => other - one);
  if (rows.length > 0)
    console.log(`${title}: ${rows.map(([cause, count]) => `${cause || "-"} ${whole(count)}`).join(", ")}`);
}

export function printPromises({ kinds }: Promises): void {
  printTable(
    "What honest peers were promised",
    ["", "begun", "kept", "broken"],
    [...kinds]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, { begun, kept, broken }]) => [name, whole(begun), whole(kept), whole(broken)]),
  );
}

/** Rows of the memory table. */
const mostRows = 12;

export function printMemory({ samples }: Memory): void {
  const step = Math.max(1, Math.ceil(samples.length / mostRows));
  printTable(
    "The border's process",
    ["second", "resident MB", "heap behind a collection, MB", "open sockets"],
    samples
      .filter((_, index) => index % step === step - 1)
      .map(({ at, resident, heap, sockets }) => [
        whole(at),
        tenth(resident),
        heap === 0 ? "-" : tenth(heap),
        whole(sockets),
      ]),
  );
}

/** `own`: milliseconds; `waited`: seconds. */
export function printDelays(delays: Delays, own: number, waited: number): void {
  const [half, most, longest] = [0.5, 0.99, 1].map((part) => tenth(delays.quantile(part)));
  console.log(
    `\nOPTIONS to the border, ${whole(delays.count)} round trips: half within ${half} ms, 99 of 100 within ${most} ms, ` +
      `all within ${longest} ms (${delays.slowest})\n` +
      `of that: the peers' event loop was held up for ${tenth(own)} ms at most, and the border waited ${tenth(waited)} s in all for a processor`,
  );
}

/** True where everything holds. */
export function printChecks(checks: readonly Check[]): boolean {
  console.log("");
  for (const { what, holds, detail } of checks)
    console.log(`${holds ? "holds " : "BROKEN"}  ${what}${detail === "" ? "" : `: ${detail}`}`);
  return checks.every(({ holds }) => holds);
}
