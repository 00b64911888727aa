/** Words of other languages, and the words that belong to one kind of statement. */
import { productions } from "../../privet.generated.ts";

/** Words of other languages, and what they are here. */
export const synonyms: ReadonlyMap<string, string> = new Map([
  ["if", "when"],
  ["where", "when"],
  ["delete", "remove"],
  ["strip", "remove"],
  ["hide", "conceal"],
  ["deny", "reject"],
  ["block", "reject"],
  ["refuse", "reject"],
  ["replace", "set"],
  ["append", "add"],
  ["contains", "has"],
  ["includes", "has"],
  ["equals", "is"],
  ["are", "is"],
  ["in", "is"],
  ["exists", "is"],
  ["honor", "honour"],
  ["anonymise", "anonymize"],
  ["include", "import"],
  ["zone", "network"],
  ["peer", "partner"],
  ["curves", "groups"],
  ["ciphers", "suites"],
]);

const passes = "nothing has to be allowed: what no rule rejects passes";
const noElse = "write a second rule, with `unless` in the place of `when`";
const noEnd = "take it out: a statement ends where the next one begins";

/** Words of other languages that nothing here stands for, and what to do without them. */
export const advice: ReadonlyMap<string, string> = new Map([
  ["accept", passes],
  ["allow", passes],
  ["pass", passes],
  ["permit", passes],
  ["else", noElse],
  ["otherwise", noElse],
  ["then", "take it out: actions follow the conditions"],
  ["do", "take it out: actions follow the conditions"],
  ["end", noEnd],
  ["matches", "there are no patterns: write `starts with`, `is under`, `is one of` or `from N to N`"],
  ["like", "there are no patterns: write `starts with`, `is under`, `is one of` or `from N to N`"],
]);

const ruleWords = ["on", "when", "unless", "because"];

const testWords = ["given", "expect", "at", "with"];

const networkWords = [
  "domain",
  "listener",
  "address",
  "agreement",
  "authority",
  "revocation",
  "extended-key-usage",
  "shares-host",
];

const treatmentWords = ["fulfils", "keep"];

const tlsWords = ["versions", "suites", "groups"];

const verbs: ReadonlySet<string> = new Set(
  productions
    .filter(({ name }) => productions.some((edit) => edit.name === "edit" && edit.symbols[0] === name))
    .flatMap(({ symbols: [verb] }) => (typeof verb === "object" && "literal" in verb ? [verb.literal] : [])),
);

/** What a clause belongs to, for a clause that stands alone. */
export function ownerOf(word: string): string | undefined {
  if (ruleWords.includes(word) || verbs.has(word)) return "rule";
  if (testWords.includes(word)) return "test";
  if (networkWords.includes(word)) return "network";
  if (treatmentWords.includes(word)) return "treatment";
  if (tlsWords.includes(word)) return "tls";
  return word === "carries" ? "assertion" : undefined;
}
