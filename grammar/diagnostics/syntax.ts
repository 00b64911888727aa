/** P1xxx: syntax. */
import type { CatalogueRow } from "../diagnostics.ts";

function error(message: string, help: string): CatalogueRow {
  return { severity: "error", message, help };
}

export const syntaxRows: Readonly<Record<string, CatalogueRow>> = {
  P1001: error("`{found}` does not belong here", "write what is expected here, or take the word out"),
  P1002: error("this `{statement}` ends too early", "write the rest of it, or take it out"),
  P1003: error(
    "no statement begins with `{found}`",
    "a statement opens with one of the words `rule`, `network`, `partner`, `trust`, `treatment`, `test`, `option`, `import` and their like",
  ),
  P1004: error(
    "`{found}` stands outside of any {owner}",
    "put it into {article} {owner}, above the next statement",
  ),
  P1005: error(
    "`{found}` opens a statement, but stands inside of a `{statement}`",
    "begin `{found}` on a line of its own",
  ),
  P1006: error(
    "this `{statement}` does not say when it applies",
    "add a line such as `on message to untrusted` behind the name",
  ),
  P1007: error("this rule does not say why", 'end it with its clause, such as `because "RFC 3325 7"`'),
  P1008: error("`{found}` needs quotes", "domains, URIs, paths and other text stand in quotes"),
  P1009: error("`{found}` is no name", "a name has letters a to z, digits and hyphens"),
  P1010: error(
    "`{found}` is no word of the language",
    "conditions are written in words: `is`, `is not`, `and`, `or`, `not`, `at least`, `at most`",
  ),
  P1011: error(
    "networks are joined by `or`, not by a comma",
    "write `from home or carrier-c`; only inside a condition several ends are a list: `from one of home, carrier-c`",
  ),
  P1012: error(
    "the members of this list are joined by commas, not by `{found}`",
    "write `remove Subject, User-Agent`, or `is one of id, header`",
  ),
  P1013: error("these are not the quotes of the language", 'text stands between plain double quotes: `"`'),
  P1014: error("this text is never closed", 'put a `"` at its end, on the same line'),
  P1015: error("this block of text is never closed", 'close it with `"""`, first on a line of its own'),
  P1016: error('a block\'s text begins on the line below `"""`', 'end the line after `"""`'),
  P1017: error(
    "`{found}` holds sentences together and names nothing",
    "choose another name; header fields are told apart by a capital letter: `From`, `To`",
  ),
  P1018: error("this `{open}` is never closed", "write `{close}` where it ends"),
  P1019: error("this `{close}` closes nothing", "take it out, or write the `{open}` that it belongs to"),
  P1020: error(
    "this `{word}` looks like one of the whole rule, but holds for the `{verb}` above it alone",
    "put it above the first action if all of them are meant, else at the end of the action's own line",
  ),
  P1021: error(
    "`{quantifier} …` with `not` or `absent` can be read in two ways",
    "say `not any … is …` for none of them, or `not every … is …` for not all of them",
  ),
  P1022: error(
    "there is no {what} `{text}`",
    "a date is `2026-12-31`, a time `2026-12-31T23:59:59Z`, in UTC",
  ),
  P1023: error(
    "`{text}` is no address",
    "write `192.0.2.1`, `192.0.2.0/24` or `2001:db8::/32`, with no bits set behind the prefix",
  ),
  P1024: error("this {what} is out of range", "it is {limit}"),
  P1025: error(
    "`{escape}` is no escape",
    'a backslash is written `\\\\`, a quote `\\"`; there are no others',
  ),
  P1026: error("the character `{found}` is no part of the language", "take it out, or put it inside quotes"),
  P1027: error(
    "a hidden character ({name}) stands here",
    "take it out: what a reader sees would not be what the policy says",
  ),
  P1028: error("a file begins with its language", "make `language 1` the first statement, once"),
  P1029: error("no language has the version {version}", "this Privet speaks `language 1`"),
  P1030: error("{what} is beyond the limit of {limit}", "split it"),
  P1031: error(
    "the formatter would change what this {statement} says",
    "leave it as it is, and report it with its text",
  ),
  P1032: error("a name stands without quotes", "take the quotes away"),
  P1033: error("{what} stands twice", "keep one of them"),
  P1034: error(
    "`{found}` stands behind the end of this `{statement}`",
    "what belongs to it stands above its last line; a rule ends with `because`",
  ),
  P1035: error(
    "`{found}` alone is no condition",
    "each side of `or` and `and` is a whole condition; several values are a list: `is one of id, header`",
  ),
};
