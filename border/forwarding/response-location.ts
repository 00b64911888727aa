/** Where a response goes whose connection is gone and can't be opened anew: by the name in sent-by (RFC 3263 5). */
import { locateResponse } from "../../wire/index.ts";
import type { BorderTransport } from "../configuration/configuration.ts";
import type { DnsLocation } from "../location/dns-location.ts";
import type { Wanted } from "../location/locator.ts";
import { followBack } from "../routing/located-route.ts";
import type { Place } from "../routing/topology.ts";
import type { Arrival, BorderParts } from "./border-parts.ts";
import { drawsOf, familiesOf } from "./request-location.ts";

/** At a time. Whoever sends us requests writes these names: what he makes us ask must leave room for our own users. */
const mostWaiting = 200;

/** Of the Via below ours. */
export interface SentBy {
  readonly host: string;
  readonly port: number | undefined;
  readonly transport: BorderTransport;
}

export class ResponseLocation {
  readonly #parts: Pick<BorderParts, "sides" | "topology" | "again">;
  readonly #dns: DnsLocation;
  #waiting = 0;

  constructor(parts: Pick<BorderParts, "sides" | "topology" | "again">, dns: DnsLocation) {
    this.#parts = parts;
    this.#dns = dns;
  }

  /** The response comes again once DNS has told, with the way back, if there is any. False: too much waits. */
  wait(arrival: Arrival, sentBy: SentBy, place: Place, cause: string): boolean {
    if (this.#waiting >= mostWaiting) return false;
    const { host, port, transport } = sentBy;
    const families = familiesOf(this.#parts.sides);
    const wanted: Wanted = {
      begin: (draw) => locateResponse({ host, port, transport, supported: [transport], families, draw }),
      draw: drawsOf(0),
    };
    const waits = this.#dns.locator.wait(wanted, host, arrival.bytes.length, (location) => {
      this.#waiting--;
      const back = followBack(this.#parts.topology, place, location);
      const why = location.failure === undefined ? cause : `${cause}; ${location.failure.text}`;
      this.#parts.again({ ...arrival, attempt: 1, back, cause: why });
    });
    if (waits) this.#waiting++;
    return waits;
  }
}
