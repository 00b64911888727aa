import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ConnectionOverrides, declaredConnection, interpret } from "../../engine/index.ts";
import { noon } from "./behaviour/case.ts";
import { withNetworks } from "./checked.ts";

const policy = withNetworks("");

function declared(network: string, overrides?: ConnectionOverrides) {
  return declaredConnection(policy, network, noon, overrides);
}

describe("the connection that a policy declares", () => {
  it("of a partner is TLS with a certificate that names it", () => {
    const connection = declared("carrier-c");
    assert.equal(connection.transport, "tls");
    assert.deepEqual(connection.tls?.certificate?.uris, ["sip:carrier-c.example"]);
    assert.equal(interpret(policy).networkOf(connection, noon), "carrier-c");
  });

  it("of a partner is over the newest version that the policy offers", () => {
    assert.equal(declared("carrier-c").tls?.version, "TLSv1.3");
    const older = { ...policy, tls: { ...policy.tls, versions: ["1.2"] as const } };
    assert.equal(declaredConnection(older, "carrier-c", noon).tls?.version, "TLSv1.2");
  });

  it("of our own network is its listener", () => {
    assert.deepEqual([declared("home").transport, declared("home").listener], ["udp", "inside"]);
    assert.equal(interpret(policy).networkOf(declared("home"), noon), "home");
  });

  it("of another network is its first address", () => {
    assert.deepEqual([declared("away").transport, declared("away").remoteAddress], ["udp", "192.0.2.0"]);
    assert.equal(interpret(policy).networkOf(declared("away"), noon), "away");
  });

  it("of a stranger is nothing that anybody declares", () => {
    assert.equal(interpret(policy).networkOf(declared("stranger"), noon), "stranger");
  });

  it("gives way to what is known", () => {
    assert.equal(declared("carrier-c", { transport: "udp" }).tls, undefined);
    assert.equal(declared("carrier-c", { certificate: null }).tls?.certificate, undefined);
    assert.equal(declared("away", { transport: "wss" }).tls?.certificate, undefined);
    const certificate = declared("carrier-c").tls!.certificate!;
    assert.equal(declared("away", { certificate }).tls?.certificate, certificate);
    assert.equal(declared("away", { listener: "x", remoteAddress: "203.0.113.1" }).listener, "x");
  });
});
