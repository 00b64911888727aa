/** The way that DNS has told (RFC 3263 4), held against what the border may follow. */
import type { Location, LocationFailureCause } from "../../wire/index.ts";
import type { Hop } from "../configuration/configuration.ts";
import { canonicalAddress, isPublicAddress } from "./ip-address.ts";
import { type Forward, type Locate, type Refusal, type RouteTarget, refuse, refuseClear } from "./route.ts";
import { type Place, stranger, type Topology } from "./topology.ts";

/**
 * Targets that only the border could reach, its own networks and itself, are passed over (who
 * publishes a name chooses its addresses), and so is what would be in clear where TLS is demanded.
 * A name of no network leads to the network that declares its first address.
 */
export function followLocated(
  topology: Topology,
  { place, sought }: Locate,
  location: Location,
): Forward | Refusal {
  const { scheme, domain, host } = sought;
  if (location.failure !== undefined) {
    const { cause, text } = location.failure;
    return refuseFailure(cause, scheme === "sips", text);
  }
  const targets: RouteTarget[] = [];
  let owner: Place | undefined;
  let isClear = false;
  for (const target of location.targets) {
    const address = canonicalAddress(target.address);
    const there = address === undefined ? undefined : ownerOf(topology, place, address);
    if (address === undefined || there === undefined || (owner !== undefined && there !== owner)) continue;
    if (
      target.transport !== "tls" &&
      (sought.tlsDemanded || scheme === "sips" || there.network.tlsRequired)
    ) {
      isClear = true;
      continue;
    }
    owner = there;
    targets.push({ ...target, address, domain: target.transport === "tls" ? domain : undefined });
  }
  if (owner !== undefined) return { kind: "forward", place: owner, targets };
  if (isClear) return refuseClear(scheme === "sips", `${host} can't be reached over TLS`);
  return refuse(480, `${host} has no address that may be followed`);
}

/** Where a response goes whose connection is gone (RFC 3263 5), to the network that its request came from. */
export function followBack(topology: Topology, place: Place, location: Location): readonly Hop[] {
  return (location.targets ?? []).flatMap((target) => {
    const address = canonicalAddress(target.address);
    if (address === undefined || !mayFollow(topology, place, address)) return [];
    return { ...target, address };
  });
}

/** Whose the address is; undefined: it is not followed. */
function ownerOf(topology: Topology, place: Place, address: string): Place | undefined {
  const owner = place.network.name === stranger ? (topology.ofAddress(address) ?? place) : place;
  if (owner.network.own) return undefined;
  return mayFollow(topology, owner, address) ? owner : undefined;
}

function mayFollow(topology: Topology, place: Place, address: string): boolean {
  const { own } = place.network;
  // A range that somebody declares may have a part that is ours.
  if (!own && topology.isWithinOurs(place, address)) return false;
  if (topology.declares(place, address)) return true;
  return !own && isPublicAddress(address) && !topology.isOfThisMachine(address);
}

/** 503 only where it may be otherwise soon: it tells a caller's proxy to leave this border alone (RFC 3261 21.5.4). */
function refuseFailure(cause: LocationFailureCause, isSips: boolean, text: string): Refusal {
  switch (cause) {
    case "no-such-domain":
      return refuse(404, text);
    case "temporary":
      return refuse(503, text);
    case "no-service":
    case "transport-not-supported":
      return refuse(480, text);
    case "sips-not-possible":
    case "tls-not-offered":
      return refuseClear(isSips, text);
  }
}
