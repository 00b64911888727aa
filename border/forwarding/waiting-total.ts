/**
 * What waits in the whole border, for DNS, for connections and for peers to read: one limit for all, since
 * the bounded queues of many targets can be more together than the machine has.
 */
import type { Connection } from "../../adapters/index.ts";
import { defaultTotal } from "../configuration/configuration.ts";
import type { Peer } from "./border-parts.ts";
import type { Links } from "./links.ts";

/** Milliseconds between two sums. */
const lookEvery = 250;

export interface QueuedBytes {
  /** For DNS, and for connections that are being opened. */
  readonly opening: number;
  /** For the peers of open connections to read. */
  readonly open: number;
}

export class WaitingTotal {
  private readonly limit: number;
  private readonly peers: ReadonlyMap<number, Peer>;
  private readonly links: Pick<Links, "waitingBytes">;
  /** Sides whose socket has been counted. */
  private readonly sockets = new Set<number>();
  private clock: NodeJS.Timeout | undefined;
  private full = false;

  constructor(
    limit: number = defaultTotal,
    peers: ReadonlyMap<number, Peer>,
    links: Pick<Links, "waitingBytes">,
  ) {
    this.limit = limit;
    this.peers = peers;
    this.links = links;
  }

  start(): void {
    this.clock = setInterval(() => this.look(), lookEvery);
    this.clock.unref();
  }

  stop(): void {
    clearInterval(this.clock);
  }

  /** More waits than may: streams are not read, and datagrams not forwarded. */
  get isFull(): boolean {
    return this.full;
  }

  /** A connection stands from now on. */
  opened(connection: Connection): void {
    if (this.full && isStream(connection)) connection.pause();
  }

  /** Now. Of all flows of a UDP socket each says what waits in the whole of it: one counts. */
  sums(): QueuedBytes {
    let open = 0;
    this.sockets.clear();
    for (const { connection, side } of this.peers.values()) {
      if (!isStream(connection)) {
        if (this.sockets.has(side.index)) continue;
        this.sockets.add(side.index);
      }
      open += connection.pendingBytes;
    }
    return { opening: this.links.waitingBytes(), open };
  }

  /** Sums up. Above the limit sources are paused until no more than half of it waits. */
  private look(): void {
    const { opening, open } = this.sums();
    const sum = opening + open;
    if (!this.full && sum > this.limit) {
      this.full = true;
      this.each((connection) => connection.pause());
    } else if (this.full && sum <= this.limit / 2) {
      this.full = false;
      this.each((connection) => connection.resume());
    }
  }

  private each(act: (stream: Connection) => void): void {
    for (const { connection } of this.peers.values()) if (isStream(connection)) act(connection);
  }
}

function isStream({ facts }: Connection): boolean {
  return facts.transport !== "udp";
}
