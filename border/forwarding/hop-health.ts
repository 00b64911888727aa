/**
 * Which hops answer our pings (design: the border pings its home hops). What is known of them is
 * bounded by border.json and safe to lose.
 */
import type { Hop, NetworkSettings } from "../configuration/configuration.ts";

export interface HopState {
  readonly network: string;
  readonly hop: Hop;
  readonly up: boolean;
}

/** One ping lost is a lost datagram; as many in a row are a hop that is down. */
const mostMisses = 2;

/** A hop that is pinged. */
export class WatchedHop {
  readonly network: string;
  readonly hop: Hop;
  /** Milliseconds between two pings. */
  readonly every: number;
  up = true;
  /** When the next ping is due, in milliseconds since 1970. */
  dueAt = 0;
  /** The branch of the ping that waits for its answer; empty: none does. */
  waitsFor = "";
  private misses = 0;

  constructor(network: string, hop: Hop, every: number) {
    this.network = network;
    this.hop = hop;
    this.every = every;
  }

  /** An answer has come. 503 is that of a hop that wants no traffic (RFC 3261 21.5.4); every other one shows that it lives. */
  answered(status: number): void {
    this.waitsFor = "";
    this.misses = 0;
    this.up = status !== 503;
  }

  /** `isCertain`: it can't even be connected to. */
  missed(isCertain: boolean): void {
    this.waitsFor = "";
    this.misses++;
    if (isCertain || this.misses >= mostMisses) this.up = false;
  }
}

export class HopHealth {
  private hops = new Map<string, WatchedHop>();
  private readonly told: (state: HopState) => void;
  /** By reference: the hops of the configuration that is in force. */
  private readonly down = new Set<Hop>();

  /** `told` hears of each change. */
  constructor(told: (state: HopState) => void) {
    this.told = told;
  }

  /** The hops of networks that have a `ping`; what is known of those that stay is kept. */
  watch(networks: ReadonlyMap<string, NetworkSettings>): void {
    const before = this.hops;
    this.hops = new Map();
    this.down.clear();
    for (const [network, { hops, ping = 0 }] of networks) {
      if (ping <= 0) continue;
      for (const hop of hops) {
        const key = `${network} ${hopText(hop)}`;
        const known = before.get(key);
        const watched = new WatchedHop(network, hop, ping);
        if (known?.up === false) {
          watched.up = false;
          this.down.add(hop);
        }
        this.hops.set(key, watched);
      }
    }
  }

  all(): Iterable<WatchedHop> {
    return this.hops.values();
  }

  isDown(hop: Hop): boolean {
    return this.down.size > 0 && this.down.has(hop);
  }

  answered(watched: WatchedHop, status: number): void {
    this.change(watched, () => watched.answered(status));
  }

  missed(watched: WatchedHop, isCertain: boolean): void {
    this.change(watched, () => watched.missed(isCertain));
  }

  private change(watched: WatchedHop, happens: () => void): void {
    const { up, hop, network } = watched;
    happens();
    if (watched.up === up) return;
    if (watched.up) this.down.delete(hop);
    else this.down.add(hop);
    this.told({ network, hop, up: watched.up });
  }
}

/** As border.json writes it. */
export function hopText({ transport, address, port }: Hop): string {
  return `${transport}:${address.includes(":") ? `[${address}]` : address}:${port}`;
}
