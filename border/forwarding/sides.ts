/** The border's listeners, each with the adapter that carries it. */
import { networkInterfaces } from "node:os";
import { type Adapter, TcpAdapter, TlsAdapter, UdpAdapter } from "../../adapters/index.ts";
import type { ListenerSettings, QueueLimits } from "../configuration/configuration.ts";
import { canonicalAddress } from "../routing/ip-address.ts";
import type { Side } from "../routing/topology.ts";
import { viaPrefix } from "./request-edits.ts";

export interface BoundSide extends Side {
  readonly adapter: Adapter;
  /** The start of our Via on this side. */
  readonly viaPrefix: Uint8Array;
}

/** An adapter for one listener; not yet listening. */
export function makeAdapter(settings: ListenerSettings, queue: QueueLimits): Adapter {
  const { name: listener, address: host, port, certificate, key } = settings;
  const connectTimeout = queue.milliseconds;
  if (settings.transport === "udp") return new UdpAdapter({ listener, host, port });
  if (settings.transport === "tcp") return new TcpAdapter({ listener, host, port, connectTimeout });
  if (certificate === undefined || key === undefined)
    throw new RangeError(`listener ${listener} has no certificate`);
  const identities = [{ domains: [settings.host], certificate, privateKey: key }];
  return new TlsAdapter({ listener, host, port, connectTimeout, identities });
}

/** Every address by which this machine may be reached, canonical. */
export function machineAddresses(sides: readonly Side[]): ReadonlySet<string> {
  const interfaces = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const named = [
    ...sides.flatMap(({ address, host }) => [address, host]),
    ...interfaces.map(({ address }) => address),
  ];
  return new Set(named.flatMap((text) => canonicalAddress(text) ?? []));
}

/** The side of an adapter that listens. */
export function boundSide(index: number, settings: ListenerSettings, adapter: Adapter): BoundSide {
  const port = adapter.address?.port ?? settings.port;
  const side: Side = {
    index,
    name: settings.name,
    transport: settings.transport,
    host: settings.host,
    address: settings.address,
    port,
  };
  return { ...side, adapter, viaPrefix: viaPrefix(side) };
}
