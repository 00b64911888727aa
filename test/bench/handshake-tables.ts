/** The tables of TLS handshakes. */
import { type HandshakeTiming, handshakeTimings } from "./handshakes.ts";
import { kamailioIsInstalled, kamailioRates } from "./kamailio.ts";
import { microseconds, printTable, times } from "./table.ts";

export async function showHandshakes(quick: boolean): Promise<void> {
  const turns = quick ? 3 : 60;
  const { again, first } = await handshakeTimings([10, 100_000], { turns, handshakes: 40 });
  showAgainstPlain("whose certificates were accepted before", again);
  showAgainstPlain("whose certificate was never seen before", first);
}

function showAgainstPlain(whose: string, timings: readonly HandshakeTiming[]): void {
  const plain = timings[0]!;
  printTable(
    `Full handshakes of TLS 1.3 with mutual authentication (ECDSA P-256), of peers ${whose}`,
    [
      "",
      "a CPU-second",
      "median µs",
      "best µs",
      "× the first: median of rounds",
      "their middle half",
      "(best)",
    ],
    timings.map(({ name, median, best, times: { low, median: middle, high } }) => [
      name,
      (1e9 / median).toFixed(0),
      microseconds(median),
      microseconds(best),
      times(middle),
      `${low.toFixed(2)} to ${high.toFixed(2)}`,
      times(best / plain.best),
    ]),
  );
}

export async function showKamailio(quick: boolean): Promise<void> {
  const title = "Full handshakes, each with an OPTIONS that is answered, against Kamailio's tls";
  if (!kamailioIsInstalled()) {
    console.log(`\n${title}: kamailio is not installed: left out`);
    return;
  }
  const rates = await kamailioRates({ turns: quick ? 2 : 8, handshakes: quick ? 50 : 150 });
  const other = rates.at(-1)!;
  printTable(
    title,
    ["", "a CPU-second, median", "best", "against Kamailio (median)", "(best)"],
    rates.map(({ name, median, best }) => [
      name,
      median.toFixed(0),
      best.toFixed(0),
      times(median / other.median),
      times(best / other.best),
    ]),
  );
}
