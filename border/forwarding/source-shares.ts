/** How much one source may send and hold open, so that it can't take what is there for all. */

import type { SourceLimits } from "../configuration/configuration.ts";
import { addressBytes, canonicalAddress } from "../routing/ip-address.ts";

/** Sources that are remembered; of more, those that came first are forgotten, and begin with a full share. */
const mostSources = 65_536;

interface Share {
  /** Messages that may still come now; it fills again with time. */
  messages: number;
  /** When that was so. */
  at: number;
  connections: number;
}

export class SourceShares {
  private readonly limits: SourceLimits;
  private readonly shares = new Map<string, Share>();

  constructor(limits: SourceLimits) {
    this.limits = limits;
  }

  /** One more message has come; false where it is beyond the share. `at` in milliseconds. */
  takeMessage(address: string, at: number): boolean {
    const { messages: perSecond } = this.limits;
    if (perSecond === undefined) return true;
    const share = this.shareOf(address, at);
    // A clock that goes back fills nothing.
    share.messages = Math.min(perSecond, share.messages + (Math.max(0, at - share.at) * perSecond) / 1000);
    share.at = at;
    if (share.messages < 1) return false;
    share.messages--;
    return true;
  }

  /** One more connection stands; false where it is beyond the share. Count it with `leave` when it has closed, in any case. */
  enter(address: string, at: number): boolean {
    const share = this.shareOf(address, at);
    share.connections++;
    return share.connections <= (this.limits.connections ?? Number.POSITIVE_INFINITY);
  }

  leave(address: string): void {
    const share = this.shares.get(sourceOf(address));
    if (share !== undefined && share.connections > 0) share.connections--;
  }

  private shareOf(address: string, at: number): Share {
    const source = sourceOf(address);
    let share = this.shares.get(source);
    if (share === undefined) {
      this.makeRoom();
      share = { messages: this.limits.messages ?? 0, at, connections: 0 };
      this.shares.set(source, share);
    }
    return share;
  }

  private makeRoom(): void {
    if (this.shares.size < mostSources) return;
    for (const [source, { connections }] of this.shares) {
      // Who holds connections open is not forgotten: their number would be lost.
      if (connections > 0) continue;
      this.shares.delete(source);
      return;
    }
  }
}

/** An IPv4 address, or the first 64 bits of an IPv6 one: a subscriber has all addresses of such a network. */
function sourceOf(address: string): string {
  const canonical = canonicalAddress(address) ?? address;
  if (!canonical.includes(":")) return canonical;
  return addressBytes(canonical).subarray(0, 8).join(".");
}
