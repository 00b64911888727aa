/** The border's listeners, each with the adapter that carries it. */
import { networkInterfaces } from "node:os";
import { isDeepStrictEqual } from "node:util";
import {
  type Adapter,
  type Admission,
  TcpAdapter,
  TlsAdapter,
  type TlsIdentity,
  UdpAdapter,
} from "../../adapters/index.ts";
import { sameOffer, type TlsProfile } from "../../engine/index.ts";
import {
  type ConnectionLimits,
  type ListenerSettings,
  ownCertificates,
  type QueueLimits,
} from "../configuration/configuration.ts";
import { canonicalAddress } from "../routing/ip-address.ts";
import type { Side } from "../routing/topology.ts";
import { viaPrefix } from "./request-edits.ts";

export interface BoundSide extends Side {
  readonly adapter: Adapter;
  /** The start of our Via on this side. */
  readonly viaPrefix: Uint8Array;
}

/** As an operator is told of a listener. */
export type Listening = Pick<BoundSide, "name" | "transport" | "address" | "port">;

/** An adapter for one listener; not yet listening. */
export function makeAdapter(
  settings: ListenerSettings,
  queue: QueueLimits,
  limits: ConnectionLimits | undefined,
  admission: Admission,
  profile: TlsProfile,
): Adapter {
  const { name: listener, address: host, port } = settings;
  if (settings.transport === "udp") return new UdpAdapter({ listener, host, port });
  const { idle = 0, open, halfOpen, keepAlive = 0 } = limits ?? {};
  const stream = {
    listener,
    host,
    port,
    connectTimeout: queue.milliseconds,
    times: { idle: idle * 1000, keepAlive: keepAlive * 1000 },
    admission,
    ...(open === undefined ? {} : { connections: open }),
  };
  if (settings.transport === "tcp") return new TcpAdapter(stream);
  const handshakes = halfOpen === undefined ? {} : { handshakes: halfOpen };
  return new TlsAdapter({ ...stream, ...handshakes, identities: identitiesOf(settings), profile });
}

/** What TLS handshakes follow: whose certificates, and the policy's profile. */
export interface TlsTerms {
  readonly listeners: readonly ListenerSettings[];
  readonly profile: TlsProfile;
}

/**
 * New connections show the certificates of `next`, and offer its profile, from now on; `running` is
 * what they have shown so far. Throws where something can't be used: then all stays as it was.
 */
export function renewHandshakes(sides: readonly BoundSide[], running: TlsTerms, next: TlsTerms): void {
  const changed: number[] = [];
  const offersSame = sameOffer(running.profile, next.profile);
  try {
    for (const { adapter, index } of sides) {
      const settings = next.listeners[index]!;
      const showsSame = isDeepStrictEqual(settings, running.listeners[index]);
      if (!(adapter instanceof TlsAdapter) || (showsSame && offersSame)) continue;
      changed.push(index);
      adapter.useIdentities(identitiesOf(settings), next.profile);
    }
  } catch (error) {
    for (const index of changed) {
      const { adapter } = sides[index]!;
      if (adapter instanceof TlsAdapter)
        adapter.useIdentities(identitiesOf(running.listeners[index]!), running.profile);
    }
    throw error;
  }
}

function identitiesOf(settings: ListenerSettings): readonly TlsIdentity[] {
  const own = ownCertificates(settings);
  if (own.length === 0) throw new RangeError(`listener ${settings.name} has no certificate`);
  // Who follows our Record-Route asks for the host that stands there.
  return own.map(({ domains, host, certificate, key }) => ({
    domains: host === undefined ? domains : [...domains, host],
    certificate,
    privateKey: key,
  }));
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

/** Every listener, or none: rejects with the cause where one can't be bound. */
export async function bindSides(
  listeners: readonly ListenerSettings[],
  make: (settings: ListenerSettings) => Adapter,
): Promise<readonly BoundSide[]> {
  const adapters: Adapter[] = [];
  let current = listeners[0]!;
  try {
    for (const settings of listeners) {
      current = settings;
      const adapter = make(settings);
      adapters.push(adapter);
      await adapter.listen();
    }
  } catch (error) {
    await Promise.all(adapters.map((adapter) => adapter.close()));
    const { name, transport, address, port } = current;
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`listener ${name} (${transport} ${address} port ${port}): ${why}`, { cause: error });
  }
  return adapters.map((adapter, index) => boundSide(index, listeners[index]!, adapter));
}

/** The side of an adapter that listens. */
function boundSide(index: number, settings: ListenerSettings, adapter: Adapter): BoundSide {
  const port = adapter.address?.port ?? settings.port;
  const otherHosts = (settings.certificates ?? []).flatMap(({ host }) => host ?? []);
  const side: Side = {
    index,
    name: settings.name,
    transport: settings.transport,
    host: settings.host,
    otherHosts,
    address: settings.address,
    port,
  };
  return { ...side, adapter, viaPrefix: viaPrefix(side) };
}
