import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readHop } from "../../../border/configuration/border-file.ts";
import { chooseSide, type Side, Topology } from "../../../border/routing/topology.ts";
import { network, smallPolicy } from "../small-policy.ts";

const policy = smallPolicy([network("ims-b", { listeners: ["zb"] })]);
const topology = new Topology(policy, new Map());

/** `name transport address`, in the order of border.json. */
const sides: readonly Side[] = [
  "inside udp 127.0.0.1",
  "zb udp 192.0.2.1",
  "zb udp 2001:db8::1",
  "outside tcp 192.0.2.1",
  "outside udp 192.0.2.1",
  "outside udp 2001:db8::1",
].map((text, index) => {
  const [name, transport, address] = text.split(" ");
  return {
    index,
    name: name!,
    transport: transport === "tcp" ? "tcp" : "udp",
    host: address!,
    address: address!,
    port: 5060,
  };
});

function sideTo(name: string, hop: string): string | undefined {
  const side = chooseSide(sides, topology.place(name), readHop(hop)!, (listener) =>
    topology.isNetworks(listener),
  );
  return side && `${side.name} ${side.transport} ${side.address}`;
}

describe("a network is reached", () => {
  it("from its own listener, and from the socket of the target's family of addresses", () => {
    assert.equal(sideTo("ims-b", "udp:198.51.100.1"), "zb udp 192.0.2.1");
    assert.equal(sideTo("ims-b", "udp:[2001:db8::9]"), "zb udp 2001:db8::1");
  });

  it("else from a listener that is no other network's", () => {
    assert.equal(sideTo("open-d", "udp:198.51.100.1"), "outside udp 192.0.2.1");
    assert.equal(sideTo("open-d", "udp:[2001:db8::9]"), "outside udp 2001:db8::1");
  });

  it("by a stream also where its listener has the other family", () => {
    assert.equal(sideTo("open-d", "tcp:[2001:db8::9]"), "outside tcp 192.0.2.1");
    assert.equal(sideTo("open-d", "tls:198.51.100.1"), undefined);
  });
});
