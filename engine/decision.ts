/**
 * What the engine answers. Types and prose only.
 *
 * The verdict and the bytes are computed at once; the account of how they came
 * about (`rules`, `edits`, …) may be computed when it is first read.
 */
import type { Origin } from "../grammar/model.ts";

export type Decision = MessageDecision | HandshakeDecision;

export interface MessageDecision {
  readonly kind: "message";
  readonly verdict: "allow" | "rewrite" | "reject";
  /** On reject only: SIP status code and reason phrase. */
  readonly status: number | undefined;
  readonly reason: string | undefined;
  /**
   * Name of the rule whose rejection answers; undefined where none rejected: syntax, and what
   * follows from Privacy or from a broken signature. Costs nothing to read.
   */
  readonly answeredBy: string | undefined;
  /** On reject only: nobody may be answered (a response, an ACK), or the stream must close. */
  readonly silent: boolean;
  readonly closes: boolean;
  /** The rule of syntax that the message broke; then no rule of the policy has seen it. */
  readonly violation: SyntaxViolation | undefined;
  readonly from: Assessment;
  readonly to: Assessment;
  /** Rules that applied, by name. */
  readonly rules: readonly AppliedRule[];
  readonly edits: readonly AppliedEdit[];
  /** In alphabetical order. */
  readonly marks: readonly string[];
  /** The bytes that leave; undefined on reject. On allow it is the event's own message. */
  readonly bytes: Uint8Array | undefined;
}

export interface HandshakeDecision {
  readonly kind: "handshake";
  readonly verdict: "allow" | "reject";
  /** The partner that the certificate names, all checks passed. */
  readonly partner: string | undefined;
  /** SIP identities of the certificate (RFC 5922 7.1). */
  readonly identities: readonly string[];
  /** On reject: the rule's words, or the cause where no rule was asked. */
  readonly reason: string | undefined;
  /** Why no partner is bound: which names were found, which issuer is missing. Undefined where one is. */
  readonly cause: string | undefined;
  readonly rules: readonly AppliedRule[];
}

/** Whether an end is trusted in the direction of this message, and why, in words. */
export interface Assessment {
  readonly network: string;
  readonly trusted: boolean;
  readonly because: string;
}

export interface AppliedRule {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly because: string;
}

export interface AppliedEdit {
  /** Canonical field name, `Request-URI` or `body`. */
  readonly field: string;
  /** remove, remove-value, remove-parameter, anonymize, set, add, drop, redact, … */
  readonly action: string;
  /** The rule, or `(consequence)`. */
  readonly rule: string;
  readonly because: string;
}

export interface SyntaxViolation {
  /** Stable name, documented in docs/syntax-violations.md. */
  readonly rule: string;
  readonly clause: string;
  /** Byte offset. */
  readonly at: number;
}

/** One rule, looked at for one event. */
export interface Explanation {
  readonly rule: string;
  readonly gate: "in" | "out" | "handshake";
  readonly applied: boolean;
  /** The condition that decided it, in the language's words, whether it holds, and its place. */
  readonly decidedBy: { readonly text: string; readonly holds: boolean; readonly origin: Origin };
}
