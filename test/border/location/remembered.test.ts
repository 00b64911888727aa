/** What is remembered of targets and domains, and for how long. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PassedOver } from "../../../border/location/passed-over.ts";
import { SipsWatch } from "../../../border/location/sips-watch.ts";

const target = (port: number) => ({ transport: "tcp", address: "192.0.2.7", port }) as const;

describe("a target that could not be connected to", () => {
  it("is passed over for 32 seconds", () => {
    let now = 0;
    const passedOver = new PassedOver(() => now);
    assert.equal(passedOver.isPassedOver(target(5060)), false);
    passedOver.note(target(5060));
    now = 31_999;
    assert.equal(passedOver.isPassedOver(target(5060)), true);
    assert.equal(passedOver.isPassedOver(target(5061)), false);
    now = 32_000;
    assert.equal(passedOver.isPassedOver(target(5060)), false);
  });

  it("is forgotten for the newest of more than a thousand", () => {
    const passedOver = new PassedOver(() => 0);
    for (let port = 1; port <= 1_001; port++) passedOver.note(target(port));
    assert.equal(passedOver.isPassedOver(target(1)), false);
    assert.equal(passedOver.isPassedOver(target(2)), true);
    assert.equal(passedOver.isPassedOver(target(1_001)), true);
  });
});

describe("a domain's SIPS records (RFC 3263 7)", () => {
  it("are told of once when they vanish, and again only after they were back", () => {
    const watch = new SipsWatch();
    const seen = (
      ["not-offered", "offered", "not-known", "not-offered", "not-offered", "offered", "not-offered"] as const
    ).map((offer) => watch.see("carrier-c.example", offer));
    assert.deepEqual(seen, [false, false, false, true, false, false, true]);
    assert.equal(watch.isWithdrawn("carrier-c.example"), true);
    assert.equal(watch.isWithdrawn("open-d.example"), false);
    watch.see("carrier-c.example", "offered");
    assert.equal(watch.isWithdrawn("carrier-c.example"), false);
  });

  it("are remembered of those seen last, however many others are seen", () => {
    const watch = new SipsWatch();
    for (const domain of ["carrier-c.example", "gone.example"]) watch.see(domain, "offered");
    watch.see("gone.example", "not-offered");
    for (let other = 0; other < 150_000; other++) {
      watch.see(`${other}.example`, "offered");
      if (other % 50_000 === 0) {
        watch.see("carrier-c.example", "offered");
        watch.see("gone.example", "not-offered");
      }
    }
    assert.equal(watch.isWithdrawn("gone.example"), true);
    assert.equal(watch.see("carrier-c.example", "not-offered"), true);
    assert.equal(watch.see("1.example", "not-offered"), false);
  });
});
