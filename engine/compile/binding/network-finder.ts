/** `networkOf` for large partner lists: the same answer as the law's, looked up instead of searched. */
import type { Policy } from "../../../grammar/model.ts";
import { readAddress } from "../../conditions/internet-address.ts";
import type { EngineContext } from "../../engine.ts";
import type { ConnectionFacts } from "../../event.ts";
import { indexOf, type NetworkIndex } from "../../networks/network-index.ts";
import { strangerNetwork } from "../../trust/ends.ts";
import { namedPartner } from "../../trust/named-partner.ts";

export class NetworkFinder {
  private readonly policy: Policy;
  private readonly context: EngineContext;
  private readonly index: NetworkIndex;

  constructor(policy: Policy, context: EngineContext) {
    this.policy = policy;
    this.context = context;
    this.index = indexOf(policy.networks);
  }

  find(connection: ConnectionFacts, at: number): string {
    const { partner } = namedPartner(this.policy, this.context, connection.tls?.certificate, at);
    if (partner !== undefined) return partner;
    const { listener, remoteAddress } = connection;
    const known = listener === undefined ? undefined : this.index.byListener(listener);
    if (known === undefined) return this.nearest(remoteAddress, undefined);
    return known === "several" ? this.nearest(remoteAddress, listener) : known.name;
  }

  private nearest(remoteAddress: string | undefined, listener: string | undefined): string {
    const address = remoteAddress === undefined ? undefined : readAddress(remoteAddress);
    const network = address === undefined ? undefined : this.index.nearest(address, listener);
    return network?.name ?? strangerNetwork;
  }
}
