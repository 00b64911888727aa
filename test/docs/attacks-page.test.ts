/** docs/attacks.md names tests: they are there. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { packageRoot } from "../package-root.ts";

const page = readFileSync(join(packageRoot, "docs/attacks.md"), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| ") && line.includes("`test/"));

describe("docs/attacks.md", () => {
  for (const row of rows) {
    const [, attack = "", , tests = ""] = row.split(/(?<!\\)\|/);
    it(`names the tests of: ${attack.trim()}`, () => {
      const parts = tests.trim().split(/`(test\/[^`]+)`/);
      assert.equal(parts[0], "");
      for (let at = 1; at < parts.length; at += 2) {
        const source = readFileSync(join(packageRoot, parts[at]!), "utf8");
        const titles = [...parts[at + 1]!.matchAll(/\*([^*]+)\*/g)].map(([, title]) => title!);
        for (const title of titles) assert.ok(source.includes(title), `${parts[at]} has no ${title}`);
      }
    });
  }

  it("has its rows read", () => assert.ok(rows.length > 25));
});
