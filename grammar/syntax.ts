/**
 * The syntax tree: what a policy file says, before any name is looked up.
 *
 * Every node has a span. Names are kept as they are written, text has its escapes
 * undone, dates and addresses are read. `unless C` and `is not` appear as `not`.
 */

import type { Condition, Part, ValueCondition } from "./syntax/conditions.ts";
import type {
  Address,
  Block,
  Count,
  MediaType,
  Moment,
  Name,
  Span,
  Text,
  Value,
  Who,
} from "./syntax/leaves.ts";

export type { Atom, Condition, Part, PartTest, ValueCondition } from "./syntax/conditions.ts";
export type {
  Address,
  Block,
  Count,
  MediaType,
  Moment,
  Name,
  Span,
  Text,
  Value,
  Who,
} from "./syntax/leaves.ts";

export interface SyntaxFile {
  readonly statements: readonly Statement[];
  /** Statements that could not be read, for a reader that wants to know what they would have named. */
  readonly broken: readonly BrokenStatement[];
}

export interface BrokenStatement {
  /** The word that opens it: `rule`, `network`, … */
  readonly keyword: string;
  /** The name or text behind it, if one stands there. */
  readonly name: string | undefined;
  readonly span: Span;
}

export type Statement =
  | LanguageStatement
  | PolicyStatement
  | ImportStatement
  | FieldStatement
  | FieldsStatement
  | ExtendStatement
  | OptionStatement
  | SetOptionStatement
  | NetworkStatement
  | TrustStatement
  | TransitStatement
  | RuleStatement
  | TreatmentStatement
  | AssertionStatement
  | ClockStatement
  | TestStatement
  | PublishStatement
  | TlsStatement;

interface LanguageStatement {
  readonly kind: "language";
  readonly version: Count;
  readonly span: Span;
}

interface PolicyStatement {
  readonly kind: "policy";
  readonly title: Text;
  readonly span: Span;
}

export interface ImportStatement {
  readonly kind: "import";
  readonly what: "module" | "partners";
  readonly path: Text;
  readonly span: Span;
}

/** `field NAME is SHAPE` */
export interface FieldStatement {
  readonly kind: "field";
  readonly name: Name;
  readonly shape: Name;
  readonly span: Span;
}

/** `fields NAME = FIELDS` */
interface FieldsStatement {
  readonly kind: "fields";
  readonly name: Name;
  readonly fields: readonly Name[];
  readonly span: Span;
}

/** `extend fields NAME with FIELDS` */
export interface ExtendStatement {
  readonly kind: "extend";
  readonly name: Name;
  readonly fields: readonly Name[];
  readonly span: Span;
}

/** `option NAME = VALUE [among VALUES]`; `among` is empty where it is not written. */
export interface OptionStatement {
  readonly kind: "option";
  readonly name: Name;
  readonly value: Name;
  readonly among: readonly Name[];
  readonly span: Span;
}

export interface SetOptionStatement {
  readonly kind: "set-option";
  readonly name: Name;
  readonly value: Name;
  readonly span: Span;
}

export interface NetworkStatement {
  readonly kind: "network" | "partner";
  readonly name: Name;
  readonly items: readonly NetworkItem[];
  readonly span: Span;
}

export type NetworkItem = { readonly span: Span } & (
  | { readonly kind: "own" | "shares-host" | "tls-required" }
  | { readonly kind: "domain" | "listener" | "authority" | "revocation"; readonly text: Text }
  | { readonly kind: "address"; readonly address: Address }
  | { readonly kind: "option"; readonly name: Name; readonly value: Name }
  | { readonly kind: "agreement"; readonly name: Text; readonly from: Moment; readonly to: Moment }
  | { readonly kind: "extended-key-usage"; readonly usage: Name }
);

export interface TrustStatement {
  readonly kind: "trust";
  readonly who: readonly Who[];
  readonly direction: "incoming" | "outgoing" | "both";
  /** undefined: all. */
  readonly fields: readonly Name[] | undefined;
  readonly guards: readonly Guard[];
  readonly span: Span;
}

export interface TransitStatement {
  readonly kind: "transit";
  readonly from: readonly Who[];
  readonly to: readonly Who[];
  readonly guards: readonly Guard[];
  readonly span: Span;
}

/** `when CONDITION` or `unless CONDITION`. */
export interface Guard {
  readonly kind: "when" | "unless";
  readonly condition: Condition;
  readonly span: Span;
}

/** `on EVENT [from WHO] [to WHO]` */
export interface Occasion {
  readonly event: "message" | "request" | "response" | "handshake";
  readonly from: readonly Who[] | undefined;
  readonly to: readonly Who[] | undefined;
  readonly span: Span;
}

export interface RuleStatement {
  readonly kind: "rule";
  readonly name: Name;
  readonly on: Occasion;
  readonly guards: readonly Guard[];
  readonly actions: readonly Action[];
  readonly because: Text;
  readonly span: Span;
}

export interface TreatmentStatement {
  readonly kind: "treatment";
  readonly name: Name;
  readonly fulfils: readonly Name[];
  readonly keeps: readonly KeepClause[];
  readonly guards: readonly Guard[];
  /** Any action the grammar knows; which of them a treatment may hold is a question of meaning. */
  readonly actions: readonly Action[];
  readonly span: Span;
}

/** `keep priv-value WORD when CONDITION` */
export interface KeepClause {
  readonly privValue: Name;
  readonly guard: Guard;
  readonly span: Span;
}

export type Action = {
  readonly guard: Guard | undefined;
  /** Only inside a treatment. */
  readonly because: Text | undefined;
  readonly span: Span;
} & ActionBody;

