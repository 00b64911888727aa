/** How much one network may send and hold open as a whole, whatever its sources. */
import type { Connection } from "../../adapters/index.ts";
import type { NetworkSettings } from "../configuration/configuration.ts";
import { Rate } from "./rate.ts";

interface Share {
  readonly messages: Rate | undefined;
  readonly most: number;
  connections: number;
}

export class NetworkShares {
  private readonly shares = new Map<string, Share>();
  /** Of the connections that stand, by number: a reload or a date may change whose they are. */
  private readonly held = new Map<number, Share>();

  /** undefined where no network has a limit. */
  static of(networks: ReadonlyMap<string, NetworkSettings>, at: number): NetworkShares | undefined {
    const shares = new NetworkShares(networks, at);
    return shares.shares.size > 0 ? shares : undefined;
  }

  private constructor(networks: ReadonlyMap<string, NetworkSettings>, at: number) {
    for (const [name, { messages, connections }] of networks) {
      if (messages === undefined && connections === undefined) continue;
      this.shares.set(name, {
        messages: messages === undefined ? undefined : new Rate(messages, at),
        most: connections ?? Number.POSITIVE_INFINITY,
        connections: 0,
      });
    }
  }

  /** One more message has come; false where it is beyond the share. `at` in milliseconds. */
  takeMessage(network: string, at: number): boolean {
    return this.shares.get(network)?.messages?.take(at) ?? true;
  }

  /** One more connection stands; false, and not counted, where it is beyond the share. */
  enter({ id }: Connection, network: string): boolean {
    const share = this.shares.get(network);
    if (share === undefined) return true;
    if (share.connections >= share.most) return false;
    share.connections++;
    this.held.set(id, share);
    return true;
  }

  leave({ id }: Connection): void {
    const share = this.held.get(id);
    if (share === undefined) return;
    this.held.delete(id);
    share.connections--;
  }
}
