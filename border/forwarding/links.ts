/**
 * Connections to next hops: opened once, used by every message for that hop, each with a bounded
 * queue while it is being opened (RFC 3261 18.1.1; RFC 5923 8.1: they outlive dialogs).
 */
import type { Connection, Target } from "../../adapters/index.ts";
import type { QueueLimits } from "../configuration/configuration.ts";
import { isSameHop, type RouteTarget } from "../routing/route.ts";
import type { Place } from "../routing/topology.ts";
import type { BoundSide } from "./sides.ts";

export interface LinkTarget extends Target {
  /** The connection is bound to it. */
  readonly network: string;
  /** border.json names it. */
  readonly isHop: boolean;
}

/** Called once: with the connection, or with the cause why there is none. */
export type Resume = (connection: Connection | undefined, cause: string) => void;

interface Link {
  connection: Connection | undefined;
  readonly waiting: { readonly size: number; readonly resume: Resume }[];
  waitingBytes: number;
}

/**
 * Streams to what messages name: our own users an address, a Via the way back. They stay open, and
 * must neither use up the machine's sockets nor keep us from the hops.
 */
const mostStrays = 4_096;

const closing = "the border closes";

export class Links {
  private readonly links = new Map<string, Link>();
  /** Keys of the streams in `links` that lead to no hop. */
  private readonly strays = new Set<string>();
  /** Keys of `links` by the number of the connection. */
  private readonly keys = new Map<number, string>();
  readonly limits: QueueLimits;
  private readonly bind: (connection: Connection, network: string) => void;
  private closed = false;
  private drained: (() => void) | undefined;

  /** `bind` is told of every connection opened, before a byte comes on it. */
  constructor(limits: QueueLimits, bind: (connection: Connection, network: string) => void) {
    this.limits = limits;
    this.bind = bind;
  }

  /** An open connection with room for more; `full` where its peer reads too slowly; undefined where there is none. */
  find(side: BoundSide, target: LinkTarget): Connection | "full" | undefined {
    const connection = this.links.get(keyOf(side, target))?.connection;
    if (connection === undefined || !connection.open) return undefined;
    return connection.pendingBytes > this.limits.bytes ? "full" : connection;
  }

  /** Waits for the connection, opening it if nobody has. False: the queue is full, or there are too many connections. */
  wait(side: BoundSide, target: LinkTarget, size: number, resume: Resume): boolean {
    if (this.closed) {
      resume(undefined, closing);
      return true;
    }
    const key = keyOf(side, target);
    let link = this.links.get(key);
    const isNew = link === undefined || (link.connection !== undefined && !link.connection.open);
    // Looked at first: a link that is left without an opening would never be opened again.
    if ((isNew ? 0 : link!.waitingBytes) + size > this.limits.bytes) return false;
    if (isNew || link === undefined) {
      if (!this.hasRoom(key, target)) return false;
      link = { connection: undefined, waiting: [], waitingBytes: 0 };
      this.links.set(key, link);
    }
    link.waiting.push({ size, resume });
    link.waitingBytes += size;
    if (isNew) this.open(side, target, key, link);
    return true;
  }

  private hasRoom(key: string, { transport, isHop }: LinkTarget): boolean {
    if (isHop || transport === "udp" || this.strays.has(key)) return true;
    if (this.strays.size >= mostStrays) return false;
    this.strays.add(key);
    return true;
  }

  /** Bytes of what waits for connections that are being opened. */
  waitingBytes(): number {
    let bytes = 0;
    for (const link of this.links.values()) bytes += link.waitingBytes;
    return bytes;
  }

  /** What was opened for this connection is forgotten. */
  forget(connection: Connection): void {
    const key = this.keys.get(connection.id);
    if (key === undefined) return;
    this.keys.delete(connection.id);
    if (this.links.get(key)?.connection === connection) this.remove(key);
  }

  /**
   * Until nothing waits for a connection any more, or every one that is being opened has had its
   * time. What comes meanwhile may wait too, but not longer.
   */
  async drain(): Promise<void> {
    if (!this.waits()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.limits.milliseconds);
      this.drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.drained = undefined;
  }

  private waits(): boolean {
    return [...this.links.values()].some(({ waiting }) => waiting.length > 0);
  }

  /** Whoever waits, or asks from now on, is told that there is none. */
  close(): void {
    this.closed = true;
    for (const link of this.links.values()) settle(link, undefined, closing);
    this.links.clear();
    this.strays.clear();
  }

  private remove(key: string): void {
    this.links.delete(key);
    this.strays.delete(key);
  }

  private open(side: BoundSide, target: LinkTarget, key: string, link: Link): void {
    side.adapter.open(target).then(
      (connection) => {
        if (this.closed) return;
        link.connection = connection;
        if (connection.open) this.keys.set(connection.id, key);
        else this.remove(key);
        this.bind(connection, target.network);
        this.settle(link, connection, "");
      },
      (error: unknown) => {
        if (this.links.get(key) === link) this.remove(key);
        this.settle(link, undefined, error instanceof Error ? error.message : String(error));
      },
    );
  }

  private settle(link: Link, connection: Connection | undefined, cause: string): void {
    settle(link, connection, cause);
    // Who found no connection may wait for another one now.
    if (this.drained !== undefined && !this.waits()) this.drained();
  }
}

function settle(link: Link, connection: Connection | undefined, cause: string): void {
  link.waitingBytes = 0;
  for (const { resume } of link.waiting.splice(0)) {
    // One that has closed again is none: whoever waited would wait for ever.
    if (connection === undefined || connection.open) resume(connection, cause);
    else resume(undefined, "the connection was closed at once");
  }
}

/** A connection opened for one network or domain, or in the name of one, never carries messages for another (RFC 5923 9.3). */
function keyOf(
  side: BoundSide,
  { transport, address, port, domain = "", network, identity = "" }: LinkTarget,
): string {
  return transport === "udp"
    ? `${side.index} ${address} ${port}`
    : `${side.index} ${address} ${port} ${transport} ${network} ${domain} ${identity}`;
}

/** What a connection to a target of that network is opened for; `identity` as `Served.identityFor` says. */
export function linkTarget(
  { network, hops }: Place,
  wanted: RouteTarget,
  identity: string | undefined,
): LinkTarget {
  const { transport, address, port, domain } = wanted;
  const isHop = hops.some((hop) => isSameHop(hop, wanted));
  const named = identity === undefined ? {} : { identity };
  const target = { transport, address, port, network: network.name, isHop, ...named };
  if (domain === undefined) return target;
  return network.kind === "partner" ? { ...target, domain, partner: network.name } : { ...target, domain };
}
