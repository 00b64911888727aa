/** Where a response goes whose connection is gone and can't be opened anew: by the name in sent-by (RFC 3263 5). */
import { locateResponse } from "../../wire/index.ts";
import type { BorderTransport } from "../configuration/configuration.ts";
import type { DnsLocation } from "../location/dns-location.ts";
import type { Wanted } from "../location/locator.ts";
import { followBack } from "../routing/located-route.ts";
import type { Place } from "../routing/topology.ts";
import type { Arrival, BorderParts } from "./border-parts.ts";
import { drawsOf, familiesOf } from "./request-location.ts";

/** Of the Via below ours. */
export interface SentBy {
  readonly host: string;
  readonly port: number | undefined;
  readonly transport: BorderTransport;
}

export class ResponseLocation {
  readonly #parts: Pick<BorderParts, "sides" | "topology" | "again">;
  readonly #dns: DnsLocation;

  constructor(parts: Pick<BorderParts, "sides" | "topology" | "again">, dns: DnsLocation) {
    this.#parts = parts;
    this.#dns = dns;
  }

  /** The response comes again once DNS has told, with the way back, if there is any. False: too much waits. */
  wait(arrival: Arrival, sentBy: SentBy, place: Place, cause: string): boolean {
    const { host, port, transport } = sentBy;
    const families = familiesOf(this.#parts.sides);
    const wanted: Wanted = {
      begin: (draw) => locateResponse({ host, port, transport, supported: [transport], families, draw }),
      draw: drawsOf(0),
    };
    return this.#dns.locator.wait(wanted, host, arrival.bytes.length, (location) => {
      const back = followBack(this.#parts.topology, place, location);
      const why = location.failure === undefined ? cause : `${cause}; ${location.failure.text}`;
      this.#parts.again({ ...arrival, attempt: 1, back, cause: why });
    });
  }
}
