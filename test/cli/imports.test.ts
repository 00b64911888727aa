/**
 * What has to be loaded before a border.json or a policy can be read: by the thread of a reload, which
 * begins anew each time, and by the commands that only check.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const built = fileURLToPath(new URL("../../", import.meta.url));

/** All that the file imports, and what that imports: paths of ours, and names of packages. */
function importsOf(file: string, found = new Set<string>()): Set<string> {
  const path = relative(built, file).replaceAll("\\", "/");
  if (found.has(path)) return found;
  found.add(path);
  for (const [, from] of readFileSync(file, "utf8").matchAll(/^(?:import|export) [^;]*?from "([^"]+)";/gm)) {
    if (from!.startsWith(".")) importsOf(join(dirname(file), from!), found);
    else found.add(from!);
  }
  return found;
}

/** And `ajv`: schemas are compiled when Privet is built. */
const carriers = [
  "ajv",
  "rxjs",
  "pino",
  "prom-client",
  "border/index.js",
  "engine/index.js",
  "adapters/index.js",
];

describe("the thread that loads", () => {
  const imports = importsOf(join(built, "cli/border-load-thread.js"));

  it("loads what reads and checks", () => {
    for (const one of ["cli/border-load.js", "grammar/index.js", "node-forge/lib/asn1.js", "csv-parse/sync"])
      assert.ok(imports.has(one), one);
    const ours = [...imports].filter((one) => /^(?:border|cli|engine|grammar|wire)\//.test(one));
    for (const one of ours) assert.ok(existsSync(join(built, one)), one);
  });

  it("loads nothing that carries messages", () => {
    for (const one of carriers) assert.ok(!imports.has(one), one);
  });
});

describe("commands that only check", () => {
  for (const command of ["check", "fmt", "run"]) {
    it(`${command} loads nothing that carries messages before it has to`, () => {
      const imports = importsOf(join(built, `cli/${command}.js`), importsOf(join(built, "cli/main.js")));
      assert.ok(imports.has("cli/command-line.js") && imports.has("grammar/index.js"));
      for (const one of carriers) assert.ok(!imports.has(one), one);
    });
  }
});
