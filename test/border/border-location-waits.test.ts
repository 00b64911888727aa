/** What a request costs that waits for DNS, and what it costs the others. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { engineOf, LocatingHome, policy, statusOf } from "./locating-home.ts";
import { valuesOf } from "./phone.ts";
import { branchOf } from "./written-messages.ts";

describe("while no name server answers, a request that needs one", () => {
  let there: LocatingHome;

  before(async () => {
    there = await LocatingHome.open();
  });
  after(() => there.close());
  afterEach(() => there.endTest());

  it("is answered 503 in time, and costs the others nothing", async () => {
    const partner = await there.phone("127.0.0.12");
    const zone = await there.zone();
    zone.isDead = true;
    await there.start(zone, {
      dns: { servers: zone.servers, milliseconds: 8_000 },
      hops: { home: [there.hop], "open-d": [`udp:127.0.0.12:${partner.port}`] },
    });
    const calledAt = performance.now();
    there.call(there.request("sip:bob@carrier-c.example"));
    for (let one = 0; one < 20; one++) {
      there.call(there.request("sip:x@open-d.example"));
      assert.match(await partner.next(), /^INVITE sip:x@open-d\.example/);
    }
    // All of them have gone, and nobody has heard of the first yet.
    assert.equal(there.border.messages.length, 20);
    assert.equal(statusOf(await there.home.next()), 503);
    const waited = performance.now() - calledAt;
    assert.ok(waited >= 7_990, `${waited} ms`);
    assert.match(await there.outcome(), /carrier-c\.example/);
    // What is known not to be known costs no second wait.
    there.call(there.request("sip:bob@carrier-c.example"));
    assert.equal(statusOf(await there.home.next()), 503);
    assert.equal(
      zone.server.questions.every(
        (question) =>
          question === "udp NAPTR carrier-c.example" || question === "tcp NAPTR carrier-c.example",
      ),
      true,
    );
  });

  it("is answered 503 at once where more waits for its host than may", async () => {
    const zone = await there.zone();
    zone.isDead = true;
    const text = there.request("sip:bob@carrier-c.example");
    await there.start(zone, {
      dns: { servers: zone.servers, milliseconds: 1_000 },
      queue: { bytes: text.length + 100, milliseconds: 8_000 },
    });
    there.call(text);
    there.call(there.request("sip:bob@carrier-c.example"));
    assert.equal(statusOf(await there.home.next()), 503);
    assert.match(await there.outcome(), /too much waits for DNS/);
    assert.equal(statusOf(await there.home.next()), 503);
    assert.match(await there.outcome(), /NAPTR records of carrier-c\.example/);
  });

  it("goes by the policy in force when DNS tells, before its CANCEL, and once", async () => {
    const partner = await there.phone("127.0.0.12");
    const zone = await there.zone(
      `_sip._udp.open-d.example SRV 0 0 ${partner.port} proxy.open-d.example`,
      "proxy.open-d.example A 127.0.0.12",
    );
    zone.isDead = true;
    await there.start(zone, { dns: { servers: zone.servers, milliseconds: 3_000 } });
    const invite = there.request("sip:x@open-d.example");
    there.call(invite);
    there.call(invite.replaceAll("INVITE", "CANCEL"));
    await there.border.until(() => zone.server.questions.length > 0, "a question");
    there.border.adopt({ engine: engineOf(policy("trust open-d\n")) });
    zone.isDead = false;
    const [first, second] = [await partner.next(), await partner.next()];
    assert.match(first, /^INVITE /);
    assert.match(second, /^CANCEL /);
    assert.equal(branchOf(second), branchOf(first));
    assert.deepEqual(valuesOf(first, "P-Asserted-Identity"), ["<sip:alice@home1.example>"]);
    assert.deepEqual(await partner.silence(), []);
    assert.equal(there.border.messages.length, 2);
  });

  it("is answered once DNS has told, or its time is over, when the border ends", async () => {
    const zone = await there.zone();
    zone.isDead = true;
    await there.start(zone, { dns: { servers: zone.servers, milliseconds: 300 } });
    there.call(there.request("sip:bob@carrier-c.example"));
    await there.border.until(() => zone.server.questions.length > 0, "a question");
    await there.border.close();
    assert.equal(statusOf(await there.home.next()), 503);
  });
});
