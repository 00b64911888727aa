/** `docs/syntax-violations.md` has a row for every rule, and says of it what the code does. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { defaultScanLimits, syntaxRules } from "../../wire/index.ts";
import { packageRoot } from "../package-root.ts";

describe("docs/syntax-violations.md", () => {
  const page = readFileSync(join(packageRoot, "docs", "syntax-violations.md"), "utf8");
  const rows = page
    .split("\n")
    .map((line) => /^\| `([a-z-]+)` \| (\d+) \| (closes|goes on) \| (.*?) \| (.*?) \| (.*?) \|$/.exec(line))
    .filter((match) => match !== null);

  it("lists the rules in the order of the table", () => {
    assert.deepEqual(
      rows.map(([, name]) => name),
      [...syntaxRules.keys()].toSorted(
        (a, b) => Number(a.startsWith("limit-")) - Number(b.startsWith("limit-")),
      ),
    );
  });

  it("gives status, stream and clause as the table has them", () => {
    const told = rows.map(([, name, status, stream, about, clause]) => ({
      name,
      status: Number(status),
      closes: stream === "closes",
      about,
      clause,
    }));
    const held = rows.map(([, name]) => {
      const [, { status, closes, about, clause }] = [...syntaxRules].find(([rule]) => rule === name)!;
      return { name, status, closes, about, clause };
    });
    assert.deepEqual(told, held);
  });

  it("gives the limits' defaults", () => {
    const defaults = rows
      .filter(([, name]) => name!.startsWith("limit-"))
      .map(([, , , , about, , value]) => [/`(\w+)`/.exec(about!)![1]!, Number(value)]);
    assert.deepEqual(Object.fromEntries(defaults), defaultScanLimits);
  });
});
