/** `networkOf` for large partner lists: the same answer as the law's, looked up instead of searched. */
import type { AddressPrefix, Network, Policy } from "../../../grammar/model.ts";
import { readAddress } from "../../conditions/internet-address.ts";
import type { EngineContext } from "../../engine.ts";
import type { ConnectionFacts } from "../../event.ts";
import { nearestByAddress, strangerNetwork } from "../../trust/ends.ts";
import { namedPartner } from "../../trust/named-partner.ts";

export class NetworkFinder {
  private readonly policy: Policy;
  private readonly context: EngineContext;
  private readonly byListener = new Map<string, Network[]>();
  private readonly byPrefix = new Map<string, string>();
  /** Family and length of every prefix, the longest first. */
  private readonly lengths: readonly { readonly bytes: number; readonly length: number }[];

  constructor(policy: Policy, context: EngineContext) {
    this.policy = policy;
    this.context = context;
    const lengths = new Map<string, { readonly bytes: number; readonly length: number }>();
    for (const network of policy.networks.values()) {
      for (const listener of new Set(network.listeners)) {
        const sharing = this.byListener.get(listener);
        if (sharing === undefined) this.byListener.set(listener, [network]);
        else sharing.push(network);
      }
      for (const { bytes, length } of network.addresses) {
        const key = prefixKey(bytes, length);
        if (!this.byPrefix.has(key)) this.byPrefix.set(key, network.name);
        lengths.set(`${bytes.length}/${length}`, { bytes: bytes.length, length });
      }
    }
    this.lengths = [...lengths.values()].toSorted((one, other) => other.length - one.length);
  }

  find(connection: ConnectionFacts, at: number): string {
    const { partner } = namedPartner(this.policy, this.context, connection.tls?.certificate, at);
    if (partner !== undefined) return partner;
    const { listener, remoteAddress } = connection;
    const listening = listener === undefined ? undefined : this.byListener.get(listener);
    if (listening !== undefined) {
      if (listening.length === 1) return listening[0]!.name;
      return nearestByAddress(listening, remoteAddress) ?? strangerNetwork;
    }
    return this.nearest(remoteAddress) ?? strangerNetwork;
  }

  private nearest(remoteAddress: string | undefined): string | undefined {
    const address = remoteAddress === undefined ? undefined : readAddress(remoteAddress);
    if (address === undefined) return undefined;
    for (const { bytes, length } of this.lengths) {
      if (bytes !== address.length) continue;
      const name = this.byPrefix.get(prefixKey(address, length));
      if (name !== undefined) return name;
    }
    return undefined;
  }
}

/** The first `length` bits, as text. */
function prefixKey(bytes: AddressPrefix["bytes"], length: number): string {
  const whole = length >> 3;
  const rest = length & 7;
  let key = `${bytes.length}/${length}`;
  for (let at = 0; at < whole; at++) key += `.${bytes[at]}`;
  return rest === 0 ? key : `${key}.${bytes[whole]! & (0xff << (8 - rest)) & 0xff}`;
}
