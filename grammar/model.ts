/**
 * The checked policy: what the grammar hands to the engine. Types and prose only.
 *
 * Everything is resolved: names are looked up, field sets and treatments are
 * expanded into the rules that apply them, options have values, dates are
 * milliseconds since 1970 (UTC). A `Policy` is frozen and can be shared.
 */
import type { TlsVersion } from "./tls-vocabulary.ts";
import type { FieldRow } from "./vocabulary.ts";

/** A place in policy text. Lines and columns count from 1; `length` in UTF-16 units. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export interface Policy {
  readonly language: 1;
  readonly title: string;
  /** The file given to the command; first of `files`. */
  readonly file: string;
  /** All files that the policy was read from, in order of reading. */
  readonly files: readonly string[];
  /** The vocabulary's fields, then those that the policy declares. */
  readonly fields: readonly FieldRow[];
  /** By name; always holds `stranger`. */
  readonly networks: ReadonlyMap<string, Network>;
  readonly options: ReadonlyMap<string, PolicyOption>;
  readonly trust: readonly Trust[];
  readonly rules: readonly Rule[];
  readonly transits: readonly Transit[];
  readonly assertions: readonly Assertion[];
  readonly tests: readonly PolicyTest[];
  readonly publications: readonly Publication[];
  /** What the policy says, or the default. */
  readonly tls: TlsProfile;
  /** Clock of tests without their own `at`. */
  readonly testClock: number | undefined;
}

export interface Network {
  readonly name: string;
  readonly kind: "network" | "partner" | "stranger";
  readonly own: boolean;
  /** Lower case, no trailing dot. */
  readonly domains: readonly string[];
  readonly listeners: readonly string[];
  readonly addresses: readonly AddressPrefix[];
  readonly agreement: Agreement | undefined;
  /** Paths of PEM files, resolved against the file that names them. */
  readonly authorities: readonly string[];
  /** Paths of files with CRLs, resolved likewise. Where there are any, a certificate must stand by them. */
  readonly revocations: readonly string[];
  readonly extendedKeyUsage: "rfc5924" | "lenient";
  readonly sharesHost: boolean;
  readonly tlsRequired: boolean;
  /** This network's own values of options. */
  readonly options: ReadonlyMap<string, string>;
  readonly origin: Origin;
}

export interface Agreement {
  readonly name: string;
  /** First millisecond in force, and the first no longer in force. */
  readonly from: number;
  readonly until: number;
}

/** `address` is as written; `bytes` has 4 or 16 entries. */
export interface AddressPrefix {
  readonly address: string;
  readonly bytes: readonly number[];
  readonly length: number;
}

/** A yes/no option has the values `yes` and `no`. */
export interface PolicyOption {
  readonly name: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly origin: Origin;
}

export type Who =
  | { readonly kind: "anyone" | "trusted" | "untrusted" | "partner" | "own" | "foreign" }
  | { readonly kind: "network"; readonly name: string };

export interface Trust {
  readonly who: readonly Who[];
  readonly incoming: boolean;
  readonly outgoing: boolean;
  /** Canonical field names; undefined means all. */
  readonly fields: readonly string[] | undefined;
  readonly condition: Condition;
  readonly origin: Origin;
}

export interface Rule {
  readonly name: string;
  readonly gate: "in" | "out" | "handshake";
  readonly message: "request" | "response" | "both";
  /** Any of them; undefined: the rule does not speak of that end. */
  readonly from: readonly Who[] | undefined;
  readonly to: readonly Who[] | undefined;
  readonly condition: Condition;
  /** Its own actions and those of the treatments that it applies, in order of writing. */
  readonly actions: readonly Action[];
  readonly fulfilments: readonly Fulfilment[];
  /** True where a `method` atom stands in the rule's own condition. */
  readonly namesMethod: boolean;
  readonly because: string;
  readonly origin: Origin;
}

interface ActionCommon {
  /** Holds for this action alone, beside the rule's condition. */
  readonly condition: Condition;
  /** Its own clause, else the rule's. */
  readonly because: string;
  /** The treatment that it came from. */
  readonly treatment: string | undefined;
  readonly origin: Origin;
}

export type Action = ActionCommon &
  (
    | Edit
    | { readonly kind: "reject"; readonly status: number | undefined; readonly reason: string }
    | { readonly kind: "mark"; readonly name: string }
    | { readonly kind: "honour-privacy" }
    | { readonly kind: "needs"; readonly capability: string }
    /** A treatment's edit that `except` left out: no effect, but it counts for fulfilment. */
    | { readonly kind: "excepted"; readonly edit: Edit }
  );

