import type { PolicyTestResult } from "../engine/index.ts";

/** A test suite of each policy, as JUnit XML that CI servers read. */
export function toJunit(suites: ReadonlyMap<string, readonly PolicyTestResult[]>): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"];
  for (const [file, results] of suites) {
    const failed = results.filter(({ passed }) => !passed).length;
    lines.push(`  <testsuite name="${escape(file)}" tests="${results.length}" failures="${failed}">`);
    for (const { name, origin, failures } of results) {
      const open = `    <testcase name="${escape(name)}" classname="${escape(origin.file)}" file="${escape(origin.file)}" line="${origin.line}"`;
      if (failures.length === 0) {
        lines.push(`${open}/>`);
        continue;
      }
      lines.push(`${open}>`);
      for (const failure of failures) {
        const message = `expected ${failure.expected}, found ${failure.found}`;
        lines.push(
          `      <failure message="${escape(message)}">${escape(`${failure.origin.file}:${failure.origin.line}: ${message}`)}</failure>`,
        );
      }
      lines.push("    </testcase>");
    }
    lines.push("  </testsuite>");
  }
  lines.push("</testsuites>");
  return `${lines.join("\n")}\n`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

// XML 1.0 has no form for most control characters.
function escape(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => entities[character]!)
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "�");
}
