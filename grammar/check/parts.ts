/** Parts of values, what is said of them, and conditions on one value. */
import type * as model from "../model.ts";
import type { Source } from "../source.ts";
import type * as syntax from "../syntax.ts";
import type { FieldRow, FieldShape } from "../vocabulary.ts";
import { partRows } from "../words.ts";
import { normalDomain } from "./domains.ts";
import { originOf, type Report } from "./report.ts";

export function shapeOf(row: FieldRow): FieldShape | "uri" {
  return row.name === "Request-URI" ? "uri" : row.shape;
}

/** Shapes in words, for messages. */
export const shapeWords: Readonly<Record<FieldShape | "uri", string>> = {
  text: "plain text",
  value: "one value with parameters",
  values: "a list of values with parameters",
  tokens: "a list of words",
  address: "one address",
  addresses: "a list of addresses",
  "priv-values": "a list of priv-values",
  uri: "a URI",
};

/** undefined where the field has no such part; that is reported. */
export function checkPart(
  part: syntax.Part,
  row: FieldRow,
  source: Source,
  report: Report,
): model.Part | undefined {
  const shape = shapeOf(row);
  if (!partRows[part.kind].shapes.includes(shape)) {
    report.add(
      "P3004",
      { source, span: part.span },
      { part: part.kind, field: row.name, shape: shapeWords[shape] },
      {
        expected: partsOf(shape).map((kind) => `\`${kind}\``),
      },
    );
    return undefined;
  }
  return "name" in part ? { kind: part.kind, name: part.name.text.toLowerCase() } : { kind: part.kind };
}

function partsOf(shape: FieldShape | "uri"): string[] {
  return Object.entries(partRows).flatMap(([kind, row]) => (row.shapes.includes(shape) ? [kind] : []));
}

/** undefined where the test can't be made of this part; that is reported. */
export function checkTest(
  test: syntax.PartTest,
  part: model.Part,
  source: Source,
  report: Report,
): model.PartTest | undefined {
  switch (test.kind) {
    case "present":
      return { kind: "present" };
    case "among":
      return { kind: "among", texts: test.values.map(({ text }) => text) };
    case "starts-with":
      return { kind: "starts-with", texts: test.texts.map(({ text }) => text) };
    case "between":
      return { kind: "between", from: test.from, to: test.to };
    case "own":
      return isHost(test, part, source, report) ? { kind: "own" } : undefined;
    case "under":
      if (!isHost(test, part, source, report)) return undefined;
      return {
        kind: "under",
        domains: test.domains.map(({ text }) => normalDomain(text).replace(/^\./, "")),
      };
  }
}

function isHost(test: syntax.PartTest, part: model.Part, source: Source, report: Report): boolean {
  if (part.kind === "host") return true;
  report.add("P3005", { source, span: test.span }, { test: test.kind, part: part.kind });
  return false;
}

export function checkValueCondition(
  condition: syntax.ValueCondition,
  row: FieldRow,
  source: Source,
  report: Report,
): model.ValueCondition | undefined {
  switch (condition.kind) {
    case "test": {
      const part = checkPart(condition.part, row, source, report);
      const test = part && checkTest(condition.test, part, source, report);
      if (part === undefined || test === undefined) return undefined;
      return { kind: "atom", part, test, origin: originOf({ source, span: condition.span }) };
    }
    case "not": {
      const of = checkValueCondition(condition.of, row, source, report);
      return of && { kind: "not", of };
    }
    case "and":
    case "or": {
      const all = condition.of.map((one) => checkValueCondition(one, row, source, report));
      const of = all.filter((one) => one !== undefined);
      return of.length === all.length ? { kind: condition.kind, of } : undefined;
    }
  }
}

/** True of every value. */
export const anyValue: model.ValueCondition = { kind: "and", of: [] };
