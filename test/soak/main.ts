/**
 * Soaks the border: `npm run soak -- [--seconds N] [--seed N]` (docs/soak.md).
 *
 * `privet run` as its own process between honest peers, rude ones and reloads, all of them in
 * this process. Exit code 0: everything that was checked holds. 1: something does not.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { accountOf } from "./accounting.ts";
import { BorderFolder } from "./border-folder.ts";
import { BorderProcess, datagramsDropped } from "./border-process.ts";
import { type CallWorld, type FaultKind, pause } from "./call.ts";
import { chooseSockets, makeCast, wrongIdentities } from "./cast.ts";
import { checksOf } from "./checks.ts";
import { Delays } from "./delays.ts";
import { HonestTraffic } from "./honest-traffic.ts";
import { watchForLeaks } from "./leaks.ts";
import { Ledger, transports } from "./ledger.ts";
import { Memory } from "./memory.ts";
import type { MetricsPage } from "./metrics-page.ts";
import type { Taker } from "./neighbour.ts";
import { Promises } from "./promises.ts";
import { Reloads } from "./reloads.ts";
import {
  printCauses,
  printChecks,
  printDelays,
  printMemory,
  printMessages,
  printPromises,
} from "./report.ts";
import { RudeClients } from "./rude-clients.ts";
import { UnreliableTraffic } from "./rude-networks.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "600" },
    seed: { type: "string", default: "1" },
  },
});
const seconds = Number(values.seconds);
const seed = Number(values.seed);
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error("usage: npm run soak -- [--seconds N] [--seed N]");
  process.exit(2);
}

/** Until what waits for a connection must have been decided, and until closed connections must be gone. */
const drainMilliseconds = 20_000;
const closeMilliseconds = 45_000;
const mostTold = 20;

const faults: Record<FaultKind, string[]> = { leak: [], intact: [] };
const fault = (kind: FaultKind, text: string): void => {
  faults[kind].push(text);
};

const ledger = new Ledger();
const takers = new Map<string, Taker>();
const world: CallWorld = { ledger, takers, fault };
const promises = new Promises();
const delays = new Delays();
const folder = new BorderFolder();
const sockets = await chooseSockets();
const cast = await makeCast(folder, sockets, takers, ledger, seed);
folder.writeBorder(sockets, {
  home: cast.home.hops,
  "open-d": cast.open.hops,
  "carrier-c": cast.carrier.hops,
  "slow-e": cast.slow.hops,
  "carrier-r": cast.unreliable.hops,
  "carrier-w": cast.wrong.hops,
});

const border = new BorderProcess(folder.border, sockets.operation);
process.once("exit", () => {
  border.child.kill("SIGKILL");
  folder.remove();
});
await border.ready();
// The connection that asked is gone by then.
await pause(1_000);
const socketsAtStart = await socketsBeforeTraffic();

const unreliable = new UnreliableTraffic(cast, seed);
watchForLeaks(cast, fault, (message) => unreliable.overhear(message));
for (const peer of [cast.home, cast.open, cast.carrier]) await peer.connect();

const honest = new HonestTraffic(cast, world, promises, delays, seed);
const rude = new RudeClients({ ...cast, carrier: cast.unreliable }, wrongIdentities(folder), promises, seed);
const reloads = new Reloads(folder, border);
const memory = new Memory(border);
const ownDelay = monitorEventLoopDelay({ resolution: 20 });
ownDelay.enable();
for (const actor of [memory, honest, rude, unreliable, reloads]) actor.start();
const started = performance.now();
while (border.isAlive && performance.now() - started < seconds * 1000) await pause(100);
const took = (performance.now() - started) / 1000;
memory.stop();
const waitedSeconds = border.isAlive ? border.waitedSeconds : 0;
const processorSeconds = border.isAlive ? border.processorSeconds : 0;

