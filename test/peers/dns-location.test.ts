/**
 * Locations by way of BIND and Knot. Knot answers for the zones; BIND asks Knot, or answers for one of
 * its own, as the recursive server of a network does.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import type { NameServer, Resolver } from "../../adapters/index.ts";
import type { Location, Outcome, Question, SoughtRequest } from "../../wire/index.ts";
import { Asking, causeOf } from "../adapters/dns/asking.ts";
import { located } from "../adapters/dns/located.ts";
import { lastingPort } from "../lasting-port.ts";
import { written } from "../wire/dns/locating.ts";
import { hurtZone, otherZone } from "./dns-zones.ts";
import { RunningNameServer } from "./name-servers.ts";

const folder = mkdtempSync(join(tmpdir(), "privet-dns-"));
const asking = new Asking();
const started: RunningNameServer[] = [];
let knot: RunningNameServer;
let bind: RunningNameServer;

before(async () => {
  knot = await RunningNameServer.knotd({ folder: join(folder, "knot"), zones: { "hurt.test": hurtZone } });
  started.push(knot);
  const dead: NameServer = { address: "127.0.0.1", port: await lastingPort() };
  bind = await RunningNameServer.named({
    folder: join(folder, "bind"),
    zones: { "other.test": otherZone },
    forwarded: { "hurt.test": knot.server, "lame.test": knot.server, "dead.test": dead },
  });
  started.push(bind);
});
after(async () => {
  for (const server of started) await server.stop();
  rmSync(folder, { recursive: true });
});
afterEach(() => asking.close());

const edge = ["192.0.2.61", "2001:db8::61"] as const;
const firstEight = Array.from({ length: 8 }, (_, i) => `udp 192.0.2.${i + 1} 5060`);

/** BIND tells what is left of the TTL of what it has asked for: seconds less, as the tests go on. */
function assertNearly(actual: Outcome, expected: Outcome): void {
  assert.ok("ttl" in actual && "ttl" in expected, actual.kind);
  assert.ok(actual.ttl <= expected.ttl && actual.ttl > expected.ttl - 50, `a TTL of ${actual.ttl}`);
  assert.deepEqual({ ...actual, ttl: expected.ttl }, expected);
}
const assertSame = (actual: Outcome, expected: Outcome): void => assert.deepEqual(actual, expected);

for (const [name, server, endless, lame, assertOutcome] of [
  ["Knot, which answers for the zone", () => knot.server, /alias/, /names others to ask/, assertSame],
  ["BIND, which asks Knot", () => bind.server, /SERVFAIL/, /SERVFAIL/, assertNearly],
] as const)
  describe(name, () => {
    const resolver = (): Resolver => asking.resolver([server()], { timeout: 10_000 });
    const locate = (host: string, given: Partial<SoughtRequest> = {}): Promise<Location> =>
      located(resolver(), `${host}hurt.test`, given);
    const transports = (): readonly string[] =>
      asking.all("answered").map(({ transport, outcome }) => `${transport} ${outcome}`);

    it("leads from NAPTR by SRV to both families", async () => {
      const location = await locate("");
      assert.deepEqual(
        written(location),
        edge.map((address) => `tls ${address} 5061`),
      );
      assert.equal(location.sips, "offered");
      assert.deepEqual(transports(), Array(4).fill("udp records"));
      assert.deepEqual(asking.all("foreign"), []);
    });

    it("has 4,000 bytes of NAPTR and of SRV by TCP", async () => {
      const location = await locate("big.", { families: ["A"] });
      assert.deepEqual(written(location), firstEight);
      assert.deepEqual(
        transports().filter((one) => one !== "udp records"),
        ["udp truncated", "tcp records", "udp truncated", "tcp records"],
      );
    });

    it("follows aliases", async () => {
      assertOutcome(await resolver().ask({ type: "A", name: "three0.hurt.test" }), {
        kind: "records",
        records: [{ type: "A", address: "192.0.2.61" }],
        ttl: 300,
      });
    });

    for (const host of ["twelve0.", "loop0.", "self."])
      it(`gives up on the aliases of ${host}hurt.test: nothing is known`, async () => {
        const location = await locate(host, { port: 5060 });
        assert.equal(written(location), "temporary");
        assert.match(location.failure!.text, endless);
      });

    it("takes an alias to a name that doesn't exist for one (RFC 2308 2.1)", async () => {
      const outcome = await resolver().ask({ type: "A", name: "nowhere.hurt.test" });
      assertOutcome(outcome, { kind: "no-such-name", ttl: 60 });
    });

    it("tells what doesn't exist from what has no such record", async () => {
      const asked = resolver();
      const ask = (question: Question): Promise<Outcome> => asked.ask(question);
      assertOutcome(await ask({ type: "A", name: "nobody.hurt.test" }), { kind: "no-such-name", ttl: 60 });
      assertOutcome(await ask({ type: "A", name: "text.hurt.test" }), { kind: "no-data", ttl: 60 });
      // Nothing but names below it (RFC 8020 2).
      assertOutcome(await ask({ type: "A", name: "_udp.big.hurt.test" }), { kind: "no-data", ttl: 60 });
    });

    it("doesn't offer a service whose target is the root (RFC 2782)", async () => {
      assert.equal(written(await locate("closed.", { transport: "udp" })), "no-service");
    });

    it("leads to a target that is an alias, against RFC 2782", async () => {
      const location = await locate("aliased.", { transport: "udp" });
      assert.deepEqual(
        written(location),
        edge.map((address) => `udp ${address} 5060`),
      );
    });

    it("leads nowhere by a target that doesn't exist", async () => {
      assert.equal(written(await locate("lost.", { transport: "udp" })), "no-service");
    });

    it("has wildcards for addresses and services", async () => {
      assert.deepEqual(written(await locate("a.wild.", { port: 5070 })), ["udp 192.0.2.80 5070"]);
      assert.deepEqual(
        written(await locate("b.wild.", { transport: "tcp" })),
        edge.map((address) => `tcp ${address} 5080`),
      );
    });

    it("remembers no TTL of 0", async () => {
      const asked = resolver();
      const question: Question = { type: "A", name: "zero.hurt.test" };
      const outcome = await asked.ask(question);
      assert.deepEqual(outcome, { kind: "records", records: [{ type: "A", address: "192.0.2.70" }], ttl: 0 });
      assert.equal(asked.known(question), undefined);
    });

    it("fails for what is delegated to a server that doesn't answer for it", async () => {
      const { failure } = await locate("sip.lame.", { port: 5060 });
      assert.match(failure!.text, lame);
    });
  });

