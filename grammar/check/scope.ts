/** The names that a policy declares, in all its files, and who has asked for them. */
import type { Network } from "../model.ts";
import { nearName } from "../near-name.ts";
import type { Source } from "../source.ts";
import type { Name, NetworkStatement, OptionStatement, TreatmentStatement, Who } from "../syntax.ts";
import type { FieldRow } from "../vocabulary.ts";
import { type Place, type Report, relatedTo } from "./report.ts";

export interface Declaration<Statement> {
  readonly name: string;
  /** Of the name. */
  readonly place: Place;
  readonly statement: Statement;
}

export interface FieldSet {
  readonly name: string;
  readonly place: Place;
  /** Of `fields` and all its `extend fields`: names with the file in which they stand. */
  readonly members: { readonly name: Name; readonly source: Source }[];
}

/** What a policy knows an option by; built-in ones have no statement. */
export interface OptionEntry {
  readonly name: string;
  readonly place: Place | undefined;
  readonly statement: OptionStatement | undefined;
  readonly values: readonly string[];
  value: string;
}

/** The request line's URI, where a header field's name can stand. */
export const requestUri: FieldRow = {
  name: "Request-URI",
  shape: "address",
  where: "request",
  category: "control",
  source: "RFC 3261 8.1.1.1",
  identity: true,
  mandatory: true,
  single: true,
};

/** A field of a list, and the word by which it came in: its own name, or a set's. */
export interface ListedField {
  readonly row: FieldRow;
  readonly name: Name;
}

type Kind = "field" | "field set" | "option" | "network" | "treatment";

const codes: Readonly<Record<Kind, string>> = {
  field: "P2001",
  "field set": "P2010",
  option: "P2003",
  network: "P2002",
  treatment: "P2004",
};

export class Scope {
  /** By lower-case name. */
  readonly fields: Map<string, FieldRow> = new Map();
  readonly fieldSets: Map<string, FieldSet> = new Map();
  readonly options: Map<string, OptionEntry> = new Map();
  readonly networkStatements: Map<string, Declaration<NetworkStatement>> = new Map();
  readonly networks: Map<string, Network> = new Map();
  readonly treatments: Map<string, Declaration<TreatmentStatement>> = new Map();
  readonly rules: Map<string, Place> = new Map();
  /** Names of statements that could not be read: they are declared, we just don't know how. */
  readonly unreadable: Set<string> = new Set();
  /** Whole files or nameless statements are missing: an unknown name may be declared there. */
  incomplete = false;
  /** Names of options that the consequences read. */
  readonly builtIn: Set<string> = new Set();
  /** By kind and name: somebody has asked for it. */
  readonly #used = new Set<string>();
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  isUsed(kind: Kind, name: string): boolean {
    return this.#used.has(`${kind} ${name}`);
  }

  field(name: Name, source: Source): FieldRow | undefined {
    const lower = name.text.toLowerCase();
    if (lower === "request-uri") return requestUri;
    const row = this.fields.get(lower);
    if (row !== undefined) {
      this.#used.add(`field ${row.name}`);
      return row;
    }
    const set = this.fieldSets.get(name.text);
    if (set !== undefined) {
      this.#used.add(`field set ${name.text}`);
      this.#report.add(
        "P2012",
        { source, span: name.span },
        { name: name.text },
        {
          related: [relatedTo(set.place, "declared here")],
        },
      );
      return undefined;
    }
    this.#unknown("field", name, source, this.#fieldNames(false));
    return undefined;
  }

  /** The fields of a list in which sets may stand, each once. */
  listFields(names: readonly Name[], source: Source): readonly ListedField[] {
    const listed = new Map<string, ListedField>();
    for (const name of names) {
      const set = this.fieldSets.get(name.text);
      const rows = set === undefined ? this.#listedRow(name, source) : this.#expand(set, []);
      for (const row of rows) if (!listed.has(row.name)) listed.set(row.name, { row, name });
    }
    return [...listed.values()];
  }

  #listedRow(name: Name, source: Source): readonly FieldRow[] {
    const lower = name.text.toLowerCase();
    const row = lower === "request-uri" ? requestUri : this.fields.get(lower);
    if (row === undefined) this.#unknown("field", name, source, this.#fieldNames(true));
    else this.#used.add(`field ${row.name}`);
    return row === undefined ? [] : [row];
  }

  #expand(set: FieldSet, outer: readonly FieldSet[]): readonly FieldRow[] {
    this.#used.add(`field set ${set.name}`);
    if (outer.includes(set)) {
      this.#report.add("P2013", set.place, { name: set.name });
      return [];
    }
    return set.members.flatMap(({ name, source }) => {
      const inner = this.fieldSets.get(name.text);
      return inner === undefined ? this.#listedRow(name, source) : this.#expand(inner, [...outer, set]);
    });
  }

  *#fieldNames(withSets: boolean): Generator<string> {
    for (const row of this.fields.values()) yield row.name;
    yield requestUri.name;
    if (withSets) yield* this.fieldSets.keys();
  }

  fieldSet(name: Name, source: Source): FieldSet | undefined {
    const set = this.fieldSets.get(name.text);
    if (set === undefined) this.#unknown("field set", name, source, this.fieldSets.keys());
    return set;
  }

  /** `reads`: the answer decides something; giving the option a value is no use of it. */
  option(name: Name, source: Source, reads = true): OptionEntry | undefined {
    const option = this.options.get(name.text);
    if (option === undefined) this.#unknown("option", name, source, this.options.keys());
    else if (reads) this.#used.add(`option ${name.text}`);
    return option;
  }

  treatment(name: Name, source: Source): Declaration<TreatmentStatement> | undefined {
    const treatment = this.treatments.get(name.text);
    if (treatment === undefined) this.#unknown("treatment", name, source, this.treatments.keys());
    else this.#used.add(`treatment ${name.text}`);
    return treatment;
  }

  network(name: Name, source: Source): boolean {
    const known =
      name.text === "stranger" || this.networks.has(name.text) || this.networkStatements.has(name.text);
    if (!known) {
      const names = [...this.networkStatements.keys(), ...this.networks.keys(), "stranger"];
      this.#unknown("network", name, source, names);
    }
    this.#used.add(`network ${name.text}`);
    return known;
  }

  /** False where one of the names is unknown. */
  who(who: readonly Who[], source: Source): boolean {
    let known = true;
    for (const one of who) {
      if (one.kind !== "network") continue;
      const near = this.network({ text: one.name, span: one.span }, source);
      known = near && known;
    }
    return known;
  }

  #unknown(kind: Kind, name: Name, source: Source, candidates: Iterable<string>): void {
    if (this.unreadable.has(name.text)) return;
    const suggestion = this.#suggest(kind, name.text, candidates);
    // A name near to none may well stand in the file that is missing.
    if (this.incomplete && suggestion === undefined) return;
    this.#report.add(codes[kind], { source, span: name.span }, { name: name.text }, { suggestion });
  }

  #suggest(kind: Kind, name: string, candidates: Iterable<string>): string | undefined {
    if (kind === "field" && name.length === 1) {
      const compact = [...this.fields.values()].find((row) => row.compact === name.toLowerCase());
      if (compact !== undefined) return compact.name;
    }
    return nearName(name, candidates);
  }
}
