/** Who looks for a published domain by RFC 3263 finds its TLS servers, and nothing that isn't offered. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Resolver, Responder } from "../../../adapters/index.ts";
import { locateRequest, type Published, type SoughtRequest } from "../../../wire/index.ts";
import { requestTo, written } from "../../wire/dns/locating.ts";
import { home, zonesOf } from "../../wire/dns/published.ts";

describe("the location of a published domain", () => {
  const server = { address: "192.0.2.80", port: 5061 };
  /** With an address of its own, such as that of its web site, to which nobody is to fall back. */
  const tlsAlone: Published = {
    domain: "secure.example",
    ttl: 300,
    hosts: [{ name: "secure.example", addresses: [server.address] }],
    services: [{ transport: "tls", host: "secure.example", port: server.port, priority: 1, weight: 1 }],
  };
  const settings = { listen: [{ address: "127.0.0.1", port: 0 }], answers: 1_000, total: 1_000 };
  const responder = new Responder(settings, zonesOf(home, tlsAlone));
  let resolver: Resolver;
  before(async () => {
    const servers = await responder.listen();
    resolver = new Resolver({ servers, timeout: 10_000, cache: 100, mostTtl: 60, pending: 100 });
  });
  after(async () => {
    resolver.close();
    await responder.close();
  });

  async function locate(
    host: string,
    given: Partial<SoughtRequest> = {},
  ): Promise<readonly string[] | string> {
    const locating = locateRequest(requestTo(host, given));
    let step = locating.next();
    while (step.done !== true)
      step = locating.next(await Promise.all(step.value.map((question) => resolver.ask(question))));
    return written(step.value);
  }

  it("leads to TLS, by priority, though the URI is sip", async () => {
    assert.deepEqual(await locate("home1.example"), [
      "tls 192.0.2.1 5061",
      "tls 2001:db8::1 5061",
      "tls 192.0.2.2 5061",
    ]);
  });

  it("leads whoever speaks no TLS to TCP, then UDP", async () => {
    assert.deepEqual(await locate("home1.example", { supported: ["tcp", "udp"], families: ["A"] }), [
      "tcp 192.0.2.1 5060",
    ]);
    assert.deepEqual(await locate("home1.example", { supported: ["udp"], families: ["A"] }), [
      "udp 192.0.2.1 5060",
    ]);
  });

  it("of a domain of TLS alone leads nowhere else, not even to its own address (RFC 2782)", async () => {
    assert.deepEqual(await locate("secure.example"), ["tls 192.0.2.80 5061"]);
    assert.equal(await locate("secure.example", { transport: "udp" }), "no-service");
    assert.equal(
      await locate("secure.example", { transport: "tcp", supported: ["tcp", "udp"] }),
      "no-service",
    );
  });
});
