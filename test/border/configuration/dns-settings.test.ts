import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { checkConfiguration, checkReload, readBorderFile } from "../../../border/index.ts";
import { smallPolicy } from "../small-policy.ts";

const inside = { name: "inside", transport: "udp", address: "127.0.0.1", port: 5060 };

describe("`dns` in border.json", () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "privet-dns-"));
    file = join(folder, "border.json");
  });
  after(() => rmSync(folder, { recursive: true }));

  function read(dns: unknown, more: object = {}): ReturnType<typeof readBorderFile> {
    const json = {
      policy: "p.privet",
      secret: "000102030405060708090a0b0c0d0e0f",
      listeners: [inside],
      networks: { home: { hops: ["udp:127.0.0.1:9"] } },
      ...(dns === undefined ? {} : { dns }),
      ...more,
    };
    writeFileSync(file, JSON.stringify(json));
    return readBorderFile(file);
  }

  const readWell = (dns: unknown, more?: object) => {
    const result = read(dns, more);
    assert.ok(result.ok, JSON.stringify(result));
    return result.file;
  };

  const mistakes = (dns: unknown): readonly string[] => {
    const result = read(dns);
    return result.ok
      ? []
      : result.mistakes.map(({ place, cause }) => `${place.slice(file.length + 1)}: ${cause}`);
  };

  it("has defaults, and none is needed", () => {
    assert.equal(readWell(undefined).configuration.dns, undefined);
    assert.deepEqual(readWell({ servers: ["192.0.2.53", "[2001:DB8::53]:5353", "::1"] }).configuration.dns, {
      servers: [
        { address: "192.0.2.53", port: 53 },
        { address: "2001:db8::53", port: 5353 },
        { address: "::1", port: 53 },
      ],
      milliseconds: 4000,
      cache: 10_000,
      withdrawn: "tell",
    });
    const given = { servers: ["127.0.0.1:5300"], milliseconds: 500, cache: 100, withdrawn: "refuse" };
    assert.deepEqual(readWell(given).configuration.dns, {
      ...given,
      servers: [{ address: "127.0.0.1", port: 5300 }],
    });
  });

  it("says what is wrong with it", () => {
    assert.deepEqual(mistakes({ servers: ["ns.example", "192.0.2.53:0"] }), [
      "/dns/servers/0: `ns.example` is no name server",
      "/dns/servers/1: `192.0.2.53:0` is no name server",
    ]);
    assert.deepEqual(mistakes({}), ["/dns: `servers` is missing"]);
    assert.deepEqual(mistakes({ servers: "mine" }), ['/dns/servers: "mine" is not known here']);
    assert.equal(mistakes({ servers: [] }).length, 1);
    assert.equal(mistakes({ servers: ["192.0.2.53"], milliseconds: 50 }).length, 1);
  });

  it("needs a word where what came over a stream may leave over UDP", () => {
    const policy = smallPolicy();
    const both = { listeners: [inside, { ...inside, transport: "tcp" }], networks: {} };
    const found = (more: object): readonly string[] =>
      checkConfiguration(file, readWell({ servers: ["192.0.2.53"] }, more).configuration, policy)
        .mistakes.map(({ place, cause }) => `${place.slice(file.length + 1)}: ${cause}`)
        .filter((text) => text.startsWith("/dns"));
    assert.deepEqual(found(both), [
      "/dns: requests that come over a stream would leave over UDP where DNS says so, and nobody sends again what is lost there",
    ]);
    assert.deepEqual(found({ ...both, lossy: "accept" }), []);
    assert.deepEqual(found({}), []);
    assert.deepEqual(found({ ...both, listeners: [{ ...inside, transport: "tcp" }] }), []);
  });

  it("stays as it was at the start", () => {
    const running = readWell({ servers: ["192.0.2.53"] });
    const next = readWell({ servers: ["192.0.2.54"] });
    assert.deepEqual(
      checkReload(file, running, next).map(({ place, cause }) => `${place.slice(file.length + 1)}: ${cause}`),
      ["/dns: name servers stay as they are while the border runs"],
    );
    assert.deepEqual(checkReload(file, running, running), []);
  });
});
