/** `npm run bench`: every figure that the docs quote, printed side by side in one run. */
import { cpus, totalmem } from "node:os";
import { ResultMemory } from "../../wire/index.ts";
import { eventsOf, home, shipped, untrusted } from "./borders.ts";
import { cedarContestant } from "./cedar.ts";
import { type Contestant, escapedResults, type Timing, time } from "./clock.ts";
import {
  batch,
  decideAndRewrite,
  decideOnly,
  decideStrictly,
  interpreted,
  otherEngines,
} from "./decisions.ts";
import { partnersGrown, rulesGrown } from "./growth.ts";
import { showHandshakes, showKamailio } from "./handshake-tables.ts";
import { heapOverDialogs } from "./heap.ts";
import { callsOf, stripped } from "./invite.ts";
import { lookUps, memoryOfList, readingTimings, reloadTimings } from "./large-list.ts";
import { peerContestants } from "./peers.ts";
import { readings } from "./readings.ts";
import { microseconds, printTable, times } from "./table.ts";

const started = process.hrtime.bigint();
const quick = process.argv.includes("--quick");
const turns = quick ? 5 : 60;

const messages = callsOf(256);
const border = shipped("ims-border");
const events = eventsOf(messages, home(), [untrusted()]);

/** Many policies are alive and have decided before the clock starts. */
function mix(): void {
  const decideOther = otherEngines(messages);
  for (let index = 0; index < 30_000; index++) decideOther(index);
}

function timeAll(contestants: readonly Contestant[]): Map<string, Timing> {
  return new Map(time(contestants, { turns, turn: 8 }).map((timing) => [timing.name, timing]));
}

function compareWithPeers(): void {
  const own = decideAndRewrite(border, events, "Privet, ims-border policy: scan, decide, rewrite");
  const batched = decideAndRewrite(
    border,
    events,
    `The same, written to memory that is used again after ${batch} messages`,
    new ResultMemory(),
  );
  const law = interpreted(border, events, "Privet's interpreter, ims-border policy: the same");
  const strict = decideStrictly(
    shipped("strict-border"),
    events,
    "Privet, strict-border policy: edits inside fields and SDP too",
  );
  const timings = timeAll([own, batched, strict, law, ...peerContestants(messages)]);
  const fastest = timings.get(own.name)!;
  printTable(
    `One INVITE of ${messages[0]!.length} bytes and 20 header fields, from home to an untrusted network, one core`,
    ["", "median µs", "best µs", "× the first line (median)", "(best)"],
    [...timings.values()].map(({ name, median, best }) => [
      name,
      microseconds(median),
      microseconds(best),
      times(median / fastest.median),
      times(best / fastest.best),
    ]),
  );
}

function compareWithCedar(): void {
  const plain = { ...events[0]!, bytes: Buffer.from(stripped(messages[0]!), "latin1") };
  const decision = decideOnly(
    border,
    plain,
    "allow",
    "Privet: all rules over a message that was read, nothing to cut",
  );
  const withCut = decideOnly(
    border,
    events[0]!,
    "rewrite",
    "Privet: all rules over a message that was read, and its bytes written",
  );
  const cedar = cedarContestant();
  const timings = timeAll([decision, withCut, cedar]);
  const other = timings.get(cedar.name)!;
  printTable(
    "The decision alone",
    ["", "median µs", "best µs", "faster than Cedar by (median)", "(best)"],
    [...timings.values()].map(({ name, median, best }) => [
      name,
      microseconds(median),
      microseconds(best),
      times(other.median / median),
      times(other.best / best),
    ]),
  );
}

function compareWithFirst(title: string, contestants: readonly Contestant[]): void {
  const timings = timeAll(contestants);
  const least = timings.get(contestants[0]!.name)!;
  printTable(
    title,
    ["", "median µs", "best µs", "against the first (median)", "(best)"],
    contestants.map(({ name }) => {
      const { median, best } = timings.get(name)!;
      return [
        name,
        microseconds(median),
        microseconds(best),
        times(median / least.median),
        times(best / least.best),
      ];
    }),
  );
}

function showHeap(): void {
  const { dialogs, before, after } = heapOverDialogs(quick ? 50_000 : 1_000_000);
  printTable(
    "Heap and buffers over dialogs, after garbage collection",
    ["", "before, kB", "after, kB", "bytes a dialog"],
    [
      [
        `${dialogs.toLocaleString("en")} dialogs`,
        (before / 1024).toFixed(0),
        (after / 1024).toFixed(0),
        ((after - before) / dialogs).toFixed(3),
      ],
    ],
  );
}

async function showLargeList(): Promise<void> {
  compareWithFirst(
    "A partner looked up by name, by domain and by address (10 of them, from all over the list)",
    lookUps([10, 100_000]),
  );
  const middle = (values: readonly number[]): string =>
    values.toSorted((a, b) => a - b)[values.length >> 1]!.toFixed(2);
  const least = (values: readonly number[]): string => Math.min(...values).toFixed(2);
  printTable(
    "A list of 100,000 partners, read and checked by a process of its own",
    ["", "s by the clock, median", "best"],
    readingTimings(quick ? 1 : 7).map(({ name, clock }) => [name, middle(clock), least(clock)]),
  );
  const reloads = await reloadTimings(quick ? 1 : 7);
  printTable(
    "The same, loaded beside a border that runs, until it is in force",
    ["", "s by the clock, median", "best", "processor s", "best", "longest pause ms", "best"],
    reloads.map(({ name, clock, seconds, pauses }) => [
      name,
      ...[clock, seconds, pauses].flatMap((values) => [middle(values), least(values)]),
    ]),
  );
  printTable(
    "Heap and buffers of 100,000 partners",
    ["", "MB"],
    memoryOfList().map(({ name, bytes }) => [name, (bytes / 1e6).toFixed(0)]),
  );
}

console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`,
);
/** In the order of printing; `--only NAME` prints one. */
const parts: Readonly<Record<string, () => void | Promise<void>>> = {
  peers: compareWithPeers,
  cedar: compareWithCedar,
  readings: () =>
    compareWithFirst(
      "The same INVITE, read and no more (a fold, a tab or a fault lead to the careful reading)",
      readings(messages),
    ),
  partners: () =>
    compareWithFirst(
      "Partners in the list (10 of them active, from all over the list; INVITE to a trusted partner)",
      partnersGrown(messages, [10, 1_000, 100_000]),
    ),
  rules: () =>
    compareWithFirst(
      "Rules that have nothing to do with the call (INVITE to the untrusted network)",
      rulesGrown(messages, [10, 1_000, 10_000]),
    ),
  heap: showHeap,
  list: showLargeList,
  handshakes: () => showHandshakes(quick),
  kamailio: () => showKamailio(quick),
};
const only = process.argv.indexOf("--only");
const wanted = only < 0 ? Object.keys(parts) : process.argv.slice(only + 1, only + 2);
mix();
for (const name of wanted) {
  const print = parts[name];
  if (print === undefined) throw new RangeError(`--only takes one of ${Object.keys(parts).join(", ")}`);
  await print();
}
if (only < 0 && escapedResults() === 0) throw new Error("nothing ran");
console.log(`\n${(Number(process.hrtime.bigint() - started) / 1e9).toFixed(0)} s`);
