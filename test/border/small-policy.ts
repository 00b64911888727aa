/** A policy made by hand, with as little in it as the border's own tests need. */
import type { Condition, Network, Origin, Policy, Rule, Transit, Trust, Who } from "../../grammar/model.ts";
import { defaultTlsProfile } from "../../grammar/tls-vocabulary.ts";
import { fieldRows } from "../../grammar/vocabulary.ts";

const origin: Origin = { file: "small.privet", line: 1, column: 1, length: 1 };
export const always: Condition = { kind: "and", of: [] };

export function network(name: string, facts: Partial<Network> = {}): Network {
  return {
    name,
    kind: name === "stranger" ? "stranger" : "network",
    own: false,
    domains: name === "stranger" ? [] : [`${name}.example`],
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

/** Networks of which nothing but the names matters. */
export function networksNamed(names: readonly string[]): ReadonlyMap<string, Network> {
  return new Map(names.map((name) => [name, network(name)]));
}

/** Removes P-Asserted-Identity at a gate, from or to whoever is untrusted. */
function withhold(gate: "in" | "out"): Rule {
  const untrusted: readonly Who[] = [{ kind: "untrusted" }];
  return {
    name: gate === "in" ? "forged-identity" : "withhold-identity",
    gate,
    message: "both",
    from: gate === "in" ? untrusted : undefined,
    to: gate === "out" ? untrusted : undefined,
    condition: always,
    actions: [
      {
        kind: "remove-field",
        field: "P-Asserted-Identity",
        condition: always,
        because: "RFC 3325 7",
        treatment: undefined,
        origin,
      },
    ],
    fulfilments: [],
    namesMethod: false,
    because: "RFC 3325 7",
    origin,
  };
}

function trust(name: string): Trust {
  return {
    who: [{ kind: "network", name }],
    incoming: true,
    outgoing: true,
    fields: undefined,
    condition: always,
    origin,
  };
}

/** home is our own and trusted, open-d is not trusted; no identity crosses an untrusted gate. */
export function smallPolicy(more: readonly Network[] = [], transits: readonly Transit[] = []): Policy {
  const networks = [
    network("home", { own: true, domains: ["home1.example"], listeners: ["inside"] }),
    network("open-d"),
    network("stranger"),
    ...more,
  ];
  return {
    language: 1,
    title: "small",
    file: origin.file,
    files: [origin.file],
    fields: fieldRows,
    networks: new Map(networks.map((one) => [one.name, one])),
    options: new Map(),
    trust: [trust("home")],
    rules: [withhold("in"), withhold("out")],
    transits,
    assertions: [],
    tests: [],
    publications: [],
    testClock: undefined,
    tls: defaultTlsProfile,
  };
}
