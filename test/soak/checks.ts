/** What must hold behind a soak. */
import type { Account } from "./accounting.ts";
import type { FaultKind } from "./call.ts";
import type { Delays } from "./delays.ts";
import type { Growth } from "./memory.ts";
import type { MetricsPage } from "./metrics-page.ts";
import type { Neighbour } from "./neighbour.ts";
import type { Promises } from "./promises.ts";
import type { Reloads } from "./reloads.ts";
import type { RudeClients } from "./rude-clients.ts";

export interface Check {
  readonly what: string;
  readonly holds: boolean;
  readonly detail: string;
}

export interface Findings {
  /** undefined: the border did not live to be asked. */
  readonly page: MetricsPage | undefined;
  readonly account: Account | undefined;
  readonly promises: Promises;
  /** Of each honest peer, how many connections the border has ended. */
  readonly ended: readonly Pick<Neighbour, "name" | "broken">[];
  readonly faults: Readonly<Record<FaultKind, readonly string[]>>;
  readonly rude: Pick<RudeClients, "refusals" | "leftOpen">;
  readonly reloads: Pick<Reloads, "counts" | "faults">;
  readonly growth: readonly Growth[];
  readonly sockets: { readonly before: number; readonly behind: number };
  readonly delays: Delays;
  readonly exitCode: number | null;
}

/** Milliseconds: an answer that comes later says that the event loop was held up. */
const latestAnswer = 5_000;

/** Hops by the policy's names. */
const honestHops: readonly (readonly [string, number])[] = [
  ["home", 2],
  ["open-d", 2],
  ["carrier-c", 1],
];

export function checksOf(of: Findings): readonly Check[] {
  const { promises, faults, reloads, sockets, delays, exitCode } = of;
  return [
    ...messageChecks(of),
    { what: "every promise was kept", holds: promises.broken === 0, detail: `${promises.broken} broken` },
    ...connectionChecks(of),
    {
      what: "no identity went where it must not",
      holds: faults.leak.length === 0,
      detail: `${faults.leak.length} faults`,
    },
    {
      what: "Via, Record-Route, Max-Forwards and bodies are intact",
      holds: faults.intact.length === 0,
      detail: `${faults.intact.length} faults`,
    },
    {
      what: "each reload came out as it should",
      holds: reloads.faults.length === 0,
      detail: `${reloads.counts.taken} good, ${reloads.counts.refused} with a mistake`,
    },
    ...of.growth.map(growthCheck),
    {
      what: "every socket was closed",
      holds: sockets.behind === sockets.before,
      detail: `${sockets.before} before the traffic, ${sockets.behind} behind it`,
    },
    {
      what: "no answer came later than 5 seconds",
      holds: delays.count > 0 && delays.quantile(1) <= latestAnswer,
      detail: "",
    },
    { what: "the border ended in order", holds: exitCode === 0, detail: `exit code ${exitCode}` },
  ];
}

function messageChecks({ account }: Findings): readonly Check[] {
  const sent = (account?.outcomes.get("forwarded") ?? 0) + (account?.outcomes.get("answered") ?? 0);
  return [
    {
      what: "every message received has one outcome, and none failed",
      holds: account?.isBalanced === true,
      detail: "",
    },
    {
      what: "what the border received is what the peers wrote",
      holds: account?.written.every(({ isExplained }) => isExplained) === true,
      detail: "",
    },
    {
      what: "no peer saw more than was forwarded and answered",
      holds: account !== undefined && account.seen - account.pings <= sent,
      detail: "",
    },
  ];
}

function connectionChecks({ page, ended, rude }: Findings): readonly Check[] {
  const refused = page?.sum("privet_handshakes_total", { role: "server", verdict: "reject" });
  const broken = ended.filter((one) => one.broken > 0);
  return [
    {
      what: "no connection of an honest peer was ended by the border",
      holds: broken.length === 0,
      detail: broken.map((one) => `${one.name} ${one.broken}`).join(", "),
    },
    {
      what: "every hop of an honest peer is up",
      holds: honestHops.every(([network, hops]) => page?.sum("privet_hop_up", { network }) === hops),
      detail: "",
    },
    {
      what: "every wrong certificate was refused",
      holds: refused === rude.refusals && rude.leftOpen === 0,
      detail: `${refused} of ${rude.refusals}, ${rude.leftOpen} connections left open`,
    },
  ];
}

function growthCheck({ what, before, after, most, isFlat }: Growth): Check {
  const name = what === "resident" ? "resident memory is flat" : "the heap is flat";
  if (isFlat === undefined) return { what: name, holds: true, detail: "too short a run to say" };
  const [second, last, bound] = [before, after, most].map((figure) => figure.toFixed(1));
  const detail = `median ${second} MB in the second quarter, ${last} in the last; at most ${bound}`;
  return { what: name, holds: isFlat, detail };
}