export type ActionBody =
  | { readonly kind: "remove-fields"; readonly fields: readonly Name[] }
  | { readonly kind: "remove-other-fields"; readonly except: readonly Name[] }
  | { readonly kind: "remove-values"; readonly field: Name; readonly where: ValueCondition }
  | {
      readonly kind: "remove-value";
      readonly noun: "value" | "option-tag" | "priv-value";
      readonly value: Value;
      readonly field: Name;
    }
  | { readonly kind: "remove-surplus"; readonly field: Name }
  | {
      readonly kind: "remove-parameters";
      readonly of: "value" | "uri" | "number";
      readonly names: readonly Value[];
      /** undefined: `from every uri`. */
      readonly field: Name | undefined;
      readonly where: ValueCondition | undefined;
    }
  | {
      readonly kind: "remove-uri-headers";
      readonly names: readonly Value[];
      /** These stay and all others go. */
      readonly except: boolean;
      readonly field: Name;
      readonly where: ValueCondition | undefined;
    }
  | {
      readonly kind: "remove-display-name";
      readonly field: Name;
      readonly where: ValueCondition | undefined;
    }
  | { readonly kind: "anonymize-fields"; readonly fields: readonly Name[] }
  | { readonly kind: "anonymize-values"; readonly field: Name; readonly where: ValueCondition }
  | { readonly kind: "conceal"; readonly fields: readonly Name[] }
  | { readonly kind: "set-field"; readonly field: Name; readonly text: Text }
  | { readonly kind: "set-part"; readonly part: Part; readonly field: Name; readonly text: Text }
  | { readonly kind: "add-field"; readonly field: Name; readonly text: Text }
  | { readonly kind: "drop-body" }
  | { readonly kind: "drop-parts"; readonly type: MediaType }
  | { readonly kind: "drop-other-parts"; readonly except: readonly MediaType[] }
  | { readonly kind: "drop-named-parts"; readonly field: Name }
  | { readonly kind: "redact-sdp"; readonly lines: readonly Name[] }
  | { readonly kind: "redact-sipfrag" }
  | {
      readonly kind: "apply";
      readonly treatments: readonly Name[];
      readonly except: readonly Name[];
    }
  /** The field as written; only Privacy has a meaning. */
  | { readonly kind: "honour"; readonly field: Name }
  | { readonly kind: "mark"; readonly name: Name }
  | { readonly kind: "reject"; readonly status: Count | undefined; readonly reason: Text }
  | { readonly kind: "needs"; readonly capability: Name };

export interface AssertionStatement {
  readonly kind: "never" | "always";
  readonly name: Text;
  readonly on: Occasion;
  readonly guards: readonly Guard[];
  /** A lone field is written as its presence. */
  readonly carries: Condition;
  readonly span: Span;
}

/** `test clock TIME` */
interface ClockStatement {
  readonly kind: "test-clock";
  readonly at: Moment;
  readonly span: Span;
}

export interface TestStatement {
  readonly kind: "test";
  readonly name: Text;
  readonly at: Moment | undefined;
  readonly options: readonly { readonly name: Name; readonly value: Name; readonly span: Span }[];
  readonly given: GivenMessage | GivenHandshake;
  readonly expectations: readonly Expectation[];
  readonly span: Span;
}

export interface GivenMessage {
  readonly kind: "message";
  readonly from: Name;
  readonly to: Name;
  readonly over: Name | undefined;
  readonly message: Block;
  readonly span: Span;
}

export interface GivenHandshake {
  readonly kind: "handshake";
  readonly role: "server" | "client";
  readonly domain: Text | undefined;
  readonly from: Address | undefined;
  /** undefined: `without certificate`. */
  readonly certificate: readonly CertificateItem[] | undefined;
  readonly span: Span;
}

export type CertificateItem = { readonly span: Span } & (
  | { readonly kind: "uri" | "dns" | "email" | "common-name"; readonly text: Text }
  | { readonly kind: "usage"; readonly usages: readonly Name[] }
  | { readonly kind: "signed-by"; readonly partner: Name }
  | { readonly kind: "expires"; readonly at: Moment }
);

export type Expectation = { readonly span: Span } & (
  | {
      readonly kind: "verdict";
      readonly verdict: "allow" | "rewrite" | "reject";
      readonly status: Count | undefined;
      readonly reason: Text | undefined;
    }
  | { readonly kind: "no-fields"; readonly fields: readonly Name[] }
  | { readonly kind: "condition"; readonly condition: Condition }
  | { readonly kind: "line" | "text" | "no-text"; readonly text: Text }
  | { readonly kind: "mark" | "rule"; readonly name: Name }
);

export interface PublishStatement {
  readonly kind: "publish";
  readonly domain: Text;
  readonly items: readonly PublishItem[];
  readonly span: Span;
}

export type PublishItem = { readonly span: Span } & (
  | { readonly kind: "ttl"; readonly seconds: Count }
  | { readonly kind: "host"; readonly name: Text; readonly addresses: readonly Address[] }
  | {
      readonly kind: "service";
      readonly transport: "tls" | "tcp" | "udp";
      readonly host: Text;
      readonly port: Count;
      readonly priority: Count;
      readonly weight: Count;
    }
);

/** `tls { … }` */
export interface TlsStatement {
  readonly kind: "tls";
  /** Of each kind one at most. */
  readonly items: readonly TlsItem[];
  readonly span: Span;
}

export interface TlsItem {
  readonly kind: "versions" | "suites" | "groups";
  /** As written, in that order. */
  readonly names: readonly Name[];
  readonly span: Span;
}
