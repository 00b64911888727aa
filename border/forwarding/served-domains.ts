/** In the name of which domain a listener speaks for a network: which of its certificates is shown. */
import type { Network } from "../../grammar/model.ts";
import { type ListenerSettings, ownCertificates } from "../configuration/configuration.ts";
import type { Side } from "../routing/topology.ts";

/** Of one listener with several certificates. */
interface Served {
  /** In the order of border.json. */
  readonly domains: ReadonlySet<string>;
  readonly first: string | undefined;
  /** What was found, by network. */
  readonly found: Map<string, string | undefined>;
}

export class ServedDomains {
  private readonly bySide: readonly (Served | undefined)[];

  constructor(listeners: readonly ListenerSettings[]) {
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
}
