/**
 * Conditions as closures over the facts of a message. Equal atoms share one test, which a
 * message answers once.
 */
import type { Atom, Condition, Policy, ValueCondition } from "../../../grammar/model.ts";
import type { FieldTable } from "../../../wire/index.ts";
import { lowerCase, policyText } from "../../conditions/comparison-text.ts";
import { ownDomains } from "../../conditions/conditions.ts";
import { bodyIs, hasBodyType } from "../../message/body-tree.ts";
import { requestUriField } from "../../message/tree.ts";
import { partPasses, type Setting } from "../../message/value-parts.ts";
import { type FieldShape, keyOf } from "../binding/policy-reads.ts";
import type { MemoisedTest, MessageFacts } from "../message-facts.ts";
import { type Answer, bytesOf, equalsCaseless, no, unsure, yes } from "./byte-text.ts";
import { partTestOf, type ValueTest } from "./part-test.ts";
import { WordField } from "./word-field.ts";

export type Test = (facts: MessageFacts) => boolean;

type PartAtom = Extract<Atom, { readonly on: "part" }>;

const emergencyUrn = bytesOf("urn:service:sos");
const dot = 0x2e;

/** Compiles the conditions of one policy. */
export class ConditionCompiler {
  private readonly policy: Policy;
  private readonly table: FieldTable;
  private readonly shapes: ReadonlyMap<string, FieldShape>;
  private readonly tests = new Map<string, MemoisedTest>();
  private readonly words = new Map<string, WordField>();

  constructor(policy: Policy, table: FieldTable) {
    this.policy = policy;
    this.table = table;
    this.shapes = new Map(policy.fields.map(({ name, shape }) => [name, shape]));
  }

  compile(condition: Condition): Test {
    switch (condition.kind) {
      case "and":
        return conjunctionOf(condition.of.map((member) => this.compile(member)));
      case "or":
        return disjunctionOf(condition.of.map((member) => this.compile(member)));
      case "not": {
        const inner = this.compile(condition.of);
        return (facts) => !inner(facts);
      }
      case "atom": {
        // Where the answer is at hand, it costs more to remember it.
        const test = this.memoised(condition.atom);
        return test.isCheap ? test.ask : (facts) => facts.holds(test);
      }
    }
  }

  /** A condition that several actions share: a message answers it once. */
  compileOnce(condition: Condition): Test {
    if (condition.kind === "atom") return this.compile(condition);
    const test = this.slotFor(keyOf(condition), () => this.compile(condition), false);
    return (facts) => facts.holds(test);
  }

  /** A condition on one value; `unsure` where only the law's reader can tell. */
  compileValue(condition: ValueCondition, field: string): ValueTest {
    switch (condition.kind) {
      case "and":
        return junction(
          condition.of.map((member) => this.compileValue(member, field)),
          no,
        );
      case "or":
        return junction(
          condition.of.map((member) => this.compileValue(member, field)),
          yes,
        );
      case "not": {
        const inner = this.compileValue(condition.of, field);
        return (facts, bytes, start, end) => {
          const answer = inner(facts, bytes, start, end);
          return answer === unsure ? unsure : answer === yes ? no : yes;
        };
      }
      case "atom":
        return (
          partTestOf(condition.part, condition.test, this.shapeOf(field), ownDomains(this.policy)) ??
          (() => unsure)
        );
    }
  }

  /** The words of a field whose values are bare words; undefined for any other. */
  wordField(field: string): WordField | undefined {
    const shape = this.shapes.get(field);
    if (shape !== "priv-values" && shape !== "tokens") return undefined;
    let words = this.words.get(field);
    if (words === undefined) {
      words = new WordField(this.table.id(field), shape);
      this.words.set(field, words);
    }
    return words;
  }

  /** Of a header field. */
  rowShape(field: string): FieldShape {
    return this.shapes.get(field) ?? "text";
  }

  shapeOf(field: string): FieldShape | "uri" {
    return field === requestUriField ? "uri" : this.rowShape(field);
  }

  private memoised(atom: Atom): MemoisedTest {
    return this.slotFor(keyOf(atom), () => this.atomTest(atom), this.isCheap(atom));
  }

