/** `privet run` as its own process, with a policy on trial. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { valuesOf } from "../border/phone.ts";
import { ReloadableBorder } from "./reloadable-border.ts";

const policy = (title: string, lines: string, network = "open-d"): string => `language 1
policy "${title}"
network home {
  own
  domain "home1.example"
  listener "inside"
}
network ${network} {
  domain "open-d.example"
  listener "outside"
}
trust home
rule only-rule
  on request to untrusted
  ${lines}
  because "house rule"
`;

describe("privet run with a shadow policy", () => {
  let there: ReloadableBorder;

  /** A call goes out as the policy in force has it: with Subject, without an identity. */
  const call = async (): Promise<void> => {
    const passed = await there.call();
    assert.deepEqual(valuesOf(passed, "P-Asserted-Identity"), []);
    assert.deepEqual(valuesOf(passed, "Subject"), ["hello"]);
  };
  const metrics = async (): Promise<readonly string[]> =>
    (await there.page("metrics"))
      .split("\n")
      .filter((line) => /^privet_shadow\w*\{/.test(line) && !line.endsWith(" 0"));

  before(async () => {
    const files = {
      "p.privet": policy("old", "remove P-Asserted-Identity"),
      "next.privet": policy("new", 'reject 403 "No"'),
    };
    there = await ReloadableBorder.start(files, { shadow: "next.privet", log: { level: "rejections" } });
  });
  after(() => there.end());

  it("logs and counts what it would have done, and does what the policy in force says", async () => {
    await call();
    const [line] = await there.until(/^\{.*"kind":"shadow".*\}$/m);
    const { now, then } = JSON.parse(line) as Record<string, { verdict: string; status?: number }>;
    assert.deepEqual([now!.verdict, then!.verdict, then!.status], ["rewrite", "reject", 403]);
    assert.doesNotMatch(line, /alice|bob/);
    assert.deepEqual(await metrics(), [
      'privet_shadow_total{result="different"} 1',
      'privet_shadow_differences_total{from="home",to="open-d",now="rewrite",then="403"} 1',
    ]);
  });

  it("takes another shadow policy, and warns of what it lacks", async () => {
    there.write("next.privet", policy("newer", "remove P-Asserted-Identity", "open-x"));
    there.hangUp();
    await there.until(
      /warning: .*border\.json \/networks\/open-d: were the shadow policy in force: the policy has no network `open-d`/,
    );
    await there.until(/"kind":"reloaded","ok":true,.*policy old, on trial: newer"/);
    await call();
    assert.deepEqual(await metrics(), [
      'privet_shadow_total{result="same"} 1',
      'privet_shadow_total{result="different"} 1',
      'privet_shadow_differences_total{from="home",to="open-d",now="rewrite",then="403"} 1',
    ]);
  });

  it("keeps both policies where either of the new ones has a mistake", async () => {
    there.write("next.privet", policy("newest", "remove Subjekt"));
    there.hangUp();
    const { index, input } = await there.until(/error: not reloaded: what was in force stays in force\n/);
    assert.match(input.slice(0, index), /of the shadow policy:\n.*next\.privet/s);
    await call();
    assert.ok((await metrics()).includes('privet_shadow_total{result="same"} 2'));
  });

  it("reads a changed shadow policy without being told", async () => {
    there.write("next.privet", policy("changed", "remove Subject"));
    await there.until(/"kind":"reloaded","ok":true,.*policy old, on trial: changed"/);
    await call();
    const [line] = await there.until(/^\{.*"kind":"shadow".*\}$/m);
    assert.deepEqual(JSON.parse(line).fields, ["P-Asserted-Identity", "Subject"]);
  });

  it("tries nothing any more once border.json names none", async () => {
    const counted = await metrics();
    there.configure({ shadow: undefined });
    there.hangUp();
    await there.until(/"kind":"reloaded","ok":true,.*policy old"/);
    await call();
    assert.deepEqual(await metrics(), counted);
  });
});

describe("privet run --check-config with a shadow policy", () => {
  it("says what is on trial, and what would not start", async () => {
    const { runBorder } = await import("../../cli/run.ts");
    const { memoryIo } = await import("./memory-io.ts");
    const folder = mkdtempSync(join(tmpdir(), "privet-trial-"));
    const file = join(folder, "border.json");
    writeFileSync(join(folder, "p.privet"), policy("old", "remove P-Asserted-Identity"));
    writeFileSync(join(folder, "next.privet"), policy("new", "remove Subject"));
    const write = (shadow: string): void =>
      writeFileSync(
        file,
        JSON.stringify({
          policy: "p.privet",
          shadow,
          secret: "00".repeat(16),
          listeners: [
            { name: "inside", transport: "udp", address: "127.0.0.1", port: 0 },
            { name: "outside", transport: "udp", address: "127.0.0.1", port: 0 },
          ],
          networks: { home: { hops: ["udp:127.0.0.1:5070"] }, "open-d": {} },
        }),
      );
    write("next.privet");
    const good = memoryIo();
    assert.equal(await runBorder(["--check-config", file], good), 0);
    assert.match(good.said().toString(), /can start, with policy old, on trial: new\n/);
    assert.equal(good.complained(), "");
    write("missing.privet");
    const bad = memoryIo();
    assert.equal(await runBorder(["--check-config", file], bad), 2);
    assert.match(bad.complained(), /^of the shadow policy:\n.*missing\.privet/s);
    rmSync(folder, { recursive: true });
  });
});
