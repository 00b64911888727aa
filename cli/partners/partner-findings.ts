/** What is wrong with partners, so that they are not trusted, or soon won't be. */
import type { FileMistake } from "../../border/index.ts";
import { type Diagnostic, messageOf, type Sources } from "../../grammar/index.ts";
import type { Network } from "../../grammar/model.ts";
import { day, dayOf, daysText, lastDayOf } from "../days.ts";
import { DatedFiles, termOfCertificate } from "./dated-files.ts";
import type { NamedPartners } from "./named-partners.ts";

export interface PartnerFinding extends FileMistake {
  /** Of the grammar's catalogue. */
  readonly code?: string;
  readonly partner?: string;
}

/** An agreement that ends sooner is pointed out. */
const soon = 30 * day;

/** One after the other: a list may have a hundred thousand partners. */
export function* findingsOf(named: NamedPartners, at: number): Generator<PartnerFinding> {
  yield* named.mistakes;
  for (const one of named.errors) yield findingOf(one, named.sources);
  const files = new DatedFiles(named);
  const shared = new SharedAuthorities(files, at);
  for (const partner of named.partners) {
    yield* agreementFindings(partner, at);
    yield* authorityFindings(partner, files, at);
    if (partner.tlsRequired) yield* clearFindings(partner, named);
    shared.add(partner);
  }
  for (const one of named.warnings) yield findingOf(one, named.sources);
  yield* shared.findings();
}

function findingOf(diagnostic: Diagnostic, sources: Sources): PartnerFinding {
  const { code, file, span, suggestion, help, related } = diagnostic;
  const placeOf = (path: string, start: number): string => {
    const position = sources.get(path)?.position(start);
    return position === undefined ? path : `${path}:${position.line}:${position.column}`;
  };
  const others = related.map((one) => `${one.message}: ${placeOf(one.file, one.span.start)}`);
  return {
    place: placeOf(file, span.start),
    code,
    cause: [messageOf(diagnostic), ...others].join("; "),
    remedy: suggestion === undefined ? help : `did you mean \`${suggestion}\`? ${help}`,
  };
}

function of(partner: Network, cause: string, remedy: string): PartnerFinding {
  const { file, line } = partner.origin;
  return { place: `${file}:${line}`, partner: partner.name, cause, remedy };
}

function* agreementFindings(partner: Network, at: number): Generator<PartnerFinding> {
  const { agreement } = partner;
  if (agreement === undefined) {
    yield of(
      partner,
      "there is no agreement",
      "write its name with the first and the last day; without one no `agreement in force` holds",
    );
    return;
  }
  const { name, from, until } = agreement;
  const last = lastDayOf(agreement);
  if (at >= until) {
    const since = `${daysText(at - until)} ago`;
    yield of(
      partner,
      `the agreement ${name} ended on ${last}, ${since}`,
      "write the dates of the agreement that follows it, or take the partner out",
    );
  } else if (at < from) {
    yield of(
      partner,
      `the agreement ${name} begins on ${dayOf(from)}, in ${daysText(from - at)}`,
      "until then the partner has none in force: correct the first day, or wait for it",
    );
  } else if (until - at <= soon) {
    yield of(
      partner,
      `the agreement ${name} ends on ${last}, in ${daysText(until - at)}`,
      "write the dates of the agreement that follows it before that day",
    );
  }
}

function* authorityFindings(partner: Network, files: DatedFiles, at: number): Generator<PartnerFinding> {
  const { authorities, agreement } = partner;
  if (authorities.length === 0) {
    yield of(
      partner,
      "there is no authority, so that no certificate can name it",
      "name the PEM file with the certificate of the authority that issues the partner's",
    );
    return;
  }
  if (agreement === undefined || at >= agreement.until) return;
  const last = authorities
    .flatMap((file) => files.authority(file).map((certificate) => ({ file, certificate })))
    .flatMap(({ file, certificate }) =>
      certificate.unreadable === undefined
        ? [{ file, ...certificate, ...termOfCertificate(certificate) }]
        : [],
    )
    .toSorted((a, b) => b.until - a.until)[0];
  // One that has ended already is told of with its file.
  if (last === undefined || last.until <= at || dayOf(last.notAfter) >= lastDayOf(agreement)) return;
  yield of(
    partner,
    `its authority ${last.subject} in ${last.file} ends on ${dayOf(last.notAfter)}, before the agreement ${agreement.name} (${lastDayOf(agreement)})`,
    "ask the partner for the next certificate of its authority, and put it there beside this one",
  );
}

function* clearFindings({ name }: Network, { clearHops }: NamedPartners): Generator<PartnerFinding> {
  for (const { place, text } of clearHops.get(name) ?? []) {
    yield {
      place,
      partner: name,
      cause: `the policy has it met over TLS only, and ${text} is in clear`,
      remedy: "write a tls: hop",
    };
  }
}

/** Flaws of authorities, told once a file: many partners may have it in common. */
class SharedAuthorities {
  readonly #files: DatedFiles;
  readonly #at: number;
  readonly #users = new Map<string, { readonly first: Network; count: number }>();

  constructor(files: DatedFiles, at: number) {
    this.#files = files;
    this.#at = at;
  }

  add(partner: Network): void {
    for (const file of partner.authorities) {
      const users = this.#users.get(file);
      if (users === undefined) this.#users.set(file, { first: partner, count: 1 });
      else users.count++;
    }
  }

  *findings(): Generator<PartnerFinding> {
    for (const [file, { first, count }] of this.#users) {
      const others = count === 1 ? "" : ` (and of ${count - 1} more)`;
      for (const certificate of this.#files.authority(file)) {
        if (certificate.unreadable !== undefined) {
          yield of(
            first,
            `the certificate in ${file}${others} ${certificate.unreadable}`,
            "put the authority's certificate there anew, in PEM form",
          );
          continue;
        }
        const { subject, notBefore, notAfter, authority } = certificate;
        const { until } = termOfCertificate(certificate);
        const what = `its authority ${subject} in ${file}${others}`;
        if (!authority) {
          yield of(
            first,
            `${what} is no certificate authority`,
            "put the certificate of the authority there; as it is, no other certificate than this one can name the partner",
          );
        }
        if (this.#at >= until) {
          yield of(
            first,
            `${what} has expired on ${dayOf(notAfter)}`,
            "put the authority's new certificate there, and take this one out",
          );
        } else if (this.#at < notBefore) {
          yield of(
            first,
            `${what} is not valid before ${dayOf(notBefore)}`,
            "until then no certificate by it can name the partner: put the present one beside it",
          );
        }
      }
    }
  }
}