/** Field names are canonical. `Request-URI` stands for the request line's URI. */
export type Edit =
  | { readonly kind: "remove-field"; readonly field: string }
  | { readonly kind: "remove-other-fields"; readonly except: readonly string[] }
  | { readonly kind: "remove-values"; readonly field: string; readonly where: ValueCondition }
  | { readonly kind: "remove-surplus"; readonly field: string }
  | {
      readonly kind: "remove-parameters";
      /** `every-uri`: Request-URI and each field of an address shape. */
      readonly field: string;
      readonly of: "value" | "uri" | "number";
      /** Lower case. */
      readonly names: readonly string[];
      readonly where: ValueCondition;
    }
  | {
      readonly kind: "remove-uri-headers";
      readonly field: string;
      /** Lower case; with `except` these are kept and all others go. */
      readonly names: readonly string[];
      readonly except: boolean;
      readonly where: ValueCondition;
    }
  | { readonly kind: "remove-display-name"; readonly field: string; readonly where: ValueCondition }
  | { readonly kind: "anonymize"; readonly field: string; readonly where: ValueCondition }
  | { readonly kind: "conceal"; readonly field: string }
  | { readonly kind: "set-field"; readonly field: string; readonly text: string }
  | {
      readonly kind: "set-part";
      readonly field: string;
      readonly part: Part;
      readonly text: string;
      readonly where: ValueCondition;
    }
  | { readonly kind: "add-field"; readonly field: string; readonly text: string }
  | { readonly kind: "drop-body" }
  /** Lower case; the subtype may be `*`. */
  | { readonly kind: "drop-parts"; readonly type: string }
  | { readonly kind: "drop-named-parts"; readonly field: string }
  /** Lower case; all other parts go. */
  | { readonly kind: "drop-other-parts"; readonly except: readonly string[] }
  | { readonly kind: "redact-sdp"; readonly lines: readonly string[] }
  | { readonly kind: "redact-sipfrag" };

export interface Fulfilment {
  readonly treatment: string;
  /** Lower case. */
  readonly privValue: string;
  /** The treatment is asked for at all. */
  readonly condition: Condition;
  /** Indices into `Rule.actions`: all of the treatment's edits, needs and excepted edits. */
  readonly actions: readonly number[];
  /** Fulfilled, but stays in Privacy. */
  readonly keepWhen: Condition;
}

export interface Transit {
  readonly from: readonly Who[];
  readonly to: readonly Who[];
  readonly condition: Condition;
  readonly origin: Origin;
}

/** `and` of nothing is true, `or` of nothing is false. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "atom"; readonly atom: Atom; readonly origin: Origin };

export type Atom =
  // message
  | { readonly on: "message"; readonly is: "request" | "response" }
  | { readonly on: "method"; readonly among: readonly string[] }
  | { readonly on: "status"; readonly from: number; readonly to: number }
  | { readonly on: "emergency" }
  | { readonly on: "in-dialog" }
  | { readonly on: "present"; readonly field: string }
  /** Number of values from `from` to `to`, both included. */
  | { readonly on: "count"; readonly field: string; readonly from: number; readonly to: number }
  /** Exactly one value, and it is among these. */
  | { readonly on: "sole"; readonly field: string; readonly among: readonly string[] }
  | {
      readonly on: "part";
      readonly field: string;
      readonly quantifier: "any" | "every";
      readonly part: Part;
      readonly test: PartTest;
    }
  | { readonly on: "body"; readonly is: "present" | "encrypted" | "nested" | "unreadable" }
  | { readonly on: "body-type"; readonly type: string }
  // ends
  | { readonly on: "end"; readonly side: "from" | "to"; readonly who: readonly Who[] }
  // connection of the gate's end
  | { readonly on: "secured"; readonly by: "tls" }
  | { readonly on: "transport"; readonly among: readonly string[] }
  | { readonly on: "listener"; readonly among: readonly string[] }
  | { readonly on: "address"; readonly within: readonly AddressPrefix[] }
  /** 12 is TLS 1.2, 13 is TLS 1.3. */
  | { readonly on: "tls-version"; readonly from: number; readonly to: number }
  | { readonly on: "resumed" }
  | { readonly on: "certificate"; readonly is: "present" }
  /** Passed for some network of `who`; empty `who` stands for any partner. */
  | { readonly on: "certificate-names"; readonly who: readonly Who[] }
  | {
      readonly on: "certificate-part";
      readonly part: "issuer" | "common-name" | "name" | "usage";
      readonly among: readonly string[];
    }
  | { readonly on: "agreement" }
  | { readonly on: "option"; readonly name: string; readonly among: readonly string[] }
  /** From `from`, before `until`; ±Infinity where open. */
  | { readonly on: "date"; readonly from: number; readonly until: number }
  // handshake
  | { readonly on: "role"; readonly is: "server" | "client" }
  | { readonly on: "domain-sought"; readonly among: readonly string[] }
  | { readonly on: "sni"; readonly among: readonly string[] };

