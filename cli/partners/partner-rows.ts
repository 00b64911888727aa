/** What a partner has, one fact a row. */
import type { Network } from "../../grammar/model.ts";
import { day, type Term } from "../days.ts";
import { type DatedFiles, termOfCertificate, termOfList } from "./dated-files.ts";

export interface PartnerRow {
  readonly what: "domain" | "agreement" | "authority" | "revocation" | "terms";
  readonly text: string;
  readonly term?: Term;
  /** It can't be read: whoever needs it is refused. */
  readonly isBroken?: boolean;
}

export function rowsOf(partner: Network, files: DatedFiles): readonly PartnerRow[] {
  const { domains, agreement, authorities, revocations } = partner;
  return [
    ...(domains.length === 0 ? ["none"] : domains).map((text) => ({ what: "domain" as const, text })),
    agreement === undefined
      ? { what: "agreement", text: "none" }
      : { what: "agreement", text: agreement.name, term: agreement },
    ...(authorities.length === 0
      ? [{ what: "authority" as const, text: "none: no certificate can name it" }]
      : authorities.flatMap((file) => authorityRows(file, files))),
    ...revocations.flatMap((file) => revocationRows(file, files)),
    { what: "terms", text: termsOf(partner) },
  ];
}

function authorityRows(file: string, files: DatedFiles): readonly PartnerRow[] {
  const certificates = files.authority(file);
  const what = "authority";
  if (certificates.length === 0) return [{ what, text: `${file}  can't be read`, isBroken: true }];
  return certificates.map((one) =>
    one.unreadable === undefined
      ? { what, text: `${file}  ${one.subject}`, term: termOfCertificate(one) }
      : { what, text: `${file}  ${one.unreadable}`, isBroken: true },
  );
}

function revocationRows(file: string, files: DatedFiles): readonly PartnerRow[] {
  const lists = files.revocation(file);
  const what = "revocation";
  if (lists.length === 0) return [{ what, text: `${file}  can't be read`, isBroken: true }];
  return lists.map((list) => ({ what, text: `${file}  ${list.issuer}`, term: termOfList(list) }));
}

function termsOf({ extendedKeyUsage, tlsRequired, sharesHost }: Network): string {
  return [
    `extended-key-usage ${extendedKeyUsage}`,
    ...(tlsRequired ? ["tls required"] : []),
    ...(sharesHost ? ["shares-host"] : []),
  ].join(", ");
}

/** Something of it ends within so many days, has ended, or can't be read. */
export function endsWithin(days: number, partner: Network, files: DatedFiles, at: number): boolean {
  const last = at + days * day;
  return rowsOf(partner, files).some(
    ({ term, isBroken }) => isBroken === true || (term !== undefined && term.until <= last),
  );
}
