/** What is generated and committed is what its generator makes today. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { packageRoot } from "./package-root.ts";

describe("generated files", () => {
  for (const [source, generator] of [
    ["the grammar", "generate-grammar.mjs"],
    ["the quick reading", "generate-quick-read.mjs"],
    ["the schemas", "generate-validators.mjs"],
  ] as const) {
    it(`holds what ${generator} makes of ${source}`, () => {
      const script = join(packageRoot, "scripts", generator);
      const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
      assert.equal(stderr, "");
      assert.equal(status, 0);
    });
  }
});
