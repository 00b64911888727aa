/** Networks looked up in packed form: the same answers as of plain ones, and of a walk over all of them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  buffersOfPack,
  indexOf,
  type NetworkPack,
  type Networks,
  PackedNetworks,
  packNetworks,
} from "../../engine/index.ts";
import type { AddressPrefix, Network } from "../../grammar/model.ts";
import { network } from "../border/small-policy.ts";

/** As it arrives in another thread. */
function moved(networks: Networks): PackedNetworks {
  const pack = packNetworks(networks);
  const arrived: NetworkPack = structuredClone(pack, { transfer: buffersOfPack(pack) });
  return new PackedNetworks(arrived);
}

function mapOf(...networks: readonly Network[]): Networks {
  return new Map(networks.map((one) => [one.name, one]));
}

const prefix = (address: string, bytes: readonly number[], length: number): AddressPrefix => ({
  address,
  bytes,
  length,
});

const day = 86_400_000;

const shapes = fc
  .record({
    kind: fc.constantFrom("network", "partner"),
    own: fc.boolean(),
    domains: fc.array(fc.constantFrom("a.example", "b.example", "c.example", "Ä.example"), { maxLength: 2 }),
    listeners: fc.array(fc.constantFrom("inside", "outside", "zb"), { maxLength: 2 }),
    addresses: fc.array(
      fc
        .tuple(fc.constantFrom(0, 8, 12, 32), fc.constantFrom("10.1.2.3", "10.17.2.3", "192.0.2.1"))
        .map(([length, address]) => {
          const bits = address.split(".").map(Number);
          const bytes = bits.map((byte, at) => byte & (0xff << Math.max(0, 8 * (at + 1) - length)) & 0xff);
          return prefix(bytes.join("."), bytes, length);
        }),
      { maxLength: 2 },
    ),
    agreement: fc.option(
      fc.record(
        {
          name: fc.string({ unit: "binary" }),
          from: fc.constantFrom(0, day, Number.NEGATIVE_INFINITY),
          until: fc.constantFrom(2 * day, 3 * day, Number.POSITIVE_INFINITY),
        },
        { noNullPrototype: true },
      ),
      { nil: undefined },
    ),
    authorities: fc.array(fc.string({ unit: "grapheme" }), { maxLength: 2 }),
    revocations: fc.array(fc.constantFrom("one.crl", "two.crl"), { maxLength: 2 }),
    extendedKeyUsage: fc.constantFrom("rfc5924", "lenient"),
    sharesHost: fc.boolean(),
    tlsRequired: fc.boolean(),
    options: fc.constantFrom(new Map<string, string>(), new Map([["keep", "yes"]])),
  })
  .map((facts) => facts as Partial<Network>);

const generated = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,5}$/), shapes), {
    selector: ([name]) => name,
    maxLength: 12,
  })
  .map((all) => mapOf(...all.map(([name, facts]) => network(name, facts))));

describe("packed networks", () => {
  it("hold what was packed, in its order, whatever it is", () => {
    fc.assert(
      fc.property(generated, (plain) => {
        const packed = moved(plain);
        assert.deepEqual([...packed], [...plain]);
        assert.deepEqual([...packed.keys()], [...plain.keys()]);
        assert.equal(packed.size, plain.size);
        for (const [name, one] of plain) {
          assert.deepEqual(packed.get(name), one);
          assert.equal(packed.get(name), packed.get(name));
        }
        const counted: string[] = [];
        packed.forEach((one, name, all) => counted.push(`${one.name} ${name} ${all.size}`));
        assert.deepEqual(
          counted,
          [...plain.keys()].map((name) => `${name} ${name} ${plain.size}`),
        );
      }),
    );
  });

  it("answer what a walk over all of them would", () => {
    const addresses = [[10, 1, 2, 3], [10, 17, 2, 3], [192, 0, 2, 1], [198, 51, 100, 1], Array(16).fill(0)];
    fc.assert(
      fc.property(generated, (plain) => {
        const all = [...plain.values()];
        for (const networks of [plain, moved(plain)]) {
          const index = indexOf(networks);
          const names = (found: readonly Network[]): string[] => found.map(({ name }) => name);
          for (const domain of ["a.example", "b.example", "Ä.example", "x.example"])
            assert.deepEqual(
              names(index.ofDomain(domain)),
              names(all.filter(({ domains }) => domains.includes(domain))),
            );
          assert.deepEqual(names(index.own()), names(all.filter(({ own }) => own)));
          for (const listener of ["inside", "outside", "zb", "none"]) {
            const known = all.filter(({ listeners }) => listeners.includes(listener));
            const found = index.byListener(listener);
            const told = found === undefined || found === "several" ? found : found.name;
            assert.equal(told, known.length > 1 ? "several" : known[0]?.name);
          }
          for (const address of addresses)
            for (const listener of [undefined, "inside"]) {
              const holders = all
                .filter(({ listeners }) => listener === undefined || listeners.includes(listener))
                .flatMap(({ name, addresses: held }) => held.map((one) => ({ name, one })))
                .filter(
                  ({ one: { bytes, length } }) =>
                    bytes.length === address.length &&
                    [...Array(length).keys()].every(
                      (bit) => ((bytes[bit >> 3]! ^ address[bit >> 3]!) & (128 >> (bit & 7))) === 0,
                    ),
                )
                .toSorted((a, b) => b.one.length - a.one.length || (a.name < b.name ? -1 : 1));
              assert.equal(index.nearest(address, listener)?.name, holders[0]?.name);
            }
          for (const name of ["nobody", ...plain.keys()]) {
            assert.equal(networks.has(name), plain.has(name));
            assert.equal(index.positionOf(name), [...plain.keys()].indexOf(name));
          }
          const partners = all.filter(({ kind }) => kind === "partner");
          const of = (at: number) => {
            const dated = partners.flatMap(({ agreement }) => agreement ?? []);
            const ended = dated.filter(({ until }) => until <= at).length;
            const pending = dated.filter(({ from }) => from > at).length;
            const inForce = dated.length - ended - pending;
            return { pending, "in-force": inForce, ended, none: partners.length - dated.length };
          };
          for (const at of [-1, 0, day, 2 * day, 3 * day]) assert.deepEqual(index.agreementsAt(at), of(at));
        }
      }),
    );
  });

  it("tell of agreements that end soon, the soonest first, and no more than are asked for", () => {
    const ending = (name: string, until: number): Network =>
      network(name, { kind: "partner", agreement: { name: "A", from: 0, until } });
    const plain = mapOf(ending("c", 3 * day), ending("a", day), ending("b", 2 * day), ending("gone", 1));
    for (const networks of [plain, moved(plain)]) {
      const named = (from: number, to: number, most: number): string[] =>
        indexOf(networks)
          .agreementsEnding(from, to, most)
          .map(({ name }) => name);
      assert.deepEqual(named(1, 2 * day, 10), ["a", "b"]);
      assert.deepEqual(named(0, 9 * day, 10), ["gone", "a", "b", "c"]);
      assert.deepEqual(named(1, 9 * day, 2), ["a", "b"]);
      assert.deepEqual(named(3 * day, 9 * day, 2), []);
    }
  });

  it("know the words of their names", () => {
    for (const networks of [mapOf(network("Carrier-c7")), moved(mapOf(network("Carrier-c7")))]) {
      const index = indexOf(networks);
      assert.ok(index.holdsWord("carrier") && index.holdsWord("c7"));
      assert.ok(!index.holdsWord("carrier-c7") && !index.holdsWord("c") && !index.holdsWord("Carrier"));
    }
  });
});
