/** Locations by way of a resolver (RFC 3263). */
import type { Resolver } from "../../../adapters/index.ts";
import { type Locating, type Location, locateRequest, type SoughtRequest } from "../../../wire/index.ts";
import { requestTo } from "../../wire/dns/locating.ts";

async function drive(locating: Locating, resolver: Resolver): Promise<Location> {
  let step = locating.next();
  while (step.done !== true)
    step = locating.next(await Promise.all(step.value.map((question) => resolver.ask(question))));
  return step.value;
}

export function located(
  resolver: Resolver,
  host: string,
  given: Partial<SoughtRequest> = {},
): Promise<Location> {
  return drive(locateRequest(requestTo(host, given)), resolver);
}
