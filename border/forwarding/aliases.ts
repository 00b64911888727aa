/**
 * Connections that peers opened and that they offer for requests to them (RFC 5923).
 *
 * An offer counts with a client certificate alone (9.2), for the address that it came from and
 * the port that its Via names (8.2), and for a domain that the certificate names: never one
 * domain's connection for another's (9.3).
 */
import type { Connection } from "../../adapters/index.ts";
import { sipIdentities } from "../../wire/index.ts";
import type { Peer } from "./border-parts.ts";
import type { LinkTarget } from "./links.ts";
import type { BoundSide } from "./sides.ts";

interface Alias {
  readonly connection: Connection;
  readonly identities: readonly string[];
}

export class Aliases {
  private readonly aliases = new Map<string, Alias>();
  private readonly keys = new Map<number, string>();
  /** The network that a connection stands for at that time, by its certificate. */
  private readonly networkOf: (connection: Connection, at: number) => string | undefined;
  /** Bytes that may wait on one connection. */
  private readonly queueBytes: number;

  constructor(networkOf: (connection: Connection, at: number) => string | undefined, queueBytes: number) {
    this.networkOf = networkOf;
    this.queueBytes = queueBytes;
  }

  /** A request with `alias` in its topmost Via has come; `port` of that Via, 0 where it names none. */
  note({ connection, side, bound }: Peer, port: number): void {
    const { facts, remoteAddress, id } = connection;
    // What we opened is a link already.
    if (facts.transport !== "tls" || bound !== undefined) return;
    const certificate = facts.tls?.certificate;
    if (certificate === undefined) return;
    const key = keyOf(side, remoteAddress, port || 5061);
    // Another connection may have taken its place meanwhile, and closed.
    if (this.aliases.get(key)?.connection.id === id) return;
    this.forget(connection);
    this.aliases.set(key, { connection, identities: sipIdentities(certificate) });
    this.keys.set(id, key);
  }

  /** A connection with room for more; `full` where its peer reads too slowly; undefined where there is none. */
  find(
    side: BoundSide,
    { transport, address, port, domain, network, identity }: LinkTarget,
    at: number,
  ): Connection | "full" | undefined {
    if (transport !== "tls" || domain === undefined || this.aliases.size === 0) return undefined;
    const alias = this.aliases.get(keyOf(side, address, port));
    if (alias === undefined || !alias.connection.open) return undefined;
    const { connection, identities } = alias;
    // The peer has met us as the domain that it named, and as no other.
    if (identity !== undefined && connection.facts.tls?.sni?.toLowerCase() !== identity) return undefined;
    if (!identities.includes(domain) || this.networkOf(connection, at) !== network) return undefined;
    return connection.pendingBytes > this.queueBytes ? "full" : connection;
  }

  forget({ id }: Connection): void {
    const key = this.keys.get(id);
    if (key === undefined) return;
    this.keys.delete(id);
    if (this.aliases.get(key)?.connection.id === id) this.aliases.delete(key);
  }
}

function keyOf({ index }: BoundSide, address: string, port: number): string {
  return `${index} ${address} ${port}`;
}
