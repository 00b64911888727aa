/** Locations over a zone in memory. */
import {
  type Locating,
  type Location,
  locateRequest,
  locateResponse,
  type SoughtRequest,
  type SoughtResponse,
} from "../../../wire/index.ts";
import type { Zone } from "./zone.ts";

/** Always the lowest number. */
const lowest = (): number => 0;

function drive(locating: Locating, zone: Zone): Location {
  let step = locating.next();
  while (step.done !== true) step = locating.next(step.value.map((question) => zone.ask(question)));
  return step.value;
}

/** All transports and families of ours, no chance. */
export function requestTo(host: string, given: Partial<SoughtRequest> = {}): SoughtRequest {
  return {
    scheme: "sip",
    host,
    supported: ["tls", "tcp", "udp"],
    tlsDemanded: false,
    families: ["A", "AAAA"],
    draw: lowest,
    ...given,
  };
}

export function locate(zone: Zone, host: string, given: Partial<SoughtRequest> = {}): Location {
  return drive(locateRequest(requestTo(host, given)), zone);
}

export function locateBack(
  zone: Zone,
  host: string,
  transport: string,
  given: Partial<SoughtResponse> = {},
): Location {
  const sought: SoughtResponse = {
    host,
    transport,
    supported: ["tls", "tcp", "udp"],
    families: ["A", "AAAA"],
    draw: lowest,
    ...given,
  };
  return drive(locateResponse(sought), zone);
}

/** `tls 198.51.100.61 5061`, or the cause of the failure. */
export function written({ targets, failure }: Location): readonly string[] | string {
  return failure?.cause ?? targets!.map(({ transport, address, port }) => `${transport} ${address} ${port}`);
}
