/**
 * Policy text → checked `Policy`. Never throws for what a policy says: mistakes are
 * diagnostics, as many in one run as can be found without guessing.
 */
import { type CheckedAssertion, checkAssertion } from "./check/assertions.ts";
import { Claims } from "./check/claims.ts";
import { ConditionChecker } from "./check/conditions.ts";
import { reportConflicts } from "./check/conflicts.ts";
import { declareNames, reportTwice } from "./check/declarations.ts";
import { EditChecker } from "./check/edits.ts";
import { freezeDeep } from "./check/freeze.ts";
import { HoldsChecker } from "./check/holds.ts";
import { checkNetwork, emptyNetwork } from "./check/networks.ts";
import { checkPartnerList } from "./check/partner-lists.ts";
import { PublicationChecker } from "./check/publications.ts";
import { originOf, type Place, Report, relatedTo } from "./check/report.ts";
import { type CheckedRule, checkRule } from "./check/rules.ts";
import { requestUri, Scope } from "./check/scope.ts";
import { checkTest } from "./check/tests.ts";
import { checkTls, keywordOf } from "./check/tls.ts";
import { type CheckedTreatment, checkTreatment } from "./check/treatments.ts";
import { type CheckedTrust, checkTransit, checkTrust } from "./check/trust.ts";
import { isLibrary, reportIdleNetworks, reportUnused } from "./check/unused.ts";
import { type Diagnostic, hasErrors, sortDiagnostics } from "./diagnostic.ts";
import type * as model from "./model.ts";
import { loadModules, type Module, type ModuleReader, type Modules } from "./modules.ts";
import { Solver } from "./satisfiable.ts";
import type { Source } from "./source.ts";
import type { Span, TlsStatement } from "./syntax.ts";
import { defaultTlsProfile } from "./tls-vocabulary.ts";

export interface CheckSettings {
  /** Milliseconds since 1970: agreements that have ended by then are pointed out. */
  readonly now?: number;
  /** False: the policy is not frozen, for a caller who is done with it before anybody else sees it. Default: true. */
  readonly frozen?: boolean;
}

export interface CheckResult {
  /** undefined exactly where a diagnostic is an error. Frozen, unless the settings say otherwise. */
  readonly policy: model.Policy | undefined;
  /** By name. Also where there are errors; then as far as they can be told. */
  readonly networks: ReadonlyMap<string, model.Network>;
  /** By file as the files were read, then by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** The files that were read, for `renderDiagnostics`. */
  readonly sources: ReadonlyMap<string, Source>;
}

/** Reads the policy at `entryPath` and all that it imports, and checks it. */
export function check(entryPath: string, reader: ModuleReader, settings: CheckSettings = {}): CheckResult {
  const modules = loadModules(entryPath, reader);
  const checking = new Checking(modules, reader, settings);
  const policy = checking.run(entryPath);
  const files = [...checking.sources.keys()];
  const { frozen = true } = settings;
  const diagnostics = sortDiagnostics([...modules.diagnostics, ...checking.report.diagnostics], files);
  return {
    policy: policy === undefined || hasErrors(diagnostics) ? undefined : frozen ? freezeDeep(policy) : policy,
    networks: checking.networks,
    diagnostics,
    sources: checking.sources,
  };
}

class Checking {
  readonly report: Report = new Report();
  readonly sources: Map<string, Source> = new Map();
  readonly #modules: Modules;
  readonly #scope: Scope;
  readonly #conditions: ConditionChecker;
  readonly #edits: EditChecker;
  readonly #reader: ModuleReader;
  readonly #settings: CheckSettings;
  readonly #trust: CheckedTrust[] = [];
  readonly #transits: model.Transit[] = [];
  readonly #treatments = new Map<string, CheckedTreatment | undefined>();
  readonly #rules: CheckedRule[] = [];
  readonly #assertions: (CheckedAssertion & { readonly carries: Span })[] = [];
  readonly #tests: model.PolicyTest[] = [];
  readonly #publications: model.Publication[] = [];
  readonly #publishing: PublicationChecker;
  #testClock: { readonly at: number; readonly place: Place } | undefined;
  #tls: { readonly profile: model.TlsProfile | undefined; readonly place: Place } | undefined;

