import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { compile, interpret, type PolicyTestReport, runPolicyTests } from "../../engine/index.ts";
import { format, renderDiagnostics, Source } from "../../grammar/index.ts";
import { policyFiles, policyPath, readShipped, usePolicy } from "./shipped-policies.ts";

/** Files that a command is given: they have a title. */
const entries = policyFiles.filter((file) => /^policy "/m.test(readFileSync(policyPath(file), "utf8")));

/** Failed tests, in words. */
function failuresOf({ results }: PolicyTestReport): readonly string[] {
  return results.flatMap(({ name, origin, failures }) =>
    failures.map(
      ({ expected, found }) =>
        `${origin.file}:${origin.line} "${name}": expected ${expected}, found ${found}`,
    ),
  );
}

describe("the policies that ship", () => {
  it("are the two borders and their tests", () => {
    assert.deepEqual(
      entries.filter((file) => !file.startsWith("tests/")),
      ["ims-border.privet", "strict-border.privet"],
    );
    assert.ok(entries.filter((file) => file.startsWith("tests/")).length >= 8);
  });

  for (const file of policyFiles) {
    it(`${file} is laid out as privet fmt would`, () => {
      const text = readFileSync(policyPath(file), "utf8");
      assert.equal(format(new Source(file, text)).text, text);
    });
  }

  for (const file of entries) {
    it(`${file} checks without a finding`, () => {
      const { diagnostics, sources, missingAuthorities } = readShipped(file);
      assert.equal(renderDiagnostics(diagnostics, sources, { colour: false }), "");
      assert.deepEqual(missingAuthorities, []);
    });
  }
});

describe("the tests in the language", () => {
  for (const file of entries.filter((entry) => entry.startsWith("tests/"))) {
    const policy = usePolicy(file);
    it(`${file}: there are some`, () => assert.ok(policy.tests.length > 0));
    it(`${file} holds by the interpreter`, () =>
      assert.deepEqual(failuresOf(runPolicyTests(policy, interpret)), []));
    it(`${file} holds compiled`, () => assert.deepEqual(failuresOf(runPolicyTests(policy, compile)), []));
  }
});
