/** What a partner list of 100,000 costs: to load, to take over while messages go on, to look up in, to keep. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Border } from "../../border/index.ts";
import { engineOf } from "../../cli/border-engine.ts";
import { type LoadedBorder, type LoadIo, loadBorder } from "../../cli/border-load.ts";
import { loadAside } from "../../cli/border-load-aside.ts";
import { loadPacked } from "../../cli/border-pack.ts";
import { indexOf, PackedNetworks, packNetworks } from "../../engine/index.ts";
import { packageRoot } from "../package-root.ts";
import { partnerDomain, partnerName, shipped, withPartners } from "./borders.ts";
import type { Contestant } from "./clock.ts";

const count = 100_000;
const program = fileURLToPath(new URL("../../cli/main.js", import.meta.url));

/** Made anew each time: what is kept, garbage collection would walk over while the clock runs. */
const list = (): readonly ListedPartner[] =>
  Array.from({ length: count }, (_, index) => ({
    name: partnerName(index),
    domains: [partnerDomain(index)],
    addresses: [`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32`],
    agreement: { name: `IWA-${index}`, from: "2026-01-01", to: "2027-12-31" },
    authorities: [join(packageRoot, "policies/certs/carrier-c-root.pem")],
  }));

interface ListedPartner {
  readonly name: string;
  readonly domains: readonly string[];
  readonly addresses: readonly string[];
  readonly agreement: { readonly name: string; readonly from: string; readonly to: string };
  readonly authorities: readonly string[];
}

const texts: Readonly<Record<string, () => string>> = {
  csv: () =>
    [
      "name,domains,addresses,agreement,from,to,authorities",
      ...list().map(({ name, domains, addresses, agreement, authorities }) =>
        [name, domains, addresses, agreement.name, agreement.from, agreement.to, authorities].join(","),
      ),
    ].join("\n"),
  json: () => JSON.stringify({ partners: list() }, undefined, 1),
};

export interface LargeReload {
  readonly name: string;
  /** Seconds by the clock, from the order until the border has taken it over. */
  readonly clock: readonly number[];
  /** Processor seconds of all threads in that time. */
  readonly seconds: readonly number[];
  /** The longest time, in milliseconds, in which a timer of 1 ms was not heard meanwhile. */
  readonly pauses: readonly number[];
}