  constructor(modules: Modules, reader: ModuleReader, settings: CheckSettings) {
    this.#modules = modules;
    this.#reader = reader;
    this.#settings = settings;
    this.#scope = new Scope(this.report);
    this.#scope.incomplete = modules.incomplete;
    this.#conditions = new ConditionChecker(this.#scope, this.report);
    this.#edits = new EditChecker(this.#scope, this.report);
    this.#publishing = new PublicationChecker(this.#scope.networks, this.report);
    for (const { path, source } of [...modules.modules, ...modules.partnerFiles])
      this.sources.set(path, source);
  }

  get networks(): ReadonlyMap<string, model.Network> {
    return this.#scope.networks;
  }

  run(entryPath: string): model.Policy | undefined {
    const { modules } = this.#modules;
    const entry = modules[0];
    if (entry === undefined) return undefined;
    declareNames(modules, this.#scope, this.report);
    const beforeEnds = this.report.errors + this.#modules.diagnostics.length;
    this.#checkNetworks(entryPath);
    this.#checkTrust();
    const endsAreSound =
      this.report.errors + this.#modules.diagnostics.length === beforeEnds && this.#endsAreKnown();
    this.#checkTreatments();
    for (const module of modules) this.#checkStatements(module);
    this.#checkTests();
    const title = this.#checkTitle(entry);
    const policy: model.Policy = {
      language: 1,
      title,
      file: entryPath,
      files: [...this.sources.keys()],
      fields: [...this.#scope.fields.values()],
      networks: this.#scope.networks,
      options: this.#options(entry),
      trust: this.#trust.map(({ trust }) => trust),
      rules: this.#rules.map(({ rule }) => rule),
      transits: this.#transits,
      assertions: this.#assertions.map(({ assertion }) => assertion),
      tests: this.#tests,
      publications: this.#publications,
      testClock: this.#testClock?.at,
      tls: this.#tls?.profile ?? defaultTlsProfile,
    };
    this.#lint(policy, endsAreSound);
    return policy;
  }

  #checkNetworks(entryPath: string): void {
    const { scope, report, reader } = { scope: this.#scope, report: this.report, reader: this.#reader };
    const setting = { scope, report, reader, claims: new Claims(report), now: this.#settings.now };
    for (const declaration of scope.networkStatements.values()) {
      scope.networks.set(declaration.name, checkNetwork(declaration, setting));
    }
    for (const file of this.#modules.partnerFiles) checkPartnerList(file, setting);
    const nowhere = { file: entryPath, line: 1, column: 1, length: 0 };
    scope.networks.set("stranger", emptyNetwork("stranger", "stranger", nowhere));
  }

  #checkTrust(): void {
    for (const { source, syntax } of this.#modules.modules) {
      for (const statement of syntax.statements) {
        if (statement.kind === "trust") {
          const trust = checkTrust(statement, source, this.#scope, this.#conditions);
          if (trust !== undefined) this.#trust.push(trust);
        } else if (statement.kind === "transit") {
          const transit = checkTransit(statement, source, this.#conditions);
          if (transit !== undefined) this.#transits.push(transit);
        }
      }
    }
  }

  /** Without them, who is trusted and who there is can't be said for certain. */
  #endsAreKnown(): boolean {
    const { modules, incomplete } = this.#modules;
    if (incomplete || isLibrary(modules[0]!)) return false;
    return modules.every(({ syntax }) =>
      syntax.broken.every(
        ({ keyword }) => !["network", "partner", "trust", "import", "option", "set"].includes(keyword),
      ),
    );
  }

  #checkTreatments(): void {
    for (const declaration of this.#scope.treatments.values()) {
      this.#treatments.set(
        declaration.name,
        checkTreatment(declaration, this.#conditions, this.#edits, this.report),
      );
    }
  }

  #checkStatements({ source, syntax }: Module): void {
    const setting = {
      scope: this.#scope,
      report: this.report,
      conditions: this.#conditions,
      edits: this.#edits,
      treatments: this.#treatments,
    };
    for (const statement of syntax.statements) {
      switch (statement.kind) {
        case "rule": {
          const rule = checkRule(statement, source, setting);
          if (rule !== undefined) this.#rules.push(rule);
          break;
        }
        case "never":
        case "always": {
          const assertion = checkAssertion(statement, source, this.#conditions, this.report);
          if (assertion !== undefined)
            this.#assertions.push({ ...assertion, carries: statement.carries.span });
          break;
        }
        case "test-clock": {
          const place = { source, span: statement.span };
          if (this.#testClock === undefined) this.#testClock = { at: statement.at.at, place };
          else reportTwice("clock", "test clock", place, this.#testClock.place, this.report);
          break;
        }
        case "publish": {
          const publication = this.#publishing.check(statement, source);
          if (publication !== undefined) this.#publications.push(publication);
          break;
        }
        case "tls":
          this.#checkTls(statement, source);
          break;
        default:
          break;
      }
    }
    this.#checkTwice({ source, syntax }, ["never", "always"], "assertion");
  }

  /** One a policy, imports included: of two, a reviewer of one would not know which counts. */
  #checkTls(statement: TlsStatement, source: Source): void {
    const place = { source, span: keywordOf(statement) };
    const profile = checkTls(statement, source, this.report);
    if (this.#tls === undefined) this.#tls = { profile, place };
    else this.report.add("P3048", place, {}, { related: [relatedTo(this.#tls.place, "the first one")] });
  }

  /** Assertions and tests are called by their text. */
  readonly #named = new Map<string, Place>();

  #checkTwice(
    { source, syntax }: Pick<Module, "source" | "syntax">,
    kinds: readonly string[],
    word: string,
  ): void {
    for (const statement of syntax.statements) {
      if (!kinds.includes(statement.kind) || !("name" in statement)) continue;
      const { text, span } = statement.name;
      const earlier = this.#named.get(`${word} ${text}`);
      if (earlier === undefined) this.#named.set(`${word} ${text}`, { source, span });
      else reportTwice(word, text, { source, span }, earlier, this.report);
    }
  }

  #checkTests(): void {
    const marks = new Set<string>();
    for (const { rule } of this.#rules) {
      for (const action of rule.actions) if (action.kind === "mark") marks.add(action.name);
    }
    const setting = { scope: this.#scope, report: this.report, conditions: this.#conditions, marks };
    for (const { source, syntax } of this.#modules.modules) {
      for (const statement of syntax.statements) {
        if (statement.kind !== "test") continue;
        const test = checkTest(statement, source, setting);
        if (test !== undefined) this.#tests.push(test);
      }
      this.#checkTwice({ source, syntax }, ["test"], "test");
    }
  }

  #checkTitle(entry: Module): string {
    let title: string | undefined;
    // An imported policy, such as one that is tested from a file beside it, keeps its title.
    for (const statement of entry.syntax.statements) {
      if (statement.kind !== "policy") continue;
      if (title === undefined) title = statement.title.text;
      else this.report.add("P3043", { source: entry.source, span: statement.span });
    }
    const broken = entry.syntax.broken.some(({ keyword }) => keyword === "policy");
    if (title === undefined && !broken && !isLibrary(entry)) {
      this.report.add("P3041", { source: entry.source, span: { start: 0, end: 0 } });
    }
    return title ?? "";
  }

  #options(entry: Module): ReadonlyMap<string, model.PolicyOption> {
    const nowhere = originOf({ source: entry.source, span: { start: 0, end: 0 } });
    return new Map(
      [...this.#scope.options.values()].map(({ name, value, values, place }) => [
        name,
        { name, value, values, origin: place === undefined ? nowhere : originOf(place) },
      ]),
    );
  }

  #lint(policy: model.Policy, endsAreSound: boolean): void {
    // What can hold rests on networks and partners, which the module that is missing may declare.
    if (this.#modules.incomplete) return;
    const solver = new Solver(endsAreSound ? policy : withUnknownEnds(policy));
    const holds = new HoldsChecker(solver, this.report);
    const placeOf = (origin: model.Origin): Place | undefined => this.#placeOf(origin);
    for (const trust of this.#trust) holds.trust(trust);
    for (const [name, treatment] of this.#treatments) {
      if (treatment !== undefined) holds.treatment(treatment, this.#scope.treatments.get(name)!.place.source);
    }
    for (const rule of this.#rules) {
      holds.rule(rule);
      if (rule.rule.actions.length > 0 && rule.rule.actions.every(({ kind }) => kind === "excepted")) {
        this.report.add(
          "P4019",
          { source: rule.source, span: rule.statement.name.span },
          { rule: rule.rule.name },
        );
      }
    }
    for (const assertion of this.#assertions) holds.assertion(assertion);
    for (const { given, expectations } of this.#tests) {
      for (const expectation of expectations) {
        if (expectation.kind !== "condition") continue;
        const place = placeOf(expectation.origin);
        if (place !== undefined) holds.expectation(expectation.condition, given.kind, place);
      }
    }
    this.#lintWhere(policy, holds, placeOf);
    const fields = new Map([...policy.fields, requestUri].map((row) => [row.name, row]));
    reportConflicts(policy.rules, fields, solver, placeOf, this.report);
    // What a mistaken statement would have used is not known.
    if (!endsAreSound || this.report.errors > 0 || hasErrors(this.#modules.diagnostics)) return;
    reportUnused(this.#modules, this.#scope, this.report);
    reportIdleNetworks(policy.networks.values(), policy.trust, this.#scope, placeOf, this.report);
    this.#publishing.warn();
  }

  #lintWhere(
    policy: model.Policy,
    holds: HoldsChecker,
    placeOf: (origin: model.Origin) => Place | undefined,
  ): void {
    const fields = new Map(policy.fields.map((row) => [row.name, row]));
    const ownDomains = [...policy.networks.values()]
      .filter(({ own }) => own)
      .flatMap(({ domains }) => domains);
    for (const { actions } of policy.rules) {
      for (const action of actions) {
        const row = "field" in action ? fields.get(action.field) : undefined;
        const place = row === undefined ? undefined : placeOf(action.origin);
        if (row === undefined || place === undefined || !("where" in action)) continue;
        holds.where(action.where, row, ownDomains, place);
      }
    }
  }

  #placeOf({ file, line, column, length }: model.Origin): Place | undefined {
    const source = this.sources.get(file);
    if (source === undefined) return undefined;
    const start = source.lineStart(line) + column - 1;
    return { source, span: { start, end: start + length } };
  }
}

/** A mistake hides networks, or who is trusted: there may be a partner more, and anyone may be trusted. */
function withUnknownEnds(policy: model.Policy): model.Policy {
  const origin = { file: policy.file, line: 1, column: 1, length: 0 };
  const agreement = { name: "", from: 0, until: 1 };
  const domains = ["partner.invalid"];
  const partner: model.Network = { ...emptyNetwork("", "partner", origin), domains, agreement };
  return {
    ...policy,
    networks: new Map([...policy.networks, [partner.name, partner]]),
    trust: [...policy.trust, perhaps(origin)],
  };
}

/** A trust statement whose condition nobody knows. */
function perhaps(origin: model.Origin): model.Trust {
  const atom: model.Atom = { on: "option", name: "", among: ["yes"] };
  return {
    who: [{ kind: "anyone" }],
    incoming: true,
    outgoing: true,
    fields: undefined,
    condition: { kind: "atom", atom, origin },
    origin,
  };
}
