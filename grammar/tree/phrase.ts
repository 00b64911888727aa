/** How to walk the plain tree that the grammar makes. A tree of another shape is a mistake in Privet. */
import type { Token } from "../reading/lexer.ts";
import type { Phrase } from "../reading/sentence.ts";
import type { Span } from "../syntax.ts";

export type Node = Phrase | Token;

export function phraseAt(phrase: Phrase, index: number): Phrase {
  const part = phrase.parts[index];
  if (part?.type !== "phrase") throw new Error(`${phrase.rule} has no phrase at ${index}`);
  return part;
}

/** The one token of a phrase that holds nothing else. */
export function tokenOf(node: Node): Token {
  let inner = node;
  while (inner.type === "phrase") {
    const [only, ...rest] = inner.parts;
    if (only === undefined || rest.length > 0) throw new Error(`${inner.rule} is no single token`);
    inner = only;
  }
  return inner;
}

export function tokenAt(phrase: Phrase, index: number): Token {
  const part = phrase.parts[index];
  if (part === undefined) throw new Error(`${phrase.rule} has nothing at ${index}`);
  return tokenOf(part);
}

/** What stands in `x:?`, if anything. */
export function maybeAt(phrase: Phrase, index: number): Phrase | undefined {
  const inner = phraseAt(phrase, index).parts[0];
  if (inner === undefined || inner.type === "phrase") return inner;
  return { type: "phrase", rule: inner.text, parts: [inner] };
}

/** What stands in `x:*` or `x:+`, in order. */
export function manyAt(phrase: Phrase, index: number): readonly Phrase[] {
  return repeated(phraseAt(phrase, index), 2);
}

/** The members of a list `x -> member | x "," member`, whatever stands between them. */
export function membersOf(list: Phrase): readonly Phrase[] {
  return repeated(list, 3);
}

/** Left recursion, undone in a loop: lists may be longer than the stack is deep. */
function repeated(list: Phrase, width: number): readonly Phrase[] {
  const members: Phrase[] = [];
  let rest = list;
  while (rest.parts.length === width) {
    members.push(phraseAt(rest, width - 1));
    rest = phraseAt(rest, 0);
  }
  if (rest.parts.length === 1) members.push(phraseAt(rest, 0));
  return members.toReversed();
}

/** The rule of the one phrase within, and that phrase: how alternatives are told apart. */
export function choiceOf(phrase: Phrase): Phrase {
  return phraseAt(phrase, 0);
}

/** A phrase without tokens has the empty span at 0; the grammar asks for none. */
export function spanOf(node: Node): Span {
  const first = edge(node, true);
  const last = edge(node, false);
  return { start: first?.start ?? 0, end: last?.end ?? 0 };
}

function edge(node: Node, first: boolean): Token | undefined {
  const waiting: Node[] = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.type !== "phrase") return next;
    waiting.push(...(first ? next.parts.toReversed() : next.parts));
  }
  return undefined;
}
