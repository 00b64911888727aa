/** P2xxx: names and imports. */
import type { CatalogueRow } from "../diagnostics.ts";

function error(message: string, help: string): CatalogueRow {
  return { severity: "error", message, help };
}

export const namesRows: Readonly<Record<string, CatalogueRow>> = {
  P2001: error(
    "unknown header field `{name}`",
    "write a field of the vocabulary, or declare it, as in `field X-Corp-Trace is text`",
  ),
  P2002: error(
    "unknown network `{name}`",
    "declare it with `network` or `partner`, or import the file that does",
  ),
  P2003: error(
    "unknown option `{name}`",
    "declare it, as in `option keep-id = yes`, or import the module that does",
  ),
  P2004: error("unknown treatment `{name}`", "declare it with `treatment`, or import the module that does"),
  P2005: error("unknown {kind} `{name}`", "write one of the words that are expected here"),
  P2006: error("the {kind} `{name}` is declared twice", "take one of the two out, or give it another name"),
  P2007: error(
    "`{path}` can't be read",
    "check the path; `std:NAME` is a module of the standard library, all else is relative to this file",
  ),
  P2008: error("the policy `{path}` can't be read", "check the path"),
  P2009: error(
    "`{path}` imports itself, by way of {length} file(s)",
    "move what both files need into a third one, and import that",
  ),
  P2010: error("unknown field set `{name}`", "declare it with `fields`, or import the module that does"),
  P2011: error("`{name}` is {kind} already", "choose another name"),
  P2012: error("`{name}` is a set of fields, and one field must stand here", "name one header field"),
  P2013: error("the field set `{name}` contains itself", "take the name out of one of the sets"),
  P2014: error(
    "`{value}` is no value of the option `{option}`",
    "write one of the values that stand behind `among`; without `among` they are `yes` and `no`",
  ),
  P2015: error("unknown rule `{name}`", "write the name of a rule of this policy"),
  P2016: error(
    "the domain `{domain}` is that of `{network}` already",
    "one domain is one network's: take it out of one of the two",
  ),
  P2017: error(
    "the address `{address}` is that of `{network}` already",
    "give one of the two a longer prefix, or take it out",
  ),
  P2020: error("this {format} can't be read: {cause}", "correct the file, or export it again"),
  P2021: error(
    "{row} of the partner list: `{column}` {cause}",
    "the columns are described in docs/partners.schema.json",
  ),
  P2022: error(
    "{count} further rows of the partner list are not shown",
    "correct the rows above first; they often share one cause",
  ),
};
