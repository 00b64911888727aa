/** Conditions: names are looked up, and each atom must make sense where it stands. */
import type * as model from "../model.ts";
import { nearName } from "../near-name.ts";
import type * as syntax from "../syntax.ts";
import { certificateUsages, conditionRows, methods, transports } from "../words.ts";
import { reportValue } from "./declarations.ts";
import { checkPart, checkTest } from "./parts.ts";
import { originOf, type Report } from "./report.ts";
import type { Scope } from "./scope.ts";
import { type Stand, whereRows } from "./stands.ts";

/** One part of a guard that must hold: the members of an `and`, or all of it. */
export interface Conjunct {
  readonly condition: model.Condition;
  readonly span: syntax.Span;
  /** Stands behind `unless`: `condition` is the denial of what is written there. */
  readonly exception: boolean;
  /** The members of an `or`, as written. */
  readonly alternatives: readonly { readonly condition: model.Condition; readonly span: syntax.Span }[];
}

export interface CheckedGuards {
  readonly condition: model.Condition;
  readonly conjuncts: readonly Conjunct[];
}

/** Holds always. */
export const anyEvent: model.Condition = { kind: "and", of: [] };

export class ConditionChecker {
  readonly #scope: Scope;
  readonly #report: Report;

  constructor(scope: Scope, report: Report) {
    this.#scope = scope;
    this.#report = report;
  }

  /** undefined where any of them is wrong. */
  guards(guards: readonly syntax.Guard[], stand: Stand): CheckedGuards | undefined {
    const conjuncts: Conjunct[] = [];
    let sound = true;
    for (const guard of guards) {
      const exception = guard.kind === "unless";
      const parts = !exception && guard.condition.kind === "and" ? guard.condition.of : [guard.condition];
      for (const part of parts) {
        const written = this.condition(part, stand, exception);
        if (written === undefined) {
          sound = false;
          continue;
        }
        const condition: model.Condition = exception ? { kind: "not", of: written } : written;
        conjuncts.push({
          condition,
          span: part.span,
          exception,
          alternatives: alternativesOf(part, written),
        });
      }
    }
    if (!sound) return undefined;
    return { condition: conjunction(conjuncts.map(({ condition }) => condition)), conjuncts };
  }

  /** `excepts`: the condition is denied, by `unless` or `not`. */
  condition(condition: syntax.Condition, stand: Stand, excepts: boolean): model.Condition | undefined {
    switch (condition.kind) {
      case "not": {
        const of = this.condition(condition.of, stand, !excepts);
        return of && { kind: "not", of };
      }
      case "and":
      case "or": {
        const all = condition.of.map((one) => this.condition(one, stand, excepts));
        const of = all.filter((one) => one !== undefined);
        return of.length === all.length ? { kind: condition.kind, of } : undefined;
      }
      default:
        return this.#atom(condition, stand, excepts);
    }
  }

