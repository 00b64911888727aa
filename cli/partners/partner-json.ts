/** A partner as JSON, by the words of docs/partners.schema.json. */
import type { Network } from "../../grammar/model.ts";
import { dayOf, daysLeft, lastDayOf, type Term } from "../days.ts";
import { type DatedFiles, termOfCertificate, termOfList } from "./dated-files.ts";

export function partnerToJson(partner: Network, files: DatedFiles, at: number): Record<string, unknown> {
  const { name, domains, agreement, authorities, revocations, origin } = partner;
  const dates = (term: Term): Record<string, unknown> => ({
    from: dayOf(term.from),
    to: lastDayOf(term),
    daysLeft: daysLeft(term, at),
  });
  return {
    name,
    domains,
    ...(agreement === undefined ? {} : { agreement: { name: agreement.name, ...dates(agreement) } }),
    authorities: authorities.map((file) => ({
      file,
      certificates: files
        .authority(file)
        .map((one) =>
          one.unreadable === undefined
            ? { subject: one.subject, ...dates(termOfCertificate(one)) }
            : { unreadable: one.unreadable },
        ),
    })),
    revocations: revocations.map((file) => ({
      file,
      lists: files.revocation(file).map((list) => ({
        issuer: list.issuer,
        nextUpdate: new Date(list.nextUpdate).toISOString(),
        ...dates(termOfList(list)),
      })),
    })),
    "extended-key-usage": partner.extendedKeyUsage,
    "tls-required": partner.tlsRequired,
    "shares-host": partner.sharesHost,
    file: origin.file,
    line: origin.line,
  };
}
