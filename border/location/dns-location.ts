/** What the border knows by DNS, as long as it runs: answers, targets that failed, who asked for TLS. */
import { type Observable, Subject } from "rxjs";
import { type NameServer, Resolver, type ResolverEvent } from "../../adapters/index.ts";
import type { Location } from "../../wire/index.ts";
import type { DnsSettings } from "../configuration/configuration.ts";
import { hostText } from "../routing/ip-address.ts";
import { Locator } from "./locator.ts";
import { PassedOver } from "./passed-over.ts";
import { SipsWatch } from "./sips-watch.ts";

/** A domain asked for TLS by SIPS records, and does no longer (RFC 3263 7). */
export interface SipsWithdrawn {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly domain: string;
  readonly network: string;
  /** Nothing goes there in clear until the records are back. */
  readonly isRefused: boolean;
}

export class DnsLocation {
  readonly servers: readonly NameServer[];
  /** Hot; never errors. */
  readonly events$: Observable<ResolverEvent>;
  private readonly resolver: Resolver;
  readonly locator: Locator;
  readonly passedOver: PassedOver = new PassedOver();
  private readonly sips: SipsWatch = new SipsWatch();
  private readonly refusesWithdrawn: boolean;
  /** Hot; never errors. */
  readonly withdrawn$: Observable<SipsWithdrawn>;
  private readonly told = new Subject<SipsWithdrawn>();

  /** `bytes`: of messages that wait for one host. */
  constructor(settings: DnsSettings, bytes: number) {
    const { servers, milliseconds, cache } = settings;
    this.resolver = new Resolver({ servers, timeout: milliseconds, cache, mostTtl, pending: mostPending });
    this.servers = servers;
    this.events$ = this.resolver.events$;
    this.locator = new Locator(this.resolver, { milliseconds, bytes });
    this.refusesWithdrawn = settings.withdrawn === "refuse";
    this.withdrawn$ = this.told.asObservable();
  }

  /** What one location has told of a domain. */
  see(location: Location, network: string, tlsDemanded: boolean): void {
    const { domain, sips } = location;
    if (!this.sips.see(domain, sips)) return;
    this.told.next({ at: Date.now(), domain, network, isRefused: tlsDemanded || this.refusesWithdrawn });
  }

  /** It asked for TLS once, and is not sent to in clear until it does again. */
  isHeldToTls(domain: string): boolean {
    return this.refusesWithdrawn && this.sips.isWithdrawn(domain);
  }

  /** Until nothing waits any more: as long as one location may take. */
  async close(): Promise<void> {
    await this.locator.drain();
    this.locator.close();
    this.resolver.close();
    this.told.complete();
  }
}

/** As border.json may write it. */
export function serverText({ address, port }: NameServer): string {
  return `${hostText(address)}:${port}`;
}

/** Seconds: a day, whatever a zone says. */
const mostTtl = 86_400;
/** Questions under way. */
const mostPending = 2_000;
