import { compile, type PolicyTestReport, runPolicyTests } from "../engine/index.ts";
import { oneOf, readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { exitCode, UsageError } from "./io.ts";
import { toJunit } from "./junit.ts";
import { usePolicy } from "./policy.ts";

const help = `usage: privet test [--coverage] [--format text|json|junit] FILE…

Runs the tests that stand in each policy and what it imports. The assertions (never,
always) are held against every message of a test. Exit code 0: all pass; 1: some fail.

  --coverage        for each rule and each of its conditions: how often it held, and did not
  --format text     for people (the default)
  --format json     one JSON object
  --format junit    JUnit XML, for CI servers

example:
  privet test policies/ims-border.privet --coverage
`;

export const testCommand: Command = {
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, {
      format: { type: "string", default: "text" },
      coverage: { type: "boolean", default: false },
    });
    const format = oneOf("--format", values.format, ["text", "json", "junit"]);
    if (positionals.length === 0) throw new UsageError("no file is named");

    const reports = new Map<string, PolicyTestReport>();
    for (const path of positionals) {
      const { policy, context } = usePolicy(path, io);
      reports.set(
        path,
        runPolicyTests(policy, (tested) => compile(tested, context)),
      );
    }
    if (format === "junit") {
      io.out(toJunit(new Map([...reports].map(([path, { results }]) => [path, results]))));
    } else if (format === "json") {
      io.out(`${JSON.stringify(toJson(reports, values.coverage))}\n`);
    } else {
      for (const [path, report] of reports) io.out(describe(path, report, values.coverage));
    }
    const results = [...reports.values()].flatMap((report) => report.results);
    if (results.length === 0) io.err("privet test: there is no test in these policies\n");
    return results.every(({ passed }) => passed) ? exitCode.clean : exitCode.findings;
  },
};

function describe(path: string, { results, coverage }: PolicyTestReport, withCoverage: boolean): string {
  const failed = results.filter(({ passed }) => !passed);
  const lines: string[] = [];
  for (const { name, origin, failures } of failed) {
    lines.push(`failed  ${name}  (${origin.file}:${origin.line})`);
    for (const { origin: place, expected, found } of failures) {
      lines.push(`  ${place.file}:${place.line}  expected ${expected}`, `    found ${found}`);
    }
  }
  if (withCoverage) lines.push(...describeCoverage(coverage));
  lines.push(`${path}: ${results.length - failed.length} passed, ${failed.length} failed`);
  return `${lines.join("\n")}\n`;
}

/** What the tests have not seen stands out: a rule that never applied, a condition that only ever held or failed. */
function describeCoverage(coverage: PolicyTestReport["coverage"]): string[] {
  const lines: string[] = [];
  for (const { rule, origin, applied, conditions } of coverage) {
    lines.push(`${applied === 0 ? "!" : " "} ${rule}  (${origin.file}:${origin.line})  applied ${applied}`);
    for (const { text, origin: place, held, failed } of conditions) {
      const isOneSided = held === 0 || failed === 0;
      // A treatment's conditions may stand in another file than the rule that applies it.
      const where = place.file === origin.file ? `line ${place.line}` : `${place.file}:${place.line}`;
      lines.push(`${isOneSided ? "!" : " "}   ${where}  held ${held}, failed ${failed}  ${text}`);
    }
  }
  const untried = coverage.filter(({ applied }) => applied === 0).length;
  const sides = coverage
    .flatMap(({ conditions }) => conditions)
    .flatMap(({ held, failed }) => [held, failed]);
  const seen = sides.filter((count) => count > 0).length;
  lines.push(
    `coverage: ${coverage.length - untried} of ${coverage.length} rules applied, ${seen} of ${sides.length} outcomes of conditions seen`,
  );
  return lines;
}

function toJson(
  reports: ReadonlyMap<string, PolicyTestReport>,
  withCoverage: boolean,
): Record<string, unknown> {
  return {
    policies: [...reports].map(([file, { results, coverage }]) => ({
      file,
      tests: results.map(({ name, passed, origin, failures }) => ({
        name,
        passed,
        file: origin.file,
        line: origin.line,
        failures: failures.map((failure) => ({
          file: failure.origin.file,
          line: failure.origin.line,
          expected: failure.expected,
          found: failure.found,
        })),
      })),
      ...(withCoverage
        ? {
            coverage: coverage.map(({ rule, origin, applied, conditions }) => ({
              rule,
              file: origin.file,
              line: origin.line,
              applied,
              conditions: conditions.map((one) => ({
                text: one.text,
                file: one.origin.file,
                line: one.origin.line,
                held: one.held,
                failed: one.failed,
              })),
            })),
          }
        : {}),
    })),
  };
}