/** Seconds by the clock until a process that is started for it has read and checked the list, its own start included. */
export function readingTimings(rounds: number): readonly Reading[] {
  const folder = mkdtempSync(join(tmpdir(), "privet-bench-"));
  try {
    return Object.entries(texts).map(([format, text]) => {
      const path = writeBorder(folder, format, text());
      const clock = Array.from({ length: rounds }, () => {
        const begin = performance.now();
        const { status, stderr } = spawnSync(process.execPath, [program, "run", "--check-config", path]);
        assert.equal(status, 0, String(stderr));
        return (performance.now() - begin) / 1000;
      });
      return { name: `privet run --check-config (${format.toUpperCase()})`, clock };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export type Reading = Pick<LargeReload, "name" | "clock">;

/** With a border in this process, to which the timer belongs. First: as long a time without a reload. */
export async function reloadTimings(rounds: number): Promise<readonly LargeReload[]> {
  const folder = mkdtempSync(join(tmpdir(), "privet-bench-"));
  try {
    const results: LargeReload[] = [await idle(rounds)];
    for (const [format, text] of Object.entries(texts))
      results.push(await ofFormat(folder, format, text(), rounds));
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function idle(rounds: number): Promise<LargeReload> {
  const watched: Watched[] = [];
  for (let round = 0; round < rounds; round++)
    watched.push(await watch(() => new Promise((resolve) => setTimeout(resolve, 2_000))));
  return reloadOf("two seconds in which nothing is loaded", watched);
}

async function ofFormat(folder: string, format: string, text: string, rounds: number): Promise<LargeReload> {
  const path = writeBorder(folder, format, text);
  const started = loadPacked(path, io);
  assert.ok(started !== undefined);
  const { listeners, secret } = started.file.configuration;
  const border = new Border(engineOf(started), started.file.configuration, undefined, started.numbers);
  await border.listen();
  const watched: Watched[] = [];
  for (let round = 0; round < rounds; round++) {
    const one = await watch(async () => {
      const next = await loadAside({ path, running: listeners, secret }, io).loaded;
      assert.ok(next !== undefined && next.inForce.policy.networks.size === count + 2);
      // As `privet run` takes it over.
      await setImmediate();
      const engine = engineOf(next);
      await setImmediate();
      border.adopt(engine, next.file.configuration, next.numbers);
    });
    watched.push(one);
  }
  await border.close();
  return reloadOf(`reload of a list of 100,000 (${format.toUpperCase()})`, watched);
}

interface Watched {
  readonly clock: number;
  readonly seconds: number;
  readonly pause: number;
}

const reloadOf = (name: string, watched: readonly Watched[]): LargeReload => ({
  name,
  clock: watched.map(({ clock }) => clock),
  seconds: watched.map(({ seconds }) => seconds),
  pauses: watched.map(({ pause }) => pause),
});

async function watch(work: () => Promise<void>): Promise<Watched> {
  // What was made ready is no part of it.
  globalThis.gc?.();
  let last = performance.now();
  let pause = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    pause = Math.max(pause, now - last);
    last = now;
  }, 1);
  const before = process.cpuUsage();
  const begin = performance.now();
  await work();
  const clock = (performance.now() - begin) / 1000;
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { user, system } = process.cpuUsage(before);
  clearInterval(timer);
  return { clock, seconds: (user + system) / 1e6, pause };
}

const io: LoadIo = {
  now: Date.now,
  err: (text) => {
    throw new Error(text);
  },
};

const policyText = (format: string): string => `language 1
policy "large"
import partners "./partners.${format}"
network home { own domain "home1.example" listener "inside" }
trust home
trust partner when secured by tls and certificate names partner and agreement in force
rule withhold on message to untrusted remove P-Asserted-Identity because "RFC 3325 7"
`;

const borderText = JSON.stringify({
  policy: "p.privet",
  secret: "00".repeat(16),
  listeners: [{ name: "inside", transport: "udp", address: "127.0.0.1", port: 0 }],
  networks: { home: { hops: ["udp:127.0.0.1:9"] } },
});

/** A border.json with all that it names; gives its path. */
function writeBorder(folder: string, format: string, text: string): string {
  const path = join(folder, "border.json");
  writeFileSync(join(folder, `partners.${format}`), text);
  writeFileSync(join(folder, "p.privet"), policyText(format));
  writeFileSync(path, borderText);
  return path;
}

/** A partner found by name, by domain and by address, ten from all over the list. */
export function lookUps(counts: readonly number[]): Contestant[] {
  return counts.map((size) => {
    const { policy } = withPartners(shipped("ims-border"), size, (index) => {
      const bytes = [10, index >> 16, (index >> 8) & 255, index & 255];
      return { addresses: [{ address: bytes.join("."), bytes, length: 32 }] };
    });
    const networks = new PackedNetworks(packNetworks(policy.networks));
    const index = indexOf(networks);
    const sought = Array.from({ length: 10 }, (_, at) => {
      const number = Math.floor((at * size) / 10);
      const [name, domain] = [partnerName(number), partnerDomain(number)];
      return { name, domain, address: [10, number >> 16, (number >> 8) & 255, number & 255] };
    });
    return {
      name: `${size} partners`,
      run: (at) => {
        const { name, domain, address } = sought[at % sought.length]!;
        const found = [networks.get(name), index.ofDomain(domain)[0], index.nearest(address)];
        assert.ok(found[0] !== undefined && found[0] === found[1] && found[0] === found[2]);
        return found;
      },
    };
  });
}

/** Bytes that a loaded border takes: heap and buffers, after garbage collection. */
export function memoryOfList(): readonly { readonly name: string; readonly bytes: number }[] {
  const folder = mkdtempSync(join(tmpdir(), "privet-bench-"));
  const path = writeBorder(folder, "csv", texts["csv"]!());
  const taken = (load: () => LoadedBorder | undefined): number => {
    const before = heap();
    const loaded = load();
    const engine = loaded && engineOf(loaded);
    const after = heap();
    assert.ok(engine !== undefined && engine.policy.networks.size === count + 2);
    return after - before;
  };
  try {
    return [
      { name: "an object for each partner", bytes: taken(() => loadBorder(path, io)) },
      { name: "packed, as a border has them", bytes: taken(() => loadPacked(path, io)) },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
