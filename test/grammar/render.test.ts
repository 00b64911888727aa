import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { diagnose } from "../../grammar/diagnostic.ts";
import { parse } from "../../grammar/parse.ts";
import {
  diagnosticToJson,
  type RenderOptions,
  renderDiagnostic,
  renderDiagnostics,
} from "../../grammar/render.ts";
import { Source } from "../../grammar/source.ts";

function rendered(text: string, options?: RenderOptions): string {
  const source = new Source("border.privet", text);
  return renderDiagnostics(parse(source).diagnostics, new Map([[source.file, source]]), options);
}

describe("a diagnostic as text", () => {
  it("shows the line, the underlined words, what was expected, what was meant and the remedy", () => {
    const text =
      'language 1\nrule withhold\n  on message to untrusted\n  remvoe Subject\n  because "RFC 3323 5.3"\n';
    assert.equal(
      rendered(text),
      [
        "error[P1001]: `remvoe` does not belong here",
        " --> border.privet:4:3".padStart(0),
        "   |",
        " 4 |   remvoe Subject",
        "   |   ^^^^^^ did you mean `remove`?",
        "   |",
        "   = expected: `or`, `when`, `unless` or an action such as `remove`",
        "",
        "1 error",
        "",
      ]
        .join("\n")
        .replace("\n --> ", "\n  --> "),
    );
  });

  it("shows the other place that it speaks of", () => {
    const text = 'language 1\nrule r\n  on message to untrusted\n  mark m\n  when request\n  because "x"\n';
    assert.equal(
      rendered(text),
      `error[P1020]: this \`when\` looks like one of the whole rule, but holds for the \`mark\` above it alone
  --> border.privet:5:3
   |
 5 |   when request
   |   ^^^^^^^^^^^^
  --> border.privet:4:3
   |
 4 |   mark m
   |   ------ it holds for this action alone
   |
   = help: put it above the first action if all of them are meant, else at the end of the action's own line

1 error
`,
    );
  });

  it("keeps the gutter as wide as the line's number", () => {
    const text = `language 1\n${"\n".repeat(98)}trust\n`;
    assert.match(rendered(text), /^ {4}--> border\.privet:100:6\n {5}\|\n 100 \| trust\n {5}\| {6}\^\n/m);
  });

  it("underlines in step with tabs and wide letters", () => {
    assert.match(rendered('language 1\n\ttrust "x"\n'), /\n 2 \| \ttrust "x"\n {3}\| \t {6}\^\^\^/);
    assert.match(rendered('language 1\npolicy "日本" x\n'), /\n {3}\| {15}\^/);
  });

  it("shows control characters as a dot, so that text can't move the cursor", () => {
    const text = rendered('language 1\npolicy "\u001B[2J\u202E" x\n');
    assert.doesNotMatch(text, /[\u001B\u202E]/);
    assert.match(text, /policy "·\[2J·" x/);
  });

  it("shows a part of a very long line", () => {
    const lines = rendered(`language 1\n${"a ".repeat(5_000)}; b`).split("\n");
    assert.ok(lines.every((line) => line.length < 400));
  });

  it("colours only when asked to", () => {
    assert.doesNotMatch(rendered("language 1\ntrust\n"), /\u001B/);
    assert.match(rendered("language 1\ntrust\n", { colour: true }), /^\u001B\[1;31merror\[P1002\]\u001B\[0m/);
  });

  it("counts at the end", () => {
    assert.match(rendered("language 1\ntrust\ntrust\n"), /\n\n2 errors\n$/);
    assert.equal(rendered("language 1\n"), "");
  });

  it("renders what it has no source of", () => {
    const diagnostic = diagnose("P1002", "elsewhere.privet", { start: 7, end: 9 }, { statement: "rule" });
    assert.match(
      renderDiagnostic(diagnostic, new Map()),
      /^error\[P1002\]: this `rule` ends too early\n {2}--> elsewhere\.privet:1:8\n/,
    );
  });
});

describe("a diagnostic as JSON", () => {
  it("counts lines and columns from 1", () => {
    const source = new Source(
      "border.privet",
      'language 1\nrule r\n  on mesage to a\n  mark m\n  because "x"\n',
    );
    const [diagnostic] = parse(source).diagnostics;
    assert.deepEqual(diagnosticToJson(diagnostic!, new Map([[source.file, source]])), {
      code: "P1001",
      severity: "error",
      message: "`mesage` does not belong here",
      file: "border.privet",
      line: 3,
      column: 6,
      endLine: 3,
      endColumn: 12,
      expected: ["`message`", "`request`", "`response`", "`handshake`"],
      suggestion: "message",
      help: "",
      related: [],
    });
  });
});

describe("a place in a source", () => {
  const source = new Source("s", "ab\r\nc\n\nd");
  const cases: readonly (readonly [offset: number, line: number, column: number])[] = [
    [0, 1, 1],
    [3, 1, 4],
    [4, 2, 1],
    [6, 3, 1],
    [7, 4, 1],
    [8, 4, 2],
  ];
  for (const [offset, line, column] of cases)
    it(`${offset} is ${line}:${column}`, () => assert.deepEqual(source.position(offset), { line, column }));
  it("shows a line without its end", () =>
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((line) => source.line(line)),
      ["ab", "c", "", "d", ""],
    ));
});
