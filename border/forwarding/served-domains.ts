/** In the name of which domain a listener speaks for a network: which certificate it shows, and how it is called. */
import type { Network } from "../../grammar/model.ts";
import { type ListenerSettings, ownCertificates } from "../configuration/configuration.ts";
import type { Side } from "../routing/topology.ts";
import { viaPrefix } from "./request-edits.ts";
import type { BoundSide } from "./sides.ts";

/** Of one listener with several certificates. */
interface Served {
  /** In the order of border.json. */
  readonly domains: ReadonlySet<string>;
  readonly first: string | undefined;
  /** What was found, by network. */
  readonly found: Map<string, string | undefined>;
}

/** Of one listener that some networks know by another host. */
interface Named {
  /** By domain. */
  readonly hosts: ReadonlyMap<string, string>;
  /** By network, once it was asked for. */
  readonly sides: Map<string, BoundSide>;
}

export class ServedDomains {
  private readonly bySide: readonly (Served | undefined)[];
  private readonly named: readonly (Named | undefined)[];

  constructor(listeners: readonly ListenerSettings[]) {
    this.named = listeners.map(({ certificates = [] }) => {
      const hosts = new Map(
        certificates.flatMap(({ domains, host }) =>
          host === undefined ? [] : domains.map((domain) => [domain, host] as const),
        ),
      );
      return hosts.size === 0 ? undefined : { hosts, sides: new Map() };
    });
    this.bySide = listeners.map((settings) => {
      const own = settings.transport === "tls" ? ownCertificates(settings) : [];
      if (own.length < 2) return undefined;
      const domains = new Set(own.flatMap((one) => one.domains));
      return { domains, first: own[0]?.domains[0], found: new Map() };
    });
  }

  /**
   * A domain of the network for which the listener has a certificate, else the first one for which
   * it has any. undefined: there is nothing to choose.
   */
  identityFor({ index }: Pick<Side, "index">, network: Network | undefined): string | undefined {
    const served = this.bySide[index];
    if (served === undefined || network === undefined) return served?.first;
    const { domains, first, found } = served;
    if (!found.has(network.name))
      found.set(network.name, network.domains.find((domain) => domains.has(domain)) ?? first);
    return found.get(network.name);
  }

  /**
   * The side with the host by which it is called for a network of ours (RFC 5922 7.5). It hangs on
   * the network alone: CANCEL, ACK and retransmissions get the Via of their INVITE.
   */
  sideFor(side: BoundSide, { name, domains }: Network): BoundSide {
    const named = this.named[side.index];
    if (named === undefined) return side;
    let known = named.sides.get(name);
    if (known === undefined) {
      const host = domains.map((domain) => named.hosts.get(domain)).find((one) => one !== undefined);
      const called = host === undefined ? undefined : { ...side, host };
      known = called === undefined ? side : { ...called, viaPrefix: viaPrefix(called) };
      named.sides.set(name, known);
    }
    return known;
  }
}
