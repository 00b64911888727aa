import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { it } from "node:test";
import { packageRoot } from "../package-root.ts";

it("the generated grammar is what the generator makes of privet.ne", () => {
  const script = join(packageRoot, "scripts/generate-grammar.mjs");
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  assert.equal(stderr, "");
  assert.equal(status, 0);
});
