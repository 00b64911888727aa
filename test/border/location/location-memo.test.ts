/** What is kept of locations: never another answer than the one that DNS and the draw give. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LocationMemo, Noted } from "../../../border/location/location-memo.ts";
import { Locator } from "../../../border/location/locator.ts";
import { type Draw, type Location, locateRequest, type Outcome, type Question } from "../../../wire/index.ts";

const srv = (weight: number, target: string) =>
  ({ type: "SRV", priority: 10, weight, port: 5060, target: `${target}.open-d.example` }) as const;
const address = (last: number): Outcome => ({
  kind: "records",
  records: [{ type: "A", address: `192.0.2.${last}` }],
  ttl: 60,
});

class Zone {
  looks = 0;
  readonly outcomes = new Map<string, Outcome>([
    ["NAPTR open-d.example", { kind: "no-data", ttl: 60 }],
    [
      "SRV _sip._udp.open-d.example",
      { kind: "records", records: [srv(1, "a"), srv(3, "b"), srv(0, "c")], ttl: 60 },
    ],
    ["A a.open-d.example", address(1)],
    ["A b.open-d.example", address(2)],
    ["A c.open-d.example", address(3)],
  ]);
  readonly locator = new Locator(
    {
      known: ({ type, name }: Question) => this.outcomes.get(`${type} ${name}`),
      ask: () => new Promise(() => {}),
    },
    { milliseconds: 50, bytes: 1_000 },
  );
  begun = 0;

  /** The last figures of the addresses, in order. */
  order(draw: Draw, key = "key"): string | undefined {
    const begin = (drawn: Draw) => {
      this.begun++;
      return locateRequest({
        scheme: "sip",
        host: "open-d.example",
        supported: ["udp"],
        tlsDemanded: false,
        families: ["A"],
        draw: drawn,
      });
    };
    return this.locator
      .now(key, { begin, draw })
      ?.targets?.map((one) => one.address.at(-1))
      .join("");
  }
}

/** The first draw among three, then the second among two. */
const drawing =
  (first: number, second: number): Draw =>
  (step, highest) => {
    assert.equal(highest, step === 0 ? 4 : highest);
    return Math.min(step === 0 ? first : second, highest);
  };

describe("a location that was worked out before", () => {
  it("is that of the draw, and worked out once for each (RFC 2782)", () => {
    const zone = new Zone();
    const drawn = [0, 1, 2, 4].flatMap((first) => [0, 4].map((second) => [first, second] as const));
    const orders = drawn.map(([first, second]) => zone.order(drawing(first, second)));
    // c weighs 0, a 1, b 3: a draw of 0 takes c, of 1 takes a, of more b.
    assert.deepEqual(orders, ["312", "321", "132", "123", "231", "213", "231", "213"]);
    const { begun } = zone;
    assert.deepEqual(
      drawn.map(([first, second]) => zone.order(drawing(first, second))),
      orders,
    );
    assert.equal(zone.begun, begun);
  });

  it("is worked out anew once one answer is another", () => {
    const zone = new Zone();
    assert.equal(zone.order(drawing(0, 0)), "312");
    zone.outcomes.set("A a.open-d.example", address(9));
    assert.equal(zone.order(drawing(0, 0)), "392");
    zone.outcomes.set("SRV _sip._udp.open-d.example", { kind: "records", records: [srv(0, "b")], ttl: 60 });
    assert.equal(
      zone.order(() => 0),
      "2",
    );
    zone.outcomes.delete("A b.open-d.example");
    assert.equal(
      zone.order(() => 0),
      undefined,
    );
  });

  it("is kept apart for what is sought apart", () => {
    const zone = new Zone();
    zone.order(drawing(0, 0));
    const { begun } = zone;
    zone.order(drawing(0, 0), "another key");
    assert.equal(zone.begun, begun + 1);
  });
});

describe("what is kept in all", () => {
  const kept = (memo: LocationMemo, key: string, drawn: number): Location | undefined =>
    memo.find(
      key,
      () => drawn,
      () => told,
    );
  const told: Outcome = address(1);
  const keep = (memo: LocationMemo, key: string, drawn: number): void => {
    const noted = new Noted(() => drawn);
    noted.draw(0, 65_535);
    noted.note({ type: "A", name: "a.open-d.example" }, told);
    memo.keep(key, noted, { domain: key, sips: "not-offered", targets: [] });
  };

  it("is bounded, whatever is sought and drawn: the oldest make room", () => {
    const memo = new LocationMemo();
    for (let drawn = 0; drawn < 1_000; drawn++) keep(memo, "first", drawn);
    assert.ok(kept(memo, "first", 510));
    // Of one key no more than 512 stand.
    assert.equal(kept(memo, "first", 600), undefined);
    for (let key = 0; key < 40; key++)
      for (let drawn = 0; drawn < 300; drawn++) keep(memo, `key ${key}`, drawn);
    assert.equal(kept(memo, "first", 510), undefined);
    const standing = Array.from({ length: 40 }, (_, key) => kept(memo, `key ${key}`, 0)).filter(Boolean);
    // 10,000 of 301 nodes each.
    assert.equal(standing.length, 33);
    assert.ok(kept(memo, "key 39", 299));
  });
});
