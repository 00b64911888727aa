/**
 * Which productions can begin with a token. An Earley parser foretells every rule that
 * could stand at a place, dozens where an action or a condition may begin; with the next
 * token known, all but a few of them are left out before they cost anything.
 */

import type { GrammarSymbol } from "../privet.generated.ts";
import type { Token } from "./lexer.ts";

interface Production {
  readonly name: string;
  readonly symbols: readonly GrammarSymbol[];
}

/** Productions by the rule that they belong to. */
export type RuleTable<Rule> = Record<string, Rule[]>;

export class Lookahead<Rule extends Production> {
  readonly #rules: readonly Rule[];
  readonly #firsts: ReadonlyMap<string, Firsts>;
  /** For a word of the language by its text, for all other tokens by their type. */
  readonly #tables = new Map<string, RuleTable<Rule>>();
  readonly #literals: ReadonlySet<string>;
  /** At a statement's end only what may be empty can follow. */
  readonly #end: RuleTable<Rule>;

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    this.#firsts = firstsOf(rules);
    this.#literals = new Set(
      [...this.#firsts.values()].flatMap(({ tokens }) =>
        [...tokens].filter((token) => token.startsWith('"')),
      ),
    );
    this.#end = this.#tableFor(undefined);
  }

  /** The productions that can begin with the token, and those that may be empty. */
  rulesFor(token: Token | undefined): RuleTable<Rule> {
    if (token === undefined) return this.#end;
    const literal = `"${token.text}"`;
    const key = this.#literals.has(literal) ? `${token.type} ${token.text}` : token.type;
    let table = this.#tables.get(key);
    if (table === undefined) {
      table = this.#tableFor(token);
      this.#tables.set(key, table);
    }
    return table;
  }

  #tableFor(token: Token | undefined): RuleTable<Rule> {
    const table: RuleTable<Rule> = {};
    for (const rule of this.#rules) {
      const { tokens, empty } = firstsOfSymbols(rule.symbols, this.#firsts);
      const begins = token !== undefined && (tokens.has(token.type) || tokens.has(`"${token.text}"`));
      if (begins || empty) (table[rule.name] ??= []).push(rule);
    }
    return table;
  }
}

/** The tokens with which a rule may begin (a literal in quotes, a type without), and whether it may be empty. */
interface Firsts {
  readonly tokens: ReadonlySet<string>;
  readonly empty: boolean;
}

const nothing: Firsts = { tokens: new Set(), empty: false };

function firstsOf(rules: readonly Production[]): ReadonlyMap<string, Firsts> {
  const firsts = new Map<string, Firsts>();
  for (let changed = true; changed; ) {
    changed = false;
    for (const { name, symbols } of rules) {
      const before = firsts.get(name) ?? nothing;
      const found = firstsOfSymbols(symbols, firsts);
      const tokens = new Set([...before.tokens, ...found.tokens]);
      const empty = before.empty || found.empty;
      if (tokens.size === before.tokens.size && empty === before.empty) continue;
      firsts.set(name, { tokens, empty });
      changed = true;
    }
  }
  return firsts;
}

function firstsOfSymbols(symbols: readonly GrammarSymbol[], firsts: ReadonlyMap<string, Firsts>): Firsts {
  const tokens = new Set<string>();
  for (const symbol of symbols) {
    if (typeof symbol !== "string") {
      tokens.add("literal" in symbol ? `"${symbol.literal}"` : symbol.type);
      return { tokens, empty: false };
    }
    const first = firsts.get(symbol) ?? nothing;
    for (const token of first.tokens) tokens.add(token);
    if (!first.empty) return { tokens, empty: false };
  }
  return { tokens, empty: true };
}
