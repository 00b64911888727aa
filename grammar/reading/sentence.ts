/** One statement's tokens → a plain tree, by the grammar of `privet.ne`. */
import nearley from "nearley";
import { type GrammarSymbol, productions, start } from "../privet.generated.ts";
import type { Token } from "./lexer.ts";
import { Lookahead } from "./lookahead.ts";

/** A node of the grammar: the rule that made it and what stands in it, in order. */
export interface Phrase {
  readonly type: "phrase";
  readonly rule: string;
  readonly parts: readonly (Phrase | Token)[];
}

/** Where reading stopped: nothing that the grammar allows begins with `tokens[at]`. */
export interface Halt {
  readonly type: "halt";
  /** The number of tokens where the statement ends too early. */
  readonly at: number;
  /** What could have stood there, most specific first. */
  readonly wanted: readonly GrammarSymbol[];
  /** The tokens before `at` are a whole statement. */
  readonly complete: boolean;
}

/** The part of nearley's chart that tells what it had hoped for. */
interface Item {
  readonly rule: { readonly name: string; readonly symbols: readonly GrammarSymbol[] };
  readonly dot: number;
  readonly reference: number;
  readonly isComplete: boolean;
}

class ChartParser extends nearley.Parser {
  declare readonly table: readonly { readonly states: readonly Item[] }[];

  /** nearley would spell out its chart here, at length; nobody reads it. */
  reportError(): string {
    return "";
  }
}

const grammar = nearley.Grammar.fromCompiled({
  ParserStart: start,
  ParserRules: productions.map(({ name, symbols }) => ({
    name,
    symbols: [...symbols],
    postprocess: (parts: (Phrase | Token)[]): Phrase => ({ type: "phrase", rule: name, parts }),
  })),
});

const lookahead = new Lookahead(grammar.rules);

/** Hands nearley the tokens of one statement, and before each the rules that can begin behind it. */
class TokenReader implements nearley.Lexer {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    grammar.byName = lookahead.rulesFor(tokens[0]);
  }

  reset(): void {}

  next(): Token | undefined {
    const token = this.#tokens[this.#at++];
    grammar.byName = lookahead.rulesFor(this.#tokens[this.#at]);
    return token;
  }

  save(): nearley.LexerState {
    return {};
  }

  formatError(): string {
    return "";
  }
}

/** All parses of a statement (a sound grammar has one), or where reading stopped. */
export function parseSentence(tokens: readonly Token[]): readonly Phrase[] | Halt {
  const parser = new ChartParser(grammar, { lexer: new TokenReader(tokens) });
  try {
    parser.feed("");
  } catch {
    return haltOf(parser, parser.current);
  }
  const results: readonly Phrase[] = parser.results;
  return results.length > 0 ? results : haltOf(parser, tokens.length);
}

function haltOf(parser: ChartParser, at: number): Halt {
  const wanted = new Set<GrammarSymbol>();
  let complete = false;
  const items = parser.table[at]?.states ?? [];
  for (const item of items) {
    if (item.isComplete) complete ||= item.rule.name === start && item.reference === 0;
    // An item that began here was foretold by one that began before, and says no more.
    else if (item.reference < at) wanted.add(item.rule.symbols[item.dot]!);
  }
  return { type: "halt", at, wanted: [...wanted], complete };
}
