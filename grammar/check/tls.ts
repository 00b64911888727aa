/** `tls`: what is offered, by names that exist, are not weak, and go together (TS 33.210 6.2; RFC 9325). */
import type { TlsProfile } from "../model.ts";
import { nearName } from "../near-name.ts";
import type { Source } from "../source.ts";
import type { Name, Span, TlsItem, TlsStatement } from "../syntax.ts";
import {
  defaultTlsProfile,
  registeredName,
  type TlsKind,
  type TlsVersion,
  tlsGroupRows,
  tlsSuiteRows,
  tlsVersions,
  whyKeptOut,
} from "../tls-vocabulary.ts";
import { originOf, type Report } from "./report.ts";

const known: Readonly<Record<TlsKind, readonly string[]>> = {
  version: tlsVersions,
  suite: tlsSuiteRows.map(({ name }) => name),
  group: tlsGroupRows.map(({ name }) => name),
};

/** What a standard makes every implementation have: a peer may have nothing else in common with us. */
const mandatorySuite = "TLS_AES_128_GCM_SHA256";
const mandatoryGroup = "secp256r1";

const elseLeaveOut = "add one, such as `{suite}`, or leave the version out: `versions {others}`";

const isSuiteOf = (version: TlsVersion, suite: string): boolean =>
  tlsSuiteRows.some((row) => row.name === suite && row.version === version);

/** undefined where a mistake was reported. */
export function checkTls(statement: TlsStatement, source: Source, report: Report): TlsProfile | undefined {
  const before = report.errors;
  const check = new TlsCheck(statement, source, report);
  const profile = check.run();
  return report.errors > before ? undefined : profile;
}

class TlsCheck {
  readonly #statement: TlsStatement;
  readonly #source: Source;
  readonly #report: Report;

  constructor(statement: TlsStatement, source: Source, report: Report) {
    this.#statement = statement;
    this.#source = source;
    this.#report = report;
  }

  run(): TlsProfile {
    const before = this.#report.errors;
    const [versionItem, suiteItem, groupItem] = [
      this.#itemOf("versions"),
      this.#itemOf("suites"),
      this.#itemOf("groups"),
    ];
    const written = new Set(this.#namesOf("version", versionItem));
    const versions =
      versionItem === undefined ? tlsVersions : tlsVersions.filter((version) => written.has(version));
    const suites =
      suiteItem === undefined
        ? defaultTlsProfile.suites.filter((suite) => versions.some((version) => isSuiteOf(version, suite)))
        : this.#namesOf("suite", suiteItem);
    const groups = groupItem === undefined ? defaultTlsProfile.groups : this.#namesOf("group", groupItem);
    // What a mistaken name would have been is not known.
    if (this.#report.errors === before) this.#checkTogether(versions, suites, versionItem, suiteItem);
    if (this.#report.errors === before)
      this.#checkMandatory(versions, suites, groups, [versionItem, suiteItem, groupItem]);
    const origin = originOf({ source: this.#source, span: keywordOf(this.#statement) });
    return { versions, suites, groups, origin };
  }

  #itemOf(kind: TlsItem["kind"]): TlsItem | undefined {
    return this.#statement.items.find((item) => item.kind === kind);
  }

  /** Those that the vocabulary has. */
  #namesOf(kind: TlsKind, item: TlsItem | undefined): readonly string[] {
    const names = item?.names ?? [];
    for (const name of names) if (!known[kind].includes(name.text)) this.#refuse(kind, name);
    return names.map(({ text }) => text).filter((text) => known[kind].includes(text));
  }

  #refuse(kind: TlsKind, { text, span }: Name): void {
    const place = { source: this.#source, span };
    const reason = whyKeptOut(kind, text);
    if (reason !== undefined) {
      this.#report.add("P3047", place, { name: text, reason });
      return;
    }
    const suggestion = registeredName(kind, text) ?? nearName(text, known[kind]);
    const expected = known[kind].map((name) => `\`${name}\``);
    this.#report.add("P2005", place, { kind: `TLS ${kind}`, name: text }, { suggestion, expected });
  }

  #checkTogether(
    versions: readonly TlsVersion[],
    suites: readonly string[],
    versionItem: TlsItem | undefined,
    suiteItem: TlsItem | undefined,
  ): void {
    for (const version of versions) {
      if (suites.some((suite) => isSuiteOf(version, suite))) continue;
      const span = versionItem?.names.find(({ text }) => text === version)?.span ?? suiteItem!.span;
      const suite = defaultTlsProfile.suites.find((name) => isSuiteOf(version, name))!;
      const help = versionItem === undefined ? elseLeaveOut : undefined;
      const values = { version, suite, others: versions.filter((one) => one !== version).join(", ") };
      this.#report.add("P3049", { source: this.#source, span }, values, { help });
    }
    for (const { text, span } of suiteItem?.names ?? []) {
      const row = tlsSuiteRows.find(({ name }) => name === text)!;
      if (versions.includes(row.version)) continue;
      this.#report.add(
        "P4028",
        { source: this.#source, span },
        { name: text, version: row.version, versions: versions.join(", ") },
      );
    }
  }

  #checkMandatory(
    versions: readonly TlsVersion[],
    suites: readonly string[],
    groups: readonly string[],
    [versionItem, suiteItem, groupItem]: readonly (TlsItem | undefined)[],
  ): void {
    const warn = (item: TlsItem | undefined, what: string, clause: string): void => {
      if (item !== undefined)
        this.#report.add("P4029", { source: this.#source, span: item.span }, { what, clause });
    };
    if (!versions.includes("1.3")) warn(versionItem, "TLS 1.3", "TS 33.210 6.2.1");
    else if (!suites.includes(mandatorySuite)) warn(suiteItem, mandatorySuite, "RFC 8446 9.1");
    if (!groups.includes(mandatoryGroup)) warn(groupItem, mandatoryGroup, "RFC 8446 9.1");
  }
}

/** The word `tls` alone: a diagnostic on all of the statement would underline all of it. */
export function keywordOf({ span }: TlsStatement): Span {
  return { start: span.start, end: span.start + "tls".length };
}
