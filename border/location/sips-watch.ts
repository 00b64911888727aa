/**
 * Which domains have asked for TLS by SIPS records: one that no longer does may have been robbed of
 * them on the way (RFC 3263 7). Bounded, and safe to lose: it starts anew with the process.
 */
import type { SipsOffer } from "../../wire/index.ts";

const mostDomains = 100_000;

export class SipsWatch {
  /** By domain; `false`: the records have gone. */
  readonly #offers = new Map<string, boolean>();

  /** True: they have gone since the last time. */
  see(domain: string, offer: SipsOffer): boolean {
    const before = this.#offers.get(domain);
    if (offer === "offered") {
      if (before !== true) this.#keep(domain);
      return false;
    }
    if (offer !== "not-offered" || before !== true) return false;
    this.#offers.set(domain, false);
    return true;
  }

  isWithdrawn(domain: string): boolean {
    return this.#offers.get(domain) === false;
  }

  #keep(domain: string): void {
    this.#offers.set(domain, true);
    if (this.#offers.size > mostDomains) this.#offers.delete(this.#offers.keys().next().value!);
  }
}
