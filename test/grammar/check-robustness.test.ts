import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { check, hasErrors, type ModuleReader, renderDiagnostics, resolvePath } from "../../grammar/index.ts";
import { packageRoot } from "../package-root.ts";
import { now } from "./policy-notation.ts";

const folder = join(packageRoot, "policies");
const files = new Map(
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".privet"))
    .map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path), "utf8")]),
);

/** The policies that ship, one of them with other text. */
function readerWith(changed: string, text: string): ModuleReader {
  return {
    read: (path) => (path === changed ? text : files.get(path)),
    resolve: (from, specifier) =>
      specifier.startsWith("std:") ? `std/${specifier.slice(4)}.privet` : resolvePath(from, specifier),
  };
}

describe("the policies that ship", () => {
  for (const path of files.keys()) {
    it(`${path} has nothing to complain of`, () => {
      const { diagnostics, policy, sources } = check(path, readerWith("", ""), { now });
      assert.equal(renderDiagnostics(diagnostics, sources), "");
      assert.notEqual(policy, undefined);
    });
  }
});

describe("a policy that was cut, doubled or mixed up", () => {
  const words = [...files.values()].flatMap((text) => text.match(/\S+|\n/g) ?? []);

  it("gives diagnostics that can be shown, and a policy only without errors", () => {
    const shipped = [...files.keys()].filter((path) => !path.startsWith("tests/"));
    fc.assert(
      fc.property(
        fc.constantFrom(...shipped),
        fc.array(
          fc.record({
            at: fc.double({ min: 0, max: 1, noNaN: true }),
            gone: fc.nat({ max: 60 }),
            put: fc.array(fc.constantFrom(...words), { maxLength: 3 }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        (path, changes) => {
          let text = files.get(path)!;
          for (const { at, gone, put } of changes) {
            const start = Math.floor(at * text.length);
            text = `${text.slice(0, start)}${put.join(" ")}${text.slice(start + gone)}`;
          }
          const { diagnostics, policy, sources } = check(path, readerWith(path, text), { now });
          assert.equal(policy === undefined, hasErrors(diagnostics));
          if (diagnostics.length > 0) assert.notEqual(renderDiagnostics(diagnostics, sources), "");
          for (const { file, span } of diagnostics) {
            const length = sources.get(file)?.text.length ?? 0;
            assert.ok(span.start >= 0 && span.start <= span.end && span.end <= length);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
