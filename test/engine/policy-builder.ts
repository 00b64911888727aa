/** Builds small checked policies by hand, for tests that must not hang on the grammar. */

import { defaultTlsProfile, fieldRows } from "../../grammar/index.ts";
import type {
  Action,
  Condition,
  Edit,
  Network,
  Origin,
  Policy,
  PolicyOption,
  Rule,
  Trust,
  ValueCondition,
} from "../../grammar/model.ts";

export const origin: Origin = { file: "test.privet", line: 1, column: 1, length: 1 };
export const always: Condition = { kind: "and", of: [] };
export const everyValue: ValueCondition = { kind: "and", of: [] };

type Atom = Extract<Condition, { readonly kind: "atom" }>["atom"];

export function atom(one: Atom): Condition {
  return { kind: "atom", atom: one, origin };
}

export function not(condition: Condition): Condition {
  return { kind: "not", of: condition };
}

export function all(...of: readonly Condition[]): Condition {
  return { kind: "and", of };
}

export function any(...of: readonly Condition[]): Condition {
  return { kind: "or", of };
}

export function network(name: string, facts: Partial<Network> = {}): Network {
  return {
    name,
    kind: "network",
    own: false,
    domains: [`${name}.example`],
    listeners: [],
    addresses: [],
    agreement: undefined,
    authorities: [],
    revocations: [],
    extendedKeyUsage: "rfc5924",
    sharesHost: false,
    tlsRequired: false,
    options: new Map(),
    origin,
    ...facts,
  };
}

export function edit(one: Edit, condition: Condition = always): Action {
  return { ...one, condition, because: "test", treatment: undefined, origin };
}

export function removeField(field: string): Action {
  return edit({ kind: "remove-field", field });
}

export function reject(status: number, reason: string): Action {
  return { kind: "reject", status, reason, condition: always, because: "test", treatment: undefined, origin };
}

export function mark(name: string): Action {
  return { kind: "mark", name, condition: always, because: "test", treatment: undefined, origin };
}

export function rule(name: string, actions: readonly Action[], facts: Partial<Rule> = {}): Rule {
  return {
    name,
    gate: "out",
    message: "both",
    from: undefined,
    to: [{ kind: "anyone" }],
    condition: always,
    actions,
    fulfilments: [],
    namesMethod: false,
    because: "test",
    origin,
    ...facts,
  };
}

/** A rule of the in gate. */
export function entryRule(name: string, actions: readonly Action[], facts: Partial<Rule> = {}): Rule {
  return rule(name, actions, { gate: "in", from: [{ kind: "anyone" }], to: undefined, ...facts });
}

export function trust(name: string, facts: Partial<Trust> = {}): Trust {
  return {
    who: [{ kind: "network", name }],
    incoming: true,
    outgoing: true,
    fields: undefined,
    condition: always,
    origin,
    ...facts,
  };
}

export function option(name: string, value: string): readonly [string, PolicyOption] {
  return [name, { name, value, values: [value], origin }];
}

/** `home` is our own network, `away` a foreign one; more come by `facts`. */
export function policy(
  rules: readonly Rule[],
  facts: Partial<Policy> = {},
  networks: readonly Network[] = [],
): Policy {
  const known = [
    network("home", { own: true, domains: ["home1.example"], listeners: ["inside"] }),
    network("away", { addresses: [{ address: "192.0.2.0", bytes: [192, 0, 2, 0], length: 24 }] }),
    network("stranger", { kind: "stranger", domains: [] }),
    ...networks,
  ];
  return {
    language: 1,
    title: "test",
    file: "test.privet",
    files: ["test.privet"],
    fields: fieldRows,
    networks: new Map(known.map((one) => [one.name, one])),
    options: new Map(),
    trust: [trust("home")],
    rules,
    transits: [],
    assertions: [],
    tests: [],
    publications: [],
    testClock: undefined,
    tls: defaultTlsProfile,
    ...facts,
  };
}
