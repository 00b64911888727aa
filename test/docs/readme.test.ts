/** The README's tour works as typed. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { packageRoot } from "../package-root.ts";

const readme = readFileSync(join(packageRoot, "README.md"), "utf8");

/** Commands of the numbered steps, by the step's number. */
const steps = new Map(
  [...readme.matchAll(/\*\*(\d)\. [^\n]*\n(?:[^\n]+\n)*\n```\n([\s\S]*?)```/g)].map(
    ([, number, commands]) => [Number(number), commands!],
  ),
);

describe("the README's tour", () => {
  const folder = mkdtempSync(join(tmpdir(), "privet-readme-"));
  cpSync(join(packageRoot, "policies"), join(folder, "policies"), { recursive: true });
  after(() => rmSync(folder, { recursive: true }));

  const type = (number: number): { status: number | null; out: string; err: string } => {
    const commands = steps.get(number);
    assert.ok(commands, `step ${number} shows commands`);
    const script = commands.replaceAll(
      "npx privet",
      `"${process.execPath}" "${join(packageRoot, "dist/cli/main.js")}"`,
    );
    const { status, stdout, stderr } = spawnSync("sh", ["-c", script], { cwd: folder, encoding: "utf8" });
    return { status, out: stdout, err: stderr };
  };

  it("1: finds nothing wrong with the shipped policy", () => {
    assert.deepEqual(type(1), { status: 0, out: "policies/ims-border.privet: no findings\n", err: "" });
  });

  it("2: withholds the identity", () => {
    const { status, out } = type(2);
    assert.equal(status, 0);
    assert.match(out, /^rewrite\n/);
    assert.match(out, /withhold-identity +policies\/ims-border\.privet:\d+/);
    assert.match(out, /^ {4}- P-Asserted-Identity: <sip:alice@home1\.example>$/m);
  });

  it("3: says why", () => {
    const { status, out } = type(3);
    assert.equal(status, 0);
    assert.match(out, /withhold-identity +applied/);
  });

  it("4: passes the policy's own tests", () => {
    const { status, out } = type(4);
    assert.equal(status, 0);
    assert.match(out, /^policies\/ims-border\.privet: \d+ passed, 0 failed$/m);
    assert.match(out, /^coverage: /m);
  });

  it("5: shows the mistake, its place and the remedy", () => {
    const { status, out } = type(5);
    assert.equal(status, 1);
    assert.match(out, /aserted-identity/);
    assert.match(out, /did you mean `asserted-identity`/);
  });

  it("6: looks after the partners", () => {
    const { status, out, err } = type(6);
    assert.deepEqual([status, err], [0, ""]);
    assert.match(out, /^policies\/ims-border\.privet: 1 partner, no findings$/m);
    assert.match(out, /^policies\/ims-border\.privet: of 1 partner nothing ends within 90 days$/m);
  });
});