  #atom(atom: syntax.Atom, stand: Stand, excepts: boolean): model.Condition | undefined {
    const place = { source: stand.source, span: atom.span };
    const row = conditionRows[atom.kind];
    const where = whereRows[stand.where];
    if (!where.subjects.includes(row.subject)) {
      this.#report.add("P3008", place, { form: row.form, where: where.words }, { help: where.help });
      return undefined;
    }
    const origin = originOf(place);
    if (atom.kind === "status") {
      return anyOf(
        atom.among.map(({ from, to }) => ({ kind: "atom", atom: { on: "status", from, to }, origin })),
      );
    }
    if (atom.kind === "body-type") {
      return anyOf(
        atom.types.map(({ text }) => ({
          kind: "atom",
          atom: { on: "body-type", type: text.toLowerCase() },
          origin,
        })),
      );
    }
    const checked = this.#checkAtom(atom, stand, excepts);
    return checked && { kind: "atom", atom: checked, origin };
  }

  #checkAtom(
    atom: Exclude<syntax.Atom, { kind: "status" | "body-type" }>,
    stand: Stand,
    excepts: boolean,
  ): model.Atom | undefined {
    const { source } = stand;
    switch (atom.kind) {
      case "message-is":
        return { on: "message", is: atom.is };
      case "method":
        for (const value of atom.among) this.#checkMethod(value, stand);
        return { on: "method", among: texts(atom.among) };
      case "emergency":
      case "in-dialog":
      case "resumed":
      case "agreement":
        return { on: atom.kind };
      case "secured":
        return { on: "secured", by: "tls" };
      case "present": {
        const row = this.#scope.field(atom.field, source);
        return row && { on: "present", field: row.name };
      }
      case "count": {
        const row = this.#scope.field(atom.field, source);
        return row && { on: "count", field: row.name, from: atom.from, to: atom.to };
      }
      case "sole": {
        const row = this.#scope.field(atom.field, source);
        return row && { on: "sole", field: row.name, among: texts(atom.among) };
      }
      case "has": {
        const row = this.#scope.field(atom.field, source);
        if (row === undefined) return undefined;
        const none = atom.among.find(({ text }) => text.toLowerCase() === "none");
        if (row.shape === "priv-values" && excepts && none !== undefined) {
          this.#report.add("P4009", { source, span: atom.span }, {}, { suggestion: `${row.name} is none` });
        }
        const test: model.PartTest = { kind: "among", texts: texts(atom.among) };
        return { on: "part", field: row.name, quantifier: "any", part: { kind: "value" }, test };
      }
      case "part": {
        const row = this.#scope.field(atom.field, source);
        const part = row && checkPart(atom.part, row, source, this.#report);
        const test = part && checkTest(atom.test, part, source, this.#report);
        if (row === undefined || part === undefined || test === undefined) return undefined;
        return { on: "part", field: row.name, quantifier: atom.quantifier, part, test };
      }
      case "body":
        return { on: "body", is: atom.is };
      case "end":
        return this.#end(atom, stand);
      case "transport":
        return this.#words("transport", atom.among, transports, stand, (among) => ({
          on: "transport",
          among,
        }));
      case "listener":
        return { on: "listener", among: texts(atom.among) };
      case "address":
        return {
          on: "address",
          within: atom.within.map(({ address, bytes, length }) => ({ address, bytes, length })),
        };
      case "tls-version":
        return { on: "tls-version", from: atom.from, to: atom.to };
      case "certificate":
        return { on: "certificate", is: "present" };
      case "certificate-names":
        if (!this.who(atom.who, stand, "the name in a certificate")) return undefined;
        return { on: "certificate-names", who: plainWho(atom.who) };
      case "certificate-part":
        return this.#certificatePart(atom, stand);
      case "option":
        return this.#option(atom, stand);
      case "date":
        if (atom.from >= atom.until) {
          this.#report.add("P3011", { source, span: atom.span }, {});
          return undefined;
        }
        return { on: "date", from: atom.from, until: atom.until };
      case "role":
        return { on: "role", is: atom.is };
      case "domain-sought":
      case "sni":
        return {
          on: atom.kind,
          among: texts(atom.among).map((name) => name.toLowerCase().replace(/\.$/, "")),
        };
    }
  }

  /** `what` trust itself can't depend on being trusted. */
  who(who: readonly syntax.Who[], { source }: Stand, what: string | undefined): boolean {
    const circular =
      what === undefined ? [] : who.filter(({ kind }) => kind === "trusted" || kind === "untrusted");
    for (const one of circular)
      this.#report.add("P3017", { source, span: one.span }, { word: one.kind, what: what! });
    return this.#scope.who(who, source) && circular.length === 0;
  }

  #end(atom: Extract<syntax.Atom, { kind: "end" }>, stand: Stand): model.Atom | undefined {
    if (stand.where === "in" && atom.side === "to") {
      this.#report.add("P3009", { source: stand.source, span: atom.span });
      return undefined;
    }
    if (!this.who(atom.who, stand, undefined)) return undefined;
    return { on: "end", side: atom.side, who: plainWho(atom.who) };
  }

  #certificatePart(
    atom: Extract<syntax.Atom, { kind: "certificate-part" }>,
    stand: Stand,
  ): model.Atom | undefined {
    const { part } = atom;
    if (part !== "usage") return { on: "certificate-part", part, among: texts(atom.among) };
    const words = atom.among.filter(({ text }) => !/^\d+(\.\d+)+$/.test(text));
    const numbers = texts(atom.among.filter((value) => !words.includes(value)));
    return this.#words("certificate usage", words, certificateUsages, stand, (among) => ({
      on: "certificate-part",
      part,
      among: [...among, ...numbers],
    }));
  }

  #option(atom: Extract<syntax.Atom, { kind: "option" }>, { source }: Stand): model.Atom | undefined {
    const option = this.#scope.option(atom.name, source);
    if (option === undefined) return undefined;
    if (atom.among === undefined) {
      if (option.values.includes("yes")) return { on: "option", name: option.name, among: ["yes"] };
      this.#report.add(
        "P3006",
        { source, span: atom.span },
        { option: option.name, values: option.values.join(", ") },
      );
      return undefined;
    }
    const wrong = atom.among.filter(({ text }) => !option.values.includes(text));
    for (const value of wrong) {
      reportValue(value, option.name, option.values, { source, span: value.span }, this.#report);
    }
    return wrong.length > 0 ? undefined : { on: "option", name: option.name, among: texts(atom.among) };
  }

  /** Values of a closed set, in its own spelling. */
  #words(
    kind: string,
    among: readonly syntax.Value[],
    known: readonly string[],
    { source }: Stand,
    make: (among: readonly string[]) => model.Atom,
  ): model.Atom | undefined {
    const words: string[] = [];
    for (const { text, span } of among) {
      const word = known.find((one) => one.toLowerCase() === text.toLowerCase());
      if (word !== undefined) words.push(word);
      else {
        const detail = { suggestion: nearName(text, known), expected: known.map((one) => `\`${one}\``) };
        this.#report.add("P2005", { source, span }, { kind, name: text }, detail);
      }
    }
    return words.length === among.length ? make(words) : undefined;
  }

  #checkMethod(value: syntax.Value, { source }: Stand): void {
    if (methods.includes(value.text)) return;
    const suggestion = nearName(value.text, methods);
    if (suggestion !== undefined) {
      this.#report.add("P4005", { source, span: value.span }, { method: value.text }, { suggestion });
    }
  }
}

function alternativesOf(part: syntax.Condition, written: model.Condition): Conjunct["alternatives"] {
  if (part.kind !== "or" || written.kind !== "or") return [];
  return part.of.map(({ span }, index) => ({ condition: written.of[index]!, span }));
}

export function plainWho(who: readonly syntax.Who[]): readonly model.Who[] {
  return who.map((one) =>
    one.kind === "network" ? { kind: "network", name: one.name } : { kind: one.kind },
  );
}

function texts(values: readonly { readonly text: string }[]): readonly string[] {
  return values.map(({ text }) => text);
}

export function conjunction(of: readonly model.Condition[]): model.Condition {
  const parts = of.flatMap((one) => (one.kind === "and" ? one.of : [one]));
  return parts.length === 1 ? parts[0]! : { kind: "and", of: parts };
}

function anyOf(of: readonly model.Condition[]): model.Condition {
  return of.length === 1 ? of[0]! : { kind: "or", of };
}
