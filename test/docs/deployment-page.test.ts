/** What docs/deployment.md prints of Kamailio's configuration stands in the files that the peers' tests run. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { packageRoot } from "../package-root.ts";

const page = readFileSync(join(packageRoot, "docs/deployment.md"), "utf8");
const section = /\n## In front of Kamailio\n([^]*?)\n## /.exec(page)?.[1] ?? "";
const folder = join(packageRoot, "examples/kamailio");
const names = readdirSync(folder);
const files = names.map((name) => readFileSync(join(folder, name), "utf8"));

describe("the deployment page", () => {
  const blocks = [...section.matchAll(/\n```\n([^]*?)```\n/g)].map(([, lines = ""]) => lines);

  it("prints lines of examples/kamailio as they stand", () => {
    assert.ok(blocks.length >= 4);
    for (const block of blocks)
      assert.ok(
        files.some((file) => file.includes(`\n${block}`)),
        block,
      );
  });

  it("speaks of each file there", () => {
    for (const name of names) assert.ok(section.includes(`\`${name}\``), name);
  });

  it("speaks of no parameter that they don't have", () => {
    const parameters = ["fr_timer", "ds_ping_interval", "ds_probing_threshold", "tcp_connection_lifetime"];
    for (const name of parameters) {
      assert.ok(section.includes(`\`${name}\``), name);
      assert.ok(
        files.some((file) => file.includes(name)),
        name,
      );
    }
  });
});
