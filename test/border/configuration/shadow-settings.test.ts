/** `shadow` of border.json. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { checkShadow, readBorderFile } from "../../../border/index.ts";
import { network, smallPolicy } from "../small-policy.ts";

const good = {
  policy: "ims.privet",
  secret: "00".repeat(16),
  listeners: [{ name: "inside", transport: "udp", address: "127.0.0.1", port: 5060 }],
  networks: { home: { hops: ["udp:192.0.2.1"] }, "open-d": { hops: ["udp:192.0.2.2"] } },
};

describe("the shadow policy of border.json", () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "privet-shadow-"));
    file = join(folder, "border.json");
  });
  after(() => rmSync(folder, { recursive: true }));

  function read(shadow: unknown): ReturnType<typeof readBorderFile> {
    writeFileSync(file, JSON.stringify({ ...good, shadow }));
    return readBorderFile(file);
  }

  for (const [what, json, expected] of [
    ["is none by itself", undefined, undefined],
    ["may be a path, for all calls", "next.privet", ["next.privet", 1]],
    ["may have a share of the calls", { policy: "next.privet", share: 0.1 }, ["next.privet", 0.1]],
    ["has all calls where no share is named", { policy: "next.privet" }, ["next.privet", 1]],
  ] as const) {
    it(what, () => {
      const result = read(json);
      assert.ok(result.ok, JSON.stringify(result));
      const { shadow } = result.file;
      assert.deepEqual(
        shadow,
        expected === undefined ? undefined : { policy: join(folder, expected[0]), share: expected[1] },
      );
    });
  }

  for (const [what, json, place, said] of [
    ["no path at all", "", /\/shadow$/, /fewer than 1 characters/],
    ["a share of none", { policy: "a.privet", share: 0 }, /\/shadow\/share$/, /must be > 0/],
    ["a share of more than all", { policy: "a.privet", share: 2 }, /\/shadow\/share$/, /must be <= 1/],
    ["a share of nothing", { share: 0.5 }, /\/shadow$/, /`policy` is missing/],
    [
      "a setting that does not exist",
      { policy: "a.privet", rate: 1 },
      /\/shadow$/,
      /no setting `rate`.*share/s,
    ],
    ["a number", 5, /\/shadow$/, /must be object/],
  ] as const) {
    it(`is a mistake as ${what}`, () => {
      const result = read(json);
      assert.ok(!result.ok);
      const [mistake] = result.mistakes;
      assert.match(mistake!.place, place);
      assert.match(`${mistake!.cause}; ${mistake!.remedy}`, said);
    });
  }

  it("warns of networks that only border.json, or only the shadow policy, has", () => {
    const result = read("next.privet");
    assert.ok(result.ok);
    const { configuration } = result.file;
    // Of both it can be said that nobody counts as `both`: once is enough.
    const inForce = smallPolicy([network("both", { listeners: ["elsewhere"] })]);
    assert.deepEqual(checkShadow(file, configuration, inForce, inForce), []);
    const networks = new Map([...inForce.networks, ["carrier-x", network("carrier-x")]]);
    networks.delete("open-d");
    const warnings = checkShadow(file, configuration, inForce, { ...inForce, networks });
    assert.deepEqual(
      warnings.map(({ place, cause }) => `${place.slice(file.length)}: ${cause}`.trim()),
      [
        "/networks/open-d: were the shadow policy in force: the policy has no network `open-d`",
        "/shadow: only the shadow policy has carrier-x: nothing is sent there",
      ],
    );
  });

  it("names a few of many such networks", () => {
    const result = read("next.privet");
    assert.ok(result.ok);
    const many = Array.from({ length: 1_000 }, (_, at) => network(`carrier-${at}`));
    const warnings = checkShadow(file, result.file.configuration, smallPolicy(), smallPolicy(many));
    assert.deepEqual(
      warnings.map(({ cause }) => cause),
      [
        "only the shadow policy has carrier-0, carrier-1, carrier-2, carrier-3, carrier-4 and 995 more: nothing is sent there",
      ],
    );
  });
});
