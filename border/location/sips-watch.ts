/**
 * Which domains have asked for TLS by SIPS records: one that no longer does may have been robbed of
 * them on the way (RFC 3263 7). Bounded, and safe to lose: it starts anew with the process.
 */
import type { SipsOffer } from "../../wire/index.ts";

const mostDomains = 100_000;

export class SipsWatch {
  /** By domain, the one longest unseen first; `false`: the records have gone. */
  readonly #offers = new Map<string, boolean>();

  /** True: they have gone since the last time. */
  see(domain: string, offer: SipsOffer): boolean {
    const before = this.#offers.get(domain);
    if (offer === "offered") {
      this.#keep(domain, true);
      return false;
    }
    if (offer !== "not-offered" || before === undefined) return false;
    this.#keep(domain, false);
    return before;
  }

  isWithdrawn(domain: string): boolean {
    return this.#offers.get(domain) === false;
  }

  #keep(domain: string, isOffered: boolean): void {
    this.#offers.delete(domain);
    this.#offers.set(domain, isOffered);
    if (this.#offers.size > mostDomains) this.#offers.delete(this.#offers.keys().next().value!);
  }
}