describe("eight aliases in a row", () => {
  const question: Question = { type: "A", name: "eight0.hurt.test" };

  it("are followed by the server that asks others", async () => {
    const outcome = await asking.resolver([bind.server], { timeout: 10_000 }).ask(question);
    assert.equal(outcome.kind, "records");
  });

  it("are the most: nothing is known behind a ninth", async () => {
    const ten: Question = { type: "A", name: "ten0.other.test" };
    const outcome = await asking.resolver([bind.server], { timeout: 10_000 }).ask(ten);
    assert.match(causeOf(outcome), /more than 8 aliases in a row/);
  });

  it("are a failure where the server stops on the way, as Knot does", async () => {
    const outcome = await asking.resolver([knot.server]).ask(question);
    assert.match(causeOf(outcome), /an alias, and not what the alias leads to/);
  });
});

describe("an alias to another zone", () => {
  const question: Question = { type: "A", name: "abroad.hurt.test" };

  it("is followed by the server that asks others", async () => {
    assertNearly(await asking.resolver([bind.server], { timeout: 10_000 }).ask(question), {
      kind: "records",
      records: [{ type: "A", address: "192.0.2.99" }],
      ttl: 300,
    });
  });

  it("is a failure where the server doesn't: it is not known that there is nothing", async () => {
    const outcome = await asking.resolver([knot.server]).ask(question);
    assert.match(causeOf(outcome), /an alias, and not what the alias leads to/);
  });
});

describe("a server that can't tell", () => {
  it("refuses what it doesn't serve, and the next one is asked", async () => {
    const question: Question = { type: "A", name: "edge.other.test" };
    assert.match(causeOf(await asking.resolver([knot.server]).ask(question)), /REFUSED/);
    const both = asking.resolver([knot.server, bind.server], { timeout: 10_000 });
    assert.equal((await both.ask(question)).kind, "records");
  });

  for (const domain of ["lame.test", "dead.test"])
    it(`fails for ${domain}, whose servers can't be had`, async () => {
      const resolver = asking.resolver([bind.server], { timeout: 20_000 });
      assert.match(causeOf(await resolver.ask({ type: "NAPTR", name: domain })), /SERVFAIL/);
      assert.equal(written(await located(resolver, domain)), "temporary");
    });

  it("is passed over where nobody listens any more", async () => {
    const gone = await RunningNameServer.knotd({
      folder: join(folder, "gone"),
      zones: { "hurt.test": hurtZone },
    });
    const resolver = asking.resolver([gone.server, knot.server], { timeout: 10_000, cache: 0 });
    assert.deepEqual(written(await located(resolver, "hurt.test"))[0], "tls 192.0.2.61 5061");
    await gone.stop();
    assert.deepEqual(written(await located(resolver, "hurt.test"))[0], "tls 192.0.2.61 5061");
    // A busy machine may make the others late too.
    assert.ok(asking.all("passed-over").some(({ server }) => server === gone.server));
  });
});