honest.stop();
await Promise.all([rude.stop(), unreliable.stop(), reloads.stop()]);
await promises.settled();
const lostDatagrams = datagramsDropped([sockets.inside.udp.host]);
const lostByPeers = datagramsDropped([cast.home.host, cast.open.host]);
for (const peer of Object.values(cast)) if (!isHonest(peer.name)) peer.close();
const page = await drained();
const account = page === undefined ? undefined : accountOf(page, ledger, lostDatagrams);
const ended = [cast.home, cast.open, cast.carrier].map(({ name, broken }) => ({ name, broken }));
for (const peer of [cast.home, cast.open, cast.carrier]) peer.close();
const socketsAtEnd = await socketsClosed();
const exitCode = await border.stop();
process.exit(report() ? 0 : 1);

function isHonest(name: string): boolean {
  return name === "home" || name === "open-d" || name === "carrier-c";
}

/**
 * Those that are no connection to a hop, which its pings have opened already. Asked until two answers
 * agree: one may open or close between the looks at its sockets and at its own count.
 */
async function socketsBeforeTraffic(): Promise<number> {
  let last = -1;
  for (;;) {
    const open = border.openSockets - streams(await border.metrics());
    if (open === last) return open;
    last = open;
    await pause(300);
  }
}

/**
 * Waits until every message that the border has received has an outcome. The border's pings go on,
 * and are answered: the page is one before which nothing was written and nothing came for a while.
 */
async function drained(): Promise<MetricsPage | undefined> {
  let last: MetricsPage | undefined;
  for (const end = Date.now() + drainMilliseconds; border.isAlive; ) {
    const before = written();
    await pause(300);
    const next = await border.metrics().catch(() => undefined);
    if (next === undefined) continue;
    const received = next.sum("privet_received_total");
    const isStill = written() === before && received === last?.sum("privet_received_total");
    const decided = next.sum("privet_messages_total") - next.sum("privet_returned_total");
    last = next;
    if ((isStill && decided === received) || Date.now() > end) break;
  }
  return last;
}

/** Messages that the peers have sent. */
function written(): number {
  return transports.reduce((sum, transport) => sum + ledger.certain[transport], 0);
}

function streams(metrics: MetricsPage): number {
  return (
    metrics.sum("privet_connections", { transport: "tcp" }) +
    metrics.sum("privet_connections", { transport: "tls" })
  );
}

async function socketsClosed(): Promise<number> {
  for (const end = Date.now() + closeMilliseconds; border.isAlive && Date.now() < end; ) {
    if (border.openSockets <= socketsAtStart) break;
    await pause(500);
  }
  return border.isAlive ? border.openSockets : 0;
}

function report(): boolean {
  console.log(
    `${Math.round(took)} seconds with seed ${seed}: ${account?.received ?? 0} messages, ` +
      `${Math.round((account?.received ?? 0) / took)} a second, at ${Math.round((100 * processorSeconds) / took)} % of one processor`,
  );
  if (account !== undefined)
    printMessages(account, ledger, { ofBorder: lostDatagrams, ofPeers: lostByPeers });
  if (page !== undefined) {
    printCauses("answers of the border", page.by("privet_answers_total", "status"));
    printCauses("dropped for", page.by("privet_drops_total", "cause"));
    printCauses("connections refused for", page.by("privet_connections_refused_total", "reason"));
    printCauses("handshakes", page.by("privet_handshakes_total", "verdict"));
    printCauses("reloads", page.by("privet_reloads_total", "result"));
  }
  printPromises(promises);
  for (const line of promises.told) console.log(`  ${line}`);
  printMemory(memory);
  printDelays(delays, ownDelay.max / 1e6, waitedSeconds);
  const said = border.said.filter((line) => !isOfReloads(line));
  for (const line of said) console.log(`the border said: ${line}`);
  for (const line of [...faults.leak, ...faults.intact, ...reloads.faults].slice(0, mostTold))
    console.log(`  ${line}`);
  return printChecks(
    checksOf({
      page,
      account,
      promises,
      ended,
      faults,
      rude,
      reloads,
      growth: [memory.growth("resident"), memory.growth("heap")],
      sockets: { before: socketsAtStart, behind: socketsAtEnd },
      delays,
      exitCode,
    }),
  );
}

/** What stands on standard error for each version with a mistake. */
function isOfReloads(line: string): boolean {
  return /not reloaded|^error\[P1001\]: `nothing`|on nothing at all|^ +[=|]|^ *-->|^1 error$|"kind":"reloaded"|^operation http/.test(
    line,
  );
}
