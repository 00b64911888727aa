/** First walk over all files: which names there are. */
import type { Module } from "../modules.ts";
import { nearName } from "../near-name.ts";
import type { Source } from "../source.ts";
import type {
  ExtendStatement,
  FieldStatement,
  Name,
  OptionStatement,
  SetOptionStatement,
} from "../syntax.ts";
import { type FieldShape, fieldRows } from "../vocabulary.ts";
import { builtInOptions, endWords } from "../words.ts";
import { type Place, type Report, relatedTo } from "./report.ts";
import type { Scope } from "./scope.ts";

const shapes: readonly FieldShape[] = ["text", "value", "values", "tokens", "address", "addresses"];

export function declareNames(modules: readonly Module[], scope: Scope, report: Report): void {
  for (const row of fieldRows) scope.fields.set(row.name.toLowerCase(), row);
  for (const { name, values } of builtInOptions) {
    scope.builtIn.add(name);
    scope.options.set(name, { name, place: undefined, statement: undefined, values, value: values[0]! });
  }
  for (const { syntax } of modules) {
    for (const { keyword, name } of syntax.broken) {
      if (name !== undefined) scope.unreadable.add(name);
      else if (namesSomething.includes(keyword)) scope.incomplete = true;
    }
  }
  for (const module of modules) declareFile(module, scope, report);
  // A value may be set, and a set extended, in any file: only now are all of them known.
  const set = new Map<string, Place>();
  for (const { source, syntax } of modules) {
    for (const statement of syntax.statements) {
      if (statement.kind === "set-option") setOption(statement, source, set, scope, report);
      if (statement.kind === "extend") extendSet(statement, source, scope);
    }
  }
}

const namesSomething: readonly string[] = [
  "network",
  "partner",
  "treatment",
  "field",
  "fields",
  "option",
  "import",
];

function declareFile({ source, syntax }: Module, scope: Scope, report: Report): void {
  for (const statement of syntax.statements) {
    switch (statement.kind) {
      case "field":
        declareField(statement, source, scope, report);
        break;
      case "fields": {
        const place = { source, span: statement.name.span };
        const name = statement.name.text;
        const earlier = scope.fieldSets.get(name);
        const members = statement.fields.map((field) => ({ name: field, source }));
        if (earlier !== undefined) reportTwice("field set", name, place, earlier.place, report);
        else if (scope.fields.has(name.toLowerCase()))
          report.add("P2011", place, { name, kind: "a header field" });
        else scope.fieldSets.set(name, { name, place, members });
        break;
      }
      case "option":
        declareOption(statement, source, scope, report);
        break;
      case "network":
      case "partner":
        declare(scope.networkStatements, statement.kind, statement, source, report, [
          ...endWords,
          "stranger",
        ]);
        break;
      case "treatment":
        declare(scope.treatments, "treatment", statement, source, report, []);
        break;
      case "rule": {
        const place = { source, span: statement.name.span };
        const earlier = scope.rules.get(statement.name.text);
        if (earlier === undefined) scope.rules.set(statement.name.text, place);
        else reportTwice("rule", statement.name.text, place, earlier, report);
        break;
      }
      default:
        break;
    }
  }
}

function declare<Statement extends { readonly name: Name }>(
  into: Map<string, { readonly name: string; readonly place: Place; readonly statement: Statement }>,
  kind: string,
  statement: Statement,
  source: Source,
  report: Report,
  reserved: readonly string[],
): void {
  const name = statement.name.text;
  const place = { source, span: statement.name.span };
  const earlier = into.get(name);
  if (reserved.includes(name)) report.add("P2011", place, { name, kind: "a word of the language" });
  else if (earlier !== undefined) reportTwice(kind, name, place, earlier.place, report);
  else into.set(name, { name, place, statement });
}

export function reportTwice(kind: string, name: string, place: Place, earlier: Place, report: Report): void {
  report.add("P2006", place, { kind, name }, { related: [relatedTo(earlier, "first declared here")] });
}

function declareField(statement: FieldStatement, source: Source, scope: Scope, report: Report): void {
  const name = statement.name.text;
  const lower = name.toLowerCase();
  const shape = shapes.find((one) => one === statement.shape.text);
  if (shape === undefined) {
    const suggestion = nearName(statement.shape.text, shapes);
    const values = { kind: "shape of a header field", name: statement.shape.text };
    report.add("P2005", { source, span: statement.shape.span }, values, { suggestion, expected: shapes });
  }
  if (scope.fields.has(lower) || lower === "request-uri") {
    report.add("P2011", { source, span: statement.name.span }, { name, kind: "a header field" });
    return;
  }
  scope.fields.set(lower, {
    name,
    shape: shape ?? "text",
    where: "both",
    category: "extension",
    source: "declared by the policy",
  });
}

function declareOption(statement: OptionStatement, source: Source, scope: Scope, report: Report): void {
  const name = statement.name.text;
  const place = { source, span: statement.name.span };
  const earlier = scope.options.get(name);
  if (earlier?.place !== undefined) {
    reportTwice("option", name, place, earlier.place, report);
    return;
  }
  const among = statement.among.map(({ text }) => text);
  const values = among.length > 0 ? among : ["yes", "no"];
  for (const [index, value] of statement.among.entries()) {
    if (among.indexOf(value.text) < index) {
      const first = statement.among.find(({ text }) => text === value.text)!;
      reportTwice("value", value.text, { source, span: value.span }, { source, span: first.span }, report);
    }
  }
  const known = earlier?.values;
  if (known !== undefined) {
    for (const value of statement.among.length > 0 ? statement.among : [statement.value]) {
      if (known.includes(value.text)) continue;
      reportValue(value, name, known, { source, span: value.span }, report);
      return;
    }
  }
  if (!values.includes(statement.value.text)) {
    reportValue(statement.value, name, values, { source, span: statement.value.span }, report);
  }
  scope.options.set(name, {
    name,
    place,
    statement,
    values: [...new Set(values)],
    value: statement.value.text,
  });
}

export function reportValue(
  value: Name,
  option: string,
  values: readonly string[],
  place: Place,
  report: Report,
): void {
  report.add(
    "P2014",
    place,
    { value: value.text, option },
    {
      suggestion: nearName(value.text, values),
      expected: values.map((one) => `\`${one}\``),
    },
  );
}

function setOption(
  statement: SetOptionStatement,
  source: Source,
  set: Map<string, Place>,
  scope: Scope,
  report: Report,
): void {
  const option = scope.option(statement.name, source, false);
  if (option === undefined) return;
  const place = { source, span: statement.name.span };
  const earlier = set.get(option.name);
  if (earlier !== undefined) reportTwice("value of option", option.name, place, earlier, report);
  set.set(option.name, place);
  if (option.values.includes(statement.value.text)) option.value = statement.value.text;
  else
    reportValue(statement.value, option.name, option.values, { source, span: statement.value.span }, report);
}

function extendSet(statement: ExtendStatement, source: Source, scope: Scope): void {
  const set = scope.fieldSet(statement.name, source);
  set?.members.push(...statement.fields.map((name) => ({ name, source })));
}
