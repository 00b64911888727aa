/** The leaves of the syntax tree: words, texts, numbers, dates, addresses, ends. */

/** Offsets into the source text, in UTF-16 units; `end` is behind the last one. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A word: a name, a field name, a keyword of an open set. As written. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** Quoted text, without its quotes and escapes. */
export interface Text {
  readonly text: string;
  readonly span: Span;
}

/**
 * A block of text: its lines without the indentation of the closing quotes, joined and
 * ended by CRLF. `span` covers the quotes.
 */
export interface Block {
  readonly text: string;
  readonly span: Span;
}

/** A word, a number or quoted text, where any of them may stand. */
export interface Value {
  readonly text: string;
  readonly quoted: boolean;
  readonly span: Span;
}

export interface Count {
  readonly value: number;
  readonly span: Span;
}

/** A date or a date with time. A date starts at `at` and ends before `until`; for a time both are equal. */
export interface Moment {
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly until: number;
  readonly span: Span;
}

/** An IP address, or a prefix of one. `length` is the whole address where no `/n` is written. */
export interface Address {
  /** As written, without `/n`. */
  readonly address: string;
  /** 4 or 16 entries. */
  readonly bytes: readonly number[];
  readonly length: number;
  readonly span: Span;
}

/** `application/*` as written. */
export interface MediaType {
  readonly text: string;
  readonly span: Span;
}

/** `anyone`, `trusted`, `untrusted`, `partner`, `own`, `foreign`, or the name of a network. */
export type Who =
  | {
      readonly kind: "anyone" | "trusted" | "untrusted" | "partner" | "own" | "foreign";
      readonly span: Span;
    }
  | { readonly kind: "network"; readonly name: string; readonly span: Span };
