/** What the border remembers of each source of traffic, bounded. */
import { addressBytes, canonicalAddress } from "../routing/ip-address.ts";

/** Of more, those that came first are forgotten, and begin anew. */
const mostSources = 65_536;

export class SourceTable<T> {
  private readonly entries = new Map<string, T>();
  private readonly make: (at: number) => T;
  private readonly isHeld: (entry: T) => boolean;

  /** What is held is not forgotten: a number would be lost. */
  constructor(make: (at: number) => T, isHeld: (entry: T) => boolean) {
    this.make = make;
    this.isHeld = isHeld;
  }

  /** That of the source, made where there is none. `at` in milliseconds. */
  of(address: string, at: number): T {
    const source = sourceOf(address);
    let entry = this.entries.get(source);
    if (entry === undefined) {
      this.makeRoom();
      entry = this.make(at);
      this.entries.set(source, entry);
    }
    return entry;
  }

  find(address: string): T | undefined {
    return this.entries.get(sourceOf(address));
  }

  private makeRoom(): void {
    if (this.entries.size < mostSources) return;
    let left = this.entries.size;
    for (const [source, entry] of this.entries) {
      this.entries.delete(source);
      if (!this.isHeld(entry)) return;
      // Behind the others, so that the next one need not pass over it again.
      this.entries.set(source, entry);
      if (--left === 0) return;
    }
  }
}

/** An IPv4 address, or the first 64 bits of an IPv6 one: a subscriber has all addresses of such a network. */
function sourceOf(address: string): string {
  const canonical = canonicalAddress(address) ?? address;
  if (!canonical.includes(":")) return canonical;
  return addressBytes(canonical).subarray(0, 8).join(".");
}
