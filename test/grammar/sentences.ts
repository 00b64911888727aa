/** Sentences drawn from the grammar itself, for properties. */
import fc from "fast-check";
import { type GrammarSymbol, type Production, productions } from "../../grammar/privet.generated.ts";
import { reservedWords, topicWords } from "../../grammar/reading/lexer.ts";

const byName = new Map<string, Production[]>();
for (const production of productions) {
  const same = byName.get(production.name);
  if (same === undefined) byName.set(production.name, [production]);
  else same.push(production);
}

/** Words that other rules use as keywords are lawful names: the hard cases for one reading. */
const literals = [
  ...new Set(
    productions.flatMap(({ symbols }) =>
      symbols.flatMap((symbol) =>
        typeof symbol === "object" && "literal" in symbol ? [symbol.literal] : [],
      ),
    ),
  ),
];
const reserved: ReadonlySet<string> = new Set(reservedWords);
const states = ["absent", "own", "present"];
const keywordsAsNames = literals.filter(
  (word) =>
    /^[a-z-]+$/.test(word) && !reserved.has(word) && !topicWords.includes(word) && !states.includes(word),
);

const texts: Readonly<Record<string, readonly string[]>> = {
  word: ["Privacy", "carrier-c", "x", "4xx", "P-Asserted-Identity", ...keywordsAsNames],
  topic: topicWords,
  state: states,
  number: ["1", "486"],
  version: ["1.2"],
  date: ["2026-12-31"],
  time: ["2026-06-01T12:00:00Z"],
  address: ["192.0.2.0/24", "::1"],
  media: ["application/sdp", "text/*"],
  suite: ["TLS_AES_128_GCM_SHA256"],
  text: ['"a"', '"say \\"b\\" \\\\"'],
  block: ['"""\n    INVITE sip:a@b SIP/2.0\n      folded\n\n    """'],
};

/** The least number of steps from a rule to words. */
const depthOf = new Map<string, number>();
function depth(symbol: GrammarSymbol): number {
  return typeof symbol === "string" ? (depthOf.get(symbol) ?? Number.POSITIVE_INFINITY) : 0;
}
function depthOfProduction({ symbols }: Production): number {
  return 1 + Math.max(0, ...symbols.map(depth));
}
for (let changed = true; changed; ) {
  changed = false;
  for (const [name, rules] of byName) {
    const least = Math.min(...rules.map(depthOfProduction));
    if (least < depth(name)) {
      depthOf.set(name, least);
      changed = true;
    }
  }
}

/** A rule's words, each choice taken from the tape; when that ends, the shortest way out. */
function derive(name: string, tape: readonly number[]): readonly string[] {
  let at = 0;
  const choose = <Choice>(choices: readonly Choice[], shortest: (choice: Choice) => number): Choice => {
    const next = tape[at++];
    if (next !== undefined) return choices[next % choices.length]!;
    return choices.toSorted((a, b) => shortest(a) - shortest(b))[0]!;
  };
  const words: string[] = [];
  const waiting: GrammarSymbol[] = [name];
  for (let symbol = waiting.pop(); symbol !== undefined; symbol = waiting.pop()) {
    if (typeof symbol !== "string")
      words.push("literal" in symbol ? symbol.literal : choose(texts[symbol.type]!, () => 0));
    else waiting.push(...choose(byName.get(symbol)!, depthOfProduction).symbols.toReversed());
  }
  return words;
}

/** The words of one statement, lawful by the grammar. */
export const sentence: fc.Arbitrary<readonly string[]> = fc
  .array(fc.nat(1_000_000), { minLength: 1, maxLength: 120 })
  .map((tape) => derive("statement", tape));
