/** Responses that wait for the name in a Via, which whoever sent the request has written. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { Arrival } from "../../../border/forwarding/border-parts.ts";
import { ResponseLocation } from "../../../border/forwarding/response-location.ts";
import { DnsLocation } from "../../../border/location/dns-location.ts";
import { Topology } from "../../../border/routing/topology.ts";
import { smallPolicy } from "../small-policy.ts";
import { SmallZone } from "../small-zone.ts";

it("no more than 200 wait at a time, so that others' names leave our own users theirs", async () => {
  const zone = await SmallZone.serve([]);
  zone.isDead = true;
  const { servers } = zone;
  const dns = new DnsLocation({ servers, milliseconds: 300, cache: 10, withdrawn: "tell" }, 1_000_000);
  const topology = new Topology(smallPolicy(), new Map());
  const came: (readonly unknown[] | undefined)[] = [];
  const again = ({ back }: Arrival): void => void came.push(back);
  const location = new ResponseLocation({ sides: [], topology, again }, dns);
  const arrival = { bytes: new Uint8Array(500) } as Arrival;
  const wait = (one: number): boolean => {
    const sentBy = { host: `h${one}.example`, port: undefined, transport: "tcp" } as const;
    return location.wait(arrival, sentBy, topology.place("open-d"), "its connection is gone");
  };
  try {
    assert.equal(Array.from({ length: 300 }, (_, one) => wait(one)).filter(Boolean).length, 200);
    await dns.locator.drain();
    // Each comes again, once, without a way.
    assert.deepEqual(
      came,
      Array.from({ length: 200 }, () => []),
    );
    assert.equal(wait(300), true);
  } finally {
    await dns.close();
    await zone.close();
  }
});
