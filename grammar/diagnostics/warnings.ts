/** P4xxx: lawful, but hardly meant. */
import type { CatalogueRow } from "../diagnostics.ts";

function warning(message: string, help: string): CatalogueRow {
  return { severity: "warning", message, help };
}

export const warningRows: Readonly<Record<string, CatalogueRow>> = {
  P4001: warning("this condition always holds", "take it out, or ask what was meant"),
  P4002: warning("this exception is never reached", "take it out, or ask what was meant"),
  P4003: warning("this alternative can never hold", "take it out, or ask what was meant"),
  P4005: warning(
    "`{method}` is no method that is known, and their case counts",
    "write the method as RFC 3261 7.1 does: in capitals",
  ),
  P4006: warning("nothing applies the treatment `{name}`", "apply it in a rule, or take it out"),
  P4007: warning(
    "no `trust` covers the partner `{name}`{others}: it stays untrusted",
    "add a `trust` statement, or declare it with `network`, which expects no trust",
  ),
  P4008: warning(
    "the agreement `{agreement}` ended on {day}",
    "renew it, or take it out: this partner's agreement is no longer in force",
  ),
  P4009: warning(
    "`has none` holds also where `none` stands beside other values",
    "write `is none`: only alone does it ask for nothing (RFC 3323 4.2)",
  ),
  P4010: warning(
    "without a key nothing can be concealed, and this rule has no other way",
    "put it into a treatment that `fulfils` a priv-value: the wish then stays unfulfilled where there is no key",
  ),
  P4011: warning("the treatments leave `{field}` alone in any case", "take it out behind `except`"),
  P4012: warning("no rule sets the mark `{mark}`", "write a mark that a rule of this policy sets"),
  P4013: warning(
    "the agreement has ended; {count} of this list have",
    "export the list again, or take the partners out",
  ),
  P4014: warning("nothing reads the field set `{name}`", "use it, or take it out"),
  P4015: warning("nothing reads the option `{name}`", "use it in a condition, or take it out"),
  P4016: warning("nothing reads the header field `{name}`", "use it, or take it out"),
  P4017: warning("nothing of `{path}` is used", "take the import out"),
  P4018: warning(
    "`{name}` has no domain, listener or address: nothing can be recognised as it",
    "say how it is recognised, or take it out",
  ),
  P4019: warning(
    "the rule `{rule}` has no effect",
    "`except` leaves nothing of its treatments: take the rule out",
  ),
  P4020: warning(
    "no certificate can be read in `{file}`: whoever it should vouch for is not believed",
    "put the authority's certificate there, in PEM form; until then no certificate can name `{name}`",
  ),
  P4021: warning(
    "no CRL of `{name}` can be read in `{file}`: {cause}",
    "put the complete CRL of the authority of `{name}` there, as DER or PEM; until then a certificate that it should cover is refused",
  ),
  P4022: warning(
    "no authority of `{name}` stands behind the CRL in `{file}`: {cause}",
    "put the CRL of an authority of `{name}` there, or name the one that has signed it with `authority`; until then it covers only certificates that come with that one's",
  ),
  P4023: warning(
    "the CRL in `{file}` {dates}",
    "put the current CRL there; until then certificates of `{name}` that it should cover are refused",
  ),
  P4024: warning(
    "the CRL in `{file}` ends on {day}",
    "put the next CRL there before that time: from then on certificates of `{name}` that it should cover are refused",
  ),
  P4025: warning(
    "no address of `{host}` is published, and its domain is",
    'add a line such as `host "{host}" address 192.0.2.1`, in the statement for its domain',
  ),
  P4026: warning(
    "no network of ours has the domain `{domain}`: calls for it come here, and are refused",
    "add it to the `own` network that serves it, or take the statement out",
  ),
  P4027: warning(
    "nobody is asked for TLS at `{domain}`",
    'add a line such as `tls "edge1.{domain}" port 5061 priority 10 weight 50` (TS 33.203 6.5)',
  ),
  P4028: warning(
    "`{name}` is a suite of TLS {version}, and only {versions} is offered",
    "take it out, or add {version} to `versions`",
  ),
  P4029: warning(
    "{what} is left out, which every peer must have",
    "add it, unless you know that every peer has another one of this list too ({clause})",
  ),
};
