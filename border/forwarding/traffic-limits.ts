/** What sources and networks may send, open and hold open, and what was refused for it. */
import type { Admission, Connection } from "../../adapters/index.ts";
import type { ListenerSettings, NetworkSettings, SourceLimits } from "../configuration/configuration.ts";
import type { Arrival, BorderParts, Peer } from "./border-parts.ts";
import { beyondNetwork, beyondShare } from "./flood.ts";
import { NetworkShares } from "./network-shares.ts";
import { SourceShares } from "./source-shares.ts";

/** Why a connection that came in was closed at once; label of a metric. */
const refusalReasons = [
  "open",
  "half-open",
  "source-rate",
  "source-half-open",
  "source-connections",
  "network-connections",
] as const;

type RefusalReason = (typeof refusalReasons)[number];

export class TrafficLimits {
  private readonly sources: SourceShares | undefined;
  private networks: NetworkShares | undefined;
  private parts: BorderParts | undefined;
  private readonly refused = new Map<RefusalReason, number>(refusalReasons.map((reason) => [reason, 0]));

  constructor(sources: SourceLimits | undefined) {
    this.sources = sources === undefined ? undefined : new SourceShares(sources);
  }

  /** Those in force from now on. What networks hold open is counted anew. */
  take(parts: BorderParts, networks: ReadonlyMap<string, NetworkSettings>, at: number): void {
    this.parts = parts;
    this.networks = NetworkShares.of(networks, at);
    for (const peer of parts.peers.values()) {
      if (isStreamOfPeer(peer.connection)) this.networks?.enter(peer.connection, parts.networkOf(peer, at));
    }
  }

  /** Connections refused so far, by reason. */
  get refusals(): ReadonlyMap<string, number> {
    return this.refused;
  }

  /** The say about what comes in at that listener. */
  admission({ name, transport }: ListenerSettings): Admission {
    const { sources } = this;
    const isTls = transport === "tls";
    return {
      admit: (remoteAddress) => {
        if (sources === undefined || !sources.countsNew) return true;
        const at = Date.now();
        // Who it is by its certificate is not known yet.
        const network = this.parts?.engine.networkOf({ transport, listener: name, remoteAddress }, at);
        const beyond = this.isOwn(network) ? undefined : sources.connect(remoteAddress, at);
        if (beyond !== undefined) return this.refuse(beyond);
        if (isTls) sources.shakeHands(remoteAddress, at);
        return true;
      },
      settled: (remoteAddress) => {
        if (sources?.countsNew === true) sources.settle(remoteAddress);
      },
      refused: (cause) => {
        this.refuse(cause);
      },
    };
  }

  /** False: the connection is beyond the share of its source or network, and is to be closed. */
  opened(peer: Peer): boolean {
    const { parts, sources, networks } = this;
    const { connection } = peer;
    if (parts === undefined || (sources === undefined && networks === undefined)) return true;
    if (!isStreamOfPeer(connection)) return true;
    const at = Date.now();
    const network = parts.networkOf(peer, at);
    const isInShare = sources?.enter(connection.remoteAddress, at) ?? true;
    if (!isInShare && !this.isOwn(network)) return this.refuse("source-connections");
    return networks?.enter(connection, network) === false ? this.refuse("network-connections") : true;
  }

  closed(connection: Connection): void {
    if (!isStreamOfPeer(connection)) return;
    this.sources?.leave(connection.remoteAddress);
    this.networks?.leave(connection);
  }

  /** Why the message is one too many; undefined where it is not. Our own networks have no share as sources. */
  beyond({ peer, at }: Arrival): string | undefined {
    const { parts, sources, networks } = this;
    if (parts === undefined || (sources === undefined && networks === undefined)) return undefined;
    const network = parts.networkOf(peer, at);
    if (sources !== undefined && !this.isOwn(network)) {
      if (!sources.takeMessage(peer.connection.remoteAddress, at)) return beyondShare;
    }
    return networks?.takeMessage(network, at) === false ? beyondNetwork : undefined;
  }

  private isOwn(network: string | undefined): boolean {
    return network !== undefined && this.parts?.engine.policy.networks.get(network)?.own === true;
  }

  private refuse(reason: RefusalReason): false {
    this.refused.set(reason, this.refused.get(reason)! + 1);
    return false;
  }
}

/** A stream that the other end opened: what we open has no listener. */
function isStreamOfPeer({ facts }: Connection): boolean {
  return facts.transport !== "udp" && facts.listener !== undefined;
}
