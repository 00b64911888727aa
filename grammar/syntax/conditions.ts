/** Conditions of the syntax tree. */
import type { Address, MediaType, Name, Span, Text, Value, Who } from "./leaves.ts";

/** `and` and `or` hold two or more. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly of: readonly Condition[]; readonly span: Span }
  | { readonly kind: "not"; readonly of: Condition; readonly span: Span }
  | Atom;

export type Atom = { readonly span: Span } & (
  | { readonly kind: "message-is"; readonly is: "request" | "response" }
  | { readonly kind: "method"; readonly among: readonly Value[] }
  /** `4xx` is 400 to 499. */
  | {
      readonly kind: "status";
      readonly among: readonly { readonly from: number; readonly to: number; readonly span: Span }[];
    }
  | { readonly kind: "emergency" | "in-dialog" | "secured" | "resumed" | "agreement" }
  | { readonly kind: "present"; readonly field: Name }
  /** `FIELD is VALUE`: exactly one value, and it is among these. */
  | { readonly kind: "sole"; readonly field: Name; readonly among: readonly Value[] }
  /** `FIELD has VALUE`: some value is among these. */
  | { readonly kind: "has"; readonly field: Name; readonly among: readonly Value[] }
  /** `to` is Infinity for `at least`. */
  | { readonly kind: "count"; readonly field: Name; readonly from: number; readonly to: number }
  | {
      readonly kind: "part";
      readonly quantifier: "any" | "every";
      readonly part: Part;
      readonly field: Name;
      readonly test: PartTest;
    }
  | { readonly kind: "body"; readonly is: "present" | "encrypted" | "nested" | "unreadable" }
  | { readonly kind: "body-type"; readonly types: readonly MediaType[] }
  | { readonly kind: "end"; readonly side: "from" | "to"; readonly who: readonly Who[] }
  | { readonly kind: "transport"; readonly among: readonly Value[] }
  | { readonly kind: "listener"; readonly among: readonly Value[] }
  | { readonly kind: "address"; readonly within: readonly Address[] }
  /** 12 is TLS 1.2; open ends are -Infinity and Infinity. */
  | { readonly kind: "tls-version"; readonly from: number; readonly to: number }
  | { readonly kind: "certificate" }
  /** Empty `who` is any partner (`names no partner` is its `not`). */
  | { readonly kind: "certificate-names"; readonly who: readonly Who[] }
  | {
      readonly kind: "certificate-part";
      readonly part: "issuer" | "common-name" | "name" | "usage";
      readonly among: readonly Value[];
    }
  /** `among` is undefined for `option NAME` alone. */
  | { readonly kind: "option"; readonly name: Name; readonly among: readonly Value[] | undefined }
  /** From `from`, before `until`, in milliseconds since 1970; open ends are -Infinity and Infinity. */
  | { readonly kind: "date"; readonly from: number; readonly until: number }
  | { readonly kind: "role"; readonly is: "server" | "client" }
  | { readonly kind: "domain-sought" | "sni"; readonly among: readonly Value[] }
);

export type Part = { readonly span: Span } & (
  | { readonly kind: "value" | "display-name" | "uri" | "scheme" | "user" | "number" | "host" }
  | {
      readonly kind: "parameter" | "uri-parameter" | "number-parameter" | "uri-header";
      readonly name: Value;
    }
);

export type PartTest = { readonly span: Span } & (
  | { readonly kind: "present" | "own" }
  | { readonly kind: "among"; readonly values: readonly Value[] }
  | { readonly kind: "starts-with"; readonly texts: readonly Text[] }
  | { readonly kind: "between"; readonly from: number; readonly to: number }
  | { readonly kind: "under"; readonly domains: readonly Text[] }
);

export type ValueCondition =
  | { readonly kind: "and" | "or"; readonly of: readonly ValueCondition[]; readonly span: Span }
  | { readonly kind: "not"; readonly of: ValueCondition; readonly span: Span }
  | { readonly kind: "test"; readonly part: Part; readonly test: PartTest; readonly span: Span };
