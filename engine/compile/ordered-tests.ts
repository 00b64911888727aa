/** Tests of which the first that holds counts, arranged so that those which can't hold are not asked. */
import type { FieldTable } from "../../wire/index.ts";
import type { FieldShape } from "./binding/policy-reads.ts";
import type { Test } from "./conditions/condition-test.ts";
import { fewTests, type Pick, ValueIndex } from "./conditions/value-index.ts";
import type { MessageFacts } from "./message-facts.ts";

export interface OrderedTest {
  /** Undefined: it always holds. */
  readonly test: Test | undefined;
  /** Id of a field that the message must have; -1 if none is known. */
  readonly needs: number;
  readonly pick: Pick | undefined;
}

export class OrderedTests {
  readonly length: number;
  private readonly tests: readonly (Test | undefined)[];
  /** Places of those that any message may meet. */
  private readonly open: number[] = [];
  /** Places of those that need a row of a field, by its id. */
  private readonly byField = new Map<number, number[]>();
  private readonly indexes = new Map<string, ValueIndex>();

  constructor(
    ordered: readonly OrderedTest[],
    table: FieldTable,
    shapeOf: (field: string) => FieldShape | "uri",
  ) {
    this.length = ordered.length;
    this.tests = ordered.map(({ test }) => test);
    const isMany = ordered.length >= fewTests;
    ordered.forEach(({ needs, pick }, place) => {
      if (isMany && pick !== undefined) this.indexOf(pick, table, shapeOf).add(pick.texts, place);
      else if (isMany && needs > 0) placesOf(this.byField, needs).push(place);
      else this.open.push(place);
    });
  }

  /** The place of the first that holds; -1 if none does. */
  first(facts: MessageFacts): number {
    const { tests, open, byField, indexes, length } = this;
    let first = length;
    for (let at = 0; at < open.length; at++) {
      const test = tests[open[at]!];
      if (test !== undefined && !test(facts)) continue;
      first = open[at]!;
      break;
    }
    if (byField.size > 0 || indexes.size > 0) first = this.firstPicked(facts, first);
    return first === length ? -1 : first;
  }

  private firstPicked(facts: MessageFacts, below: number): number {
    const holds = (place: number): boolean => this.tests[place]?.(facts) !== false;
    let first = below;
    const { rowField, rowCount } = facts.scan;
    if (this.byField.size > 0) {
      for (let row = 0; row < rowCount; row++) {
        const places = this.byField.get(rowField[row]!);
        if (places === undefined || facts.isHidden(row)) continue;
        const place = places.find((one) => one >= first || holds(one));
        if (place !== undefined && place < first) first = place;
      }
    }
    for (const index of this.indexes.values()) first = index.first(facts, first, holds);
    return first;
  }

  private indexOf(pick: Pick, table: FieldTable, shapeOf: (field: string) => FieldShape | "uri"): ValueIndex {
    const key = `${pick.part} of ${pick.field}`;
    let index = this.indexes.get(key);
    if (index === undefined) {
      const shape = shapeOf(pick.field);
      index = new ValueIndex(pick, table, shape === "uri" ? undefined : shape);
      this.indexes.set(key, index);
    }
    return index;
  }
}

function placesOf(byField: Map<number, number[]>, field: number): number[] {
  let places = byField.get(field);
  if (places === undefined) {
    places = [];
    byField.set(field, places);
  }
  return places;
}
