/** What the grammar would have taken at a place, in the language's own words. */
import { type GrammarSymbol, type Production, productions } from "../privet.generated.ts";

const productionsOf: ReadonlyMap<string, readonly Production[]> = (() => {
  const byName = new Map<string, Production[]>();
  for (const production of productions) {
    const same = byName.get(production.name);
    if (same === undefined) byName.set(production.name, [production]);
    else same.push(production);
  }
  return byName;
})();

const aCondition = "a condition";
const aValueCondition = "a condition on one value, such as `host is own`";
const anAction = "an action such as `remove`";
const anEnd = "a network, or a word such as `untrusted`";
const aSuite = "a suite such as `TLS_AES_256_GCM_SHA384`";
const aGroup = "a group such as `x25519`";

/** Rules that a reader knows by a name. Others are spelt out as what they begin with. */
const wordsOfRule: ReadonlyMap<string, string> = new Map([
  ["name", "a name"],
  ["names", "a name"],
  ["field", "a header field"],
  ["fields", "a header field"],
  ["value", "a value"],
  ["values", "a value"],
  ["value_list", "a value"],
  ["status_value", "a status such as 403 or 4xx"],
  ["status_values", "a status such as 403 or 4xx"],
  ["who", anEnd],
  ["whos", anEnd],
  ["who_list", anEnd],
  ["one_end", anEnd],
  ["condition", aCondition],
  ["disjunction", aCondition],
  ["conjunction", aCondition],
  ["negation", aCondition],
  ["atom", aCondition],
  ["carried", "a header field or a condition"],
  ["carried_conjunction", "a header field or a condition"],
  ["carried_negation", "a header field or a condition"],
  ["value_disjunction", aValueCondition],
  ["value_conjunction", aValueCondition],
  ["value_negation", aValueCondition],
  ["part", "a part of the value, such as `host`"],
  ["action", anAction],
  ["treatment_edit", anAction],
  ["edit", anAction],
  ["occasion", "`on` and an event"],
  ["network_item", "a line such as `domain`"],
  ["certificate_item", "a line such as `dns`"],
  ["publish_item", "a line such as `host`"],
  ["expected", "a verdict or a condition"],
  ["tls_item", "a line such as `suites`"],
  ["suite", aSuite],
  ["suites", aSuite],
  ["group", aGroup],
  ["groups", aGroup],
]);

const wordsOfType: Readonly<Record<string, string>> = {
  word: "a word",
  number: "a number",
  version: "a version such as 1.3",
  date: "a date such as 2026-12-31",
  time: "a time such as 2026-06-01T12:00:00Z",
  address: "an address such as 192.0.2.0/24",
  media: "a body type such as `application/sdp`",
  suite: aSuite,
  text: "text in quotes",
  block: 'a message between `"""` and `"""`',
};

/** Each thing that could have stood there once, in the order of the grammar's own interest. */
export function wordsFor(wanted: readonly GrammarSymbol[]): readonly string[] {
  const words = new Set<string>();
  const seen = new Set<string>();
  const describe = (symbol: GrammarSymbol): void => {
    if (typeof symbol !== "string") {
      const word = "literal" in symbol ? `\`${symbol.literal}\`` : wordsOfType[symbol.type];
      if (word !== undefined) words.add(word);
      return;
    }
    const word = wordsOfRule.get(symbol);
    if (word !== undefined) words.add(word);
    else if (!seen.has(symbol)) {
      seen.add(symbol);
      for (const first of firstsOf(symbol)) describe(first);
    }
  };
  for (const symbol of wanted) describe(symbol);
  return [...words];
}

/** Tokens with which the wanted may begin. */
export interface Openings {
  readonly literals: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
}

export function openingsOf(wanted: readonly GrammarSymbol[]): Openings {
  const literals = new Set<string>();
  const types = new Set<string>();
  const seen = new Set<string>();
  const visit = (symbol: GrammarSymbol): void => {
    if (typeof symbol !== "string") {
      if ("literal" in symbol) literals.add(symbol.literal);
      else types.add(symbol.type);
    } else if (!seen.has(symbol)) {
      seen.add(symbol);
      for (const first of firstsOf(symbol)) visit(first);
    }
  };
  for (const symbol of wanted) visit(symbol);
  return { literals, types };
}

/** The first symbols of a rule; rules that may be empty let the next symbol through. */
function firstsOf(rule: string): readonly GrammarSymbol[] {
  const firsts: GrammarSymbol[] = [];
  for (const { symbols } of productionsOf.get(rule) ?? []) {
    for (const symbol of symbols) {
      firsts.push(symbol);
      if (typeof symbol !== "string" || !mayBeEmpty(symbol)) break;
    }
  }
  return firsts;
}

function mayBeEmpty(rule: string): boolean {
  return (productionsOf.get(rule) ?? []).some(({ symbols }) => symbols.length === 0);
}
