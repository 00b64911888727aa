/** What is counted by source and by network. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NetworkShares } from "../../../border/forwarding/network-shares.ts";
import { Rate } from "../../../border/forwarding/rate.ts";
import { SourceTable } from "../../../border/forwarding/source-table.ts";
import type { NetworkSettings } from "../../../border/index.ts";

const start = Date.UTC(2026, 10, 25);

/** How many of so many tries at that time are taken. */
function taken(rate: Rate, tries: number, at: number): number {
  return Array.from({ length: tries }, () => rate.take(at)).filter((isTaken) => isTaken).length;
}

describe("a rate of 10 a second", () => {
  it("takes 10 at once, and one more every 100 ms", () => {
    const rate = new Rate(10, start);
    assert.equal(taken(rate, 20, start), 10);
    assert.equal(taken(rate, 5, start + 99), 0);
    assert.equal(taken(rate, 5, start + 100), 1);
    assert.equal(taken(rate, 5, start + 350), 2);
  });

  it("never takes more than 10 at once, however long nothing came", () => {
    const rate = new Rate(10, start);
    assert.equal(taken(rate, 20, start + 3_600_000), 10);
  });

  it("takes nothing for a clock that goes back, and goes on from there", () => {
    const rate = new Rate(10, start);
    assert.equal(taken(rate, 10, start), 10);
    assert.equal(taken(rate, 5, start - 60_000), 0);
    assert.equal(taken(rate, 5, start - 59_900), 1);
  });
});

describe("what is remembered of sources", () => {
  interface Entry {
    readonly at: number;
    held: boolean;
  }
  const table = (): SourceTable<Entry> =>
    new SourceTable<Entry>(
      (at) => ({ at, held: false }),
      ({ held }) => held,
    );

  it("is one for an IPv4 address however it is written, and one for the first 64 bits of an IPv6 one", () => {
    const entries = table();
    const first = entries.of("192.0.2.1", 1);
    assert.equal(entries.of("::ffff:192.0.2.1", 2), first);
    assert.notEqual(entries.of("192.0.2.2", 2), first);
    const network = entries.of("2001:db8:0:1::1", 1);
    assert.equal(entries.of("2001:db8:0:1:ffff:ffff:ffff:ffff", 2), network);
    assert.notEqual(entries.of("2001:db8:0:2::1", 2), network);
    assert.equal(entries.find("203.0.113.1"), undefined);
  });

  it("is forgotten beyond 65,536, those that came first before others, and what is held never", () => {
    const entries = table();
    const address = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    for (let index = 0; index < 65_536; index++) entries.of(address(index), index);
    entries.of(address(0), 0).held = true;
    entries.of(address(2), 2).held = true;
    for (let index = 65_536; index < 65_538; index++) entries.of(address(index), index);
    assert.equal(entries.find(address(0))?.at, 0);
    assert.equal(entries.find(address(1)), undefined);
    assert.equal(entries.find(address(2))?.at, 2);
    assert.equal(entries.find(address(3)), undefined);
    assert.equal(entries.find(address(4))?.at, 4);
    assert.equal(entries.find(address(65_537))?.at, 65_537);
  });
});

describe("the shares of networks", () => {
  const place: NetworkSettings = { hops: [], listener: undefined, numeric: false };

  it("are none where no network has a limit: messages are not looked at then", () => {
    assert.equal(NetworkShares.of(new Map([["home", place]]), start), undefined);
  });

  it("leave networks without a limit alone", () => {
    const shares = NetworkShares.of(
      new Map([
        ["home", place],
        ["open-d", { ...place, messages: 1 }],
      ]),
      start,
    );
    assert.ok(shares !== undefined);
    const answers = ["open-d", "open-d", "home", "home", "stranger"].map((name) =>
      shares.takeMessage(name, start),
    );
    assert.deepEqual(answers, [true, false, true, true, true]);
  });
});
