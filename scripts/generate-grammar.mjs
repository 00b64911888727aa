// Makes grammar/privet.generated.ts from grammar/privet.ne: nearley reads the grammar, and
// the rules are written as data, since its own TypeScript output is full of `any`.
// With --check nothing is written: it fails where the two differ.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const nearley = require("nearley");
const compile = require("nearley/lib/compile");
const bootstrapped = require("nearley/lib/nearley-language-bootstrapped");
const lint = require("nearley/lib/lint");

const source = new URL("../grammar/privet.ne", import.meta.url);
const target = new URL("../grammar/privet.generated.ts", import.meta.url);

const parser = new nearley.Parser(nearley.Grammar.fromCompiled(bootstrapped));
parser.feed(readFileSync(source, "utf8"));
const names = parser.results[0].flatMap(({ name }) => (name === undefined ? [] : [name]));
const twice = names.filter((name, index) => names.indexOf(name) !== index);
if (twice.length > 0) throw new Error(`privet.ne has two rules ${twice.join(", ")}`);
const grammar = compile(parser.results[0], {});
const complaints = [];
lint(grammar, { out: { write: (text) => complaints.push(text) } });
if (complaints.length > 0) throw new Error(complaints.join(""));

const symbol = (one) => {
  if (typeof one === "string") return JSON.stringify(one);
  // nearley wraps a kind of token in code that asks the lexer for it.
  const type = one.token && /type: ("\w+")/.exec(one.token)[1];
  return type ? `{ type: ${type} }` : `{ literal: ${JSON.stringify(one.literal)} }`;
};
const lines = grammar.rules.map(
  ({ name, symbols }) => `  { name: ${JSON.stringify(name)}, symbols: [${symbols.map(symbol).join(", ")}] },`,
);
const text = `// Generated from privet.ne by \`npm run generate\`. Do not edit.

/** A non-terminal by its name, a kind of token, or a token by its text. */
export type GrammarSymbol = string | { readonly type: string } | { readonly literal: string };

export interface Production {
  readonly name: string;
  readonly symbols: readonly GrammarSymbol[];
}

export const start: string = ${JSON.stringify(grammar.start)};

export const productions: readonly Production[] = [
${lines.join("\n")}
];
`;

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("grammar/privet.generated.ts is not what `npm run generate` makes of grammar/privet.ne");
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
}