  private isCheap(atom: Atom): boolean {
    switch (atom.on) {
      case "message":
      case "status":
      case "present":
        return true;
      case "sole":
        return this.wordField(atom.field) !== undefined;
      case "part":
        return (
          atom.part.kind === "value" && atom.test.kind === "among" && this.wordField(atom.field) !== undefined
        );
      default:
        return false;
    }
  }

  private slotFor(key: string, make: () => Test, isCheap: boolean): MemoisedTest {
    let test = this.tests.get(key);
    if (test === undefined) {
      const ask = make();
      test = { slot: this.tests.size, ask, isCheap };
      this.tests.set(key, test);
    }
    return test;
  }

  private atomTest(atom: Atom): Test {
    switch (atom.on) {
      case "message": {
        const wanted = atom.is === "request";
        return ({ scan }) => scan.isRequest === wanted;
      }
      case "method": {
        const methods = atom.among.map((method) => bytesOf(policyText(method)));
        return (facts) => methods.some((method) => facts.methodIs(method));
      }
      case "status": {
        const { from, to } = atom;
        return ({ scan }) => !scan.isRequest && scan.status >= from && scan.status <= to;
      }
      case "emergency":
        return isEmergency;
      case "in-dialog":
        return (facts) =>
          facts
            .field("To")
            ?.values.some(({ parameters }) => parameters.some(({ name }) => name === "tag")) === true;
      case "present":
        return this.presenceTest(atom.field);
      case "count":
        return this.countTest(atom);
      case "sole":
        return this.byWords(atom.field, "sole", atom.among, this.soleTest(atom));
      case "part": {
        const byValue = this.partTest(atom);
        if (atom.part.kind !== "value" || atom.test.kind !== "among") return byValue;
        return this.byWords(atom.field, atom.quantifier, atom.test.texts, byValue);
      }
      case "body": {
        const { is } = atom;
        if (is === "present") return ({ scan }) => scan.end > scan.bodyStart;
        return (facts) => bodyIs(facts.body(), is);
      }
      case "body-type": {
        const { type } = atom;
        return (facts) => facts.scan.end > facts.scan.bodyStart && hasBodyType(facts.body(), type);
      }
      default:
        throw new RangeError(`the atom ${atom.on} is known before a message comes`);
    }
  }

  /** By the field's words where it is read as such, else value by value. */
  private byWords(
    field: string,
    how: "sole" | "any" | "every",
    texts: readonly string[],
    byValue: Test,
  ): Test {
    const words = this.wordField(field);
    if (words === undefined) return byValue;
    const bits = texts.map((text) => words.bitOf(lowerCase(policyText(text))));
    if (bits.includes(0)) return byValue;
    const wanted = bits.reduce((mask, bit) => mask | bit, 0);
    return (facts) => {
      const reading = words.read(facts);
      if (reading.unsure) return byValue(facts);
      if (how === "any") return (reading.mask & wanted) !== 0;
      if (how === "sole") return reading.count === 1 && (reading.mask & wanted) !== 0;
      return reading.count > 0 && reading.unknown === 0 && (reading.mask & ~wanted) === 0;
    };
  }

  private presenceTest(field: string): Test {
    if (field === requestUriField) return ({ scan }) => scan.isRequest;
    const id = this.table.id(field);
    return (facts) => facts.firstRow(id) >= 0;
  }

  private countTest({ field, from, to }: Extract<Atom, { readonly on: "count" }>): Test {
    if (field === requestUriField)
      return ({ scan }) => (scan.isRequest ? 1 : 0) >= from && (scan.isRequest ? 1 : 0) <= to;
    const id = this.table.id(field);
    const shape = this.rowShape(field);
    return (facts) => {
      const count = facts.countValues(id, shape, to + 1);
      return count >= from && count <= to;
    };
  }

