import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { BorderFolder, borderPolicy } from "./border-folder.ts";

const folder = new BorderFolder();
after(() => folder.remove());

// The identity now passes: the first test fails in two of its expectations.
folder.write("leaky.privet", borderPolicy.replace("remove P-Asserted-Identity", "remove Server"));

describe("privet test", () => {
  it("counts tests that pass", async () => {
    const { code, out, err } = await folder.type("test %border.privet");
    assert.deepEqual([code, out, err], [0, "border.privet: 2 passed, 0 failed\n", ""]);
  });

  it("shows what was expected and what was found, exit code 1", async () => {
    const { code, out } = await folder.type("test %leaky.privet");
    assert.equal(code, 1);
    assert.match(out, /^failed {2}identity stays {2}\(leaky\.privet:39\)$/m);
    assert.match(out, /^ {2}leaky\.privet:49 {2}expected rewrite\n {4}found allow/m);
    assert.match(
      out,
      /^ {2}leaky\.privet:50 {2}expected no P-Asserted-Identity\n {4}found P-Asserted-Identity .*$/m,
    );
    assert.match(out, /^leaky\.privet: 1 passed, 1 failed$/m);
  });

  it("--format json: each test, with its failures", async () => {
    const { code, out } = await folder.type("test --format json %leaky.privet");
    assert.equal(code, 1);
    const { policies } = JSON.parse(out) as {
      policies: { file: string; tests: { failures: { found: string }[] }[] }[];
    };
    const [first, second] = policies[0]?.tests[0]?.failures ?? [];
    assert.deepEqual(policies, [
      {
        file: "leaky.privet",
        tests: [
          {
            name: "identity stays",
            passed: false,
            file: "leaky.privet",
            line: 39,
            failures: [
              { file: "leaky.privet", line: 49, expected: "rewrite", found: first?.found },
              { file: "leaky.privet", line: 50, expected: "no P-Asserted-Identity", found: second?.found },
            ],
          },
          {
            name: "a <stranger> & no certificate 🔒",
            passed: true,
            file: "leaky.privet",
            line: 51,
            failures: [],
          },
        ],
      },
    ]);
  });

  it("--format junit: a suite for each policy, a case for each test", async () => {
    const { code, out } = await folder.type("test --format junit %border.privet %leaky.privet");
    assert.equal(code, 1);
    const lines = out.split("\n").map((line) => line.trim());
    for (const line of [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuite name="border.privet" tests="2" failures="0">',
      '<testsuite name="leaky.privet" tests="2" failures="1">',
      '<testcase name="identity stays" classname="border.privet" file="border.privet" line="39"/>',
      '<testcase name="a &lt;stranger&gt; &amp; no certificate 🔒" classname="border.privet" file="border.privet" line="51"/>',
    ])
      assert.ok(lines.includes(line), line);
    assert.equal(
      out.match(/<failure message="expected .*">leaky\.privet:\d+: expected .*<\/failure>/g)?.length,
      2,
    );
    assert.ok(out.endsWith("</testsuites>\n"));
  });

  it("--coverage: rules that no test made apply, conditions that never held or never failed", async () => {
    const { code, out } = await folder.type("test --coverage %border.privet");
    assert.equal(code, 0);
    for (const line of [
      "  withhold-identity  (border.privet:20)  applied 1",
      "! no-messages  (border.privet:29)  applied 0",
      "!   line 31  held 0, failed 1  method is MESSAGE",
      "  refuse-strangers  (border.privet:34)  applied 1",
    ])
      assert.ok(out.split("\n").includes(line), `${line}\n${out}`);
    assert.match(out, /^coverage: 3 of 4 rules applied, 3 of 6 outcomes of conditions seen$/m);
    const { policies } = JSON.parse(
      (await folder.type("test --coverage --format json %border.privet")).out,
    ) as { policies: { coverage: { rule: string }[] }[] };
    assert.deepEqual(
      policies[0]?.coverage.find(({ rule }) => rule === "no-messages"),
      {
        rule: "no-messages",
        file: "border.privet",
        line: 29,
        applied: 0,
        conditions: [{ text: "method is MESSAGE", file: "border.privet", line: 31, held: 0, failed: 1 }],
      },
    );
  });

  it("says where there is no test, and runs none of a policy with errors", async () => {
    folder.write("none.privet", 'language 1\npolicy "none"\n');
    const none = await folder.type("test %none.privet");
    assert.deepEqual([none.code, none.err], [0, "privet test: there is no test in these policies\n"]);
    folder.write("bad.privet", 'language 1\npolicy "x"\ntrust hom\n');
    const bad = await folder.type("test %bad.privet");
    assert.deepEqual([bad.code, bad.out], [1, ""]);
    assert.match(bad.err, /^error\[P2002\]/);
  });
});
