/**
 * Responses between processes that share their listeners: a datagram may come to any of them, but
 * only one holds the connection on which its request came.
 */
import type { Connection } from "../../adapters/index.ts";
import type { ConnectionFacts } from "../../engine/index.ts";
import type { Arrival, Peer } from "./border-parts.ts";
import type { BoundSide } from "./sides.ts";

/** The other processes. A fault of theirs is never thrown. */
export interface Siblings {
  /** Our own number, 24 bits; no other process has it, or had it within the life of a flow. */
  readonly own: number;
  /** Another process has this number, and lives. */
  owns(instance: number): boolean;
  /** Has that process `takeHanded` the response. False: too much waits on the way there. */
  hand(instance: number, response: HandedResponse): boolean;
}

/** A response, and all that was known of it where it came. Plain data: a copy of it says the same. */
export interface HandedResponse {
  readonly bytes: Uint8Array;
  readonly framing: "datagram" | "stream";
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
  /** Index of the listener. */
  readonly side: number;
  /** The process to which it came. */
  readonly instance: number;
  /** The connection there. */
  readonly connection: ConnectionTold;
  /** The network for which that process opened the connection; undefined where the peer did. */
  readonly bound: string | undefined;
}

type ConnectionTold = Pick<
  Connection,
  "id" | "localAddress" | "localPort" | "remoteAddress" | "remotePort"
> & { readonly facts: ConnectionFacts };

/** The response as `arrival` has it, in the process `instance`. */
export function handedResponse({ bytes, framing, at, peer }: Arrival, instance: number): HandedResponse {
  const { connection, side, bound } = peer;
  const { id, facts, localAddress, localPort, remoteAddress, remotePort } = connection;
  return {
    bytes,
    framing,
    at,
    side: side.index,
    instance,
    connection: { id, facts, localAddress, localPort, remoteAddress, remotePort },
    bound,
  };
}

/** A next hop needs one; what is beyond this is made anew. */
const mostPeers = 1_024;

/** Peers of other processes: what the engine has found out of one's facts is not found out again. */
export class HandedPeers {
  private readonly peers = new Map<string, Peer>();

  /** `isKnown`: the policy in force has the network. */
  peerOf(
    { instance, connection, bound }: HandedResponse,
    side: BoundSide,
    isKnown: (network: string) => boolean,
  ): Peer {
    const key = `${instance} ${connection.id}`;
    let peer = this.peers.get(key);
    if (peer === undefined) {
      if (this.peers.size >= mostPeers) this.peers.clear();
      const distant = new DistantConnection(connection);
      peer = {
        connection: distant,
        side,
        bound: undefined,
        asked: undefined,
        addressNumber: -1,
        unheard: undefined,
      };
      this.peers.set(key, peer);
    }
    peer.bound = bound !== undefined && isKnown(bound) ? bound : undefined;
    return peer;
  }
}

/** A connection of another process. Here it only says who it is. */
class DistantConnection implements Connection {
  /** None of ours. */
  readonly id = 0;
  readonly open = false;
  readonly pendingBytes = 0;
  readonly facts: ConnectionFacts;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;

  constructor({ facts, localAddress, localPort, remoteAddress, remotePort }: ConnectionTold) {
    this.facts = facts;
    this.localAddress = localAddress;
    this.localPort = localPort;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
  }

  send(): boolean {
    return false;
  }

  pause(): void {
    // What comes on it is the other process's.
  }

  resume(): void {
    // As above.
  }

  close(): void {
    // As above.
  }
}