  private soleTest({ field, among }: Extract<Atom, { readonly on: "sole" }>): Test {
    const part = { kind: "value" } as const;
    const test = { kind: "among", texts: among } as const;
    const setting = this.settingOf(field);
    const byLaw: Test = (facts) => {
      const node = facts.field(field);
      return (
        node !== undefined &&
        node.values.length === 1 &&
        partPasses(node.values[0]!, part, test, setting(facts))
      );
    };
    const shape = this.rowShape(field);
    const value =
      field === requestUriField ? undefined : partTestOf(part, test, shape, ownDomains(this.policy));
    if (value === undefined) return byLaw;
    const id = this.table.id(field);
    return (facts) => {
      const row = facts.firstRow(id);
      if (row < 0 || facts.countValues(id, shape, 2) !== 1) return false;
      const { scan, values } = facts;
      // The one value may stand behind rows that hold none.
      for (let at = row; at >= 0; at = scan.nextRow(at)) {
        values.reset(scan.bytes, scan.valueStart[at]!, scan.valueEnd[at]!, shape);
        if (!values.next()) continue;
        const answer = value(facts, scan.bytes, values.start, values.end);
        return answer === unsure ? byLaw(facts) : answer === yes;
      }
      return false;
    };
  }

  private partTest(atom: PartAtom): Test {
    const { field, part, test, quantifier } = atom;
    const setting = this.settingOf(field);
    const every = quantifier === "every";
    const byLaw: Test = (facts) => {
      const node = facts.field(field);
      if (node === undefined || node.values.length === 0) return false;
      const passes = (value: (typeof node.values)[number]): boolean =>
        partPasses(value, part, test, setting(facts));
      return every ? node.values.every(passes) : node.values.some(passes);
    };
    const shape = this.shapeOf(field);
    const value = partTestOf(part, test, shape, ownDomains(this.policy));
    if (value === undefined) {
      const present = this.presenceTest(field);
      return (facts) => present(facts) && byLaw(facts);
    }
    if (shape === "uri") {
      return (facts) => {
        const { scan } = facts;
        if (!scan.isRequest) return false;
        const answer = value(facts, scan.bytes, scan.uriStart, scan.uriEnd);
        return answer === unsure ? byLaw(facts) : answer === yes;
      };
    }
    const id = this.table.id(field);
    return (facts) => {
      const { scan, values } = facts;
      let passed = false;
      for (let row = facts.firstRow(id); row >= 0; row = scan.nextRow(row)) {
        values.reset(scan.bytes, scan.valueStart[row]!, scan.valueEnd[row]!, shape);
        while (values.next()) {
          const answer = value(facts, scan.bytes, values.start, values.end);
          if (answer === unsure) return byLaw(facts);
          if (every && answer === no) return false;
          if (answer === yes) {
            if (!every) return true;
            passed = true;
          }
        }
      }
      return passed;
    };
  }

  private settingOf(field: string): (facts: MessageFacts) => Setting {
    const shape = this.shapes.get(field) ?? "text";
    const domains = ownDomains(this.policy);
    return ({ scan }) => ({ bytes: scan.bytes, shape, ownDomains: domains });
  }
}

function conjunctionOf(members: readonly Test[]): Test {
  const [first, second] = members;
  if (first !== undefined && second !== undefined && members.length === 2)
    return (facts) => first(facts) && second(facts);
  return (facts) => {
    for (let at = 0; at < members.length; at++) if (!members[at]!(facts)) return false;
    return true;
  };
}

function disjunctionOf(members: readonly Test[]): Test {
  const [first, second] = members;
  if (first !== undefined && second !== undefined && members.length === 2)
    return (facts) => first(facts) || second(facts);
  return (facts) => {
    for (let at = 0; at < members.length; at++) if (members[at]!(facts)) return true;
    return false;
  };
}

/** `decides` is the answer that one member alone settles the whole with. */
function junction(members: readonly ValueTest[], decides: Answer): ValueTest {
  const otherwise = decides === yes ? no : yes;
  return (facts, bytes, start, end) => {
    let doubt = false;
    for (const member of members) {
      const answer = member(facts, bytes, start, end);
      if (answer === decides) return decides;
      if (answer === unsure) doubt = true;
    }
    return doubt ? unsure : otherwise;
  };
}

/** RFC 5031 4.2: `urn:service:sos` and the services below it. */
function isEmergency({ scan }: MessageFacts): boolean {
  if (!scan.isRequest) return false;
  const end = scan.uriStart + emergencyUrn.length;
  if (end > scan.uriEnd || !equalsCaseless(scan.bytes, scan.uriStart, end, emergencyUrn)) return false;
  return end === scan.uriEnd || scan.bytes[end] === dot;
}