export type Part =
  | { readonly kind: "value" | "display-name" | "uri" | "scheme" | "user" | "number" | "host" }
  | {
      readonly kind: "parameter" | "uri-parameter" | "number-parameter" | "uri-header";
      /** Lower case. */
      readonly name: string;
    };

export type PartTest =
  | { readonly kind: "present" }
  | { readonly kind: "among"; readonly texts: readonly string[] }
  | { readonly kind: "starts-with"; readonly texts: readonly string[] }
  | { readonly kind: "between"; readonly from: number; readonly to: number }
  /** Label-wise: `a.b` is under `b` and under `a.b`. */
  | { readonly kind: "under"; readonly domains: readonly string[] }
  /** Equal to a domain of an own network. */
  | { readonly kind: "own" };

/** A condition on one value of a field. */
export type ValueCondition =
  | { readonly kind: "and" | "or"; readonly of: readonly ValueCondition[] }
  | { readonly kind: "not"; readonly of: ValueCondition }
  | { readonly kind: "atom"; readonly part: Part; readonly test: PartTest; readonly origin: Origin };

export interface Assertion {
  readonly name: string;
  readonly kind: "never" | "always";
  readonly message: "request" | "response" | "both";
  readonly from: readonly Who[] | undefined;
  readonly to: readonly Who[] | undefined;
  /** Reads the message as received. */
  readonly condition: Condition;
  /** Reads the message as sent. */
  readonly carries: Condition;
  readonly origin: Origin;
}

export interface PolicyTest {
  readonly name: string;
  readonly at: number | undefined;
  readonly options: ReadonlyMap<string, string>;
  readonly given: GivenMessage | GivenHandshake;
  readonly expectations: readonly Expectation[];
  readonly origin: Origin;
}

export interface GivenMessage {
  readonly kind: "message";
  readonly from: string;
  readonly to: string;
  /** Of the foreign end; undefined: as the policy declares that network. */
  readonly transport: string | undefined;
  /** Dedented, line ends are CRLF, an empty line ends the head. */
  readonly text: string;
}

export interface GivenHandshake {
  readonly kind: "handshake";
  readonly role: "server" | "client";
  readonly remoteAddress: string | undefined;
  readonly domain: string | undefined;
  readonly certificate: GivenCertificate | undefined;
}

export interface GivenCertificate {
  readonly uris: readonly string[];
  readonly dns: readonly string[];
  readonly emails: readonly string[];
  readonly commonName: string | undefined;
  /** undefined: no extended-key-usage extension. */
  readonly usages: readonly string[] | undefined;
  /** The partner whose authority signed it. */
  readonly signedBy: string | undefined;
  readonly notAfter: number | undefined;
}

export type Expectation = { readonly origin: Origin } & (
  | {
      readonly kind: "verdict";
      readonly verdict: "allow" | "rewrite" | "reject";
      readonly status: number | undefined;
      readonly reason: string | undefined;
    }
  | { readonly kind: "no-fields"; readonly fields: readonly string[] }
  | { readonly kind: "condition"; readonly condition: Condition }
  | { readonly kind: "line" | "text" | "no-text"; readonly text: string }
  | { readonly kind: "mark" | "rule"; readonly name: string }
);

export interface Publication {
  readonly domain: string;
  /** Seconds. */
  readonly ttl: number;
  readonly hosts: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly services: readonly {
    readonly transport: "tls" | "tcp" | "udp";
    readonly host: string;
    readonly port: number;
    readonly priority: number;
    readonly weight: number;
  }[];
  readonly origin: Origin;
}

/** What every TLS connection is offered, in both roles. IANA names of `tls-vocabulary.ts`, none twice. */
export interface TlsProfile {
  /** Newest first. */
  readonly versions: readonly TlsVersion[];
  /** The best first; each version has one at least. */
  readonly suites: readonly string[];
  /** The best first. */
  readonly groups: readonly string[];
  /** undefined: the policy says nothing, and this is the default. */
  readonly origin: Origin | undefined;
}
